"""What a parser makes of a file: a stream of pieces, in order, before anything is counted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article as a parser found it; `furniture` is kept in the text but belongs to no section.

    `end` holds no text: the section of its level ends there, and the one above goes on. A `footnote` stands with the
    others at the end.
    """

    kind: Literal["title", "heading", "paragraph", "item", "columns", "row", "credit", "footnote", "furniture", "end"]
    text: str
    level: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser hands over: the pieces in order and what the file says of itself."""

    pieces: list[Piece]
    title: str = ""
    author: str = ""
    source: str = ""
    language: str = "en"
    licence: str = ""
    help_section: str = ""
    advice_sections: tuple[str, ...] = ()
    questions: Mapping[str, tuple[str, ...]] | None = None
    notes: tuple[str, ...] = ()
    """What the reader noticed: ends of sentences that begin with the article's name."""


CELL_SEPARATOR = " | "


_NO_NAME = re.compile(
    r"(?:abstract|summary|introduction|preface|foreword|contents|table of contents|untitled(?: document)?|document ?\d*"
    r"|home(?:page)?|index|readme|new page|microsoft word\b.*|title|article)\W*",
    re.I,
)


def names_no_article(title: str) -> bool:
    """Whether a title is one that any article might have.

    >>> names_no_article("Abstract"), names_no_article("Abstract art")
    (True, False)
    """
    return bool(_NO_NAME.fullmatch(title))


_DATA = re.compile(r"https?://|\S@\S+\.\w|(?:\d[ ()/.-]*){5}|^\d{1,2}[:.]\d{2}\b")
"""What stands in a table's cells and not above them: addresses, telephone numbers, times of day."""


def table_pieces(first: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[Piece]:
    """The pieces of a table with that first row, which may be empty. Without names of columns, rows are items."""
    if names_columns(first, rows):
        yield Piece("columns", "", cells=first)
        yield from (Piece("row", "", cells=row) for row in rows)
        return
    for row in (first, *rows):
        if any(row):
            yield Piece("item", CELL_SEPARATOR.join(filter(None, row)))


def names_columns(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table's first row names its columns, rather than being a row like those below: every row would say
    something false if it were taken for names.

    >>> names_columns(("Line", "Number"), [("Fire", "112")]), names_columns(("Police", "110"), [("Fire", "112")])
    (True, False)
    """
    if not rows or not any(first) or any(_DATA.search(cell) for cell in first):
        return False
    for name, *below in zip(first, *rows, strict=False):
        is_number = name.isdigit() and not re.fullmatch("(?:1[89]|20)[0-9]{2}", name)
        if is_number and all(cell.replace(" ", "").isdigit() for cell in below):
            return False
    return True
