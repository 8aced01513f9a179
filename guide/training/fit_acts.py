"""Fit what tells acts by meaning: `python -m guide.training.fit_acts`.

all-MiniLM-L6-v2 learns, as `guide.training.adapters` says, from the messages of `guide/training/bank/acts.jsonl`, and
from questions and statements of `bank/none.jsonl`. What is learned is the adapter that the package carries,
`guide/conversation/act_adapter.npz`. A fifth of the messages isn't learned from: on those of it that the rules leave
undecided the limit in `guide/conversation/act_limit.json` is chosen, and what is printed is measured. On two cores a
run takes about four minutes.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.conversation.act_meaning import ACT_LABELS, ACT_LIMIT, ACTS, CONTENT, likeliest
from guide.conversation.acts import MAX_ACT_WORDS, in_plain_words, is_gibberish, spoken
from guide.training.adapters import Goal, Trainer, mean_of, write_adapter
from guide.training.bank_rows import bank_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch.nn import Module

ACT_EPOCHS = 3
ACT_SMOOTHING = 0.02
TAKEN_FOR_AN_ACT = 0.005
"""The share of the questions and statements left to meaning that may be taken for an act."""
ORDINARY_KINDS = ("relationship", "feelings", "how_to")
"""The kinds of `bank/none.jsonl` that are questions and statements on the subject."""


@dataclass(frozen=True, slots=True)
class ActLesson:
    """Words to learn from, and what they do."""

    text: str
    label: str
    left: bool
    """Whether the rules leave it to meaning."""

    @property
    def held_back(self) -> bool:
        """Whether it is one of the fifth that isn't learned from; that depends on the text alone."""
        return int(sha1(self.text.encode(), usedforsecurity=False).hexdigest(), 16) % 5 == 0


def act_lessons() -> list[ActLesson]:
    """The lessons of the bank, each text once."""
    found = [_lesson(row["text"], _label(row)) for row in bank_rows("acts")]
    found += [_lesson(row["text"], CONTENT) for row in bank_rows("none") if row["kind"] in ORDINARY_KINDS]
    kept = {lesson.text: lesson for lesson in found if lesson and lesson.text}
    return list(kept.values())


def _label(row: dict[str, Any]) -> str:
    if row["act"] in ("question", "statement"):
        return CONTENT
    return f"meta.{row['move'].replace('already', 'more')}" if row["act"] == "meta" else str(row["act"])


def _lesson(text: str, label: str) -> ActLesson | None:
    plain = in_plain_words(text)
    if len(plain.words) > MAX_ACT_WORDS or (is_gibberish(text) and label != "gibberish"):
        return None
    said = spoken(text)
    # What stands before what a person really says is no part of what meaning looks at.
    words = said.left if label == CONTENT and said.opened else plain.text
    return ActLesson(words, label, not said.rule and not is_gibberish(text))


def limit_of(lessons: Sequence[ActLesson], found: "NDArray[np.float32]") -> float:
    """The least probability at which at most `TAKEN_FOR_AN_ACT` of the questions and statements are taken for an act;
    `found` is what the model makes of the lessons' texts.
    """
    content = [
        likeliest(row)[1] for lesson, row in zip(lessons, found, strict=True) if lesson.label == CONTENT and lesson.left
    ]
    wrong = sorted(content, reverse=True)
    allowed = int(TAKEN_FOR_AN_ACT * len(content))
    return max(0.5, round(wrong[allowed] + 5e-4, 3)) if len(wrong) > allowed else 0.5


def seen(lessons: Sequence[ActLesson], found: "NDArray[np.float32]", sure: float) -> dict[str, tuple[int, int]]:
    """Of each act's lessons that the rules leave, how many are told right, and how many there are; of `content`, how
    many are taken for an act.
    """
    counts: dict[str, tuple[int, int]] = {}
    for lesson, row in zip(lessons, found, strict=True):
        if lesson.left:
            label, share = likeliest(row)
            told = label.partition(".")[0] if share >= sure else CONTENT
            wanted = lesson.label.partition(".")[0]
            right, number = counts.get(wanted, (0, 0))
            counts[wanted] = right + ((told == wanted) != (wanted == CONTENT)), number + 1
    return counts


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the adapter and the limit, and prints what the held-back fifth shows."""
    parser = argparse.ArgumentParser(prog="python -m guide.training.fit_acts")
    parser.add_argument("--runs", type=int, default=2, help="how many runs to take the mean of")
    options = parser.parse_args(arguments)
    lessons = act_lessons()
    held_back = [lesson for lesson in lessons if lesson.held_back]
    learned = [lesson for lesson in lessons if not lesson.held_back]
    print(f"{len(lessons)} messages, {sum(lesson.left for lesson in lessons)} of them left to meaning by the rules")
    trainer = Trainer([Goal(len(ACT_LABELS), smoothing=ACT_SMOOTHING)], ACT_EPOCHS)
    models: list[Module] = []

    def measured(model: "Module", name: str) -> tuple[float, dict[str, tuple[int, int]]]:
        found = trainer.probabilities(model.to(trainer.device), [lesson.text for lesson in held_back])
        sure = limit_of(held_back, found)
        counts = seen(held_back, found, sure)
        acts = [one for act, one in counts.items() if act != CONTENT]
        print(f"{name}: sure from {sure}, {sum(right for right, _ in acts)} of {sum(n for _, n in acts)}", flush=True)
        return sure, counts

    for run in range(options.runs):
        answers = [[ACT_LABELS.index(lesson.label)] for lesson in learned]
        models.append(trainer.learn([lesson.text for lesson in learned], answers, run))
        measured(models[-1], f"run {run}")
    mean = mean_of(models)
    sure, counts = measured(mean, "their mean")
    for act, (right, number) in sorted(counts.items()):
        print(f"{act:14} {right:4} of {number:4}" + (" taken for an act" if act == CONTENT else ""))
    write_adapter(mean, ACTS)
    limit = Path(str(files("guide.conversation"))) / ACT_LIMIT
    limit.write_text(json.dumps({"sure": sure}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
