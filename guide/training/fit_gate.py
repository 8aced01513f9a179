"""Fit the safety gate's own model: `python -m guide.training.fit_gate [--also FILE …]`.

all-MiniLM-L6-v2 learns from the example bank (`guide/training/bank/` and `guide/safety/examples.jsonl`) and from
further labelled messages what a message means (`MEANINGS`) and which help-seeking criterion it comes closest to, as
`guide.training.adapters` says. What is learned is the adapter that the package carries,
`guide/safety/gate_adapter.npz`. A tenth of the messages isn't learned from: on it the limits in
`guide/safety/gate_limits.json` are chosen, and what is printed is measured. On two cores a run takes about ten minutes.

`--also` names JSON-lines files of further messages: `text` with `label` or `allowed`, as `guide evaluate safety`
reads them, and perhaps `subtype`. docs/safety.md says which public sets the shipped model has learned from.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.evaluate.loaders import read_messages
from guide.levels import LEVELS, Level, gravity
from guide.safety.classifier import GATE, MEANINGS
from guide.safety.examples import examples
from guide.safety.meaning import DANGERS, LIMITS, texts_of
from guide.safety.rules import CRITERIA
from guide.training.adapters import Goal, Trainer, mean_of, write_adapter
from guide.training.bank_rows import bank_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch.nn import Module

FALSE_CARDS = 0.02
"""The share of harmless messages of the bank, which are harder than what people usually write, that may get a card."""
OFFERS_FOR_A_CARD = 2
SENTENCE_MARGIN = 2.0
"""As in `guide.safety.meaning.Limits`; of 0, 1, 2 and 4 on development data."""
AGREEMENT = 0.92
"""As in `guide.safety.meaning.Limits`; of .85 to .96 on development data."""
EPOCHS = 2
CRITERION_WEIGHT = 0.3
"""How much telling the criteria apart counts beside telling the meanings apart."""
SMOOTHING = 0.02
GOALS = (Goal(len(MEANINGS), smoothing=SMOOTHING), Goal(len(CRITERIA), weight=CRITERION_WEIGHT))
TELLING = ("statement", "vague", "story")
"""The acts of `bank/acts.jsonl` that may tell of something."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message to learn from."""

    text: str
    meaning: int
    """The place in `MEANINGS`."""
    criterion: int
    """The place in `CRITERIA`; −1 where it isn't known."""
    kind: str
    """The kind of example it is, or the file it is from."""

    @property
    def held_back(self) -> bool:
        """Whether it is one of the tenth that isn't learned from; that depends on the text alone."""
        return int(sha1(self.text.lower().encode(), usedforsecurity=False).hexdigest(), 16) % 10 == 0


def meaning_of_kind(level: str, kind: str) -> int:
    """The place in `MEANINGS` of an example of this level and kind."""
    named = {
        **dict.fromkeys(("about_subject", "about_the_subject"), "about"),
        **dict.fromkeys(("bereaved", "bereaved_by_suicide"), "bereaved"),
        **dict.fromkeys(("medical", "medical_or_poisoning"), "medical"),
    }
    by_level = {"none": "none", "professional": "professional", "abuse": "abuse", "crisis": "crisis"}
    return MEANINGS.index(named.get(kind) or by_level.get(level, "danger_now"))


def bank_lessons() -> list[Lesson]:
    """The lessons of the example bank: a file for each level in `bank/` beside this module, what people do in a chat
    without telling anything (`bank/acts.jsonl`), and the examples of the gate's rules.
    """
    rows = [(row["text"], row["level"], row["kind"]) for level in sorted(LEVELS) for row in bank_rows(level)]
    rows += [(row["text"], "none", "chat") for row in bank_rows("acts") if row["act"] not in TELLING]
    rows += [(e.text, "emergency" if e.kind == "emergency" else e.level, e.kind) for e in examples()]
    return [_lesson(*row) for row in rows]


def _lesson(text: str, level: str, kind: str) -> Lesson:
    known: tuple[str, ...] = CRITERIA
    criterion = known.index(kind) if level == "professional" and kind in known else -1
    return Lesson(texts_of(text)[0], meaning_of_kind(level, kind), criterion, kind)


def further_lessons(path: Path) -> list[Lesson]:
    """The lessons of a file of labelled messages; one that follows on others isn't learned from by itself.

    Raises:
        DataError: the file can't be read, or a line isn't a labelled message.
    """
    lessons = []
    for row in read_messages(path):
        if row.history:
            continue
        # Where several levels are right, the mildest is the one to learn.
        levels: Sequence[Level] = (row.label,) if row.label else row.allowed
        level = min(levels, key=gravity)
        subject = level == "none" and "academic" in row.subtype
        meaning = meaning_of_kind(level, "about_subject" if subject else row.kind)
        lessons.append(Lesson(texts_of(row.text)[0], meaning, -1, path.stem))
    return lessons


