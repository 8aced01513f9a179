"""The safety gate's own model: all-MiniLM-L6-v2 with an adapter and a head, which tell what a message means.

`python -m guide.training.fit_gate` makes the adapter, a few megabytes that this package carries. The model itself, with
the adapter merged into it, is exported once and kept in the cache beside other exports.
"""

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from guide.config import DEFAULT_MODEL_SHA256
from guide.embedding.model_cache import Export
from guide.safety.load_toml import SafetyDataError
from guide.safety.rules import CRITERIA

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Classify = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Gives for each text how surely it means each of `MEANINGS` and each of `CRITERIA`, `(texts, meanings + criteria)`:
two sets of probabilities, each of which adds up to 1."""

MEANINGS = ("none", "about", "professional", "bereaved", "abuse", "crisis", "danger_now", "medical")
"""What a message may mean, in the order of the model's outputs.

`about` speaks of suicide, self-harm or abuse as a subject; `danger_now` tells of an attempt or violence at this moment;
`medical` of an illness, an accident or a poisoning that can't wait.
"""

OUTPUTS = len(MEANINGS) + len(CRITERIA)
"""How many numbers the model gives for a text: one for each of `MEANINGS`, then one for each of `CRITERIA`."""

ADAPTER = "gate_adapter.npz"
"""The file in this package that holds the adapter and the head."""


@cache
def gate_model_sha256() -> str:
    """The SHA-256 by which the cache knows the gate's model: of the weights it starts from, and of its adapter.

    Raises:
        SafetyDataError: the adapter is missing.
    """
    try:
        adapter = files("guide.safety").joinpath(ADAPTER).read_bytes()
    except OSError as fault:
        raise unreadable(ADAPTER, fault) from fault
    return sha256(DEFAULT_MODEL_SHA256.encode() + sha256(adapter).digest()).hexdigest()


def read_adapter() -> "dict[str, NDArray[np.float32]]":
    """The adapter's arrays by their names: for each layer that it changes `….down`, `(rank, in)`, and `….up`, `(out,
    rank)`, of which the product is added to the layer's weights; then `head.weight`, `(outputs, 2 · dim)`, and
    `head.bias`, `(outputs,)`.

    Raises:
        SafetyDataError: the file is missing or damaged.
    """
    import numpy as np

    try:
        with as_file(files("guide.safety").joinpath(ADAPTER)) as path, np.load(path, allow_pickle=False) as raw:
            return {name: raw[name].astype(np.float32) for name in raw.files}
    except (OSError, ValueError) as fault:
        raise unreadable(ADAPTER, fault) from fault


def unreadable(name: str, fault: Exception) -> SafetyDataError:
    """The refusal of a file of this package that `guide.training.fit_gate` makes."""
    return SafetyDataError(f"{name} can't be read ({fault}); make it anew: python -m guide.training.fit_gate")


class GateClassifier:
    """The gate's model of an export, loaded when it is first asked."""

    def __init__(self, export: Export) -> None:
        from guide.embedding.onnx_model import OnnxModel

        self._model = OnnxModel(export)

    def __call__(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """As `Classify`. A text longer than the model reads, 256 tokens, is cut off there.

        Raises:
            ModelError: the export is damaged.
        """
        import numpy as np

        read = self._model.read(texts)
        rows = np.zeros((len(texts), OUTPUTS), dtype=np.float32)
        # One by one: texts of unlike length would fill each other up, and small ones stay in the processor's cache.
        for number, one in enumerate(read):
            rows[number] = self._model.run([one])[0][0]
        return rows
