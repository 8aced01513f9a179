"""How each question of a set fared, and the figures over all of them and over each kind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from guide.evaluate.measures import auroc, calibration_error, wilson
from guide.levels import Level

Figures = dict[str, float]

SHARES = ("hit@1", "hit@3", "hit@10", "P@1", "points")
"""The measures that are 0 or 1 for each question."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of one question: what was found, and its measures."""

    id: str
    kind: str
    question: str
    searched_as: str
    answerable: bool
    found: tuple[str, ...]
    """The ids of what was found, best first."""
    measures: Mapping[str, float]
    """The measures by name; none for a question that nothing answers."""
    confidence: float
    covered: bool
    """Whether the question was shown as answered."""
    safety: Level = "none"


@dataclass(frozen=True, slots=True)
class Results:
    """A set of questions by the name it is reported under, and how they fared."""

    name: str
    rows: tuple[ResultRow, ...]


def figures(rows: Sequence[ResultRow]) -> Figures:
    """The figures over all rows: measures of ranking, and how many are shown as covered, over the answerable ones."""
    answerable = [row for row in rows if row.answerable]
    found = _means(answerable)
    if answerable:
        found["shown as covered"] = fmean(row.covered for row in answerable)
    for kind, group in _by_kind(row for row in rows if not row.answerable).items():
        if answerable:
            found[f"AUROC against {kind}"] = _auroc(answerable, group)
        found[f"refused of {kind}"] = fmean(not row.covered for row in group)
    return found | {"calibration error": _calibration_error(rows)}


def by_kind(rows: Sequence[ResultRow]) -> dict[str, Figures]:
    """The figures of each kind of question; an unanswerable kind's AUROC is that against all answerable questions."""
    answerable = [row for row in rows if row.answerable]
    found: dict[str, Figures] = {}
    for kind, group in _by_kind(rows).items():
        can = [row for row in group if row.answerable]
        cannot = [row for row in group if not row.answerable]
        found[kind] = {"questions": len(group)} | _means(can)
        if can:
            found[kind]["covered"] = fmean(row.covered for row in can)
        if cannot:
            found[kind]["refused"] = fmean(not row.covered for row in cannot)
        if cannot and answerable:
            found[kind]["AUROC"] = _auroc(answerable, cannot)
        found[kind]["calibration error"] = _calibration_error(group)
    return found


def intervals(rows: Sequence[ResultRow]) -> dict[str, tuple[float, float]]:
    """The 95% intervals of the figures that are shares of questions."""
    answerable = [row for row in rows if row.answerable]
    counted = {name: [row.measures[name] for row in answerable if name in row.measures] for name in SHARES}
    counted["shown as covered"] = [float(row.covered) for row in answerable]
    for kind, group in _by_kind(row for row in rows if not row.answerable).items():
        counted[f"refused of {kind}"] = [float(not row.covered) for row in group]
    return {name: wilson(round(sum(values)), len(values)) for name, values in counted.items() if values}


def _means(rows: Sequence[ResultRow]) -> Figures:
    names = dict.fromkeys(name for row in rows for name in row.measures)
    return {name: fmean(row.measures[name] for row in rows if name in row.measures) for name in names}


def _auroc(answerable: Sequence[ResultRow], others: Sequence[ResultRow]) -> float:
    return auroc([row.confidence for row in answerable], [row.confidence for row in others])


def _calibration_error(rows: Sequence[ResultRow]) -> float:
    return calibration_error([row.confidence for row in rows], [row.answerable for row in rows])


def _by_kind(rows: Iterable[ResultRow]) -> dict[str, list[ResultRow]]:
    groups: dict[str, list[ResultRow]] = defaultdict(list)
    for row in rows:
        groups[row.kind].append(row)
    return groups
