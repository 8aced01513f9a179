"""What a parser makes of a file: a stream of pieces, in order, before anything is counted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from guide.articles.column_names import names_columns


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


def table_pieces(first: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[Piece]:
    """The pieces of a table with that first row, which may be empty. Without names of columns, rows are items."""
    if names_columns(first, rows):
        yield Piece("columns", "", cells=first)
        yield from (Piece("row", "", cells=row) for row in rows)
        return
    for row in (first, *rows):
        if any(row):
            yield Piece("item", CELL_SEPARATOR.join(filter(None, row)))
