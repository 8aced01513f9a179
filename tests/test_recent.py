"""What was read or made last."""

from guide.recent import RecentlyRead


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


def test_no_more_are_kept_than_may_be_however_small() -> None:
    read: RecentlyRead[str] = RecentlyRead(100, most=2)
    for key in "abc":
        read.keep(key, key)
    assert [read.find(key) for key in "abc"] == [None, "b", "c"]


def test_a_value_that_is_kept_again_counts_once() -> None:
    read: RecentlyRead[str] = RecentlyRead(10)
    for value in "AAAB":
        read.keep("a", value, 4)
    read.keep("c", "C", 6)
    assert [read.find(key) for key in "ac"] == ["B", "C"]
