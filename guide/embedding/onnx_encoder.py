"""The vectors of sentence-transformers from an exported model, without loading it or torch."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from guide.embedding.encoder import Encoded, ModelIdentity, in_batches
from guide.embedding.model_cache import Export
from guide.embedding.onnx_model import OnnxModel

if TYPE_CHECKING:
    from tokenizers import Encoding

    from guide.embedding.encoder import EncodedText

BATCH_SIZE = 4
"""How many texts are embedded at a time. More outgrow the processor's cache: one core embeds 44 passages a second one
by one, 29 in batches of 16.
"""


class OnnxEncoder:
    """The model of an export, loaded when it first encodes."""

    def __init__(
        self, export: Export, identity: ModelIdentity, *, batch_size: int = BATCH_SIZE, threads: int = 1
    ) -> None:
        """`export` is run by so many `threads`: one for a question, since several questions share the machine."""
        self.identity = identity
        self.agreement = export.agreement
        self._dimension = export.dimension
        self._batch_size = batch_size
        self._model = OnnxModel(export, threads=threads)

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts`. A text longer than the model reads (256 tokens for the default one) is cut off
        there.

        Raises:
            ModelError: the export is damaged.
        """
        read = self._model.read(texts)

        def encode_batch(rows: Sequence[int]) -> Iterator["EncodedText"]:
            return self._encode_batch([read[row] for row in rows])

        return in_batches([len(one.ids) for one in read], self._batch_size, encode_batch, self._dimension)

    def _encode_batch(self, read: "Sequence[Encoding]") -> Iterator["EncodedText"]:
        by_text, by_token = self._model.run(read)
        for row, one in enumerate(read):
            spans = np.array(one.offsets, dtype=np.int32).reshape(-1, 2)
            # Special tokens stand for no characters.
            kept = np.flatnonzero(spans[:, 1] > spans[:, 0])
            yield by_text[row], by_token[row][kept], np.array(one.ids, dtype=np.int32)[kept], spans[kept]
