"""How a page of a PDF is set: columns, tables without lines, running heads, the index, glyphs without a letter."""

from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from sample_files import pdf_at

from guide.articles.formats.pdf_furniture import furniture_of
from guide.articles.formats.pdf_lines import to_html
from guide.articles.formats.pdf_parts import Line
from guide.articles.page_marks import page_mark
from guide.articles.read import read_article
from guide.records import Article

Text = tuple[float, float, str]


def read(tmp_path: Path, *pages: list[Text]) -> Article:
    path = tmp_path / "tea.pdf"
    path.write_bytes(pdf_at(*pages))
    return read_article(path)


def quoted(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for section in article.sections for block in section.blocks]


def column(left: float, top: float, word: str, lines: int = 12) -> list[Text]:
    """Lines of one sentence, each as wide as a third of a page."""
    said = [f"{word} {number} is said to be good" for number in range(1, lines)]
    return [(left, top + 12 * number, text) for number, text in enumerate([*said, f"{word} ends here."])]


def of(*words: str) -> list[str]:
    return [
        " ".join([*(f"{word} {n} is said to be good" for n in range(1, 12)), f"{word} ends here."]) for word in words
    ]


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_three_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    page = [*column(40, 100, "Green"), *column(220, 100, "Black"), *column(400, 100, "White")]
    assert quoted(read(tmp_path, page)) == of("Green", "Black", "White")


def test_what_stands_across_all_columns_is_read_between_them(tmp_path: Path) -> None:
    across = [(40.0, 260.0, "All of these kinds of tea are made of the leaves of one and the same plant, it is said.")]
    above = [*column(40, 100, "Green"), *column(220, 100, "Black"), *column(400, 100, "White")]
    below = [*column(40, 290, "Mint"), *column(220, 290, "Sage"), *column(400, 290, "Dill")]
    assert quoted(read(tmp_path, [*below, *across, *above])) == [
        *of("Green", "Black", "White"), across[0][2], *of("Mint", "Sage", "Dill"),
    ]  # fmt: skip


def test_a_column_of_less_than_eight_lines_is_none(tmp_path: Path) -> None:
    page = [*column(40, 100, "Green", 7), *column(220, 100, "Black", 7)]
    assert quoted(read(tmp_path, page))[0].startswith("Green 1 is said to be good Black 1 is said to be good")


# ── tables without lines ─────────────────────────────────────────────────────────────────────────────────────────────


def rows_at(rows: list[list[str]], places: tuple[float, ...] = (60, 200, 300), top: float = 200) -> list[Text]:
    return [
        (left, top + 14 * number, text)
        for number, row in enumerate(rows)
        for left, text in zip(places, row, strict=False)
        if text
    ]


INTRODUCTION: list[Text] = [(60, 150, "The table says how long each of these kinds of tea is left in hot water.")]


def test_rows_of_short_cells_below_each_other_are_a_table_with_the_names_that_it_shows(tmp_path: Path) -> None:
    table = [["Tea", "Minutes", "Degrees"], ["Green tea", "2", "75"], ["Black tea", "4", ""], ["Mint", "8", "100"]]
    article = read(tmp_path, [*INTRODUCTION, *rows_at(table)])
    rows = [block for section in article.sections for block in section.blocks if block.kind == "row"]
    cells = [tuple(article.text[start:end] for start, end in row.cells) for row in rows]
    assert cells == [("Green tea", "2", "75"), ("Black tea", "4", ""), ("Mint", "8", "100")]
    assert {row.columns for row in rows} == {("Tea", "Minutes", "Degrees")}


@pytest.mark.parametrize(
    ("table", "lines", "why"),
    [
        (
            [["Green tea", "2", "75"], ["Black tea", "4", "95"], ["Mint", "8", "100"]],
            ["Green tea | 2 | 75", "Black tea | 4 | 95", "Mint | 8 | 100"],
            "no row is unlike the others",
        ),
        (
            [["Kinds and their long names", "", "Degrees"], ["Green", "2", "75"], ["Black", "4", "95"]],
            ["Kinds and their long names | Degrees", "Green | 2 | 75", "Black | 4 | 95"],
            "a name stands over two columns",
        ),
    ],
)
def test_without_names_that_show_a_row_is_quoted_as_it_is(
    table: list[list[str]], lines: list[str], why: str, tmp_path: Path
) -> None:
    assert quoted(read(tmp_path, [*INTRODUCTION, *rows_at(table, (60, 140, 300))]))[1:] == lines, why


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([["1.", "Boil the water"], ["2.", "Warm the pot"], ["3.", "Pour the tea"]], "numbers of a list"),
        ([["Green tea", "2"], ["Black tea", "4"]], "two rows are too few"),
        (
            [
                [f"{word} is a tea for the morning", f"and {word} is one for the night"]
                for word in ("Mint", "Dill", "Sage")
            ],
            "what stands beside each other is text",
        ),
    ],
)
def test_what_is_no_table_is_read_as_lines(table: list[list[str]], why: str, tmp_path: Path) -> None:
    assert " | " not in read(tmp_path, [*INTRODUCTION, *rows_at(table, (60, 260))]).text, why


