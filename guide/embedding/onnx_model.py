"""An exported model, run by ONNX Runtime: tokens in, arrays out, without loading the model itself or torch."""

import os
from collections.abc import Sequence
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from guide.embedding.model_cache import GRAPH_FILE, TOKENIZER_FILE, Export
from guide.errors import ModelError
from guide.telemetry import QUIET

if TYPE_CHECKING:
    from tokenizers import Encoding


class OnnxModel:
    """The tokenizer and the graph of an export, loaded when first used."""

    def __init__(self, export: Export, *, threads: int = 1) -> None:
        """`export` is run by so many `threads`: one for a question, since several questions share the machine."""
        self._export = export
        self._threads = threads
        self._damaged = ""
        # Whether a file is damaged is found out while others are loaded.
        self._check = Thread(target=self._find_damage, daemon=True, name="check model")
        self._check.start()

    def read(self, texts: Sequence[str]) -> "list[Encoding]":
        """The tokens of each text, cut off where the model stops reading.

        Raises:
            ModelError: the export is damaged.
        """
        tokenizer, _ = self._loaded
        return [tokenizer.encode(text) for text in texts]

    def run(self, read: "Sequence[Encoding]") -> list[Any]:
        """What the graph gives for these tokens, an array for each of its outputs, with a row for each text.

        Raises:
            ModelError: the export is damaged.
        """
        _, session = self._loaded
        longest = max(len(one.ids) for one in read)
        ids = np.full((len(read), longest), self._export.pad_id, dtype=np.int64)
        mask = np.zeros((len(read), longest), dtype=np.int64)
        for row, one in enumerate(read):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        outputs: list[Any] = session.run(None, {"input_ids": ids, "attention_mask": mask})
        return outputs

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
