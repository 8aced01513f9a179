"""Which points of a passage answer."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from guide.records import Passage, Point, PointHit
from guide.text.stems import stems

HEADING_ANSWERS = 0.09
"""Where no point adds more than this to what the headings already match of the question, the question is the heading's:
all that stands below it answers. Over 24 questions looked at, whole-section ones gained .00–.08, others .12–.34."""

MARGIN = 0.08
"""How much lower than the best point's a point's score may be for it to answer along with that."""

NOTHING_ASKED: Mapping[int, float] = MappingProxyType({})

MAX_POINTS = 4
MAX_SENTENCES = 2

_DEFINITION = re.compile(
    r"^(?:so |and |but )?what(?:['’]?s| is| does\b.*\bmeans?)\b|\bdefin|\bmeaning of\b|\bmeant by\b", re.I
)
_LEAD_IN = re.compile(r":\s*$")


def announces(words: str) -> bool:
    """Whether a point of these words only announces what follows it, and says nothing by itself.

    >>> announces("Here are the signs:"), announces("It begins slowly.")
    (True, False)
    """
    return bool(_LEAD_IN.search(words))


def answering_points(
    question: str,
    passage: Passage,
    text: str,
    similarities: NDArray[np.float32],
    late: NDArray[np.float32],
    heading: float,
    asked: Mapping[int, float] = NOTHING_ASKED,
) -> tuple[PointHit, ...]:
    """The points of `passage` that answer, best first; where a section's sentences do, in reading order.

    `text` is the article's; `similarities` and `late` are `(points,)`, the points' embeddings' similarity to the
    question and their late interaction with it; `heading` is the late interaction of the headings alone. `asked` are
    the numbers, among the passage's own, of questions that people ask, and how well each matches this one: the point
    that answers such a question answers this one as well as they are alike.
    """
    is_headings = float(late.max()) - heading < HEADING_ANSWERS
    late = _as_asked(passage, late, asked)
    scores = (similarities + 2 * late) / 3
    found = [PointHit(point, float(score)) for point, score in zip(passage.points, scores, strict=True)]
    answers = [hit for hit in found if not announces(text[hit.point.start : hit.point.end])] or found
    listed = [hit for hit in answers if hit.point.kind != "sentence"]
    if is_headings:
        if len(listed) > 1 and not _DEFINITION.search(question):
            return _best_first(_of_column(question, listed, text))
        # Articles answer their heading first and go into it afterwards.
        told = [hit for hit in answers if hit.point.kind == "sentence"] or answers
        return tuple(told[:MAX_SENTENCES])
    ordered = _best_first(answers)
    return tuple(hit for hit in ordered[:MAX_POINTS] if hit.score >= ordered[0].score - MARGIN)


def _as_asked(passage: Passage, late: NDArray[np.float32], asked: Mapping[int, float]) -> NDArray[np.float32]:
    raised = late.copy()
    for number, score in asked.items():
        question = passage.asked[number]
        if question.origin == "front matter":
            continue  # it is the whole section's
        for place, point in enumerate(passage.points):
            if point.start < question.end and question.start < point.end:
                raised[place] = max(raised[place], score)
    return raised


def _best_first(hits: Sequence[PointHit]) -> tuple[PointHit, ...]:
    return tuple(sorted(hits, key=lambda hit: -hit.score))


def _of_column(question: str, rows: Sequence[PointHit], text: str) -> Sequence[PointHit]:
    """The cells of the one column that the question names, or the rows as they are."""
    columns = rows[0].point.columns
    asked = set(stems(question))
    named = [number for number, column in enumerate(columns) if set(stems(column)) and set(stems(column)) <= asked]
    if len(named) != 1 or any(hit.point.columns != columns for hit in rows):
        return rows
    cells = [(hit.point.cells[named[0]], hit.score) for hit in rows]
    return [PointHit(Point(start, end, "row"), score) for (start, end), score in cells if start < end]
