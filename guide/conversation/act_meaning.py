"""What a short message does by its meaning, where its words don't tell: a model of this package's own.

`python -m guide.training.fit_acts` makes it: all-MiniLM-L6-v2 with an adapter, whatever model an index was built with.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from guide.conversation.act_rule import ActDataError
from guide.embedding.adapted_model import Adapter, Classify
from guide.embedding.open_adapted import open_adapted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONTENT = "content"
"""The label of questions and statements."""

ACT_LABELS = (
    *(CONTENT, "vague", "greeting", "thanks", "goodbye", "identity", "capability", "ack", "smalltalk"),
    *("abuse_of_bot", "gibberish", "meta.again", "meta.back", "meta.item", "meta.list", "meta.more", "meta.recall"),
    *("meta.shorter", "meta.simpler", "meta.summary"),
)
"""What the model tells apart, in the order of its outputs: `content`, `vague`, acts, and `meta` with its move."""

ACTS = Adapter(
    "the model of what messages do", "conversation/act_adapter.npz", (len(ACT_LABELS),), "guide.training.fit_acts"
)

ACT_LIMIT = "act_limit.json"
"""The file in this package that says how sure the model must be."""


class ActModel:
    """Says what words do by their meaning."""

    def __init__(self, classify: Classify, sure: float) -> None:
        """`sure` is how probable it must be that words are an act: hardly any question or statement is taken for one
        there.
        """
        self._classify, self._sure = classify, sure

    def __call__(self, words: str) -> Mapping[str, float]:
        """The likeliest act of `words`, and how sure it is that they are one at all: their odds as a multiple of those
        from which on that is enough.

        Raises:
            ModelError: the model is damaged.
        """
        label, share = likeliest(self._classify([words])[0])
        return {label: _odds(share) / _odds(self._sure)}


def likeliest(probabilities: "NDArray[np.float32]") -> tuple[str, float]:
    """Of the probabilities of all `ACT_LABELS` the likeliest label but `content`, and how probable it is that a text
    isn't that.
    """
    best = next(int(row) for row in probabilities.argsort()[::-1] if ACT_LABELS[row] != CONTENT)
    return ACT_LABELS[best], float(1 - probabilities[ACT_LABELS.index(CONTENT)])


def _odds(share: float) -> float:
    return share / max(1 - share, 1e-6)


@cache
def _sure() -> float:
    try:
        return float(json.loads(files("guide.conversation").joinpath(ACT_LIMIT).read_text(encoding="utf-8"))["sure"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ActDataError(
            f"{ACT_LIMIT} can't be read ({fault}); make it anew: python -m guide.training.fit_acts"
        ) from fault


def open_act_model() -> ActModel | None:
    """The model of acts, exported first where the cache doesn't hold it; None where all-MiniLM-L6-v2 isn't here, or
    what exporting needs: the rules of acts alone decide then.

    Raises:
        ActDataError: its limit is missing or damaged. AdapterError: its adapter is.
    """
    found = open_adapted(ACTS)
    return ActModel(found, _sure()) if found else None
