"""Whether the first row of a table names its columns: one rule for every kind of file.

A name that isn't one would make every row say something false, so without evidence a row is a row.
"""

import re
from collections.abc import Sequence

from guide.text.normalise import words

_DATA = re.compile(r"https?://|\S@\S+\.\w|(?:\d[ ()/.-]*){5}|^\d{1,2}[:.]\d{2}\b")
"""What stands in a table's cells and not above them: addresses, telephone numbers, times of day."""

_MAX_WORDS_OF_NAME = 5
"""A column's name is hardly longer."""


def names_columns(first: Sequence[str], rows: Sequence[Sequence[str]], *, marked: bool = True) -> bool:
    """Whether a table's first row names its columns, rather than being a row like those below. Where a file has it
    `marked`, its cells may only not look like data; otherwise it must differ in kind from the rows below.

    >>> names_columns(("Line", "Number"), [("Fire", "112")]), names_columns(("Police", "110"), [("Fire", "112")])
    (True, False)
    >>> names_columns(("Tea", "Pot"), [("Green", "Round")], marked=False)
    False
    """
    if not rows or not any(first) or any(_DATA.search(cell) for cell in first):
        return False
    for name, *below in zip(first, *rows, strict=False):
        is_number = name.isdigit() and not re.fullmatch("(?:1[89]|20)[0-9]{2}", name)
        if is_number and all(cell.replace(" ", "").isdigit() for cell in below):
            return False
    if marked:
        return True
    return all(map(_is_name, first)) and len(set(first)) == len(first) and _are_unlike_names(rows, len(first))


def _is_name(text: str) -> bool:
    return (
        0 < len(words(text)) <= _MAX_WORDS_OF_NAME and not re.search(r"\d", text) and not text.endswith((".", "!", ","))
    )


def _are_unlike_names(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether each row has a cell that is no name, in a column where all are: numbers or sentences below a word."""
    whole = [row for row in rows if len(row) == width]
    return (bool(whole) and any(all(not _is_name(row[x]) for row in whole) for x in range(width))) or (
        len(whole) > 1 and all(any(not _is_name(cell) for cell in row) for row in whole)
    )
