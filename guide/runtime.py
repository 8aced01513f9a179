"""Which encoder runs the model: ONNX Runtime on its export, or sentence-transformers itself."""

import os
import sys

from guide.config import Config
from guide.encoder import ModelIdentity, SentenceEncoder
from guide.errors import ModelError
from guide.model_cache import Export, Precision, find_export
from guide.onnx_encoder import OnnxEncoder

ModelEncoder = OnnxEncoder | SentenceEncoder


def open_encoder(config: Config, indexed: ModelIdentity) -> ModelEncoder:
    """The encoder for questions to an index that the model `indexed` made; where the cache holds the export of that
    model, nothing else of it is needed.

    Raises:
        ModelError: the model isn't here, or can't be exported.
    """
    if config.runtime == "torch":
        return SentenceEncoder(config.model)
    reference = None if indexed.name == config.model else SentenceEncoder(config.model)
    identity = reference.identity if reference else indexed
    found = find_export(identity.sha256, _precision(config))
    if found is None:
        reference = reference or SentenceEncoder(config.model)
        identity, found = reference.identity, _exported(reference, _precision(config))
    return OnnxEncoder(found, identity)


def open_builder(config: Config) -> ModelEncoder:
    """The encoder for building an index, on all cores; a damaged export is made anew.

    Raises:
        ModelError: the model isn't here, or can't be exported.
    """
    reference = SentenceEncoder(config.model)
    if config.runtime == "torch":
        return reference
    found = find_export(reference.identity.sha256, _precision(config))
    if found is None or found.damaged():
        found = _exported(reference, _precision(config))
    return OnnxEncoder(found, reference.identity, threads=os.cpu_count() or 1)


def _precision(config: Config) -> Precision:
    return "int8" if config.runtime == "onnx-int8" else "float32"


def _exported(reference: SentenceEncoder, precision: Precision) -> Export:
    print(
        f"guide: {reference.name} is exported to ONNX, once for all indexes; that takes about 15 seconds.",
        file=sys.stderr,
        flush=True,
    )
    try:
        from guide.onnx_export import export

        return export(reference, precision)
    except ImportError as error:
        raise ModelError(
            f"{reference.name} isn't in the cache of exported models, and exporting it needs {error.name}, which isn't "
            "installed; install it, or set GUIDE_CACHE to a cache that holds the model."
        ) from error
