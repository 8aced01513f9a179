"""What printers and fixed widths leave in plain text: pages, broken lines, marks for headings and items."""

from pathlib import Path

import pytest
from article_laws import obeys_the_laws, outline

from guide.articles.assemble import assemble
from guide.articles.plain_text import parse_text
from guide.articles.read import read_article
from guide.articles.text_lines import without_page_ends
from guide.records import Article
from guide.text.normalise import normalise


def parsed(text: str) -> Article:
    article = assemble(parse_text(normalise(text)), article_id="tea", source="tea.txt")
    obeys_the_laws(article)
    return article


CASES = [
    (
        "underlined lines are headings, of a level by the kind of line; a line by itself is no text",
        "Tea\n===\n\nMild.\n\nthe pot we use\n--------------\nRound.\n\nits lid\n~~~~~~~\n\nFlat.\n\n* * *\n\n-----\n\n"
        "the cup\n-------\n\nSmall.\n",
        [
            "body: Tea",
            "  Mild.",
            "body: the pot we use",
            "  Round.",
            "body: the pot we use › its lid",
            "  Flat.",
            "  • * *",
            "body: the cup",
            "  Small.",
        ],
    ),
    (
        "lines above and below a heading",
        "=========\ntea notes\n=========\n\nMild.\n\n#########\nits price\n#########\n\nHigh.\n",
        ["body: tea notes", "  Mild.", "body: its price", "  High."],
    ),
    (
        "hashes as in Markdown; several below each other are no headings",
        "# tea notes\n\nMild.\n\n## its price\nHigh.\n\n# a comment\n# of two lines\n",
        ["body: tea notes", "  Mild.", "body: its price", "  High.", "  # a comment", "  # of two lines"],
    ),
    (
        "numbers of sections",
        "Tea\n\n1. The Leaves\n\nGreen ones.\n\n1.1 Signs of freshness\n\nThey smell.\n\n"
        "1.2 Price\nIt depends on the harvest, the weather and on who buys the\n"
        "most of it in the year before, as ever.\n\n"
        "1.5 litres are enough.\n",
        [
            "body: 1. The Leaves",
            "  Green ones.",
            "body: 1. The Leaves › 1.1 Signs of freshness",
            "  They smell.",
            "body: 1. The Leaves › 1.2 Price",
            "  It depends on the harvest, the weather and on who buys the most of it in the year before, as ever.",
            "  1.5 litres are enough.",
        ],
    ),
    (
        "questions and answers that are marked by letters",
        "Tea\n\nQ: Is it old?\nA: Very.\n\nQ2. How hot may it be\nfor green leaves?\n\n"
        "A2. Eighty degrees.\n\nNo more.\n",
        ["body: Is it old?", "  Very.", "body: How hot may it be for green leaves?", "  Eighty degrees.", "  No more."],
    ),
    (
        "a name's letter is no answer's",
        "Tea\n\nA. Smith wrote of tea.\n\nQ. Brown did not.\n\nA. Smith went on.\n\nA. Smith ended.\n",
        ["body: Tea", "  A. Smith wrote of tea.", "  Q. Brown did not.", "  A. Smith went on.", "  A. Smith ended."],
    ),
    (
        "typed bullets of many kinds",
        "Tea\n\nWe need:\n○ leaves\n➤ water\n✓a pot\n· time\n\na) boil\nb) pour\n\n(1) wait\n(ii) drink\n",
        [
            "body: Tea",
            "  We need:",
            "  • leaves",
            "  • water",
            "  • a pot",
            "  • time",
            "  • a) boil",
            "  • b) pour",
            "  • (1) wait",
            "  • (ii) drink",
        ],
    ),
    (
        "marks that tell what to do from what not to do stay",
        "Tea\n\n✓ Warm the pot\n✗ Boil the leaves\n",
        ["body: Tea", "  • ✓ Warm the pot", "  • ✗ Boil the leaves"],
    ),
    (
        "lines broken at a width are joined though they differ in length, and words whole again",
        "Tea\n\n"
        "Nobody knows who was the first to drink it, though the emo-\n"
        "tional worth of a whole pot, shared by everybody, is well-\n"
        "known to all, and so are the post-war and above all the pre-\n"
        "and inter-war habits of those who pour milk into the Anglo-\n"
        "Indian cups.\n",
        [
            "body: Tea",
            "  Nobody knows who was the first to drink it, "
            "though the emotional worth of a whole pot, shared by everybody, "
            "is well-known to all, and so are the post-war and above all the pre- and inter-war habits of those "
            "who pour milk into the Anglo-Indian cups.",
        ],
    ),
    (
        "short lines in such a text stay apart",
        "Tea\n\n"
        "Nobody knows who was the first to drink it, though many have tried\n"
        "to find out where the habit began and why it spread so fast, since\n"
        "old books say little of it. Their authors had other things to tell.\n\n"
        "The Tea House,\n12 Green Lane,\nLeeds.\n",
        [
            "body: Tea",
            "  Nobody knows who was the first to drink it, though many have tried to find out where the habit began "
            "and why it spread so fast, since old books say little of it. Their authors had other things to tell.",
            "  The Tea House,",
            "  12 Green Lane,",
            "  Leeds.",
        ],
    ),
    (
        "page numbers and lines of a table of contents",
        "Tea\n\nThe pot ........ 3\nThe cup . . . . . 12\n\nMild.\n\nPage 2 of 9\n\n- 3 -\n",
        ["body: Tea", "  Mild."],
    ),
    (
        "a table whose first row is a row",
        "Lines\n\nPolice | 110\nFire | 112\nDoctor | 116117\n",
        ["body: Lines", "  • Police | 110", "  • Fire | 112", "  • Doctor | 116117"],
    ),
]


