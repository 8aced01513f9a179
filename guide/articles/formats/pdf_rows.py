"""Tables without lines on a page of a PDF: rows of short cells that stand below each other."""

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from statistics import median
from typing import Any

from guide.articles.formats.pdf_drawn import holds_letters
from guide.articles.formats.pdf_parts import without_raised

Frame = tuple[float, float, float, float]
"""A rectangle on the page: left, top, right, bottom, in points."""

Cell = tuple[float, float, str]
"""Where the words of a cell begin and end across the page, and the words."""

MIN_GAP = 1.1
"""The space between two cells at least, as a share of the letters' size: more than justified text has."""

MIN_ROWS = 3
MAX_CELL_WORDS = 5
"""How many words half of a table's cells have at most."""

_FIXED_WIDTH = re.compile("mono|courier|typewriter|cmtt|code|consol", re.I)
_MARKER = re.compile(r"\W|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\(cid:\d+\)|[\ue000-\uf8ff]", re.I)
"""What stands before an item of a list."""


def tables_without_lines(words: Sequence[Any]) -> tuple[list[tuple[Frame, list[tuple[str, ...]]]], list[Any]]:
    """The tables among the words of a column, each with its frame and its rows of as many cells, and the words that
    belong to none.
    """
    from pdfplumber.utils.clustering import cluster_objects

    lines = [sorted(line, key=itemgetter("x0")) for line in cluster_objects(list(words), itemgetter("doctop"), 3)]
    tables: list[tuple[Frame, list[tuple[str, ...]]]] = []
    others: list[Any] = []
    for run, in_row in _runs(lines):
        rows = _rows(run) if in_row else []
        if rows:
            held = [word for line in run for word in line]
            frame = (
                min(word["x0"] for word in held),
                min(word["top"] for word in held),
                max(word["x1"] for word in held),
                max(word["bottom"] for word in held),
            )
            tables.append((frame, rows))
        else:
            others += [word for line in run for word in line]
    return tables, others


def _runs(lines: Sequence[list[Any]]) -> Iterator[tuple[list[list[Any]], bool]]:
    """The lines in runs of those that have several cells and follow each other closely, and of all others."""
    run: list[list[Any]] = []
    in_row = False
    for line in lines:
        is_row = len(_cells(line)) > 1
        far = run and line[0]["top"] - run[-1][0]["top"] > 3 * max(_size(line), _size(run[-1]))
        if run and (is_row != in_row or (is_row and far)):
            yield run, in_row
            run = []
        in_row = is_row
        run.append(line)
    if run:
        yield run, in_row


def _size(line: Sequence[Any]) -> float:
    return float(median(word["bottom"] - word["top"] for word in line))


def _cells(line: Sequence[Any]) -> list[Cell]:
    """The words of a line as cells: what stands closer together than `MIN_GAP` is one."""
    gap = MIN_GAP * _size(line)
    cells: list[Cell] = []
    for word in line:
        if cells and word["x0"] - cells[-1][1] < gap:
            left, _, text = cells.pop()
            cells.append((left, word["x1"], f"{text} {word['text']}"))
        else:
            cells.append((word["x0"], word["x1"], word["text"]))
    return cells


def _rows(lines: Sequence[list[Any]]) -> list[tuple[str, ...]]:
    """The rows of a table of these lines, an empty text where a cell is; nothing if they are none."""
    if len(lines) < MIN_ROWS:
        return []
    rows = [_cells(line) for line in lines]
    columns = _merged(sorted((left, right) for row in rows for left, right, _ in row))
    if len(columns) < 2 or not _is_table(rows, lines):
        return []
    spelt = holds_letters([[text for *_, text in row] for row in rows])
    few = sum(len(row) > 1 for row in rows) < 0.8 * len(rows)
    marked = sum(bool(_MARKER.fullmatch(row[0][2])) for row in rows) > len(rows) / 2
    if spelt or few or marked:
        return []
    table = []
    aligned = True
    for row in rows:
        texts = [""] * len(columns)
        for left, _, text in row:
            number = next(n for n, (first, last) in enumerate(columns) if first <= left <= last)
            aligned = aligned and not texts[number]
            texts[number] = f"{texts[number]} {without_raised(text)}".strip()
        table.append(tuple(texts))
    if not aligned:
        # Which column a cell belongs to can't be told, so nothing may be taken for its name.
        width = max(map(len, rows))
        table = [tuple([without_raised(text) for *_, text in row] + [""] * (width - len(row))) for row in rows]
        table.insert(0, ("",) * width)
    return table


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The columns: spans that overlap as one."""
    merged: list[tuple[float, float]] = []
    for left, right in spans:
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _is_table(rows: Sequence[Sequence[Cell]], lines: Sequence[Sequence[Any]]) -> bool:
    """Whether lines with wide spaces hold short cells, and no program."""
    lengths = [len(text.split()) for row in rows for _, _, text in row]
    fonts = [letter["fontname"] for line in lines for word in line for letter in word["chars"][:1]]
    is_program = sum(bool(_FIXED_WIDTH.search(font)) for font in fonts) > len(fonts) / 2
    return median(lengths) <= MAX_CELL_WORDS and not is_program
