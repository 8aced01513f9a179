"""What messages mean to the safety gate: a stand-in for its own model, by the words that texts hold, and messages that
nothing but the model itself sees.
"""

from collections.abc import Sequence

import numpy as np

from guide.levels import Level
from guide.safety.classifier import MEANINGS, OUTPUTS
from guide.safety.meaning import limits

SURE = 0.99

SEEN_BY_MEANING: list[tuple[str, Level]] = [
    ("I've labelled every key in the house so nobody has to guess when I'm not in it", "crisis"),
    ("They would all breathe easier if my chair stayed empty", "crisis"),
    ("He chooses my clothes each morning and keeps my bank card in his pocket", "abuse"),
    ("My husband counts the minutes when I go to the shop and keeps my keys", "abuse"),
    ("Nothing has touched me since the winter, I go through each day like a machine", "professional"),
]
"""Messages of which the rules make nothing and the gate's own model makes this level."""


def meant(meaning: str, probability: float = SURE, criterion: int = 0) -> np.ndarray:
    """The model's row for a text that means `meaning` so surely, and nothing otherwise."""
    row = np.zeros(OUTPUTS, dtype=np.float32)
    row[MEANINGS.index("none")] += 1 - probability
    row[MEANINGS.index(meaning)] += probability
    row[len(MEANINGS) + criterion] = 1
    return row


def mixed(**probabilities: float) -> np.ndarray:
    """The model's row for a text that means several things so surely."""
    row = meant("none", 1 - sum(probabilities.values()))
    for name, probability in probabilities.items():
        row[MEANINGS.index(name)] = probability
    return row


def just(meaning: str, more: float = 0.0) -> np.ndarray:
    """The row of a text that means danger of this kind as surely as a card asks, or by `more`."""
    return meant(meaning, limits().card["danger"] + more)


class Meanings:
    """Gives each text the row of the first of `rows` whose word it holds, and any other one that of nothing."""

    def __init__(self, **rows: np.ndarray) -> None:
        self.rows = rows
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        nothing = meant("none", 1)
        return np.array([next((row for word, row in self.rows.items() if word in text), nothing) for text in texts])
