"""Models that tell what texts are: all-MiniLM-L6-v2, each with an adapter and a head of its own.

A command of `guide.training` makes the adapter, a few megabytes that this package carries. The model itself, with the
adapter merged into it, is exported once and kept in the cache beside other exports.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from guide.config import DEFAULT_MODEL_SHA256
from guide.embedding.model_cache import Export
from guide.errors import GuideError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Classify = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Gives for each text how surely it is each of the things that a model tells, `(texts, outputs)`: probabilities, of
which those of each group add up to 1."""


class AdapterError(GuideError):
    """An adapter that this package carries is missing or damaged."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """What makes a model of all-MiniLM-L6-v2 that tells what texts are."""

    name: str
    """What people call the model: “the safety gate's model”."""
    file: str
    """Its path within this package."""
    groups: tuple[int, ...]
    """How many things the model tells apart, question by question: the probabilities of each group add up to 1."""
    made_by: str
    """The module whose command makes the file."""

    @property
    def outputs(self) -> int:
        """How many numbers the model gives for a text."""
        return sum(self.groups)

    def arrays(self) -> "dict[str, NDArray[np.float32]]":
        """Its arrays by their names: for each layer that it changes `….down`, `(rank, in)`, and `….up`, `(out, rank)`,
        of which the product is added to the layer's weights; then `head.weight`, `(outputs, 2 · dim)`, and
        `head.bias`, `(outputs,)`.

        Raises:
            AdapterError: the file is missing or damaged.
        """
        import numpy as np

        try:
            with as_file(files("guide").joinpath(self.file)) as path, np.load(path, allow_pickle=False) as raw:
                return {name: raw[name].astype(np.float32) for name in raw.files}
        except (OSError, ValueError) as fault:
            raise self._unreadable(fault) from fault

    def sha256(self) -> str:
        """The SHA-256 by which the cache knows the model: of the weights it starts from, and of the adapter.

        Raises:
            AdapterError: the file is missing.
        """
        return _sha256(self)

    def _unreadable(self, fault: Exception) -> AdapterError:
        name = self.file.rpartition("/")[2]
        return AdapterError(f"{name} can't be read ({fault}); make it anew: python -m {self.made_by}")


@cache
def _sha256(adapter: Adapter) -> str:
    try:
        held = files("guide").joinpath(adapter.file).read_bytes()
    except OSError as fault:
        raise adapter._unreadable(fault) from fault
    return sha256(DEFAULT_MODEL_SHA256.encode() + sha256(held).digest()).hexdigest()


class AdaptedModel:
    """The model of an export, loaded when it is first asked."""

    def __init__(self, export: Export, outputs: int) -> None:
        from guide.embedding.onnx_model import OnnxModel

        self._model, self._outputs = OnnxModel(export), outputs

    def __call__(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """As `Classify`. A text longer than the model reads, 256 tokens, is cut off there.

        Raises:
            ModelError: the export is damaged.
        """
        import numpy as np

        read = self._model.read(texts)
        rows = np.zeros((len(texts), self._outputs), dtype=np.float32)
        # One by one: texts of unlike length would fill each other up, and small ones stay in the processor's cache.
        for number, one in enumerate(read):
            rows[number] = self._model.run([one])[0][0]
        return rows
