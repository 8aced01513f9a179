"""Late interaction: a question's tokens, each compared with every token of a passage in its context.

The score is ColBERT's MaxSim (Khattab and Zaharia 2020, doi 10.1145/3397271.3401075) over the token vectors of the same
model that makes the embeddings, with each token of the question weighted by how few passages it stands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from guide.embedding.encoder import Encoded
from guide.index.mapped_arrays import concatenated, joined_offsets, prefetch

Float32Array = NDArray[np.float32]
"""An array in single precision, of any shape."""

FLOAT32_COPY_TOKENS = 1 << 14
"""How many tokens, of some 130 passages, have their vectors kept in single precision too: 25 MB."""


@dataclass(frozen=True)
class TokenVectors:
    """The token vectors of all passages, each passage's cut into segments: its heading's tokens, then each point's.

    Held in half precision and mapped from disk, so that a large corpus costs disk and not memory.
    """

    vectors: NDArray[np.float16]
    """`(tokens, dim)`: the vector of each token in its context, of unit length."""
    ids: NDArray[np.int32]
    """`(tokens,)`: which token of the model's vocabulary each is."""
    segments: NDArray[np.int64]
    """`(segments + 1,)`: the row where each segment starts."""
    first_segments: NDArray[np.int64]
    """`(passages + 1,)`: each passage's first segment."""
    frequencies: NDArray[np.int32]
    """`(vocabulary,)`: in how many passages each token of the model's vocabulary stands, up to the highest one seen."""

    @cached_property
    def float32_copy(self) -> Float32Array | None:
        """The token vectors in single precision, converted once; nothing if there are too many to keep."""
        return self.vectors.astype(np.float32) if len(self.vectors) <= FLOAT32_COPY_TOKENS else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How well passages' tokens match a question's; similarities in -1..1. Of several questions each array but
    `support` has one more axis: the question.
    """

    passages: Float32Array
    """`(passages,)`: how well each passage as a whole matches the question."""
    points: tuple[Float32Array, ...]
    """For each passage `(points,)`: how well each point matches, read together with the headings above it."""
    best_points: Float32Array
    """`(passages,)`: how well each passage's best point matches."""
    headings: Float32Array
    """`(passages,)`: how well each passage's headings match by themselves."""
    support: Float32Array
    """`(tokens,)`: how near each of the question's tokens comes to any token of the passages."""


def token_vectors(encoded: Encoded, boundaries: Sequence[Sequence[int]]) -> TokenVectors:
    """The token vectors of passages whose segments start at the characters `boundaries` of the texts encoded."""
    sizes: list[int] = []
    for row, starts in enumerate(boundaries):
        begins = encoded.spans[encoded.starts[row] : encoded.starts[row + 1], 0]
        segment = np.searchsorted(starts, begins, side="right") - 1
        sizes.extend(np.bincount(segment, minlength=len(starts)).tolist())
    segments = np.cumsum([0, *sizes], dtype=np.int64)
    first_segments = np.cumsum([0, *(len(starts) for starts in boundaries)], dtype=np.int64)
    return _with_frequencies(encoded.tokens.astype(np.float16), encoded.ids, segments, first_segments)


def merge(parts: Sequence[TokenVectors]) -> TokenVectors:
    """The token vectors of several articles, one after the other."""
    return _with_frequencies(
        concatenated([part.vectors for part in parts]),
        concatenated([part.ids for part in parts]),
        joined_offsets([part.segments for part in parts]),
        joined_offsets([part.first_segments for part in parts]),
    )


def slice_rows(tokens: TokenVectors, first: int, end: int) -> TokenVectors:
    """The token vectors of the passages from `first` to before `end`."""
    first_segments = tokens.first_segments[first : end + 1]
    segments = tokens.segments[first_segments[0] : first_segments[-1] + 1]
    rows = slice(segments[0], segments[-1])
    return _with_frequencies(
        np.array(tokens.vectors[rows]), tokens.ids[rows], segments - segments[0], first_segments - first_segments[0]
    )


