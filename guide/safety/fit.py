"""Fit the linear models of `meaning.json` to the example bank: `python -m guide.safety.fit`.

Each threshold is the lowest one at which, over five folds of the bank, at most `MAX_FALSE` of the examples of milder
levels that the context doesn't silence would be raised.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from guide.records import LEVELS, Level
from guide.safety.examples import Example, examples
from guide.safety.meaning import is_silenced
from guide.safety.rules import Criterion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]

FITTED: tuple[Level, ...] = ("crisis", "abuse", "professional")
RIDGE = 1.0
"""The weight of the L2 penalty, chosen among 1, 0.3 and 0.1 by cross-validation over the bank."""
MAX_FALSE = {"crisis": 0.01, "abuse": 0.01, "professional": 0.10}
"""Share of milder examples that may be raised; the bank's are harder than what people usually write."""
FOLDS = 5


def fit_line(vectors: "Vectors", positive: "Vectors") -> tuple["Vectors", float]:
    """Weights and bias of an L2-penalised logistic regression, both classes weighted alike, by Newton's method."""
    import numpy as np

    rows = np.hstack([vectors, np.ones((len(vectors), 1))])
    share = positive.mean()
    weight = np.where(positive > 0, 0.5 / share, 0.5 / (1 - share))
    penalty = np.full(rows.shape[1], RIDGE)
    penalty[-1] = 1e-6
    beta = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ beta))
        gradient = rows.T @ (weight * (positive - chance)) - penalty * beta
        curve = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta[:-1], float(beta[-1])


def threshold(vectors: "Vectors", positive: "Vectors", counted: "Vectors", most: float) -> float:
    """The lowest threshold that keeps false alarms among the `counted` negatives at `most`, over the folds."""
    import numpy as np

    fold = np.arange(len(vectors)) % FOLDS
    chance = np.zeros(len(vectors))
    for k in range(FOLDS):
        beta, bias = fit_line(vectors[fold != k], positive[fold != k])
        chance[fold == k] = 1 / (1 + np.exp(-(vectors[fold == k] @ beta + bias)))
    negatives = np.sort(np.where(counted, chance, 0)[positive == 0])
    return round(float(negatives[-1 - int(most * len(negatives))]) + 0.005, 3)


def main() -> None:
    """Write `meaning.json` and print what the folds showed."""
    import numpy as np

    from guide.encoder import SentenceEncoder

    bank: tuple[Example, ...] = examples()
    vectors = SentenceEncoder().encode([e.text for e in bank]).texts.astype(np.float64)
    counted = np.array([not is_silenced(e.text) for e in bank])
    fitted = []
    for level in FITTED:
        same = {level} if level != "professional" else {"professional", "abuse", "crisis"}
        positive = np.array([float(e.level in same) for e in bank])
        # A graver example is no mistake at a milder level: it is left out of that level's counts.
        milder = np.array([LEVELS.index(e.level) < LEVELS.index(level) for e in bank])
        limit = threshold(vectors, positive, counted & milder, MAX_FALSE[level])
        fitted.append(_stored(level, None, limit, *fit_line(vectors, positive)))
        print(f"{level}: {int(positive.sum())} of {len(bank)} examples, threshold {limit}")
    met = np.array([e.level == "professional" for e in bank])
    for criterion in get_args(Criterion):
        positive = np.array([float(e.kind == criterion) for e in bank])
        fitted.append(_stored("professional", criterion, 1.0, *fit_line(vectors[met], positive[met])))
    Path(str(files("guide.safety").joinpath("meaning.json"))).write_text(json.dumps(fitted) + "\n", encoding="utf-8")


def _stored(level: Level, criterion: str | None, limit: float, beta: "Vectors", bias: float) -> dict[str, Any]:
    weights = [round(float(w), 4) for w in beta]
    return {"level": level, "criterion": criterion, "threshold": limit, "bias": round(bias, 4), "weights": weights}


if __name__ == "__main__":
    main()
