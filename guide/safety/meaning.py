"""A second look at a message by its meaning: wording that no rule knows, seen by its likeness to the example bank.

A linear model over the message's embedding, fitted to `examples.jsonl` by `python -m guide.safety.fit`. It only ever
raises a level, and it keeps quiet where the rules saw words of danger and the context took them out.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from operator import mul
from typing import Any

from guide.records import LEVELS, Assessment, Criterion, Level, Match
from guide.safety.context import Surroundings
from guide.safety.data import SafetyDataError
from guide.safety.find import find
from guide.safety.helplines import helplines
from guide.safety.rules import Criterion as CriterionId
from guide.safety.rules import rule_book
from guide.safety.single import serious
from guide.safety.wording import Stage, card, criterion_words

SILENCING = ("figures", "role")
"""Cues that keep this part quiet: an embedding can't tell a figure of speech from its literal sense."""


@dataclass(frozen=True, slots=True)
class Line:
    """A linear model: the chance that a message is of its kind is 1 / (1 + exp(−(weights · vector + bias)))."""

    level: Level
    criterion: CriterionId | None
    """Set for the four lines that only say which criterion a message meets."""
    weights: tuple[float, ...]
    bias: float
    threshold: float
    """From this chance on the level is raised; `guide.safety.fit` says where it comes from."""

    def chance(self, vector: Sequence[float]) -> float:
        """The chance, 0 to 1. `vector` is the message's embedding, unit length."""
        if len(vector) != len(self.weights):
            raise ValueError(f"The vector has {len(vector)} numbers; the safety model expects {len(self.weights)}.")
        score = self.bias + sum(map(mul, self.weights, map(float, vector)))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


@lru_cache(maxsize=1)
def lines() -> tuple[Line, ...]:
    """The fitted models, the gravest level first.

    Raises:
        SafetyDataError: the file of weights is damaged.
    """
    raw: list[dict[str, Any]] = json.loads(files("guide.safety").joinpath("meaning.json").read_text(encoding="utf-8"))
    try:
        fitted = [Line(r["level"], r["criterion"], tuple(r["weights"]), r["bias"], r["threshold"]) for r in raw]
    except (KeyError, TypeError) as fault:
        raise SafetyDataError(f"meaning.json lacks {fault}; make it anew: python -m guide.safety.fit") from fault
    return tuple(sorted(fitted, key=lambda line: -LEVELS.index(line.level)))


def raise_by_meaning(
    assessment: Assessment, message: str, vector: Sequence[float], *, country: str | None = None
) -> Assessment:
    """The same assessment, or a graver one where the message means what no rule has words for.

    `vector` is the message's embedding by all-MiniLM-L6-v2, unit length. The level is never lowered.
    """
    for line in (line for line in lines() if line.criterion is None):
        if LEVELS.index(line.level) <= LEVELS.index(assessment.level):
            break
        if line.chance(vector) >= line.threshold and not is_silenced(message):
            return _raised(assessment, message, line.level, _criterion(vector), country)
    return assessment


def remember_by_meaning(
    assessment: Assessment,
    messages: Sequence[str],
    vectors: Sequence[Sequence[float]],
    *,
    country: str | None = None,
) -> Assessment:
    """The same assessment, or one that remembers a danger which only the meaning of the earlier `messages` shows."""
    unknown = Assessment("none", assessment.audience, assessment.language)
    levels = [raise_by_meaning(unknown, text, vector).level for text, vector in zip(messages, vectors, strict=True)]
    earlier = max((*levels, assessment.earlier), key=LEVELS.index)
    if earlier == assessment.earlier or not serious(earlier):
        return assessment
    if serious(assessment.level):
        return replace(assessment, earlier=earlier)
    banner = card(earlier, assessment.audience, assessment.language, "banner")
    text = f"{banner}\n\n{assessment.message}" if assessment.message else banner
    return replace(assessment, message=text, helplines=helplines(country, earlier), earlier=earlier)


def is_silenced(message: str) -> bool:
    """Whether the rules saw words of danger and the context took them out, or the message speaks in figures."""
    reading, found = find(message)
    around = Surroundings(reading, rule_book().context)
    grave = [f for f in found if f.rule.level in ("abuse", "crisis", "emergency")]
    taken_out = any(f.dropped and f.dropped != "said of nobody in particular" for f in grave)
    return taken_out or any(around.spans(kind) for kind in SILENCING)


def _criterion(vector: Sequence[float]) -> CriterionId:
    """The criterion that the message is most like."""
    return max(
        ((line.chance(vector), line.criterion) for line in lines() if line.criterion is not None),
        key=lambda pair: pair[0],
    )[1]


def _raised(
    assessment: Assessment, message: str, level: Level, criterion: CriterionId, country: str | None
) -> Assessment:
    reason = "The message as a whole is close in meaning to examples of this kind."
    match = Match(f"meaning.{level}", 0, len(message), message, reason)
    stage: Stage = "again" if serious(level) and LEVELS.index(assessment.earlier) >= LEVELS.index(level) else "first"
    criteria = (Criterion(criterion, criterion_words(criterion)),) if level == "professional" else ()
    text, shown = card(level, assessment.audience, assessment.language, stage, [criterion]), level
    if serious(assessment.earlier) and not serious(level):
        text, shown = f"{assessment.message}\n\n{text}", assessment.earlier
    lines_to_help = helplines(country, shown)
    return replace(assessment, level=level, matches=(match,), criteria=criteria, message=text, helplines=lines_to_help)