def test_words_in_a_drawn_cell_are_apart_though_no_space_is_drawn_between_them(tmp_path: Path) -> None:
    stream = BytesIO()
    canvas = Canvas(stream, A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 760, INTRODUCTION[0][2])
    canvas.grid([60, 200, 340], [720, 700, 680, 660])
    for number, (first, second) in enumerate((("Kind", "Time"), ("Green tea", "Two minutes"), ("Mint", "Very long"))):
        for left, text in ((64.0, first), (204.0, second)):
            for word in text.split():
                canvas.drawString(left, 706 - 20 * number, word)
                left += canvas.stringWidth(word) + 2
    canvas.save()
    (tmp_path / "tea.pdf").write_bytes(stream.getvalue())
    text = read_article(tmp_path / "tea.pdf").text
    assert "Green tea" in text
    assert "Very long" in text


PROSE = [
    "Rinse the pot with hot water before anything else is done with it, so that",
    "the tea stays warm while it draws for three minutes.",
    "Pour it into the cups by turns, a little at a time, and keep what is left for",
    "a second pot.",
    "Whoever likes it sweet adds honey, which leaves the taste of the leaves as it is,",
    "though sugar does no harm.",
    "A slice of lemon makes black tea lighter and takes its bitter taste away in part.",
    "Milk comes last.",
]


