"""A sentence-transformers model → its ONNX graph in the cache, compared with the model it was made from.

Pooling and normalisation are part of the graph, and so are the tokens' vectors: whoever runs it needs numpy and nothing
of torch.
"""

import logging
import math
import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from guide.embedding.encoder import LEAST_COSINE, Agreement, Encoder, SentenceEncoder
from guide.embedding.model_cache import (
    GRAPH_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    Export,
    Precision,
    export_folder,
    find_export,
)
from guide.embedding.onnx_encoder import OnnxEncoder
from guide.errors import ModelError
from guide.hashing import file_sha256
from guide.telemetry import QUIET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentence_transformers import SentenceTransformer

COMPARED_TEXTS = (
    "",
    "Sleep",
    "What keeps people awake at night?",
    "Sleepiness isn't tiredness: a sleepy person nods off, a tired one only wishes to stop.",
    "why cant i fall asleeep even tho im so tired???",
    "1. Get up at the same time every day (weekends too) • 2. Keep the room cool & dark – 16 to 18 °C",
    "Naïve café, ﬁancé, 睡眠, Schlaf und Träume, 😴",
    "What lies before sleep > A winding-down hour\nDim the lights, and put the day's work away. " * 3,
    "A night has four or five cycles, and in each of them light sleep, deep sleep and dreaming follow one another. "
    * 30,
)
"""The texts over which a runtime's vectors are compared with sentence-transformers': short and long ones of many kinds
of characters, one empty, one longer than the model reads.
"""


def export(reference: SentenceEncoder, precision: Precision = "float32") -> Export:
    """The export of `reference`, made unless the cache holds it whole.

    Raises:
        ImportError: torch or what it exports with isn't here.
        ModelError: the export isn't the same model, or the cache can't be written.
    """
    folder = export_folder(reference.identity.sha256, precision)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            found = find_export(reference.identity.sha256, precision)
            return found if found and not found.damaged() else _export(reference, precision, folder)
    except OSError as error:
        raise ModelError(
            f"The exported model can't be written to {folder} ({error.strerror}); set GUIDE_CACHE to a folder that can."
        ) from error


def _export(reference: SentenceEncoder, precision: Precision, folder: Path) -> Export:
    # Nobody else writes here while the lock is held; what an export left that was killed is in the way.
    building = folder.with_name(f".{folder.name}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        pad_id = _write_tokenizer(reference.model, building)
        _write_graph(reference.model, building)
        if precision == "int8":
            _quantise(building)
        for path in building.iterdir():
            # The quantiser's files would be its user's alone; a cache may be shared.
            path.chmod(0o644)
        files = {path.name: file_sha256(path) for path in sorted(building.iterdir())}
        dimension = reference.model.get_embedding_dimension() or 0
        unchecked = Export(building, dimension, pad_id, Agreement(1.0, 1.0), files)
        agreement = measure_agreement(reference, OnnxEncoder(unchecked, reference.identity, batch_size=4))
        if precision == "float32" and agreement.least < LEAST_COSINE:
            raise ModelError(
                f"The exported {reference.name} differs from the model itself (least cosine {agreement.least_cosine}, "
                f"of tokens {agreement.least_token_cosine}); set GUIDE_RUNTIME=torch to do without the export."
            )
        replace(unchecked, agreement=agreement).write()
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Export(folder, dimension, pad_id, agreement, files)


def measure_agreement(reference: Encoder, exported: Encoder) -> Agreement:
    """How near `exported` comes to `reference` over `COMPARED_TEXTS`, rounded down to five digits.

    Raises:
        ModelError: they don't read the same tokens.
    """
    expected, found = reference.encode(COMPARED_TEXTS), exported.encode(COMPARED_TEXTS)
    if not (np.array_equal(expected.ids, found.ids) and np.array_equal(expected.spans, found.spans)):
        raise ModelError(
            "The exported model reads other tokens than the model itself; set GUIDE_RUNTIME=torch to do without it."
        )
    return Agreement(_least(expected.texts, found.texts), _least(expected.tokens, found.tokens))


def _least(one: Any, other: Any) -> float:
    cosines = (one * other).sum(axis=1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1))
    return min(1.0, math.floor(1e5 * float(cosines.min(initial=1.0)) + 0.1) / 1e5)


def _write_tokenizer(model: "SentenceTransformer", folder: Path) -> int:
    """Writes the tokenizer, set to cut texts off where the model does; the id of what fills up a batch."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.enable_truncation(model.max_seq_length or model.tokenizer.model_max_length)
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    return int(model.tokenizer.pad_token_id or 0)


def _write_graph(model: "SentenceTransformer", folder: Path) -> None:
    import torch
    from torch.nn.functional import normalize
    from torch.onnx import export as export_to_onnx

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            out = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return normalize(out["sentence_embedding"], dim=1), normalize(out["token_embeddings"], dim=2)

    # Two rows of different length, so that neither size is taken for a constant.
    ids = torch.full((2, 7), 100, dtype=torch.int64)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    sizes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", min=2, max=model.max_seq_length or 512)}
    with _quiet(), torch.inference_mode():
        program = export_to_onnx(
            Graph().eval(),
            (ids, mask),
            dynamo=True,
            input_names=["input_ids", "attention_mask"],
            output_names=["texts", "tokens"],
            dynamic_shapes=(sizes, sizes),
            verbose=False,
        )
    if program is None:
        raise ModelError("torch didn't export the model; set GUIDE_RUNTIME=torch to do without the export.")
    # The weights in a file of their own can be mapped: of the largest matrix, the vocabulary's, few rows are ever read.
    program.save(str(folder / GRAPH_FILE), external_data=True)


def _quantise(folder: Path) -> None:
    """Turns the weights of matrix products into whole numbers of 8 bits."""
    os.environ.update(QUIET)
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as name, _quiet():
        whole = Path(name)
        for file in (GRAPH_FILE, WEIGHTS_FILE):
            shutil.move(folder / file, whole / file)
        quantize_dynamic(
            whole / GRAPH_FILE,
            folder / GRAPH_FILE,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            use_external_data_format=True,
        )


@contextmanager
def _quiet() -> "Iterator[None]":
    """Without the exporter's warnings, which are on what other models may need."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
