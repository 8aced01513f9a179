"""Questions that articles answer and don't → `confidence.json`:
`python -m guide.training.fit_confidence --over INDEX FILE … [--over INDEX FILE …]`.

Each index is asked what the files after it hold, in either format of `guide evaluate`. Both models are logistic
regressions (scikit-learn's, L2, C = 10, on standardised signals; the answerable and the unanswerable questions of each
index count alike): answerable questions against those far from the subject for `topic`, and against unanswerable ones
near it for `support`. A third one makes the product of their chances a calibrated one (Platt 1999). The threshold keeps
`COVERED_SHARE` of the first index's answerable questions, each judged by models that were fitted without it (five
folds).
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from hashlib import sha1
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from guide.answering.confidence import Signals, signals, word_support
from guide.embedding.encoder import Encoder, SentenceEncoder
from guide.evaluate.loaders import is_everyday, read_everyday, read_questions
from guide.index.index import Index, open_index
from guide.query.resolve import resolve
from guide.request import read_history
from guide.retrieval.hubs import find_hubs
from guide.retrieval.retrieve import retrieve

CONFIDENCE_FOLDS = 5
COVERED_SHARE = 0.93

TOPIC = (
    "score", "similarity", "unknown", "near_points", "all_points", "near_questions", "all_questions",
)  # fmt: skip
SUPPORT = (
    "score", "similarity", "least", "least_two", "least_two_near", "supported", "quantity", "personal", "lead",
    "unknown", "near_points", "all_points", "all_questions",
)  # fmt: skip

FAR = ("out_of_scope", "offtopic")
"""The kinds of questions that have nothing to do with the subject."""
NOT_JUDGED = ("act", "vague")
"""The kinds of messages that are no questions to an article."""

Doubles = NDArray[np.float64]
JudgedKind = Literal["answerable", "near", "far"]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question's signals, what it is, and over which of the indexes: `near` has to do with the subject, but the
    articles don't answer it; `far` has nothing to do with it.
    """

    text: str
    signals: Signals
    kind: JudgedKind
    over: int

    @property
    def fold(self) -> int:
        """The fold it is in, the same over every index."""
        return int(sha1(self.text.lower().encode(), usedforsecurity=False).hexdigest(), 16) % CONFIDENCE_FOLDS


def calibrate(questions: Sequence[JudgedQuestion], out: Path) -> dict[str, Any]:
    """The fitted models, also written to `out`.

    Raises:
        ValueError: a kind has fewer questions than there are folds.
    """
    for kind in ("answerable", "near", "far"):
        if sum(question.kind == kind for question in questions) < CONFIDENCE_FOLDS:
            raise ValueError(f"there are fewer than {CONFIDENCE_FOLDS} questions of the kind {kind!r}")
    values = np.array([astuple(question.signals) for question in questions], dtype=np.float64)
    kinds = np.array([question.kind for question in questions])
    fold = np.array([question.fold for question in questions])
    over = np.array([question.over for question in questions])
    weights = _weights(questions)
    unseen = np.zeros(len(questions))
    for number in range(CONFIDENCE_FOLDS):
        fitted = _fit(values[fold != number], kinds[fold != number], weights[fold != number])
        unseen[fold == number] = _products(fitted, values[fold == number])
    first = over == 0
    calibration = _platt(unseen[first], kinds[first] == "answerable")
    fitted = _fit(values, kinds, weights) | {"calibration": calibration}
    chance = 1 / (1 + np.exp(-(calibration["intercept"] + calibration["slope"] * _logit(unseen))))
    answerable = kinds == "answerable"
    fitted["covered"] = round(float(np.quantile(chance[first & answerable], 1 - COVERED_SHARE)), 4)
    for number in sorted(set(over.tolist())):
        for kind in ("answerable", "near", "far"):
            chosen = chance[(over == number) & (kinds == kind)]
            if len(chosen):
                print(f"index {number}, {kind}: {(chosen >= fitted['covered']).mean():.3f} of {len(chosen)} covered")
    out.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    return fitted


