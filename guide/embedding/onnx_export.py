"""A sentence-transformers model → its ONNX graph in the cache, compared with the model it was made from.

Pooling and normalisation are part of the graph, and so are the tokens' vectors: whoever runs it needs numpy and nothing
of torch.
"""

import logging
import math
import os
import shutil
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
    from collections.abc import Callable, Iterator

    from sentence_transformers import SentenceTransformer
    from torch.nn import Module

BLOCK_SIZE = 128
"""How many weights share a scale in an export of 8 bits: with 32 a question's embedding takes a fifth longer."""

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
    sha256 = reference.identity.sha256
    return export_once(sha256, precision, lambda folder: _export(reference, precision, folder))


def export_once(weights_sha256: str, precision: Precision, make: "Callable[[Path], Export]") -> Export:
    """The export of these weights in the cache; unless it is there and whole, `make` writes it into an empty folder.

    Raises:
        ModelError: the cache can't be written. What `make` raises is passed on, and leaves nothing behind.
    """
    folder = export_folder(weights_sha256, precision)
    # Nobody else writes there while the lock is held; what an export left that was killed is in the way.
    building = folder.with_name(f".{folder.name}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            found = find_export(weights_sha256, precision)
            if found and not found.damaged():
                return found
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir()
            try:
                made = make(building)
                made.write()
                shutil.rmtree(folder, ignore_errors=True)
                building.rename(folder)
            finally:
                shutil.rmtree(building, ignore_errors=True)
            return replace(made, folder=folder)
    except OSError as error:
        raise ModelError(
            f"The exported model can't be written to {folder} ({error.strerror}); set GUIDE_CACHE to a folder that can."
        ) from error


def files_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of an export by its name; each becomes readable by all, as a shared cache needs it."""
    for path in folder.iterdir():
        path.chmod(0o644)
    return {path.name: file_sha256(path) for path in sorted(folder.iterdir())}


def _export(reference: SentenceEncoder, precision: Precision, building: Path) -> Export:
    if precision == "int8":
        whole = export(reference)
        for name in whole.files:
            shutil.copy(whole.folder / name, building / name)
        quantise_blocks(building, BLOCK_SIZE)
        dimension, pad_id = whole.dimension, whole.pad_id
    else:
        pad_id = write_tokenizer(reference.model, building)
        _write_model(reference.model, building)
        dimension = reference.model.get_embedding_dimension() or 0
    unchecked = Export(building, dimension, pad_id, Agreement(1.0, 1.0), files_of(building))
    agreement = measure_agreement(reference, OnnxEncoder(unchecked, reference.identity, batch_size=4))
    if precision == "float32" and agreement.least < LEAST_COSINE:
        raise ModelError(
            f"The exported {reference.name} differs from the model itself (least cosine {agreement.least_cosine}, "
            f"of tokens {agreement.least_token_cosine}); set GUIDE_RUNTIME=torch to do without the export."
        )
    return replace(unchecked, agreement=agreement)


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


def write_tokenizer(model: "SentenceTransformer", folder: Path) -> int:
    """Writes the tokenizer, set to cut texts off where the model does; the id of what fills up a batch."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.enable_truncation(model.max_seq_length or model.tokenizer.model_max_length)
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    return int(model.tokenizer.pad_token_id or 0)


def _write_model(model: "SentenceTransformer", folder: Path) -> None:
    import torch
    from torch.nn.functional import normalize

    class Vectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            out = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return normalize(out["sentence_embedding"], dim=1), normalize(out["token_embeddings"], dim=2)

    write_graph(Vectors(), folder, ["texts", "tokens"], model.max_seq_length or 512)


def write_graph(module: "Module", folder: Path, outputs: list[str], longest: int) -> None:
    """Writes the ONNX graph of a module that turns `input_ids` and `attention_mask`, `(texts, tokens)`, into `outputs`;
    `longest` is the most tokens that it reads.

    Raises:
        ModelError: torch can't export it.
    """
    import torch
    from torch.onnx import export as export_to_onnx

    # Two rows of different length, so that neither size is taken for a constant.
    ids = torch.full((2, 7), 100, dtype=torch.int64)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    sizes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", min=2, max=longest)}
    with _quiet(), torch.inference_mode():
        program = export_to_onnx(
            module.eval(),
            (ids, mask),
            dynamo=True,
            input_names=["input_ids", "attention_mask"],
            output_names=outputs,
            dynamic_shapes=(sizes, sizes),
            verbose=False,
        )
    if program is None:
        raise ModelError("torch didn't export the model; set GUIDE_RUNTIME=torch to do without the export.")
    # The weights in a file of their own can be mapped: of the largest matrix, the vocabulary's, few rows are ever read.
    program.save(str(folder / GRAPH_FILE), external_data=True)


def quantise_blocks(folder: Path, block_size: int) -> None:
    """Turns the weights of matrix products into whole numbers of 8 bits, each block of `block_size` with a scale of its
    own. Larger blocks are quicker and less exact: of 32, a fifth of the error of one scale a channel, and half of its
    gain in speed.
    """
    os.environ.update(QUIET)
    import onnx

    with _quiet():
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        model = onnx.load(folder / GRAPH_FILE)
        # At level 4 the products themselves are of whole numbers too.
        quantiser = MatMulNBitsQuantizer(model, bits=8, block_size=block_size, is_symmetric=True, accuracy_level=4)
        quantiser.process()
        for file in (GRAPH_FILE, WEIGHTS_FILE):
            (folder / file).unlink()
        onnx.save(
            quantiser.model.model,
            folder / GRAPH_FILE,
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=WEIGHTS_FILE,
        )


@contextmanager
def _quiet() -> "Iterator[None]":
    """Without the exporter's warnings, which are on what other models may need, and without the log that it sets up."""
    root = logging.root
    disabled, level, handlers = root.manager.disable, root.level, root.handlers[:]
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        root.setLevel(level)
        root.handlers[:] = handlers
