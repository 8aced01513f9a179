"""What a short message does by its meaning, where its words don't tell: a linear model over its embedding.

`python -m guide.training.fit_acts` fits it to the vectors of all-MiniLM-L6-v2. With an index of another model there is
none, and the rules alone decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from guide.conversation.acts import ActDataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ACT_MODEL = "act_model.npz"
"""The file in this package that holds the model."""


@dataclass(frozen=True, slots=True)
class ActModel:
    """Multinomial logistic regression: what a message does, from its embedding."""

    labels: tuple[str, ...]
    """`content` (a question or a statement), `vague`, acts, and `meta` with its move, as in `meta.shorter`."""
    weights: "NDArray[np.float32]"
    """`(labels, dim)`"""
    bias: "NDArray[np.float32]"
    """`(labels,)`"""
    sure: float
    """The probability from which on an act is told, chosen where hardly any question or statement is taken for one."""
    model_sha256: str
    """The weights of the model whose embeddings it reads."""

    def probabilities(self, embedding: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """How probable each label is, `(labels,)` or `(n, labels)`, adding up to 1."""
        import numpy as np

        odds = embedding @ self.weights.T + self.bias
        shares: NDArray[np.float32] = np.exp(odds - odds.max(axis=-1, keepdims=True))
        total: NDArray[np.float32] = shares.sum(axis=-1, keepdims=True)
        return np.divide(shares, total)

    def told(self, embedding: "NDArray[np.float32]") -> Mapping[str, float]:
        """The label that is sure enough with its probability; nothing where none is."""
        found = self.probabilities(embedding)
        best = int(found.argmax())
        return {self.labels[best]: float(found[best])} if found[best] >= self.sure else {}


@cache
def _shipped() -> ActModel:
    import numpy as np

    try:
        with as_file(files("guide.conversation").joinpath(ACT_MODEL)) as path, np.load(path, allow_pickle=False) as raw:
            return ActModel(
                tuple(map(str, raw["labels"])),
                raw["weights"].astype(np.float32),
                raw["bias"].astype(np.float32),
                float(raw["sure"]),
                str(raw["model_sha256"]),
            )
    except (OSError, ValueError, KeyError) as fault:
        raise ActDataError(
            f"{ACT_MODEL} can't be read ({fault}); make it anew: python -m guide.training.fit_acts"
        ) from fault


def act_model(model_sha256: str) -> ActModel | None:
    """The model of acts for embeddings by the model of these weights; None where it was fitted to another one's.

    Raises:
        ActDataError: its file is missing or damaged.
    """
    found = _shipped()
    return found if found.model_sha256 == model_sha256 else None
