"""Article → passages and points: hand-worked cases, and laws that hold for any article."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from article_laws import obeys_the_laws
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import MAX_WORDS, reading_text, split
from guide.articles.pieces import Parsed, Piece
from guide.articles.plain_text import parse_text
from guide.articles.read import read_article
from guide.errors import ArticleError
from guide.records import Article
from guide.text.normalise import normalise, words
from guide.text.sentences import sentences

ROOT = Path(__file__).parents[2]

SENTENCES = [
    ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"], "ends of all kinds, and none"),
    (
        "Healthy vs. not. It’s so.",
        ["Healthy vs. not.", "It’s so."],
        "an abbreviation, and a word of one letter within one",
    ),
    ("Ask Dr. Smith or Prof. Roe. They know.", ["Ask Dr. Smith or Prof. Roe.", "They know."], "titles"),
    ("It has roots, e.g. Trauma. So.", ["It has roots, e.g. Trauma.", "So."], "an abbreviation before a capital"),
    ("By J. R. Doe in the U.S. Army. Yes.", ["By J. R. Doe in the U.S. Army.", "Yes."], "initials"),
    (
        "“Is it?” She asked. ‘No.’ (Yes.) Fine.",
        ["“Is it?”", "She asked.", "‘No.’", "(Yes.)", "Fine."],
        "marks after the end",
    ),
    ("Wait… Then go... and on.", ["Wait…", "Then go... and on."], "an ellipsis, before a capital and before none"),
    (
        "It costs 3.50 or 4.00. 2 of 3 pay.",
        ["It costs 3.50 or 4.00.", "2 of 3 pay."],
        "points in numbers, and a number first",
    ),
    ("Yes!!! Really?! Yes.", ["Yes!!!", "Really?!", "Yes."], "several marks"),
    ("  Spaces   around.  And  within. ", ["Spaces   around.", "And  within."], "only the ends are trimmed"),
    ("See example.org. It says so.", ["See example.org.", "It says so."], "an address"),
    ("", [], "nothing"),
    (" \n ", [], "only spaces"),
]


def test_the_steps_of_a_list_stay_in_one_passage() -> None:
    before = "".join(
        f"Tea number {n} is mild and green, and it keeps for a long time in its tin.\n\n" for n in range(6)
    )
    steps = "".join(f"{n}. Take cup {n} and fill it with hot water from the pot.\n" for n in range(1, 7))
    article = assemble(parse_markdown(f"# Tea\n\n{before}{steps}\n\n{before}"), article_id="tea")
    held = [[article.text[p.start : p.end] for p in passage.points if p.kind == "item"] for passage in split(article)]
    assert [len(items) for items in held if items] == [6]
    assert next(filter(None, held))[2].startswith("3. Take cup 3")
    # A list that is longer than a passage is divided, as any other.
    long = "".join(f"{n}. Take cup {n} and fill it with hot water from the pot.\n" for n in range(1, 30))
    divided = split(assemble(parse_markdown(f"# Tea\n\n{long}"), article_id="tea"))
    assert len(divided) > 1


@pytest.mark.parametrize(("text", "expected"), [(t, e) for t, e, _ in SENTENCES], ids=[why for _, _, why in SENTENCES])
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def article_of(*pieces: Piece) -> Article:
    return assemble(Parsed([Piece("title", "Tea"), *pieces]), article_id="tea")


def shown(article: Article, *, max_words: int = MAX_WORDS) -> list[list[str]]:
    """For each passage its points' words."""
    return [
        [article.text[point.start : point.end] for point in passage.points]
        for passage in split(article, max_words=max_words)
    ]


def test_a_short_section_is_one_passage_of_its_sentences_items_and_rows() -> None:
    article = article_of(
        Piece("heading", "Kinds", 2),
        Piece("paragraph", "There are two. Both are good:"),
        Piece("item", "Green. It is mild."),
        Piece("columns", "", cells=("Kind", "Time")),
        Piece("row", "", cells=("Black", "4 minutes")),
    )
    (passage,) = split(article)
    assert [article.text[point.start : point.end] for point in passage.points] == [
        "There are two.",
        "Both are good:",
        "Green. It is mild.",
        "Black | 4 minutes",
    ]
    assert [point.kind for point in passage.points] == ["sentence", "sentence", "item", "row"]
    assert (passage.section, passage.role, passage.article_id) == (("Kinds",), "body", "tea")
    assert article.text[passage.start : passage.end] == (
        "There are two. Both are good:\n\n  • Green. It is mild.\n\nKind | Time\nBlack | 4 minutes"
    )


def test_a_search_reads_a_row_with_the_names_of_its_columns() -> None:
    article = article_of(
        Piece("columns", "", cells=("Kind", "Time")),
        Piece("row", "", cells=("Black", "4 minutes")),
        Piece("paragraph", "So it is."),
    )
    (passage,) = split(article)
    assert reading_text(article.text, passage.points[0]) == "Kind: Black; Time: 4 minutes"
    assert reading_text(article.text, passage) == "Kind: Black; Time: 4 minutes\nSo it is."


