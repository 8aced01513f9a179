"""A page of a PDF → its lines, tables and boxes, in the order in which they are read."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any

from guide.articles.formats.pdf_columns import columns_of
from guide.articles.formats.pdf_drawn import MAX_EDGES, is_visible, only_looks_like_table, visible_shapes
from guide.articles.formats.pdf_letters import Letter, letters_of
from guide.articles.formats.pdf_parts import Box, Line, Part, Table
from guide.articles.formats.pdf_rows import Frame, tables_without_lines

SPACE = 0.15
"""The gap from which letters belong to two words, as a share of their size: half a narrow space, more than letters are
set apart."""

SAME_LINE = 3
"""How far apart the tops of letters on one line are at most, in points."""

MIN_WORDS_IN_BOX = 8
MAX_SHARE_IN_BOX = 0.7
"""The share of a page's words from which a frame around them is the page's, and no box apart from its text."""

MAX_FRAMES = 200
"""The largest frames and areas of a page that may be boxes; a page with more of them is a drawing."""


def parts_of(page: Any) -> list[Part]:
    """What stands on a page of pdfplumber's in reading order: from top to bottom, column by column."""
    drawing = visible_shapes(page)
    finder = drawing.debug_tablefinder() if drawing.edges and len(drawing.edges) <= MAX_EDGES else None
    found = [(table, _cells(table)) for table in (finder.tables if finder else [])]
    whole = _words(page.chars) if found else []
    # Of lines that only look like a table nothing is a frame either.
    no_tables = [table.bbox for table, rows in found if only_looks_like_table(table, rows, whole)]
    drawn = [table for table, rows in found if table.bbox not in no_tables]
    tables = [(table.bbox, rows) for table, rows in found if len(rows[0]) > 1 and table.bbox not in no_tables]
    # A single cell, or a single column of them, is a frame around text.
    cells = [cell for cell in (finder.cells if finder else ()) if not any(_holds(frame, cell) for frame in no_tables)]
    single = [*cells, *(table.bbox for table in drawn if len(table.rows[0].cells) == 1)]
    letters = [letter for letter in page.chars if _holder(letter, [frame for frame, _ in tables]) is None]
    words = _words(letters_of(letters))
    shapes = [*page.curves, *page.rects]
    frames = _boxes(words, page, single, tables)
    bullets = [shape for shape in shapes if 1 < shape["width"] < 7 and 1 < shape["height"] < 7]
    within = [_holder(word, frames) for word in words]
    free = [word for word, frame in zip(words, within, strict=True) if frame is None]
    columns = columns_of(free, 0, page.width)
    placed: list[tuple[tuple[float, ...], Part]] = []

    def place(frame: Frame, what: Part) -> None:
        left, top, right, _ = frame
        placed.append((columns.place(left, top, right), what))

    inside: dict[Frame, list[tuple[float, Line | Table]]] = {frame: [] for frame in frames}
    for frame in frames:
        boxed = [word for word, holder in zip(words, within, strict=True) if holder == frame]
        inside[frame] = [(line.top, line) for line, _ in _lines(boxed, bullets)]
    for bounds, rows in tables:
        table = Table(tuple(rows), first=bounds[1] < page.height / 4)
        holder = _holder(dict(zip(("x0", "top", "x1", "bottom"), bounds, strict=True)), frames)
        if holder:
            inside[holder].append((bounds[1], table))
        else:
            place(bounds, table)
    for frame, parts in inside.items():
        place(frame, Box(tuple(part for _, part in sorted(parts, key=itemgetter(0)))))
    for column in columns.parts(free):
        found_rows, others = tables_without_lines(column)
        for bounds, rows in found_rows:
            place(bounds, Table(tuple(rows), first=bounds[1] < page.height / 4, drawn=False))
        for line, frame in _lines(others, bullets):
            place(frame, line)
    return [what for _, what in sorted(placed, key=itemgetter(0))]


def _cells(table: Any) -> list[tuple[str, ...]]:
    rows = table.extract(x_tolerance_ratio=SPACE, y_tolerance=SAME_LINE)
    return [tuple(" ".join((cell or "").split()) for cell in row) for row in rows]


