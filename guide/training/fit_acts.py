"""Fit what tells acts by meaning: `python -m guide.training.fit_acts`.

Reads the messages of `guide/training/bank/acts.jsonl`, and questions and statements of `bank/none.jsonl`; embeds them
by all-MiniLM-L6-v2, run as an index's questions are (a minute or two; sentence-transformers needs several); and writes
`guide/conversation/act_model.npz`, a multinomial logistic regression over their vectors and a few cues.
What is printed is measured by cross-validation, in each fold on messages that weren't learned from, and only on those
that the rules leave undecided.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.config import Config
from guide.conversation.act_meaning import ACT_MODEL, CONTENT, ActModel, features_of
from guide.conversation.acts import MAX_ACT_WORDS, in_plain_words, is_gibberish, spoken
from guide.embedding.choose import open_encoder
from guide.embedding.encoder import SentenceEncoder
from guide.training.bank_rows import bank_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDS = 5
TAKEN_FOR_AN_ACT = 0.015
"""The share of the questions and statements left to meaning that may be taken for an act."""
STRENGTHS = (3.0, 10.0, 30.0)
"""The regularisation's inverse strengths (`C` of scikit-learn) of which the best is chosen."""
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
    def fold(self) -> int:
        """Which fold it belongs to; that depends on the text alone."""
        return int(sha1(self.text.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


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


def fit(vectors: "NDArray[np.float32]", labels: Sequence[str], strength: float, model_sha256: str) -> ActModel:
    """The model that these lessons make, sure of everything."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression(C=strength, max_iter=2000).fit(vectors, labels)
    weights, bias = found.coef_.astype(np.float32), found.intercept_.astype(np.float32)
    return ActModel(tuple(map(str, found.classes_)), weights, bias, 0.0, model_sha256)


def held_out(lessons: Sequence[ActLesson], vectors: "NDArray[np.float32]", strength: float) -> list[tuple[str, float]]:
    """For each lesson the likeliest act, and how probable it is that it is one, by a model that hasn't learned from
    its fold.
    """
    import numpy as np

    folds = np.array([lesson.fold for lesson in lessons])
    labels = np.array([lesson.label for lesson in lessons])
    found = [("", 0.0)] * len(lessons)
    for fold in range(FOLDS):
        rows = np.flatnonzero(folds == fold)
        model = fit(vectors[folds != fold], labels[folds != fold].tolist(), strength, "")
        for row in rows:
            found[row] = model.likeliest(vectors[row])
    return found


def limit_of(lessons: Sequence[ActLesson], found: Sequence[tuple[str, float]]) -> float:
    """The least probability at which at most `TAKEN_FOR_AN_ACT` of the questions and statements are taken for an
    act.
    """
    content = [
        (label, share)
        for lesson, (label, share) in zip(lessons, found, strict=True)
        if lesson.label == CONTENT and lesson.left
    ]
    wrong = sorted((share for label, share in content if label != CONTENT), reverse=True)
    allowed = int(TAKEN_FOR_AN_ACT * len(content))
    return wrong[allowed] + 1e-4 if len(wrong) > allowed else 0.5


def seen(lessons: Sequence[ActLesson], found: Sequence[tuple[str, float]], sure: float) -> dict[str, tuple[int, int]]:
    """Of each act's lessons that the rules leave, how many are told right, and how many there are; of `content`, how
    many are taken for an act.
    """
    counts: dict[str, tuple[int, int]] = {}
    for lesson, (label, share) in zip(lessons, found, strict=True):
        if lesson.left:
            told = label.partition(".")[0] if share >= sure else CONTENT
            wanted = lesson.label.partition(".")[0]
            right, number = counts.get(wanted, (0, 0))
            counts[wanted] = right + ((told == wanted) != (wanted == CONTENT)), number + 1
    return counts


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the model, and prints what cross-validation shows."""
    import numpy as np

    parser = argparse.ArgumentParser(prog="python -m guide.training.fit_acts")
    parser.parse_args(arguments)
    lessons = act_lessons()
    model_read = SentenceEncoder().identity
    texts = [lesson.text for lesson in lessons]
    vectors = features_of(texts, open_encoder(Config(), model_read).encode(texts))
    print(f"{len(lessons)} messages, {sum(lesson.left for lesson in lessons)} of them left to meaning by the rules")
    best: tuple[int, float, float, dict[str, tuple[int, int]]] | None = None
    for strength in STRENGTHS:
        found = held_out(lessons, vectors, strength)
        sure = limit_of(lessons, found)
        counts = seen(lessons, found, sure)
        right = sum(one[0] for act, one in counts.items() if act != CONTENT)
        print(
            f"C = {strength}: sure from {sure:.3f}, {right} of {sum(n for a, (_, n) in counts.items() if a != CONTENT)}"
        )
        if best is None or right > best[0]:
            best = right, strength, sure, counts
    if best is None:
        raise ValueError("There is no strength to try.")
    _, strength, sure, counts = best
    for act, (right, number) in sorted(counts.items()):
        print(f"{act:14} {right:4} of {number:4}" + (" taken for an act" if act == CONTENT else ""))
    model = fit(vectors, [lesson.label for lesson in lessons], strength, model_read.sha256)
    np.savez_compressed(
        Path(str(files("guide.conversation"))) / ACT_MODEL,
        allow_pickle=False,
        labels=np.array(model.labels),
        weights=model.weights.astype(np.float16),
        bias=model.bias.astype(np.float16),
        sure=np.float32(sure),
        model_sha256=np.array(model.model_sha256),
    )


if __name__ == "__main__":
    main()
