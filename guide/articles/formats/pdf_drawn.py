"""The tables that are drawn on a page of a PDF, as far as what is drawn is evidence of one."""

import re
from bisect import bisect
from collections.abc import Sequence
from typing import Any

MAX_EDGES = 2_000
"""Drawn lines on a page beyond which it is a drawing, and looking for tables takes long."""

ONE_CELL_SHARE = 0.8
"""The share of rows with words in one cell alone from which a table is none."""

MAX_CUT_SHARE = 0.05
"""The share of words that the borders of cells may cut. Of true tables, whose text may run over a border, few have one
such word; shades behind lines of text that end at different places cut many."""

_BULLETS = re.compile(r"(?:[•●○◦▪▫‣⁃■□➢➤►*–—-]|\(cid:\d+\)|[\ue000-\uf8ff\ufffd])?")
"""What stands before an item of a list, and an empty cell."""


def visible_shapes(page: Any) -> Any:
    """The page without what is drawn and can't be seen: white areas without an outline, such as programs put behind
    each line of a text. Those on a coloured ground stay, and those as wide as a coloured one: a table's other rows.
    """
    shapes = [*page.rects, *page.curves]
    white = [shape for shape in shapes if not is_visible(shape)]
    if not white or len(shapes) > MAX_EDGES:
        return page
    grounds = [shape for shape in shapes if shape["fill"] and is_visible(shape)]
    widths = {_sides(ground) for ground in grounds}
    apart = [shape for shape in white if _sides(shape) not in widths]
    hidden = {id(shape) for shape in apart if not any(_stands_on(shape, ground) for ground in grounds)}
    return page.filter(lambda thing: id(thing) not in hidden)


def is_visible(shape: Any) -> bool:
    """Whether a shape has an outline, or is filled with something other than white."""
    colour = shape["non_stroking_color"]
    parts = colour if isinstance(colour, list | tuple) else [colour]
    # Of grey and RGB; the values of other colours say nothing without their space.
    white = len(parts) in (1, 3) and all(isinstance(part, int | float) and part > 0.99 for part in parts)
    return bool(shape["stroke"] or (shape["fill"] and not white))


def only_looks_like_table(table: Any, rows: Sequence[Sequence[str]], words: Sequence[Any]) -> bool:
    """Whether what is drawn as a table, with these `rows`, is text with lines or shades behind it: nearly all rows have
    words in one of their cells alone, but for bullets, or cells hold a letter or two each, or their borders cut the
    `words` of the page.
    """
    if len(rows[0]) < 2:
        return False
    alone = sum(sum(not _BULLETS.fullmatch(cell) for cell in row) <= 1 for row in rows)
    return alone >= ONE_CELL_SHARE * len(rows) or holds_letters(rows) or _cut_share(table, words) > MAX_CUT_SHARE


def holds_letters(rows: Sequence[Sequence[str]]) -> bool:
    """Whether most rows hold nothing but a letter or two in each cell, as words do that are set wide. Numbers are none,
    and of answers such as Y and N or NA there are fewer.

    >>> holds_letters([("T", "e", "a"), ("P", "o", "t")]), holds_letters([("Y", "N", "Y"), ("N", "Y", "Y")])
    (True, False)
    """
    filled = [[cell for cell in row if cell] for row in rows]
    filled = [row for row in filled if row]
    spelt = sum(len(row) > 1 and all(cell.isalpha() and len(cell) <= 2 for cell in row) for row in filled)
    cells = [cell for row in filled for cell in row]
    return spelt > len(filled) / 2 and len(set(cells)) >= min(8, len(cells) / 2)


def _cut_share(table: Any, words: Sequence[Any]) -> float:
    """The share of the words in a table that have letters on both sides of a border between its cells."""
    left, _, right, bottom = table.bbox
    within = sorted((_height(word), *_ends(word)) for word in words if word["x1"] > left and word["x0"] < right)
    heights = [height for height, *_ in within]
    tops = [min(cell[1] for cell in row.cells if cell) for row in table.rows]
    counted = cut = 0
    for row, first, last in zip(table.rows, tops, [*tops[1:], bottom], strict=True):
        borders = {place for cell in row.cells if cell for place in (cell[0], cell[2])}
        for _, begin, end in within[bisect(heights, first) : bisect(heights, last)]:
            counted += 1
            cut += any(begin < border < end for border in borders)
    return cut / counted if counted else 0.0


def _height(word: Any) -> float:
    return float(word["top"] + word["bottom"]) / 2


def _ends(word: Any) -> tuple[float, float]:
    """The middles of a word's first and last letter."""
    letters = [(letter["x0"] + letter["x1"]) / 2 for letter in word["chars"]]
    return min(letters), max(letters)


def _sides(shape: Any) -> tuple[int, int]:
    return round(shape["x0"]), round(shape["x1"])


def _stands_on(shape: Any, ground: Any) -> bool:
    return bool(
        ground["x0"] <= shape["x0"] + 2
        and ground["x1"] >= shape["x1"] - 2
        and ground["top"] <= shape["top"] + 2
        and ground["bottom"] >= shape["bottom"] - 2
    )