@pytest.mark.parametrize(("text", "lines"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_lines(text: str, lines: list[str]) -> None:
    assert outline(parsed(text)) == lines


WORDS = [
    ("in-\nstead of tea", "instead of tea", "English has the whole word"),
    ("a tea-\npot, and a teapot", "a teapot, and a teapot", "the text has the whole word"),
    ("a tea-\ncosy, and a tea-cosy", "a tea-cosy, and a tea-cosy", "the text has the hyphen"),
    ("a long-\nterm plan", "a long-term plan", "English has both halves and not the whole"),
    ("from 1980-\n1990 on", "from 1980-1990 on", "numbers"),
    ("tea -\nor coffee", "tea - or coffee", "a dash"),
]


@pytest.mark.parametrize(("text", "expected"), [case[:2] for case in WORDS], ids=[case[2] for case in WORDS])
def test_words_at_the_ends_of_lines(text: str, expected: str) -> None:
    # The item's second line is indented, so that the two are one in a text of any width.
    assert outline(parsed("Tea\n\n- " + text.replace("\n", "\n  "))) == ["body: Tea", f"  • {expected}"]


def pages(*bodies: str) -> str:
    return "\f".join(f"The Tea Guide, {n}\n\n{body}\n\nPage {n}\n" for n, body in enumerate(bodies, start=1))


def test_form_feeds_and_what_stands_at_the_head_and_foot_of_pages_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "tea.txt"
    path.write_text("Tea\n\f" + pages("It is mild, and it", "calms those who drink.\n\nIt is old.", "It is dear."))
    article = read_article(path)
    assert article.text == "Tea\n\nIt is mild, and it\n\ncalms those who drink.\n\nIt is old.\n\nIt is dear.\n"
    assert article.notes == (
        "has 6 lines at the head or foot of its pages that are left out, such as “The Tea Guide, 1”.",
    )


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    text, _ = without_page_ends(pages("It is mild, and it", "calms those who drink.", "It is old."))
    assert text == "It is mild, and it\ncalms those who drink.\n\nIt is old."


def test_text_without_pages_stays_as_it_is() -> None:
    assert without_page_ends("Tea\n1\n") == ("Tea\n1\n", "")
    assert without_page_ends("Tea is mild.\fIt is old.") == ("Tea is mild.\n\nIt is old.", "")