def _words(letters: Sequence[Letter]) -> list[Any]:
    from pdfplumber.utils.text import extract_words

    found: list[Any] = extract_words(list(letters), x_tolerance_ratio=SPACE, y_tolerance=SAME_LINE, return_chars=True)
    return found


def _holder(thing: Any, frames: Sequence[Frame]) -> Frame | None:
    """The first of the frames in which the middle of a thing stands."""
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return next((frame for frame in frames if frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]), None)


def _boxes(
    words: Sequence[Any], page: Any, single: Sequence[Frame], tables: Sequence[tuple[Frame, Any]]
) -> list[Frame]:
    """The frames and shaded areas that set some lines apart from the page's other text, largest first."""
    shapes = [shape for shape in (*page.rects, *page.curves) if shape["width"] > 80 and is_visible(shape)]
    if len(shapes) > MAX_EDGES:
        return []
    areas = [(shape["x0"], shape["top"], shape["x1"], shape["bottom"]) for shape in shapes]
    found: list[Frame] = []
    by_size = sorted({*single, *_stacked(areas)}, key=lambda one: (one[0] - one[2]) * (one[3] - one[1]))
    for frame in by_size[:MAX_FRAMES]:
        left, top, right, bottom = frame
        if any(_overlap(frame, other) for other in found):
            continue
        if any(_overlap(frame, bounds) and not _holds(frame, bounds) for bounds, _ in tables):
            continue
        held = [word for word in words if _holder(word, [frame])]
        lines = {round(word["top"] / SAME_LINE) for word in held}
        crosses = any(
            word["top"] < bottom
            and word["bottom"] > top
            and (word["x0"] < left - 1 < word["x1"] - 1 or word["x0"] + 1 < right + 1 < word["x1"])
            for word in words
        )
        is_part = MIN_WORDS_IN_BOX <= len(held) <= MAX_SHARE_IN_BOX * len(words)
        if is_part and len(lines) > 1 and not crosses:
            found.append(frame)
    return found


def _stacked(areas: Sequence[Frame]) -> Iterator[Frame]:
    """The areas, those of one width that touch each other as one: a browser shades a box line by line."""
    for _, column in groupby(sorted(areas, key=lambda one: (round(one[0]), round(one[2]), one[1])), key=_sides):
        whole: Frame | None = None
        for left, top, right, bottom in column:
            if whole and top <= whole[3] + 2:
                whole = (whole[0], whole[1], whole[2], max(whole[3], bottom))
            else:
                if whole:
                    yield whole
                whole = (left, top, right, bottom)
        if whole:
            yield whole


def _sides(frame: Frame) -> tuple[int, int]:
    return round(frame[0]), round(frame[2])


def _overlap(one: Frame, other: Frame) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(one: Frame, other: Frame) -> bool:
    return one[0] <= other[0] + 2 and one[1] <= other[1] + 2 and one[2] >= other[2] - 2 and one[3] >= other[3] - 2


def _lines(words: Sequence[Any], bullets: Sequence[Any]) -> Iterator[tuple[Line, Frame]]:
    """The lines that the words stand on, with their frames, from top to bottom."""
    from pdfplumber.utils.clustering import cluster_objects

    edge = max((word["x1"] for word in words), default=0)
    for row in cluster_objects(list(words), itemgetter("doctop"), SAME_LINE):
        row.sort(key=itemgetter("x0"))
        letters = [letter for word in row for letter in word["chars"] if letter["text"].strip()]
        if not letters:
            continue
        level = [letter for letter in letters if "raised" not in letter] or letters
        bold = sum(bool(re.search("bold|black|heavy|demi", letter["fontname"], re.I)) for letter in level)
        left, right = row[0]["x0"], max(word["x1"] for word in row)
        top, bottom = min(word["top"] for word in row), max(word["bottom"] for word in row)
        text = " ".join(word["text"] for word in row)
        # Browsers draw the bullets of lists.
        drawn = any(
            left - 25 < mark["x1"] <= left + 1 and top < (mark["top"] + mark["bottom"]) / 2 < bottom for mark in bullets
        )
        yield (
            Line(
                text="• " + text if drawn else text,
                left=left,
                right=right,
                edge=edge,
                top=top,
                size=round(median(letter["size"] for letter in level) * 2) / 2,
                bold=bold > 0.8 * len(level),
            ),
            (left, top, right, bottom),
        )