def distinct(lessons: Iterable[Lesson]) -> list[Lesson]:
    """`lessons` without those whose text came before."""
    return list({lesson.text.lower(): lesson for lesson in reversed(list(lessons))}.values())[::-1]


def choose_limits(lessons: Sequence[Lesson], found: "NDArray[np.float32]", alarms: float) -> dict[str, Any]:
    """The limits at which at most `alarms` of the harmless `lessons`, none of which was learned from, get each card.

    `found` is what the model makes of the lessons' texts. A quiet line may come `OFFERS_FOR_A_CARD` times as often as
    a card.
    """
    import numpy as np

    meant = np.array([lesson.meaning for lesson in lessons])
    scores = {name: found[:, column] for column, name in enumerate(MEANINGS)}
    danger = np.sum([scores[name] for name in DANGERS], axis=0)
    harmless = np.isin(meant, [MEANINGS.index(name) for name in ("none", "about")])
    no_danger = ~np.isin(meant, [MEANINGS.index(name) for name in DANGERS])

    def limit(values: "NDArray[np.float32]", among: "NDArray[np.bool_]", share: float) -> float:
        highest = np.sort(values[among])[::-1]
        return round(max(0.5, float(highest[int(share * len(highest))])), 3)

    return {
        "card": {
            "danger": limit(danger, no_danger, alarms),
            "medical": 0.5,
            "danger_now": 0.5,
            "bereaved": limit(scores["bereaved"], meant != MEANINGS.index("bereaved"), alarms / 3),
            "professional": limit(scores["professional"], harmless, alarms / 3),
        },
        "offer": {
            "danger": limit(danger, no_danger, OFFERS_FOR_A_CARD * alarms),
            "about": limit(scores["about"], meant == MEANINGS.index("none"), OFFERS_FOR_A_CARD * alarms),
            "professional": limit(scores["professional"], harmless, OFFERS_FOR_A_CARD * alarms),
        },
        "sentence_margin": SENTENCE_MARGIN,
        "agreement": AGREEMENT,
    }


def report(lessons: Sequence[Lesson], found: "NDArray[np.float32]", limit: float) -> dict[str, float]:
    """Of each kind of the lessons, the share in which the model is sure of danger; of danger that is the share seen."""
    import numpy as np

    danger = np.sum([found[:, MEANINGS.index(name)] for name in DANGERS], axis=0) >= limit
    kinds = sorted({lesson.kind for lesson in lessons})
    return {kind: float(danger[[lesson.kind == kind for lesson in lessons]].mean()) for kind in kinds}


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the adapter and the limits, and prints what the held-back tenth shows, over all seeds."""
    parser = argparse.ArgumentParser(prog="python -m guide.training.fit_gate")
    parser.add_argument("--also", type=Path, nargs="*", default=[], metavar="FILE", help="further labelled messages")
    parser.add_argument("--runs", type=int, default=2, help="how many runs to take the mean of")
    parser.add_argument(
        "--alarms", type=float, default=FALSE_CARDS, help="the share of harmless messages that may get a card"
    )
    options = parser.parse_args(arguments)
    lessons = distinct([*bank_lessons(), *(lesson for path in options.also for lesson in further_lessons(path))])
    held_back = [lesson for lesson in lessons if lesson.held_back]
    learned = [lesson for lesson in lessons if not lesson.held_back]
    trainer = Trainer(GOALS, EPOCHS)
    models, reports = [], []

    def measured(model: "Module", name: str) -> dict[str, Any]:
        found = trainer.probabilities(model.to(trainer.device), [lesson.text for lesson in held_back])
        limits = choose_limits(held_back, found, options.alarms)
        reports.append(report(held_back, found, limits["card"]["danger"]))
        print(f"{name}: {json.dumps(limits)}", file=sys.stderr, flush=True)
        return limits

    for run in range(options.runs):
        started = time.monotonic()
        models.append(
            trainer.learn([one.text for one in learned], [(one.meaning, one.criterion) for one in learned], run)
        )
        measured(models[-1], f"run {run}, {time.monotonic() - started:.0f} s")
    mean = mean_of(models)
    limits = measured(mean, "their mean")
    write_adapter(mean, GATE)
    (Path(str(files("guide.safety"))) / LIMITS).write_text(json.dumps(limits, indent=1) + "\n", encoding="utf-8")
    *runs, last = reports
    print(f"{len(learned)} messages learned from, {len(held_back)} held back. Sure of danger: the mean, each run:")
    for kind, share in last.items():
        number = sum(lesson.kind == kind for lesson in held_back)
        print(f"{kind:32} {number:5} {share:.3f}  {' '.join(f'{one[kind]:.3f}' for one in runs)}")


if __name__ == "__main__":
    main()
