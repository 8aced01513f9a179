"""PDF: the lines and tables of its pages, in the order in which they are read."""

import logging
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from guide.articles.formats.document import MAX_UNPACKED_BYTES, Document
from guide.articles.formats.pdf_lines import to_html
from guide.articles.formats.pdf_page import parts_of
from guide.articles.formats.pdf_parts import Part, text_of_part
from guide.articles.formats.pdf_workers import read_share, read_together
from guide.errors import ArticleError

MAX_PAGES = 1_000

_UNKNOWN = re.compile(r"\(cid:\d+\)")
"""How pdfplumber gives a glyph whose letter the font doesn't tell; bullets are often such glyphs."""

_NO_TITLE = re.compile(r"\.\w{3,4}$|^\W?(?:untitled|microsoft word|unknown|anonymous|slide 1)\b|^\W*$", re.I)

_NO_AUTHOR = ("anonymous", "unknown", "user", "admin", "administrator")


def read(data: bytes, progress: Callable[[int, int], None] = lambda done, of: None) -> Document:
    """The text in the bytes of a PDF; `progress` hears how many pages are read, and of how many.

    Raises:
        ArticleError: it is protected, holds pictures only, or is too large.
    """
    with _opened(data) as pdf:
        count = len(pdf.pages)
        about = {key: value for key, value in pdf.metadata.items() if isinstance(value, str)}
    if count > MAX_PAGES:
        raise ArticleError(f"has {count:,} pages; a PDF may have {MAX_PAGES:,}: split it.")
    pages = read_together(data, count, read_pages, progress)
    text = "".join(text_of_part(part) for page in pages for part in page)
    if not text.strip():
        what = "its pages are empty"
        if _has_pictures(data):
            what = "it is scanned: run it through text recognition (OCR) first"
        raise ArticleError(f"holds no text; {what}.")
    if len(_UNKNOWN.findall(text)) > len(_UNKNOWN.sub("", text)) / 10:
        raise ArticleError("doesn't say which letters its glyphs are; run it through text recognition (OCR) first.")
    title, author = (about.get(name, "").strip() for name in ("Title", "Author"))
    return Document(
        html=to_html(pages),
        title="" if _NO_TITLE.search(title) else title,
        author="" if author.casefold().strip("()") in _NO_AUTHOR else author,
    )


def read_pages(data: bytes, places: range, progress: Callable[[int], None]) -> list[list[Part]]:
    """What stands on the pages at these places of a PDF; `progress` hears how many are read."""
    found = []
    with _opened(data) as pdf:
        for done, place in enumerate(places, 1):
            page = pdf.pages[place]
            found.append(parts_of(page))
            page.close()
            progress(done)
    return found


def _has_pictures(data: bytes) -> bool:
    with _opened(data) as pdf:
        return any(page.images for page in pdf.pages)


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


if __name__ == "__main__":
    read_share(read_pages)
