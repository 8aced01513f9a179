"""Fit `meaning.npz` to the example bank: `python -m guide.training.fit_safety`.

Each threshold is the lowest one at which, over ten folds of the bank, at most `MAX_FALSE` of the examples of milder
levels that nothing else keeps quiet would be raised.
"""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from guide.levels import Level, gravity
from guide.safety.examples import examples
from guide.safety.rules import CRITERIA
from guide.safety.similarity import RAISED, likeness, may_raise, texts_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Flags = NDArray[np.bool_]

RIDGE = 0.1
"""How much the fit is smoothed, chosen among 0.1, 0.3 and 1 on development data."""
MAX_FALSE = {"crisis": 0.02, "abuse": 0.01, "professional": 0.05}
"""Share of milder examples that may be raised; the bank's are harder than what people usually write."""
SAFETY_FOLDS = 10


def fit(vectors: "Vectors", positive: "Flags", counted: "Flags") -> "Vectors":
    """What each of the `counted` examples adds to the score (0 for the others), both classes weighted alike."""
    import numpy as np

    rows, target = vectors[counted], positive[counted]
    weight = np.where(target, 0.5 / target.mean(), 0.5 / (1 - target.mean()))
    kernel = likeness(rows, rows).astype(np.float64)
    added = np.zeros(len(vectors), dtype=np.float32)
    added[counted] = np.linalg.solve(kernel + np.diag(RIDGE / weight), np.where(target, 1.0, -1.0))
    return added


def fit_threshold(vectors: "Vectors", positive: "Flags", counted: "Flags", quiet: "Flags", most: float) -> float:
    """The lowest threshold that keeps false alarms among the `counted` negatives at `most`, over the folds.

    Those that are kept `quiet` anyway raise nothing.
    """
    import numpy as np

    fold = np.arange(len(vectors)) % SAFETY_FOLDS
    score = np.zeros(len(vectors))
    for k in range(SAFETY_FOLDS):
        added = fit(vectors, positive, counted & (fold != k))
        score[fold == k] = likeness(vectors[fold == k], vectors) @ added
    negatives = np.sort(np.where(quiet, -9, score)[counted & ~positive])
    limit = float(negatives[-1 - int(most * len(negatives))])
    caught = (score[positive & counted] >= limit).mean()
    print(
        f"threshold {limit:.3f}: {caught:.3f} of {int(positive.sum())} seen, at most {most} of {len(negatives)} raised"
    )
    return limit


def main() -> None:
    """Write `meaning.npz` and print what the folds showed."""
    import numpy as np

    from guide.embedding.encoder import SentenceEncoder

    bank = examples()
    exact = SentenceEncoder().encode([texts_of(e.text)[0] for e in bank]).texts
    # A byte a number: a quarter of the size, and no figure moved.
    scale = np.float32(np.abs(exact).max() / 127)
    small = np.round(exact / scale).astype(np.int8)
    vectors = small.astype(np.float32) * scale
    added, limits = [], []
    for level in RAISED:
        positive, counted = (
            np.array([e.level == level for e in bank]),
            np.array([_counted(e.level, level) for e in bank]),
        )
        quiet = np.array([not may_raise(e.text, level) for e in bank])
        print(level, end=": ")
        limits.append(fit_threshold(vectors, positive, counted, quiet, MAX_FALSE[level]))
        added.append(fit(vectors, positive, counted))
    met = np.array([e.level == "professional" for e in bank])
    added += [fit(vectors, np.array([e.kind == criterion for e in bank]), met) for criterion in CRITERIA]
    path = Path(str(files("guide.safety").joinpath("meaning.npz")))
    np.savez(path, vectors=small, scale=scale, weights=np.stack(added, axis=1), thresholds=np.array(limits))


def _counted(level: Level, of: Level) -> bool:
    """Whether examples of a level teach the line of another: a criterion is told from none, not from what is graver."""
    return of != "professional" or gravity(level) <= gravity(of)


if __name__ == "__main__":
    main()