def page_with_shades(path: Path, shade: float) -> None:
    """Writes a page of items with an area of that grey, 1 for white, behind each bullet and each line of text, as some
    programs write them.
    """
    stream = BytesIO()
    canvas = Canvas(stream, A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 760, INTRODUCTION[0][2])
    for number, text in enumerate(PROSE):
        foot = 700 - 15 * number
        canvas.setFillGray(shade)
        canvas.rect(60, foot - 4, 20, 15, stroke=0, fill=1)
        canvas.rect(80, foot - 4, 400, 15, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(82, foot, text)
        if number % 2 == 0:
            canvas.drawString(64, foot, "\u2022")
    canvas.save()
    path.write_bytes(stream.getvalue())


@pytest.mark.parametrize("shade", [1.0, 0.9])
def test_shades_behind_items_are_no_table(shade: float, tmp_path: Path) -> None:
    page_with_shades(tmp_path / "tea.pdf", shade)
    items = [f"{first} {second}" for first, second in zip(PROSE[::2], PROSE[1::2], strict=True)]
    assert quoted(read_article(tmp_path / "tea.pdf"))[1:] == items


def test_a_grid_that_cuts_words_is_no_table(tmp_path: Path) -> None:
    stream = BytesIO()
    canvas = Canvas(stream, A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 760, INTRODUCTION[0][2])
    canvas.grid([58, 127, 213, 301, 480], [711 - 15 * number for number in range(len(PROSE) + 1)])
    for number, text in enumerate(PROSE):
        canvas.drawString(60, 700 - 15 * number, text)
    canvas.save()
    (tmp_path / "tea.pdf").write_bytes(stream.getvalue())
    article = read_article(tmp_path / "tea.pdf")
    assert PROSE[4] in article.text
    assert "|" not in article.text


@pytest.mark.parametrize("banded", [False, True])
def test_white_cells_on_a_coloured_ground_or_between_coloured_rows_are_a_table(banded: bool, tmp_path: Path) -> None:
    stream = BytesIO()
    canvas = Canvas(stream, A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 760, INTRODUCTION[0][2])
    canvas.setFillGray(0.8)
    if not banded:
        canvas.rect(58, 638, 284, 64, stroke=0, fill=1)
    cells = (("Kind", "Time"), ("Green", "Two minutes"), ("Mint", "Very long"))
    for number, row in enumerate(cells):
        for left, text in zip((60, 201), row, strict=True):
            canvas.setFillGray(0.8 if banded and number == 1 else 1)
            canvas.rect(left, 681 - 20 * number, 139, 19, stroke=0, fill=1)
            canvas.setFillGray(0)
            canvas.drawString(left + 4, 686 - 20 * number, text)
    canvas.save()
    (tmp_path / "tea.pdf").write_bytes(stream.getvalue())
    assert "Green | Two minutes\nMint | Very long" in read_article(tmp_path / "tea.pdf").text


def test_words_set_wide_are_no_table(tmp_path: Path) -> None:
    spelt = [(60 + 30.0 * place, 200 + 14.0 * line, letter)
             for line, word in enumerate(("GREEN", "BLACK", "WHITE")) for place, letter in enumerate(word)]  # fmt: skip
    assert "|" not in read(tmp_path, [*INTRODUCTION, *spelt]).text
    answers = [(left, top, "NA" if left > 60 else letter) for left, top, letter in spelt]
    assert "G | NA" in read(tmp_path, [*INTRODUCTION, *answers]).text
    numbers = [(left, top, letter if left == 60 else str(ord(letter) % 10)) for left, top, letter in spelt]
    assert "G | " in read(tmp_path, [*INTRODUCTION, *numbers]).text


# ── what is none of the text ─────────────────────────────────────────────────────────────────────────────────────────


def line(text: str, top: float, size: float = 10.0) -> Line:
    return Line(text=text, left=60, right=400, edge=400, top=top, size=size, bold=False)


def words_kept(pages: list[list[Line]]) -> str:
    furniture = furniture_of(pages)
    return " / ".join(one.text for page in pages for one in page if id(one) not in furniture)


def test_running_heads_of_chapters_are_left_out_wherever_they_change() -> None:
    heads = ["1 Tea", "2 Tea", "3 Tea", "4 Pots", "5 Pots", "6 Pots", "7 Water", "Milk 8"]
    pages = [
        [line(head, 40), line(f"Said on page {a}.", 80), *(line(f"Line {n} of {a}.", 95 + 15 * n) for n in range(4))]
        for head, a in zip(heads, "abcdefgh", strict=True)
    ]
    kept = words_kept(pages)
    assert not any(word in kept for word in ("Tea", "Pots", "Water", "Milk"))
    assert kept.count("Said on page") == kept.count("Line 3 of") == 8


def test_a_title_that_some_pages_repeat_stays_once() -> None:
    pages = [[line("Keeping tea", 40, 16.0), line(f"Step {n} of it.", 80)] for n in range(3)]
    others = [[line(f"Other {a}", 40, 16.0), line(f"All about {a}.", 80)] for a in "abcdefgh"]
    kept = words_kept([*pages, *others])
    assert kept.count("Keeping tea") == 1
    assert kept.count("Other") == 8


def test_a_line_that_begins_two_pages_of_many_is_text() -> None:
    firsts = ["Tea is mild.", "Tea is mild.", "Milk is white.", "Sage is bitter.", "Mint cools.", "Dill is green."]
    pages = [[line(first, 80), *(line(f"{n} of {first}", 95 + 15 * n) for n in range(5))] for first in firsts]
    assert words_kept(pages).count("Tea is mild. / 0 of") == 2


ENTRIES = ["bowl, 3", "cup, 2, 4", "honey, 5–7", "milk, 2", "pot, 1, 3", "sage, 8", "sugar, 4", "water, 1"]


@pytest.mark.parametrize(
    "name", ["Index", "INDEX", "Register", "Stichwortverzeichnis", "Table des matières", "Contents"]
)
def test_contents_and_the_index_are_left_out_from_their_heading_on(name: str) -> None:
    text = [line("Tea is mild.", 80), line("It is green.", 95)]
    listing = [line(name, 150, 14.0), *(line(entry, 170 + 12 * n) for n, entry in enumerate(ENTRIES))]
    on_next = [line(f"{entry}1", 80 + 12 * n) for n, entry in enumerate(ENTRIES)]
    assert words_kept([[*text, *listing], on_next]) == "Tea is mild. / It is green."


HEADINGS = ["Welcome", "Our tea", "Pots", "Hot water", "Time to draw", "Milk and sugar", "Cups"]


def test_contents_without_a_heading_are_told_by_the_headings_that_stand_again() -> None:
    listing = [line(f"{name} {n // 2 + 2}", 80 + 12 * n) for n, name in enumerate(HEADINGS)]
    text = [line(name, 60 + 80 * n, 14.0) for n, name in enumerate(HEADINGS)]
    title = line("Tea at work", 40, 20.0)
    assert words_kept([[title, *listing], text]) == " / ".join(["Tea at work", *HEADINGS])
    # What names no headings, or is in no order, is text.
    prices = [line(f"{name} cup {n // 2 + 2}", 80 + 12 * n) for n, name in enumerate(HEADINGS)]
    assert "Pots cup 3" in words_kept([[title, *prices], text])
    assert "Pots 3" in words_kept([[title, *listing[::-1]], text])


def test_rows_that_end_with_numbers_are_text_below_any_other_heading() -> None:
    page = [line("Prices", 60, 14.0), *(line(entry, 80 + 12 * n) for n, entry in enumerate(ENTRIES)), line("End.", 300)]
    assert words_kept([page]).startswith("Prices / bowl, 3 / cup, 2, 4")


def test_text_below_the_heading_index_is_text() -> None:
    page = [line("Index", 60, 14.0), *(line(f"An index of {n} is high for tea.", 80 + 12 * n) for n in range(8))]
    assert words_kept([page]).count("is high for tea") == 8


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("\ue010 Green tea", "<ul><li>Green tea</li></ul>"),
        ("\ufffd Green tea", "<ul><li>Green tea</li></ul>"),
        ("\uf0b7Green tea", "<ul><li>Green tea</li></ul>"),
        ("Green \uf0e0 tea", "<p>Green tea</p>"),
        ("Green (cid:17) tea", "<p>Green tea</p>"),
        ("di\uf001erent tea", "<p>di\ufffderent tea</p>"),
        ("\ufffdrst tea", "<p>\ufffdrst tea</p>"),
    ],
)
def test_a_glyph_without_a_letter_is_a_bullet_or_nothing_and_in_a_word_a_lost_letter(written: str, html: str) -> None:
    page = [line(written, 200), line("Black tea is strong, and is left in the pot for long.", 260)]
    assert html in to_html([page]).replace(page_mark(1), "")
