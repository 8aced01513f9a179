"""The columns of a page: where the spaces between them lie, and what is read before what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median
from typing import Any

MIN_LINES = 8
"""A column has at least so many lines."""

MIN_WIDTH = 80
"""How wide a column is at least, in points."""

MAX_CROSSING = 0.2
"""How many words may stand across the space between two columns, as a share of the lines beside it."""

MAX_WORDS_OF_CELL = 3
"""What stands in one line of a table's cell has hardly more words; of a column of text it has."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A part of a page: one column, or two parts beside each other with what stands across both."""

    middle: float = 0.0
    """Where the space between the parts lies; 0 if it is one column."""
    bands: tuple[tuple[float, float], ...] = ()
    """Top and bottom of the words that stand across."""
    sides: tuple["Columns", ...] = ()

    def place(self, left: float, top: float, right: float) -> tuple[float, ...]:
        """When what stands there is read, to be compared with other places of the same page: columns are read between
        what stands across them.
        """
        if not self.middle:
            return (top,)
        if left < self.middle < right or self._is_across(top, top):
            return (float(sum(band <= top + 1 for band, _ in self.bands)), 0.0, top)
        above = float(sum(band < top - 1 for band, _ in self.bands))
        side = 0 if right <= self.middle else 1
        return (above, side + 1.0, *self.sides[side].place(left, top, right))

    def parts(self, words: Sequence[Any]) -> Iterator[list[Any]]:
        """The words in parts that have lines of their own: what stands across, then each column."""
        if not self.middle:
            yield list(words)
            return
        across: list[Any] = []
        beside: tuple[list[Any], list[Any]] = ([], [])
        for word in words:
            y = (word["top"] + word["bottom"]) / 2
            crosses = word["x0"] < self.middle < word["x1"] or self._is_across(y, y)
            (across if crosses else beside[0 if word["x1"] <= self.middle else 1]).append(word)
        yield across
        for side, found in zip(self.sides, beside, strict=True):
            yield from side.parts(found)

    def _is_across(self, top: float, bottom: float) -> bool:
        return any(first <= top and bottom <= last for first, last in self.bands)


def columns_of(words: Sequence[Any], left: float, right: float) -> Columns:
    """The columns of words between two places across the page, whatever their number."""
    middle = _between(words, left, right)
    if not middle:
        return Columns()
    bands = tuple((word["top"], word["bottom"]) for word in words if word["x0"] < middle < word["x1"])
    here = Columns(middle, bands, (Columns(), Columns()))
    _, first, second = here.parts(words)
    return Columns(middle, bands, (columns_of(first, left, middle), columns_of(second, middle, right)))


def _between(words: Sequence[Any], left: float, right: float) -> float:
    """Where the space between two columns of text lies that fewest words cross; 0 if there is none."""
    width = int(right - left)
    if width < 2 * MIN_WIDTH or len(words) < 2 * MIN_LINES:
        return 0.0
    crossing = _crossing(words, left, width)
    most = MAX_CROSSING * len({round(word["top"]) for word in words})
    best, fewest = 0.0, MAX_CROSSING
    for x in range(MIN_WIDTH, width - MIN_WIDTH, 3):
        if crossing[x] > most:
            continue
        place = left + x
        before = [word for word in words if place - width / 4 < word["x1"] < place]
        after = [word for word in words if place < word["x0"] < place + width / 4]
        lines = min(len({round(word["top"]) for word in side}) for side in (before, after))
        if lines >= MIN_LINES and crossing[x] / lines < fewest and not _reads_across(words, place):
            best, fewest = place, crossing[x] / lines
            if not crossing[x]:
                break
    return best


def _crossing(words: Sequence[Any], left: float, width: int) -> list[int]:
    """For each point from `left` on, how many words stand there or nearly so."""
    steps = [0] * (width + 2)
    for word in words:
        first, last = int(word["x0"] - 3 - left) + 1, int(word["x1"] + 3 - left)
        if last >= 0 and first <= width:
            steps[max(first, 0)] += 1
            steps[min(last, width) + 1] -= 1
    return list(accumulate(steps))


def _reads_across(words: Sequence[Any], place: float) -> bool:
    """Whether what stands left and right of a place are cells of rows rather than lines of text: at the same heights,
    short, and most of those on the right numbers.
    """
    before: dict[int, int] = {}
    after: dict[int, list[Any]] = {}
    for word in words:
        if word["x1"] <= place:
            before[round(word["top"])] = before.get(round(word["top"]), 0) + 1
        elif word["x0"] >= place:
            after.setdefault(round(word["top"]), []).append(word)
    both = before.keys() & after.keys()
    if len(both) < 0.8 * min(len(before), len(after)):
        return False
    firsts = [min(line, key=lambda word: float(word["x0"]))["text"] for line in after.values()]
    numbers = sum(any(sign.isdigit() for sign in text) for text in firsts)
    return numbers > len(firsts) / 2 or (median(before.values()) == 1 and median(map(len, after.values())) <= 2)