def _with_frequencies(
    vectors: NDArray[np.float16], ids: NDArray[np.int32], segments: NDArray[np.int64], first_segments: NDArray[np.int64]
) -> TokenVectors:
    frequencies = np.zeros(int(ids.max(initial=-1)) + 1, dtype=np.int32)
    starts = segments[first_segments]
    for start, end in pairwise(starts.tolist()):
        frequencies[np.unique(ids[start:end])] += 1
    return TokenVectors(vectors, ids, segments, first_segments, frequencies)


def token_weights(ids: NDArray[np.int32], parts: Sequence[TokenVectors]) -> Float32Array:
    """The weight of each token of a question: the inverse of how many passages of all `parts` it stands in, since what
    stands everywhere tells them apart the least.
    """
    passages = sum(len(part.first_segments) - 1 for part in parts)
    frequency = np.zeros(len(ids), dtype=np.int64)
    for part in parts:
        known = ids < len(part.frequencies)
        frequency[known] += part.frequencies[ids[known]]
    return np.log1p((passages - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


def compare(question: Float32Array, weights: Float32Array, tokens: TokenVectors, rows: Sequence[int]) -> Comparison:
    """How well the passages `rows` match the question, whose tokens are `(n, dim)` and their weights `(n,)`; or several
    questions, whose tokens follow one another and whose weights are `(n, questions)`, 0 for the tokens of others.
    """
    if not len(rows):
        none = np.zeros((0, *weights.shape[1:]), dtype=np.float32)
        return Comparison(none, (), none, none, np.full(len(question), -1.0, dtype=np.float32))
    best, sizes = _by_segment(question, tokens, np.asarray(rows, dtype=np.int64))
    weights = weights / np.maximum(weights.sum(axis=0), np.float32(1e-9))
    headings = np.cumsum(sizes) - sizes
    nearest = np.maximum.reduceat(best, headings, axis=0)
    by_segment = np.maximum(best, best[np.repeat(headings, sizes)]) @ weights
    begins = headings.tolist()
    return Comparison(
        passages=nearest @ weights,
        points=tuple(by_segment[start + 1 : end] for start, end in pairwise([*begins, len(best)])),
        # No point's score is lower than its heading's.
        best_points=np.maximum.reduceat(by_segment, headings),
        headings=by_segment[headings],
        support=nearest.max(axis=0),
    )


def _by_segment(
    question: Float32Array, tokens: TokenVectors, rows: NDArray[np.int64]
) -> tuple[Float32Array, NDArray[np.int64]]:
    """`(segments, n)`: how near each token of the question comes to any token of each segment of the passages `rows`,
    one passage after the other; and how many segments each passage has.
    """
    firsts, ends = tokens.first_segments[rows], tokens.first_segments[rows + 1]
    sizes = ends - firsts
    chosen = np.arange(int(sizes.sum())) + np.repeat(firsts - np.cumsum(sizes) + sizes, sizes)
    if tokens.float32_copy is not None:
        # One product over all passages takes less time than forty over forty of them.
        vectors, starts = tokens.float32_copy, tokens.segments
    else:
        places = list(zip(tokens.segments[firsts].tolist(), tokens.segments[ends].tolist(), strict=True))
        prefetch(tokens.vectors, places)
        vectors = np.concatenate([tokens.vectors[first:end] for first, end in places]).astype(np.float32)
        starts = np.append(0, np.cumsum(tokens.segments[chosen + 1] - tokens.segments[chosen]))
        chosen = np.arange(len(chosen))
    best = np.full((len(starts) - 1, len(question)), -1.0, dtype=np.float32)
    # Segments beyond what the model reads of a passage hold no tokens.
    held = np.flatnonzero(np.diff(starts))
    if len(held) and len(question):
        best[held] = np.maximum.reduceat(vectors @ question.T, starts[held], axis=0)
    return best[chosen], sizes
