"""What was read last from a database."""

from guide.postgres.recent import RecentlyRead


def test_what_was_asked_for_longest_ago_is_dropped_first() -> None:
    read: RecentlyRead[str] = RecentlyRead(2)
    read.keep("a", "A")
    read.keep("b", "B")
    assert read.find("a") == "A"
    read.keep("c", "C")
    assert [read.find(key) for key in "abc"] == ["A", None, "C"]


def test_all_together_take_no_more_than_the_room() -> None:
    read: RecentlyRead[str] = RecentlyRead(10)
    read.keep("a", "A", 4)
    read.keep("b", "B", 4)
    read.keep("c", "C", 5)
    assert [read.find(key) for key in "abc"] == [None, "B", "C"]
    read.keep("larger than all of it", "D", 11)
    assert [read.find(key) for key in ("b", "c", "larger than all of it")] == ["B", "C", None]


def test_a_value_that_is_kept_again_counts_once() -> None:
    read: RecentlyRead[str] = RecentlyRead(10)
    for value in "AAAB":
        read.keep("a", value, 4)
    read.keep("c", "C", 6)
    assert [read.find(key) for key in "ac"] == ["B", "C"]
