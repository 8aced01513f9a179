"""PDF: the lines and tables of its pages, in the order in which they are read."""

import logging
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from statistics import median
from types import SimpleNamespace
from typing import Any

from guide.articles.formats.document import MAX_UNPACKED_BYTES, Document
from guide.articles.formats.pdf_lines import Line, Table, to_html
from guide.errors import ArticleError

MAX_PAGES = 1_000

MAX_EDGES = 2_000
"""Drawn lines on a page beyond which it is a drawing, and looking for tables takes long."""

SPACE = 0.15
"""The gap from which letters belong to two words, as a share of their size: half a narrow space, more than letters are
set apart."""

_UNKNOWN = re.compile(r"\(cid:\d+\)")
"""How pdfplumber gives a glyph whose letter the font doesn't tell; bullets are often such glyphs."""

_NO_TITLE = re.compile(r"\.\w{3,4}$|^(?:untitled|microsoft word|unknown|slide 1)\b|^\W*$", re.I)


def read(data: bytes) -> Document:
    """The text in the bytes of a PDF.

    Raises:
        ArticleError: it is protected, holds pictures only, or is too large.
    """
    with _opened(data) as pdf:
        if len(pdf.pages) > MAX_PAGES:
            raise ArticleError(f"has {len(pdf.pages):,} pages; a PDF may have {MAX_PAGES:,}: split it.")
        pages: list[list[Line | Table]] = []
        pictures = False
        for page in pdf.pages:
            pictures = pictures or bool(page.images)
            pages.append(list(_on_page(page)))
            page.close()
        about = {key: value for key, value in pdf.metadata.items() if isinstance(value, str)}
    text = "".join(what.text if isinstance(what, Line) else str(what.rows) for page in pages for what in page)
    if not text.strip():
        what = "it is scanned: run it through text recognition (OCR) first" if pictures else "its pages are empty"
        raise ArticleError(f"holds no text; {what}.")
    if len(_UNKNOWN.findall(text)) > len(_UNKNOWN.sub("", text)) / 10:
        raise ArticleError("doesn't say which letters its glyphs are; run it through text recognition (OCR) first.")
    title = about.get("Title", "").strip()
    return Document(
        html=to_html(pages), title="" if _NO_TITLE.search(title) else title, author=about.get("Author", "").strip()
    )


@contextmanager
def _bounded() -> Iterator[None]:
    """Within it, all that pdfminer unpacks is bounded, which it has no setting for."""
    from pdfminer import pdftypes

    left = MAX_UNPACKED_BYTES

    def decompress(data: bytes) -> bytes:
        nonlocal left
        inflate = zlib.decompressobj()
        unpacked = inflate.decompress(data, left + 1)
        left -= len(unpacked)
        if left < 0:
            raise ArticleError(f"unpacks to more than the {MAX_UNPACKED_BYTES:,} bytes that are allowed: split it.")
        if not inflate.eof:
            raise zlib.error("incomplete")
        return unpacked

    bounded = SimpleNamespace(decompress=decompress, decompressobj=zlib.decompressobj, error=zlib.error)
    try:
        pdftypes.zlib = bounded  # type: ignore[assignment, attr-defined]
        yield
    finally:
        pdftypes.zlib = zlib  # type: ignore[attr-defined]


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The PDF, as pdfplumber opens it."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    # What it notes of fonts is for those who make PDFs.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with _bounded(), pdfplumber.open(BytesIO(data)) as pdf:
            if not pdf.doc.is_extractable:
                raise ArticleError("doesn't allow its text to be copied; save an open copy of it.")
            yield pdf
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, PDFPasswordIncorrect):
            raise ArticleError("is protected by a password; save a copy without one.") from None
        raise cause if isinstance(cause, ArticleError) else error from None


