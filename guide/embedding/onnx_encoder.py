"""An exported model, run by ONNX Runtime: the vectors of sentence-transformers, without loading it or torch."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from guide.embedding.encoder import Encoded, ModelIdentity, in_batches
from guide.embedding.model_cache import GRAPH_FILE, TOKENIZER_FILE, Export
from guide.errors import ModelError
from guide.telemetry import QUIET

if TYPE_CHECKING:
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
        self._export = export
        self._batch_size = batch_size
        self._threads = threads
        self._damaged = ""
        self._check = Thread(target=self._find_damage, daemon=True, name="check model")
        self._check.start()

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts`. A text longer than the model reads (256 tokens for the default one) is cut off
        there.

        Raises:
            ModelError: the export is damaged.
        """
        tokenizer, session = self._loaded
        read = [tokenizer.encode(text) for text in texts]

        def encode_batch(rows: Sequence[int]) -> Iterator["EncodedText"]:
            return self._encode_batch([read[row] for row in rows], session)

        return in_batches([len(one.ids) for one in read], self._batch_size, encode_batch, self._export.dimension)

    def _encode_batch(self, read: Sequence[Any], session: Any) -> Iterator["EncodedText"]:
        longest = max(len(one.ids) for one in read)
        ids = np.full((len(read), longest), self._export.pad_id, dtype=np.int64)
        mask = np.zeros((len(read), longest), dtype=np.int64)
        for row, one in enumerate(read):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        by_text, by_token = session.run(None, {"input_ids": ids, "attention_mask": mask})
        for row, one in enumerate(read):
            spans = np.array(one.offsets, dtype=np.int32).reshape(-1, 2)
            # Special tokens stand for no characters.
            kept = np.flatnonzero(spans[:, 1] > spans[:, 0])
            yield by_text[row], by_token[row][kept], ids[row][kept].astype(np.int32), spans[kept]

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """The tokenizer and the session."""
        os.environ.update(QUIET)
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        # The check has gone on while these were imported.
        self._check.join()
        if self._damaged:
            raise ModelError(
                f"The exported model in {self._export.folder} can't be used: {self._damaged} isn't what was exported; "
                "run `guide build` to export it again."
            )
        options = SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # Threads that wait for the next question would keep a core busy.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        session = InferenceSession(self._export.folder / GRAPH_FILE, options, providers=["CPUExecutionProvider"])
        return Tokenizer.from_file(str(self._export.folder / TOKENIZER_FILE)), session

    def _find_damage(self) -> None:
        self._damaged = self._export.damaged()
