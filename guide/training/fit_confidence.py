"""Development questions → `confidence.json`:
`python -m guide.training.fit_confidence tests/data/questions.jsonl index`.

Both models are logistic regressions (scikit-learn's, L2, C = 10, on standardised signals, classes weighted alike):
answerable questions against those out of scope for `topic`, and against unanswerable ones near the subject for
`support`. A third one makes the product of their chances a calibrated one (Platt 1999). The threshold keeps 95% of
the answerable questions, each judged by models that were fitted without it (five folds).
"""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guide.answering.confidence import Signals, signals, word_support
from guide.embedding.encoder import SentenceEncoder
from guide.evaluate.loaders import read_questions
from guide.index.index import open_index
from guide.query.resolve import resolve
from guide.request import read_history
from guide.retrieval.hubs import find_hubs
from guide.retrieval.retrieve import retrieve

CONFIDENCE_FOLDS = 5
COVERED_SHARE = 0.95

TOPIC = ("score",)
SUPPORT = (
    "score", "similarity", "least", "least_two", "least_two_near", "supported", "quantity", "personal", "lead",
)  # fmt: skip

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question's signals and what it is: `answerable`, `near` (the subject, but not in the articles) or `far`."""

    signals: Signals
    kind: str


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
    fold = np.arange(len(questions)) % CONFIDENCE_FOLDS
    unseen = np.zeros(len(questions))
    for number in range(CONFIDENCE_FOLDS):
        fitted = _fit(values[fold != number], kinds[fold != number])
        unseen[fold == number] = _products(fitted, values[fold == number])
    calibration = _platt(unseen, kinds == "answerable")
    fitted = _fit(values, kinds) | {"calibration": calibration}
    chance = 1 / (1 + np.exp(-(calibration["intercept"] + calibration["slope"] * _logit(unseen))))
    fitted["covered"] = round(float(np.quantile(chance[kinds == "answerable"], 1 - COVERED_SHARE)), 4)
    out.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    return fitted


def _fit(values: Doubles, kinds: NDArray[np.str_]) -> dict[str, Any]:
    return {
        "topic": _logistic(values, kinds, TOPIC, "far"),
        "support": _logistic(values, kinds, SUPPORT, "near"),
    }


def _logistic(values: Doubles, kinds: NDArray[np.str_], names: Sequence[str], against: str) -> dict[str, float]:
    """The weights of a model of the signals `names`, in the signals' own units."""
    from sklearn.linear_model import LogisticRegression

    columns = [_NAMES.index(name) for name in names]
    chosen = np.isin(kinds, ("answerable", against))
    inputs = values[chosen][:, columns]
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000)
    model.fit((inputs - mean) / spread, kinds[chosen] == "answerable")
    weights = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - weights @ mean)
    return {"intercept": round(intercept, 4)} | {
        name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)
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


def main(questions: Path, index_folder: Path) -> None:
    """Fits anew and prints what was fitted."""
    index, encoder = open_index(index_folder), SentenceEncoder()
    judged, hubs = [], find_hubs(index, encoder)
    for row in read_questions(questions):
        query = resolve(row.question, read_history(row.history), lexicon=index.lexicon)
        found = retrieve(query, index, encoder.encode(query.texts), hubs=hubs)
        kind = "answerable" if row.gold else "far" if row.kind == "out_of_scope" else "near"
        judged.append(JudgedQuestion(signals(query, found, word_support(query, found, index)), kind))
    fitted = calibrate(judged, Path(str(files("guide.answering") / "confidence.json")))
    print(json.dumps(fitted, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