def _weights(questions: Sequence[JudgedQuestion]) -> Doubles:
    """What each question counts, so that each kind of each index counts alike."""
    counts = Counter((question.over, question.kind) for question in questions)
    return np.array([1 / counts[question.over, question.kind] for question in questions])


def _fit(values: Doubles, kinds: NDArray[np.str_], weights: Doubles) -> dict[str, Any]:
    return {
        "topic": _logistic(values, kinds, weights, TOPIC, "far"),
        "support": _logistic(values, kinds, weights, SUPPORT, "near"),
    }


def _logistic(
    values: Doubles, kinds: NDArray[np.str_], weights: Doubles, names: Sequence[str], against: str
) -> dict[str, float]:
    """The weights of a model of the signals `names`, in the signals' own units."""
    from sklearn.linear_model import LogisticRegression

    columns = [_NAMES.index(name) for name in names]
    chosen = np.isin(kinds, ("answerable", against))
    inputs, answerable, counted = values[chosen][:, columns], kinds[chosen] == "answerable", weights[chosen].copy()
    counted[answerable] *= counted[~answerable].sum() / counted[answerable].sum()
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    model = LogisticRegression(C=10.0, max_iter=3000)
    model.fit((inputs - mean) / spread, answerable, sample_weight=counted * len(counted) / counted.sum())
    found = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - found @ mean)
    return {"intercept": round(intercept, 4)} | {
        name: round(float(weight), 4) for name, weight in zip(names, found, strict=True)
    }


def _products(fitted: dict[str, Any], values: Doubles) -> Doubles:
    """The product of both models' chances for each row of signals."""
    product = np.ones(len(values))
    for model in (fitted["topic"], fitted["support"]):
        logit = np.full(len(values), model["intercept"])
        for name, weight in model.items():
            if name != "intercept":
                logit += weight * values[:, _NAMES.index(name)]
        product *= 1 / (1 + np.exp(-logit))
    return product


def _platt(product: Doubles, answerable: NDArray[np.bool_]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6, max_iter=1000).fit(_logit(product)[:, None], answerable)
    return {"intercept": round(float(model.intercept_[0]), 4), "slope": round(float(model.coef_[0][0]), 4)}


def _logit(chance: Doubles) -> Doubles:
    inside = np.clip(chance, math.exp(-30), 1 - 1e-12)
    return np.asarray(np.log(inside / (1 - inside)), dtype=np.float64)


_NAMES = [field.name for field in fields(Signals)]


def _asked(path: Path) -> Iterator[tuple[str, Sequence[str], JudgedKind]]:
    """The questions of a file, each with the messages before it and what it is."""
    if is_everyday(path):
        rows = [(row.text, row.history, row.kind, row.gold) for row in read_everyday(path)]
    else:
        rows = [(row.question, row.history, row.kind, row.gold) for row in read_questions(path)]
    for text, history, kind, gold in rows:
        if gold and kind not in NOT_JUDGED:
            yield text, history, "answerable"
        elif kind in FAR:
            yield text, history, "far"
        elif kind.startswith("near"):
            yield text, history, "near"


def _judged(index: Index, encoder: Encoder, paths: Sequence[Path], over: int) -> Iterator[JudgedQuestion]:
    hubs = find_hubs(index, encoder)
    for path in paths:
        for text, history, kind in _asked(path):
            query = resolve(text, read_history(history), lexicon=index.lexicon)
            found = retrieve(query, index, encoder.encode(query.texts), hubs=hubs)
            yield JudgedQuestion(text, signals(query, found, word_support(query, found, index)), kind, over)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits anew and prints what was fitted, and how many of each kind are covered over each index."""
    parser = argparse.ArgumentParser(prog="python -m guide.training.fit_confidence")
    parser.add_argument("--over", nargs="+", type=Path, action="append", required=True, metavar=("INDEX", "FILE"))
    options = parser.parse_args(arguments)
    encoder = SentenceEncoder()
    judged = [
        question
        for number, (folder, *paths) in enumerate(options.over)
        for question in _judged(open_index(folder), encoder, paths, number)
    ]
    fitted = calibrate(judged, Path(str(files("guide.answering") / "confidence.json")))
    print(json.dumps(fitted, indent=2))


if __name__ == "__main__":
    main()
