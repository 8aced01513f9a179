"""What many files share is one line of the report; what few do is said of each."""

from pathlib import Path

from guide.articles.inspect import Notice
from guide.articles.sources import Skipped
from guide.commands.notice_groups import grouped_notices, grouped_skips


def test_what_many_articles_share_is_one_line_with_a_count_and_the_first_names() -> None:
    help = [Notice(f"tea-{n}", "help", "has no section on when to seek professional help.") for n in range(5)]
    title = Notice("pots", "title", "has the same title as cups, “Pots”.")
    shared = "5 articles (tea-0, tea-1, tea-2 and 2 more): each has no section on when to seek professional help."
    assert grouped_notices([help[0], title, *help[1:]], 3) == [shared, "pots has the same title as cups, “Pots”."]
    # Three are few.
    assert grouped_notices(help[:3], 3) == [f"tea-{n} {help[0].text}" for n in range(3)]
    assert len(grouped_notices(help, 5)) == 5


def test_a_list_of_what_is_one_articles_own_is_left_out() -> None:
    own = [
        Notice(f"tea-{n}", "read", f"has references, which answer little: “Leaves {n}”, “Pots” and 2 more.")
        for n in range(4)
    ]
    (line,) = grouped_notices(own, 3)
    assert line == "4 articles (tea-0, tea-1, tea-2 and 1 more): each has references, which answer little."


def test_what_one_article_says_is_not_said_of_the_others() -> None:
    notes = [Notice(f"tea-{n}", "reading", f"leaves out {n} pictures, such as “{n}.png”.") for n in range(4)]
    assert grouped_notices(notes, 3) == [
        "4 articles (tea-0, tea-1, tea-2 and 1 more): each leaves out … pictures, such as …."
    ]
    long = [Notice(f"tea-{n}", "long sentence", f"has sentences of {n} words, such as “{n}”.") for n in range(4)]
    assert grouped_notices(long, 3) == [
        "4 articles (tea-0, tea-1, tea-2 and 1 more): each has very long sentences; are full stops lost?"
    ]


def test_two_notices_of_one_article_are_no_two_articles() -> None:
    notices = [Notice("tea", "headings", f"has {n} words without a heading.") for n in range(9)]
    assert len(grouped_notices(notices, 3)) == 9


def test_files_that_share_the_reason_for_which_they_are_skipped_are_one_line() -> None:
    names = [f"in/{n}.pdf" for n in range(5)]
    skipped = [Skipped(Path(name), f"{name} is encrypted.", kept=name == names[4]) for name in names]
    assert grouped_skips(skipped, 3) == [
        "4 files (0.pdf, 1.pdf, 2.pdf and 1 more): each is encrypted.",
        "in/4.pdf is encrypted. The article stays in the index as it was read before.",
    ]
