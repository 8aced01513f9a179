"""What a parser makes of a file: a stream of pieces, in order, before anything is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article as a parser found it; `furniture` is kept in the text but belongs to no section."""

    kind: Literal["title", "heading", "paragraph", "item", "columns", "row", "credit", "furniture"]
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


CELL_SEPARATOR = " | "
