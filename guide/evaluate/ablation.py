"""What each stage of a search adds and costs, on any number of sets of questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Protocol

from guide.embedding.encoder import Encoder
from guide.evaluate.costs import costs
from guide.evaluate.loaders import DataError
from guide.evaluate.report import NOTHING, table
from guide.evaluate.results import ResultRow
from guide.evaluate.search import SHIPPED, Asked, Collection, Stages
from guide.retrieval.retrieve import WEIGHTS

BEGIN, END = "<!-- ablation: written by `guide evaluate --ablation` -->", "<!-- end of the ablation -->"

_PASSAGES = Stages(
    replace(WEIGHTS, point=0.0, bm25=0.0, late_passage=0.0, late_point=0.0, question=0.0), mend=False, follow=False
)
_POINTS = replace(_PASSAGES, weights=replace(_PASSAGES.weights, point=WEIGHTS.point))
_BM25 = replace(_PASSAGES, weights=replace(_POINTS.weights, bm25=WEIGHTS.bm25))
_LATE = replace(_PASSAGES, weights=replace(_BM25.weights, late_passage=WEIGHTS.late_passage))
_LATE_POINTS = replace(_PASSAGES, weights=replace(WEIGHTS, question=0.0))
_ASKED = replace(_PASSAGES, weights=WEIGHTS)
_MENDED = replace(_ASKED, mend=True)

STEPS = (
    ("embeddings of passages", _PASSAGES, ("embedding", "passages")),
    ("+ of points", _POINTS, ("points",)),
    ("+ BM25", _BM25, ("BM25",)),
    ("+ late interaction with passages", _LATE, ("late interaction",)),
    # The same comparison of tokens gives both.
    ("+ and with points", _LATE_POINTS, ()),
    ("+ questions that people ask", _ASKED, ()),
    ("+ misspellings mended", _MENDED, ("spelling",)),
    ("+ follow-ups resolved: as shipped", SHIPPED, ("follow-ups",)),
)
"""Each stage with those before it, and which of `costs` it adds."""


class Suite(Protocol):
    """A set of questions that can be asked through any of the stages."""

    @property
    def name(self) -> str:
        """The name that the set's figures are reported under."""

    @property
    def headline(self) -> tuple[str, ...]:
        """The measures that are shown first for the set."""

    def run(self, stages: Stages = SHIPPED) -> tuple[ResultRow, ...]:
        """Asks each question, and gives a row of measures for each."""

    def questions_asked(self) -> list[tuple[Asked, Collection]]:
        """Each question, with the collection that it is searched in."""


@dataclass(frozen=True, slots=True)
class Column:
    """What each of `STEPS` gives on one set."""

    title: str
    figures: tuple[tuple[float, ...], ...]
    """The set's headline measures, by step."""
    ms: tuple[float | None, ...]
    """The median milliseconds that a step takes for a question, by step; None where it takes none."""


def ablate(suite: Suite, encoder: Encoder) -> Column:
    """What each stage adds on the questions of `suite`.

    `encoder` embeds anew each time; the suite's own may remember what it has embedded, which makes this much faster.

    Raises:
        DataError: no question has an answer.
    """
    found = []
    for _, stages, _ in STEPS:
        rows = [row for row in suite.run(stages) if row.answerable]
        if not rows:
            raise DataError(f"No question of {suite.name} has an answer, so no stage can find it; add some.")
        found.append(tuple(fmean(row.measures[name] for row in rows) for name in suite.headline))
    title = f"{suite.name} ({len(rows)}): {' / '.join(suite.headline)}"
    taken = costs(suite.questions_asked(), encoder)
    ms = tuple(
        sum(taken[part] for part in parts) if parts and taken.keys() >= set(parts) else None for *_, parts in STEPS
    )
    return Column(title, tuple(found), ms)


def markdown(columns: Sequence[Column]) -> str:
    """The table of all sets, as Markdown."""
    header = ["stages", *(cell for column in columns for cell in (column.title, "ms"))]
    rows = [
        [name, *(cell for column in columns for cell in _cells(column, step))] for step, (name, *_) in enumerate(STEPS)
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
    taken = column.ms[step]
    return " / ".join(f"{value:.3f}" for value in column.figures[step]), NOTHING if taken is None else f"{taken:.2f}"
