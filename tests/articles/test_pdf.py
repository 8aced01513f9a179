"""Pages of a PDF: raised marks, broken words, boxes, bold items and page numbers, in files that reportlab sets."""

from pathlib import Path

import pytest
from sample_files import pdf_of

from guide.articles.formats.pdf_lines import to_html
from guide.articles.formats.pdf_parts import Line
from guide.articles.page_marks import page_mark, pages_between
from guide.articles.passages import split
from guide.articles.read import read_article
from guide.index.article_store import EntryFile, write_entries
from guide.records import Article

LONG = "Tea is mild and keeps for a year in a dry and dark place, as long as the tin is closed after each use of it."


def read(tmp_path: Path, *flow: object, name: str = "tea.pdf") -> Article:
    path = tmp_path / name
    path.write_bytes(pdf_of(*flow))
    return read_article(path)


def blocks(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for section in article.sections for block in section.blocks]


@pytest.mark.parametrize(
    ("written", "quoted", "why"),
    [
        ("It helps most people<super>1</super> who try it.", "It helps most people who try it.", "after a word"),
        ("It was found in 2019<super>3</super> by chance.", "It was found in 2019 by chance.", "after a number"),
        ("It helps.<super>1,2</super> Few mind.", "It helps. Few mind.", "two marks after a full stop"),
        ("It helps<super>*</super> most.", "It helps most.", "a star"),
        ("A cup holds 3 dm<super>3</super> of it.", "A cup holds 3 dm³ of it.", "a unit's power"),
        ("There are 10<super>6</super> leaves.", "There are 10⁶ leaves.", "a power of ten"),
        ("The 1<super>st</super> cup is weak.", "The 1st cup is weak.", "an ordinal"),
        ("Use H<sub>2</sub>O, boiled.", "Use H2O, boiled.", "lowered, not raised"),
        ("Take 3 cups at 5 o’clock.", "Take 3 cups at 5 o’clock.", "numbers on the line"),
        ("Add 1<super>1</super>/<sub>2</sub> cups.", "Add 1 1/2 cups.", "half of a fraction"),
    ],
)
def test_a_raised_mark_is_left_out_and_a_power_is_kept(written: str, quoted: str, why: str, tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("p", written), ("p", LONG))
    assert blocks(article)[0] == quoted, why


def test_a_raised_number_after_a_number_is_named_in_the_notes(tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("p", "It was found in 2019<super>3</super> by chance."), ("p", LONG))
    said = "has 1 raised numbers after numbers, which are left out as footnote marks, such as 3 after “found in 2019”."
    assert said in article.notes


def test_footnotes_stand_at_the_end_and_interrupt_no_sentence(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("p", "Many people who drink it in the evening<super>1</super> say that it helps them to find"),
        ("small", "<super>1</super> Asked by the tea board in spring."),
        ("page", ""),
        ("p", "some sleep before midnight, and few of them wake."),
        ("p", LONG),
    )
    assert blocks(article) == [
        "Many people who drink it in the evening say that it helps them to find some sleep before midnight, and few of "
        "them wake.",
        LONG,
        "Asked by the tea board in spring.",
    ]
    assert (article.sections[-1].path[-1], article.sections[-1].role) == ("Notes", "credit")


@pytest.mark.parametrize(
    ("lines", "quoted", "why"),
    [
        (["It gives emo-", "tional rest."], "It gives emotional rest.", "English has the whole word"),
        (["It is well-", "known to all."], "It is well-known to all.", "both halves are words, the whole is none"),
        (["Read pages 14-", "16 of it."], "Read pages 14-16 of it.", "a range of numbers"),
        (["Short- and long-", "term rest."], "Short- and long-term rest.", "a suspended hyphen stays"),
    ],
)
def test_a_word_broken_at_a_line_end_is_mended(lines: list[str], quoted: str, why: str, tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("lines", lines), ("p", LONG))
    assert blocks(article)[0] == quoted, why


def test_a_soft_hyphen_at_a_line_end_goes() -> None:
    lines = [
        Line(text, 40, 90, 90, top, 10, False) for text, top in (("It gives emo\u00ad", 40.0), ("tional rest.", 52.0))
    ]
    assert to_html([lines]) == f"<p>{page_mark(1)}It gives emotional rest.</p>"


def test_a_word_broken_at_the_end_of_a_page_is_mended(tmp_path: Path) -> None:
    article = read(
        tmp_path, ("h1", "Tea"), ("p", LONG), ("lines", ["It gives emo-"]), ("page", ""), ("lines", ["tional rest."])
    )
    assert blocks(article)[1] == "It gives emotional rest."


ASIDE = "Never pour boiling water on green tea, since it turns bitter within a minute and stays so."


