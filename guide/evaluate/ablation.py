"""What each stage of a search adds and costs, on any number of sets of questions."""

import timeit
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Protocol

from guide.encoder import Encoder
from guide.errors import QuestionError
from guide.evaluate.loaders import DataError
from guide.evaluate.report import NOTHING, table
from guide.evaluate.results import Row
from guide.evaluate.search import SHIPPED, Asked, Collection, Stages
from guide.retrieve import WEIGHTS

TIMED = 100
"""How many questions of a set are timed, spread evenly over it."""

BEGIN, END = "<!-- ablation: written by `guide evaluate --ablation` -->", "<!-- end of the ablation -->"

_PASSAGES = Stages(replace(WEIGHTS, point=0.0, bm25=0.0, late_passage=0.0, late_point=0.0), mend=False, follow=False)
_POINTS = replace(_PASSAGES, weights=replace(_PASSAGES.weights, point=WEIGHTS.point))
_BM25 = replace(_PASSAGES, weights=replace(_POINTS.weights, bm25=WEIGHTS.bm25))
_LATE = replace(_PASSAGES, weights=replace(_BM25.weights, late_passage=WEIGHTS.late_passage))
_LATE_POINTS = replace(_PASSAGES, weights=WEIGHTS)
_MENDED = replace(_LATE_POINTS, mend=True)

STEPS = (
    ("embeddings of passages", _PASSAGES),
    ("+ of points", _POINTS),
    ("+ BM25", _BM25),
    ("+ late interaction with passages", _LATE),
    ("+ and with points", _LATE_POINTS),
    ("+ misspellings mended", _MENDED),
    ("+ follow-ups resolved: as shipped", SHIPPED),
)
"""Each stage with those before it."""


class Suite(Protocol):
    """A set of questions that can be asked through any of the stages."""

    @property
    def name(self) -> str:
        """What it is reported under."""

    @property
    def headline(self) -> tuple[str, ...]:
        """The measures that it is known by."""

    def run(self, stages: Stages = SHIPPED) -> tuple[Row, ...]:
        """How each question fares."""

    def asked(self) -> list[tuple[Asked, Collection]]:
        """What is asked of what."""


@dataclass(frozen=True, slots=True)
class Column:
    """What each of `STEPS` gives on one set."""

    title: str
    figures: tuple[tuple[float, ...], ...]
    """By step: the set's headline measures."""
    added_ms: tuple[float | None, ...]
    """By step: the median milliseconds that it adds for a question; the first step's include the embedding of the
    question, the last one's are of questions that have a history, None where none has.
    """


def ablate(suite: Suite, encoder: Encoder) -> Column:
    """What each stage adds on the questions of `suite`.

    `encoder` embeds anew each time; the suite's own may remember what it has embedded, which makes this much faster.

    Raises:
        DataError: no question has an answer.
    """
    found = []
    for _, stages in STEPS:
        rows = [row for row in suite.run(stages) if row.answerable]
        if not rows:
            raise DataError(f"No question of {suite.name} has an answer, so no stage can find it; add some.")
        found.append(tuple(fmean(row.measures[name] for row in rows) for name in suite.headline))
    title = f"{suite.name} ({len(rows)}): {' / '.join(suite.headline)}"
    return Column(title, tuple(found), _added_ms(suite.asked(), encoder))


def markdown(columns: Sequence[Column]) -> str:
    """The table of all sets."""
    header = ["stages", *(cell for column in columns for cell in (column.title, "ms added"))]
    rows = [
        [name, *(cell for column in columns for cell in _cells(column, step))] for step, (name, _) in enumerate(STEPS)
    ]
    return table(header, rows)


def write_between(markers_in: Path, text: str) -> None:
    """Writes `text` between the two markers in a document.

    Raises:
        DataError: the document can't be read or written, or lacks a marker.
    """
    try:
        before, begin, rest = markers_in.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            raise DataError(f"{markers_in} lacks the lines {BEGIN} and {END}; put them where the table belongs.")
        markers_in.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{markers_in} can't be read and written ({error}); name a document that can.") from None


def _cells(column: Column, step: int) -> tuple[str, str]:
    added = column.added_ms[step]
    return " / ".join(f"{value:.3f}" for value in column.figures[step]), NOTHING if added is None else f"{added:.1f}"


def _added_ms(asked: Sequence[tuple[Asked, Collection]], encoder: Encoder) -> tuple[float | None, ...]:
    times = _times(asked, encoder)
    with_history = _times([one for one in asked if one[0].history], encoder)
    # Differences are taken question by question: questions differ more than stages do.
    added: list[float | None] = [median(of[0] for of in times)]
    added += [median(of[step] - of[step - 1] for of in times) for step in range(1, len(STEPS) - 1)]
    return (*added, median(of[-1] - of[-2] for of in with_history) if with_history else None)


def _times(asked: Sequence[tuple[Asked, Collection]], encoder: Encoder) -> list[list[float]]:
    """The milliseconds of each step for about `TIMED` of the questions; those that can't be used are left out."""
    found = []
    for question, collection in asked[:: max(1, len(asked) // TIMED)]:
        with suppress(QuestionError):
            # Embedded once: steps differ by less than two embeddings of the same text do.
            embedding = _ms(partial(encoder.encode, [question.question]))
            searches = [_search_ms(question, collection, stages) for _, stages in STEPS]
            found.append([embedding + ms for ms in searches])
    return found


def _search_ms(asked: Asked, collection: Collection, stages: Stages) -> float:
    encoded = collection.encoder.encode([collection.resolve(asked, stages).text])

    def search() -> None:
        collection.search(collection.resolve(asked, stages), encoded, stages)

    return _ms(search)


def _ms(call: Callable[[], object]) -> float:
    """The best of three: what else the machine does, and what a first call sets up, only ever makes it slower."""
    return 1000 * min(timeit.repeat(call, repeat=3, number=1))
