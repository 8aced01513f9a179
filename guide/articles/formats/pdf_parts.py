"""What stands on a page of a PDF: lines, tables and boxes."""

import re
from dataclasses import dataclass

RAISED, LEVEL = "\ufdd0", "\ufdd1"
"""What stands before and after raised letters in the text of a line: characters that no text has."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and how it is set; lengths in points, places from the left and the top."""

    text: str
    left: float
    right: float
    edge: float
    """The place across the page where the longest line of this line's column ends, in points."""
    top: float
    size: float
    bold: bool

    @property
    def plain(self) -> str:
        """The text without what stands raised in it."""
        return without_raised(self.text)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, its column names first, unless it goes on from the page before."""

    rows: tuple[tuple[str, ...], ...]
    first: bool
    """Whether the table stands at the top of its page or column."""
    drawn: bool = True
    """Whether lines are drawn around its cells; otherwise it is told by how its words stand."""


@dataclass(frozen=True, slots=True)
class Box:
    """What stands framed or shaded, apart from the text around it."""

    parts: tuple[Line | Table, ...]


Part = Line | Table | Box


def without_raised(text: str) -> str:
    """The text of a line without what stands raised in it."""
    return re.sub(f"{RAISED}.*?{LEVEL}", "", text).strip() if RAISED in text else text


def text_of_part(part: Part) -> str:
    """The words of a part of a page."""
    match part:
        case Line():
            return part.text
        case Table():
            return "\n".join(" ".join(row) for row in part.rows)
        case Box():
            return "\n".join(text_of_part(inner) for inner in part.parts)
