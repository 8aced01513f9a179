"""Which encoder runs the model: ONNX Runtime on its export, or sentence-transformers itself."""

import os
from collections.abc import Sequence
from functools import cached_property

from guide.config import Config
from guide.embedding.encoder import LEAST_COSINE, Encoded, ModelIdentity, SentenceEncoder
from guide.embedding.model_cache import Export, Precision, find_export, say_exporting
from guide.embedding.onnx_encoder import OnnxEncoder
from guide.errors import ModelError

LEAST_COSINE_IN_BLOCKS = 0.99
"""Below it a model loses too much by weights of 8 bits; all-MiniLM-L6-v2 reaches .995."""

MANY_TEXTS = 500
"""How many texts make it worth while to load sentence-transformers, which then embeds them faster."""


def open_encoder(config: Config, indexed: ModelIdentity) -> OnnxEncoder | SentenceEncoder:
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
    if found.agreement.least < LEAST_COSINE_IN_BLOCKS:
        # It was made from that one.
        found = find_export(identity.sha256, "float32") or found
    return OnnxEncoder(found, identity)


def open_builder(config: Config) -> "Builder | SentenceEncoder":
    """The encoder for building an index, on all cores; a damaged export is made anew, and what questions to the index
    need is exported, too.

    Raises:
        ModelError: the model isn't here, or can't be exported.
    """
    reference = SentenceEncoder(config.model)
    if config.runtime == "torch":
        return reference
    _whole(reference, _precision(config))
    return Builder(
        OnnxEncoder(_whole(reference, "float32"), reference.identity, threads=os.cpu_count() or 1), reference
    )


def _whole(reference: SentenceEncoder, precision: Precision) -> Export:
    found = find_export(reference.identity.sha256, precision)
    return found if found and not found.damaged() else _exported(reference, precision)


def _precision(config: Config) -> Precision:
    """With which weights questions are embedded."""
    return "int8" if config.runtime == "onnx" else "float32"


class Builder:
    """Embeds a few texts by ONNX Runtime, which starts at once, and many by sentence-transformers in 16 bits, which
    takes seconds to load, and then half the time.
    """

    def __init__(self, few: OnnxEncoder, reference: SentenceEncoder) -> None:
        """`few` embeds a few texts; from `reference` comes what embeds many."""
        self.identity, self.agreement = few.identity, few.agreement
        self._few, self._reference = few, reference

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts`, cut off where the model stops reading.

        Raises:
            ModelError: the model or its export can't be loaded.
        """
        return (self._many if len(texts) >= MANY_TEXTS else self._few).encode(texts)

    @cached_property
    def _many(self) -> OnnxEncoder | SentenceEncoder:
        if not _multiplies_bfloat16():
            return self._few
        from guide.embedding.onnx_export import measure_agreement

        quick = SentenceEncoder(self._reference.name, batch_size=32, bfloat16=True)
        agreement = measure_agreement(self._reference, quick)
        return quick if agreement.least > LEAST_COSINE else self._few


def _multiplies_bfloat16() -> bool:
    """Whether the processor has matrix units for it; without them 16 bits are slower than 32."""
    import torch

    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


def _exported(reference: SentenceEncoder, precision: Precision) -> Export:
    say_exporting(reference.name)
    try:
        from guide.embedding.onnx_export import export

        return export(reference, precision)
    except ImportError as error:
        raise ModelError(
            f"{reference.name} isn't in the cache of exported models, and exporting it needs {error.name}, which isn't "
            "installed; install it, or set GUIDE_CACHE to a cache that holds the model."
        ) from error