@pytest.mark.parametrize("look", ["framed", "shaded", "rounded"])
def test_a_box_is_apart_from_the_sentence_around_it(look: str, tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("h2", "Kinds"),
        ("lines", ["There are many kinds of tea in the world and each of", "them is made in its own way, with water"]),
        (look, [("bold", "Take care"), ("p", ASIDE)]),
        ("lines", ["that is hot but has not quite boiled, and with time."]),
        ("p", LONG),
    )
    assert [(section.path[-1], *blocks_of(article, section.start, section.end)) for section in article.sections] == [
        (
            "Kinds",
            "There are many kinds of tea in the world and each of them is made in its own way, with water that is hot "
            "but has not quite boiled, and with time.",
        ),
        ("Take care", ASIDE),
        ("Kinds", LONG),
    ]


def blocks_of(article: Article, start: int, end: int) -> list[str]:
    found = [block for section in article.sections for block in section.blocks if start <= block.start < end]
    return [article.text[block.start : block.end] for block in found]


def test_a_shaded_heading_of_one_line_is_no_box(tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("shaded", [("h2", "Kinds")]), ("p", LONG), ("h2", "Water"), ("p", ASIDE))
    assert [section.path[-1] for section in article.sections] == ["Kinds", "Water"]


def test_a_frame_around_the_whole_page_is_no_box(tmp_path: Path) -> None:
    article = read(tmp_path, ("framed", [("h1", "Tea"), ("p", LONG), ("h2", "Kinds"), ("p", ASIDE)]))
    assert [(section.path[-1], *blocks_of(article, section.start, section.end)) for section in article.sections] == [
        ("Tea", LONG),
        ("Kinds", ASIDE),
    ]


@pytest.mark.parametrize("bullet", ["• ", "1. "])
def test_a_bold_item_over_two_lines_is_one_item_and_no_heading(bullet: str, tmp_path: Path) -> None:
    second = "2. " if bullet == "1. " else bullet
    items = [
        f"{bullet}Warm the pot with hot water before you put the leaves",
        "    into it",
        f"{second}Wait for three minutes",
    ]
    article = read(tmp_path, ("h1", "Tea"), ("p", LONG), ("bold lines", items), ("p", LONG + " So it is."))
    assert len(article.sections) == 1
    assert blocks(article)[1:3] == [
        "Warm the pot with hot water before you put the leaves into it",
        "Wait for three minutes",
    ]


def test_numbered_bold_headings_with_text_below_them_stay_headings(tmp_path: Path) -> None:
    article = read(
        tmp_path, ("h1", "Tea"), ("bold", "1. Kinds"), ("p", LONG), ("bold", "2. Water"), ("p", ASIDE), ("p", LONG)
    )
    assert [section.path[-1] for section in article.sections] == ["1. Kinds", "2. Water"]


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def words_by_page(article: Article) -> dict[str, tuple[int, ...]]:
    spans = [(block.start, block.end) for section in article.sections for block in section.blocks]
    return {article.text[start:end]: pages_between(article, start, end) for start, end in spans}


def test_each_word_is_on_its_page(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("p", LONG),
        ("page", ""),
        ("h2", "Water"),
        ("p", ASIDE),
        ("lines", ["It should be"]),
        ("page", ""),
        ("lines", ["hot."]),
        ("p", LONG + " So it is."),
        ("page", ""),
        ("page", ""),
        ("p", "The end."),
    )
    assert words_by_page(article) == {
        LONG: (1,),
        ASIDE: (2,),
        "It should be hot.": (2, 3),
        LONG + " So it is.": (3,),
        "The end.": (5,),
    }
    start = article.text.index("hot.")
    assert pages_between(article, start, start + 4) == (3,)
    assert not any(sign in article.text for sign in "\ufdd0\ufdd1\ufdd2\ufdd3")
    assert [section.path for section in article.sections] == [("Tea",), ("Water",)]


def test_footnotes_are_on_their_own_pages(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("p", LONG + "<super>1</super>"),
        ("small", "<super>1</super> Asked in spring."),
        ("page", ""),
        ("p", ASIDE),
    )
    assert words_by_page(article) == {LONG: (1,), ASIDE: (2,), "Asked in spring.": (1,)}


def test_a_mark_of_a_page_in_another_file_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "tea.md"
    path.write_text(f"# Tea\n\nIt is {page_mark(7)}mild.\n", encoding="utf-8")
    article = read_article(path)
    assert article.pages == ()
    assert blocks(article) == ["It is mild."]
    assert pages_between(article, 0, 4) == ()


def test_the_pages_of_a_passage_are_kept_in_the_index(tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("p", LONG), ("page", ""), ("h2", "Water"), ("p", ASIDE))
    begins = write_entries(tmp_path / "articles.jsonl", [(article, split(article))])
    kept, passages = EntryFile(tmp_path / "articles.jsonl", begins).entry(0)
    assert kept == article
    assert [pages_between(kept, passage.start, passage.end) for passage in passages] == [(1,), (2,)]
