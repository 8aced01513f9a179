"""The letters of a PDF's page as they are read: each once, with those marked that stand raised."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from guide.articles.formats.pdf_parts import LEVEL, RAISED

Letter = dict[str, Any]
"""A letter as pdfplumber gives it: its text, its box on the page in points from the top left, its size and font."""

MAX_RAISED = 0.86
"""The size of a raised letter at most, as a share of its neighbour's: browsers set 0.83, Word 0.65."""

MIN_RISE = 0.15
"""How far a raised letter's foot stands above its neighbour's at least, as a share of the neighbour's size."""

_MARK = re.compile(r"\d{1,3}(?:[,;–-]\d{1,3})*|[*†‡§¶]{1,3}|[a-h]|[ivx]{1,4}")
_MAX_LETTERS = 12
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MEANT_FOR_MARKS = re.compile("[\ufdd0-\ufdef]")


def letters_of(letters: Sequence[Letter]) -> list[Letter]:
    """The upright letters among `letters`, in their order. What is drawn twice, as some bold print is, is there once;
    raised numbers and marks stand on their neighbour's line, between `RAISED` and `LEVEL`.
    """
    once = list(_once(letter for letter in letters if letter["upright"]))
    runs = [list(run) for _, run in groupby(once, key=lambda letter: (round(letter["size"], 1), _foot(letter)))]
    read: list[Letter] = []
    # The last letter before each run that isn't a space, and the first one after it.
    before: Letter | None = None
    firsts: list[Letter | None] = [None]
    for run in reversed(runs):
        firsts.append(next(filter(_is_seen, run), firsts[-1]))
    firsts.reverse()
    for number, run in enumerate(runs):
        seen = [letter for letter in run if _is_seen(letter)]
        after = firsts[number + 1]
        neighbour = _neighbour(seen, before, after)
        if neighbour:
            read += _on_line(seen, neighbour, before, after)
        else:
            read += _marked_by_type(run)
        if seen and not neighbour:
            before = seen[-1]
    return read


def _is_seen(letter: Letter) -> bool:
    return bool(letter["text"].strip())


def _foot(letter: Letter) -> int:
    return round(float(letter["bottom"]) * 2)


def _once(letters: Iterator[Letter]) -> Iterator[Letter]:
    """The letters without those that stand within a point of the same letter in the same type."""
    places: dict[tuple[Any, ...], list[tuple[float, float]]] = {}
    for letter in letters:
        x, y = letter["x0"], letter["top"]
        look = (letter["text"], letter["fontname"], round(letter["size"], 2))
        near = (places.get((*look, round(x) + i, round(y) + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if any(abs(x - other) <= 1 and abs(y - above) <= 1 for found in near for other, above in found):
            continue
        places.setdefault((*look, round(x), round(y)), []).append((x, y))
        if _MEANT_FOR_MARKS.search(letter["text"]):
            letter = {**letter, "text": _MEANT_FOR_MARKS.sub("", letter["text"])}
        yield letter


def _neighbour(run: Sequence[Letter], before: Letter | None, after: Letter | None) -> Letter | None:
    """The letter on whose line a short run of small letters stands, raised or lowered; nothing if it has its own."""
    if not 0 < len(run) <= _MAX_LETTERS:
        return None
    if before and _is_small_beside(run[0], before) and -1 <= run[0]["x0"] - before["x1"] < before["size"] / 2:
        return before
    if after and _is_small_beside(run[0], after) and -1 <= after["x0"] - run[-1]["x1"] < after["size"]:
        return after
    return None


def _is_small_beside(letter: Letter, beside: Letter) -> bool:
    size = beside["size"]
    is_small = 0.4 * size <= letter["size"] <= MAX_RAISED * size
    return is_small and bool(
        letter["top"] > beside["top"] - size / 2 and letter["bottom"] < beside["bottom"] + size / 2
    )


def _on_line(run: Sequence[Letter], beside: Letter, before: Letter | None, after: Letter | None) -> Iterator[Letter]:
    """The letters on the line of the one beside them. A raised number or mark is marked as such, and the raised half of
    a fraction (2 ¹/₂) stands apart from the number before it.
    """
    line = {name: beside[name] for name in ("top", "bottom", "doctop")}
    is_half = after is not None and after["text"][0] in "/⁄" and after["x0"] - run[-1]["x1"] < after["size"]
    is_raised = run[0]["bottom"] < beside["bottom"] - MIN_RISE * beside["size"]
    is_mark = is_raised and not is_half and _MARK.fullmatch("".join(letter["text"] for letter in run))
    first, last = (RAISED, LEVEL) if is_mark else (" ", "") if is_half and before is beside else ("", "")
    for number, letter in enumerate(run):
        text = (first if number == 0 else "") + letter["text"] + (last if number == len(run) - 1 else "")
        yield {**letter, **line, "text": text, "raised": True}


def _marked_by_type(run: Sequence[Letter]) -> Iterator[Letter]:
    """The letters, those marked that the font itself has raised, such as ²."""
    for letter in run:
        text = letter["text"]
        digit = text.translate(_DIGITS)
        yield letter if digit == text else {**letter, "text": f"{RAISED}{digit}{LEVEL}"}