def _on_page(page: Any) -> Iterator[Line | Table]:
    """The lines and tables of a page in reading order: from top to bottom, column by column."""
    drawn = page.find_tables() if len(page.edges) <= MAX_EDGES else []
    # A single cell is a box around text.
    tables = [(table.bbox, rows) for table in drawn if len((rows := _cells(table))[0]) > 1]
    text = page.filter(lambda thing: thing["object_type"] == "char" and thing["upright"] and not _inside(thing, tables))
    # Bold print is sometimes the same letters twice.
    text = text.dedupe_chars()
    words = text.extract_words(x_tolerance_ratio=SPACE)
    middle = _between_columns(words, page.width)
    across = [word for word in words if word["x0"] < middle < word["x1"]]
    placed: list[tuple[tuple[float, ...], Line | Table]] = []

    def place(left: float, right: float, top: float, what: Line | Table) -> None:
        """Files what was found: columns are read between what stands across them."""
        above = sum(box["top"] < top - 1 for box in across)
        column = 0 if left < middle < right else 1 if right <= middle else 2
        placed.append(((above, column, top), what))

    for (left, top, right, _), rows in tables:
        place(left, right, top, Table(tuple(rows), first=top < page.height / 4))
    shapes = (*page.curves, *page.rects)
    marks = [shape for shape in shapes if 1 < shape["width"] < 7 and 1 < shape["height"] < 7]
    for part in _columns(text, middle, across):
        found = part.extract_text_lines(x_tolerance_ratio=SPACE) if part.chars else []
        edge = max((row["x1"] for row in found), default=0)
        for row in found:
            if line := _line(row, edge, marks):
                place(row["x0"], row["x1"], row["top"], line)
    yield from (what for _, what in sorted(placed, key=lambda entry: entry[0]))


def _cells(table: Any) -> list[tuple[str, ...]]:
    return [tuple(" ".join((cell or "").split()) for cell in row) for row in table.extract()]


def _inside(thing: Any, tables: Sequence[tuple[tuple[float, ...], Any]]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for (left, top, right, bottom), _ in tables)


def _between_columns(words: Sequence[Any], width: float) -> float:
    """Where the space between two columns of text lies; 0 if the page has one column."""
    best, fewest = 0.0, 1.0
    for place in range(int(width * 0.35), int(width * 0.65), 3):
        crossing = sum(word["x0"] - 3 < place < word["x1"] + 3 for word in words)
        left = {round(word["top"]) for word in words if word["x1"] < place and word["x1"] > place - width / 4}
        right = {round(word["top"]) for word in words if word["x0"] > place and word["x0"] < place + width / 4}
        lines = min(len(left), len(right))
        if lines >= 8 and crossing / lines < min(fewest, 0.2):
            best, fewest = float(place), crossing / lines
    return best


def _columns(text: Any, middle: float, across: Sequence[Any]) -> Iterator[Any]:
    """The page's text in parts that have lines of their own: what stands across the columns, and each of them."""
    if not middle:
        yield text
        return

    def is_across(char: Any) -> bool:
        y = (char["top"] + char["bottom"]) / 2
        return any(word["top"] <= y <= word["bottom"] for word in across)

    yield text.filter(is_across)
    yield text.filter(lambda char: not is_across(char) and char["x1"] <= middle)
    yield text.filter(lambda char: not is_across(char) and char["x1"] > middle)


def _line(row: Any, edge: float, marks: Sequence[Any]) -> Line | None:
    chars = [char for char in row["chars"] if char["text"].strip()]
    if not chars:
        return None
    size = round(median(char["size"] for char in chars) * 2) / 2
    bold = sum(bool(re.search("bold|black|heavy|demi", char["fontname"], re.I)) for char in chars) > 0.8 * len(chars)
    words = " ".join(row["text"].split())
    # Browsers draw the bullets of lists.
    drawn = any(
        row["x0"] - 25 < mark["x1"] <= row["x0"] + 1 and row["top"] < (mark["top"] + mark["bottom"]) / 2 < row["bottom"]
        for mark in marks
    )
    return Line("• " + words if drawn else words, row["x0"], row["x1"], edge, row["top"], size, bold)