PARTS = [
    ([4, 4, 4, 4], 8, [[4, 4], [4, 4]], "in half, where it fills two"),
    ([5, 5], 8, [[5, 5]], "a section that is a little too long stays whole"),
    ([5, 6], 8, [[5], [6]], "one that is longer doesn't"),
    ([3, 3, 3], 6, [[3, 3], [3]], "the last part is shorter"),
    ([2, 2, 2, 2, 2], 7, [[2, 2, 2], [2, 2]], "parts are about as long as each other"),
    ([2, 1, 1, 1, 1, 1, 1, 1, 1], 7, [[2, 1, 1, 1], [1, 1, 1, 1, 1]], "and not a full one and a rest"),
    ([1, 12, 1], 8, [[1], [12], [1]], "a point that is too long stands alone"),
    ([8], 8, [[8]], "just full"),
]


@pytest.mark.parametrize(
    ("sizes", "max_words", "expected"), [case[:3] for case in PARTS], ids=[case[3] for case in PARTS]
)
def test_a_long_section_is_shown_in_parts(sizes: list[int], max_words: int, expected: list[list[int]]) -> None:
    article = article_of(*(Piece("item", " ".join(["word"] * size)) for size in sizes))
    assert [[len(words(point)) for point in part] for part in shown(article, max_words=max_words)] == expected


def test_passages_that_are_alike_get_different_ids() -> None:
    same = (Piece("heading", "Kinds", 2), Piece("paragraph", "Two."))
    first, second, other = split(article_of(*same, *same, Piece("heading", "Pots", 2), Piece("paragraph", "Two.")))
    assert second.id == f"{first.id}-2"
    assert len({first.id, second.id, other.id}) == 3


@pytest.mark.parametrize("name", ["corpus/emotional-detachment.md", "tests/data/sleeping-badly.txt"])
def test_a_whole_article(name: str) -> None:
    obeys_the_laws(read_article(ROOT / name))


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


line = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    """
    The Kinds of Tea|# Tea|## Kinds|### 1. Boil|- green|  - sencha|• black|1. Boil Water|2) Pour|By Jane Doe|Jane Doe
    Created on|Frequently Asked Questions|Is it old?|Yes. It is. Dr. Roe says so.|Green TeaBlack Tea
    MildStrong and bitter|One cupMany Cups|a\tb|c\td|x @ y|--- @ ---|`code`|```|> quoted|<div>|</div>|<!-- no|**bold**
    ---|===
    [tea](pot)|About the Author
    It is a drink that people have had for a very long time, and|which they will have for as long again, if nothing else
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
).map(lambda words: words.replace("@", "|"))
page = st.lists(line | st.just(""), max_size=25).map("\n".join)
tales = settings(max_examples=150)


@tales
@given(page, st.sampled_from([parse_text, parse_markdown]), st.integers(1, 40))
def test_laws_hold_for_any_page(text: str, parse: object, max_words: int) -> None:
    try:
        found = parse(normalise(text))
    except ArticleError:
        return  # what begins like front matter, and isn't
    article = assemble(found, article_id="tea", source="tea.txt")
    obeys_the_laws(article, max_words)
    assert normalise(article.text).rstrip() == article.text.rstrip()


@tales
@given(page)
def test_no_word_of_a_text_is_lost(text: str) -> None:
    normal = normalise(text)
    article = assemble(parse_text(normal), article_id="tea")
    marks = re.compile(r"^\s*(?:[•●◦▪‣⁃*+\-–—]|\d{1,2}[.)])\s+", re.M)
    # List marks are rewritten, and a table's bars and a glued name get their own; the letters all stay, in order.
    letters = [character for character in marks.sub("", normal) if character.isalpha()]
    kept = [character for character in article.text if character.isalpha()]
    assert kept == letters


section = st.tuples(
    st.sampled_from(["Kinds", "Pots", "Water"]),
    st.lists(st.text("abc. ", min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=4),
)


@tales
@given(st.lists(section, min_size=1, max_size=5), section, st.data())
def test_ids_stay_when_another_section_changes(
    sections: list[tuple[str, list[str]]], new: tuple[str, list[str]], data: st.DataObject
) -> None:
    def ids(of: list[tuple[str, list[str]]]) -> dict[tuple[str, str], list[str]]:
        pieces = [
            piece
            for heading, paragraphs in of
            for piece in (Piece("heading", heading, 2), *(Piece("paragraph", text.strip()) for text in paragraphs))
        ]
        article = article_of(*pieces)
        found: dict[tuple[str, str], list[str]] = {}
        for passage in split(article, max_words=6):
            found.setdefault((passage.section[-1], article.text[passage.start : passage.end]), []).append(passage.id)
        return found

    place = data.draw(st.integers(0, len(sections) - 1))
    before, after = ids(sections), ids([*sections[:place], new, *sections[place + 1 :]])
    # Where the same words stand under the same heading as often as before, they have the same ids.
    for key in before.keys() & after.keys():
        shared = min(len(before[key]), len(after[key]))
        assert before[key][:shared] == after[key][:shared]


def test_ids_depend_on_the_article() -> None:
    article = article_of(Piece("paragraph", "Two."))
    assert split(article)[0].id != split(replace(article, id="coffee"))[0].id
