"""Word documents and e-books: headings that only a style or the contents tell, and what is hidden or raised."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from sample_files import zipped

from guide.articles.formats.convert import to_markdown
from guide.articles.read import read_article
from guide.errors import ArticleError
from guide.records import Article


def saved(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def lines(data: bytes, name: str, folder: Path) -> list[str]:
    """The headings, marked by `#`, and the blocks, in order."""
    (folder / name).write_bytes(data)
    article: Article = read_article(folder / name)
    return [
        line
        for section in article.sections
        for line in (
            f"# {section.path[-1]}",
            *(article.text[block.start : block.end] for block in section.blocks),
        )
    ]


def outlined(paragraph: Any, level: int) -> None:
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    paragraph._p.get_or_add_pPr().append(outline)


def test_headings_of_a_word_document_go_by_outline_levels_and_what_styles_are_based_on(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Sleep well", 0)
    own = document.styles.add_style("Our heading", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["Heading 1"]
    document.add_paragraph("The room", style="Our heading")
    document.add_paragraph("A cool room helps.")
    outlined(document.add_paragraph("Noise"), 1)
    document.add_paragraph("Earplugs help.")
    outlined(document.add_paragraph("No chapter", style="Our heading"), 9)
    assert lines(saved(document), "sleep.docx", tmp_path) == [
        "# The room", "A cool room helps.", "# Noise", "Earplugs help.", "No chapter",
    ]  # fmt: skip


def test_hidden_words_raised_marks_and_formulas_of_a_word_document(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Sleep well", 0)
    paragraph = document.add_paragraph("A nap a day")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(" is fine.")
    paragraph.add_run(" Ask the editor first.").font.hidden = True
    secret = document.styles.add_style("Secret", WD_STYLE_TYPE.PARAGRAPH)
    secret.font.hidden = True
    document.add_paragraph("Draft of May.", style="Secret")
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    last = document.add_paragraph("The share is ")
    last._p.append(parse_xml(f'<m:oMath xmlns:m="{math}"><m:r><m:t>5/8</m:t></m:r></m:oMath>'))
    last.add_run(" of all nights.")
    data = saved(document)
    assert lines(data, "sleep.docx", tmp_path)[1:] == ["A nap a day is fine.", "The share is [formula] of all nights."]
    assert to_markdown(data, ".docx").notes == (
        "hides 7 words that aren't read, the first “Ask the editor first Draft of …”.",
    )


@pytest.mark.parametrize(
    ("between", "quoted"),
    [("", ["1. Boil.", "2. Warm.", "3. Pour."]), ("Wait.", ["Boil.", "Warm.", "Wait.", "Pour."])],
)
def test_a_step_of_a_word_document_has_its_number_or_none(between: str, quoted: list[str], tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Tea", 0)
    for text in ("Boil.", "Warm.", *filter(None, [between]), "Pour."):
        document.add_paragraph(text, style="Normal" if text == between else "List Number")
    assert lines(saved(document), "tea.docx", tmp_path)[1:] == quoted


def test_typed_bullets_and_a_table_of_one_row_of_a_word_document(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Sleep well", 0)
    for text in ("• Open the window.", "•\tClose the door.", "Then:", "1. Lie down.", "2. Breathe."):
        document.add_paragraph(text)
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text, cells[1].text = "Anna knows more.", "So does Ben."
    assert lines(saved(document), "sleep.docx", tmp_path)[1:] == [
        "Open the window.", "Close the door.", "Then:", "1. Lie down.", "2. Breathe.",
        "Anna knows more.", "So does Ben.",
    ]  # fmt: skip


def book(parts: list[str], contents: dict[str, str]) -> bytes:
    """An e-book of these bodies with a navigation or an NCX, by their names."""
    head = '<?xml version="1.0" encoding="utf-8"?>'
    names = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
    page = head + f"<html {names}><body>{{}}</body></html>"
    kinds = {"nav.xhtml": 'properties="nav" media-type="application/xhtml+xml"',
             "toc.ncx": 'media-type="application/x-dtbncx+xml"'}  # fmt: skip
    items = "".join(f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(parts)))
    items += "".join(f'<item id="{name}" href="{name}" {kinds[name]}/>' for name in contents)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(parts)))
    package = (
        f'{head}<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Sleep well</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    return zipped(
        {"META-INF/container.xml": '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>',
         "O/b.opf": package}
        | {f"O/{name}": page.format(body) if name.endswith("xhtml") else body for name, body in contents.items()}
        | {f"O/{n}.xhtml": page.format(body) for n, body in enumerate(parts)}
    )  # fmt: skip


PARTS = [
    "<p class='chapter-title'>The room</p><p>A cool room helps.</p><p id='noise'><b>Noise</b></p><p>Earplugs help.</p>",
    "<span epub:type='pagebreak'>12</span><p class='pagenum'>13</p><p>A walk helps, too.</p>",
]
NAV = (
    "<nav epub:type='toc'><ol><li><a href='0.xhtml'>The room</a><ol><li><a "
    "href='0.xhtml#noise'>Noise</a></li></ol></li>"
    "<li><a href='1.xhtml'>The evening</a></li></ol></nav><nav epub:type='page-list'><ol><li><a "
    "href='1.xhtml'>12</a></li>"
    "</ol></nav>"
)
NCX = (
    "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap><navPoint><navLabel><text>The room</text></navLabel>"
    "<content src='0.xhtml'/><navPoint><navLabel><text>Noise</text></navLabel><content "
    "src='0.xhtml#noise'/></navPoint>"
    "</navPoint><navPoint><navLabel><text>The evening</text></navLabel><content "
    "src='1.xhtml'/></navPoint></navMap></ncx>"
)


@pytest.mark.parametrize("contents", [{"nav.xhtml": NAV}, {"toc.ncx": NCX}], ids=["navigation", "NCX"])
def test_chapters_named_only_in_the_contents_are_headings_and_page_numbers_are_none(
    contents: dict[str, str], tmp_path: Path
) -> None:
    assert lines(book(PARTS, contents), "sleep.epub", tmp_path) == [
        "# The room", "A cool room helps.", "# Noise", "Earplugs help.", "# The evening", "A walk helps, too.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("chapter", "headings"),
    [
        ("<hgroup><h2>XIX</h2><p>Warm rooms</p></hgroup><p>Open the window.</p>", ["XIX: Warm rooms"]),
        ("<h2>Chapter 4.</h2><p>Warm Rooms</p><p>Open the window.</p>", ["Chapter 4: Warm Rooms"]),
        ("<h2>XIX</h2><p>Open the window.</p><p>Close the door.</p>", ["XIX"]),
        ("<h2>Noise</h2><p>Warm rooms</p><p>Open the window.</p>", ["Noise"]),
    ],
)
def test_a_chapters_number_has_the_title_on_the_next_line(chapter: str, headings: list[str], tmp_path: Path) -> None:
    data = book([f"<body>{chapter}</body>", "<body><h2>Last</h2><p>It ends.</p></body>"], {})
    found = lines(data, "sleep.epub", tmp_path)
    assert [line[2:] for line in found if line.startswith("# ") and line[2:] != "Sleep"] == [*headings, "Last"]


@pytest.mark.parametrize(
    ("headings", "title"),
    [(["Pots", "Cups"], "Pots"), ([], "my tea"), (["Introduction", "Cups"], "my tea"), (["Tea"], "Tea")],
)
def test_a_word_document_without_a_title_is_named_by_its_first_heading_or_its_file(
    headings: list[str], title: str, tmp_path: Path
) -> None:
    document = Document()
    document.core_properties.title = ""
    for heading in headings:
        document.add_heading(heading, 1)
        document.add_paragraph("Tea is mild.")
    document.add_paragraph("It is green.")
    (tmp_path / "my tea.docx").write_bytes(saved(document))
    assert read_article(tmp_path / "my tea.docx").title == title


def test_notes_of_a_book_stand_apart_and_their_marks_are_gone(tmp_path: Path) -> None:
    body = (
        "<h2>Naps</h2><p>A nap a day<a epub:type='noteref' href='#n1'>1</a> is fine.</p><aside epub:type='footnote' "
        "id='n1'>"
        "<p>Survey of nine people.</p></aside><p>Not in the evening.</p>"
    )
    assert lines(book([body], {}), "sleep.epub", tmp_path) == [
        "# Naps", "A nap a day is fine.", "Not in the evening.", "# Notes", "Survey of nine people.",
    ]  # fmt: skip


def test_the_table_of_contents_of_a_word_document_is_left_out(tmp_path: Path) -> None:
    document = Document()
    contents = document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("A page before the contents.")
    document.add_paragraph("Was hier steht")
    for name in ("The room\t3", "Noise\t4"):
        document.add_paragraph(name, style=contents)
    for name in ("The room", "Noise"):
        document.add_heading(name, 1)
        document.add_paragraph("A cool room helps.")
    assert lines(saved(document), "sleep.docx", tmp_path)[1:] == [
        "A page before the contents.", "# The room", "A cool room helps.", "# Noise", "A cool room helps.",
    ]  # fmt: skip


def test_a_books_readings_above_signs_are_left_out_and_its_formulas_are_named(tmp_path: Path) -> None:
    page = "<h1>眠り</h1><p><ruby>眠<rp>(</rp><rt>ねむ</rt><rp>)</rp></ruby>りは大切です。</p>"
    formula = "<p>It is <math><mi>x</mi><mo>+</mo><mn>1</mn></math> hours.</p>"
    assert lines(book([page + formula], {}), "sleep.epub", tmp_path)[1:] == [
        "眠りは大切です。", "It is [formula] hours.",
    ]  # fmt: skip


def test_a_book_with_too_much_text_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.articles.formats.epub.MAX_TEXT_CHARACTERS", 30)
    monkeypatch.setattr("guide.articles.formats.convert._markdown", lambda document: pytest.fail("it was turned"))
    with pytest.raises(ArticleError, match="holds more than the 30 characters that are allowed: split it"):
        to_markdown(book(["<p>A cool room helps.</p>", "<p>A walk helps, too.</p>"], {}), ".epub")
