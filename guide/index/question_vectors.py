"""The questions that people ask, as vectors: which of a passage's questions comes nearest to what is searched for.

What people write resembles another person's question more than it resembles an article. Of each passage the questions
whose embeddings are nearest are compared token by token, as `guide.index.token_vectors` does with passages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from guide.embedding.encoder import Encoded
from guide.index.mapped_arrays import concatenated, joined_offsets, prefetch
from guide.index.vectors import EmbeddingMatrix

Float32Vectors = NDArray[np.float32]

COMPARED = 6
"""How many of a passage's questions, the nearest by their embeddings, are compared token by token."""

COUNTED = 3
"""How many of these count, the best of them as much as all together: questions that agree are worth more than one."""


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """The vectors of the questions of passages, passage by passage."""

    first: NDArray[np.int64]
    """`(passages + 1,)`: each passage's first question, and at the end how many questions there are."""
    texts: EmbeddingMatrix
    """`(questions, dim)`: the embedding of each question."""
    tokens: NDArray[np.float16]
    """`(tokens, dim)`: the vector of each token of the questions in its context."""
    starts: NDArray[np.int64]
    """`(questions + 1,)`: the row of each question's first token."""


@dataclass(frozen=True, slots=True)
class QuestionMatch:
    """How well passages' questions match the texts that are searched for, -1..1."""

    passages: Float32Vectors
    """`(passages, texts)`: how well the best of each passage's questions match each text."""
    numbers: tuple[NDArray[np.int64], ...]
    """For each passage the places, among its own questions, of those that were compared."""
    scores: tuple[Float32Vectors, ...]
    """For each passage and each of these questions, late interaction with the first text."""
    support: Float32Vectors
    """`(tokens,)`: how near each token of the texts comes to any token of the questions compared."""


def question_vectors(encoded: Encoded | None, counts: Sequence[int], dimension: int) -> QuestionVectors:
    """The vectors of `encoded` questions, of which each passage has so many; of none where nothing is encoded."""
    first = np.cumsum([0, *counts], dtype=np.int64)
    if encoded is None:
        nothing = np.zeros((0, dimension), dtype=np.float32)
        return QuestionVectors(first, nothing, np.zeros((0, dimension), dtype=np.float16), np.zeros(1, dtype=np.int64))
    return QuestionVectors(first, encoded.texts, encoded.tokens.astype(np.float16), encoded.starts.astype(np.int64))


def merge_questions(parts: Sequence[QuestionVectors]) -> QuestionVectors:
    """The vectors of the questions of several articles, one after the other."""
    return QuestionVectors(
        joined_offsets([part.first for part in parts]),
        concatenated([part.texts for part in parts]),
        concatenated([part.tokens for part in parts]),
        joined_offsets([part.starts for part in parts]),
    )


def slice_questions(questions: QuestionVectors, first: int, end: int) -> QuestionVectors:
    """The vectors of the questions of the passages from `first` to before `end`."""
    held = questions.first[first : end + 1]
    starts = questions.starts[held[0] : held[-1] + 1]
    return QuestionVectors(
        held - held[0],
        questions.texts[held[0] : held[-1]],
        np.array(questions.tokens[starts[0] : starts[-1]]),
        starts - starts[0],
    )


def question_similarities(
    questions: QuestionVectors, rows: NDArray[np.int64], texts: Float32Vectors
) -> tuple[Float32Vectors, ...]:
    """For each of the passages `rows` the similarities of the embeddings of its questions to those of the `texts`,
    `(questions, texts)`.
    """
    return tuple(
        np.asarray(questions.texts[first:end], dtype=np.float32) @ texts.T
        for first, end in zip(questions.first[rows].tolist(), questions.first[rows + 1].tolist(), strict=True)
    )


def match_questions(
    encoded: Encoded,
    weights: Float32Vectors,
    questions: QuestionVectors,
    rows: Sequence[int],
    similarities: Sequence[Float32Vectors],
    missing: Float32Vectors,
) -> QuestionMatch:
    """How well the questions of the passages `rows` match the `encoded` texts; `weights`, `(tokens, texts)`, are 0 for
    the tokens of other texts; `similarities` is what `question_similarities` gives for these rows. `missing`,
    `(passages, texts)`, is how well each question is taken to match that a passage has less than `COUNTED`.
    """
    firsts = questions.first[np.asarray(rows, dtype=np.int64)]
    numbers = tuple(map(nearest_questions, similarities))
    compared = np.concatenate([first + found for first, found in zip(firsts, numbers, strict=True)] or [firsts])
    nearest = _by_question(encoded.tokens, questions, compared)
    scores = nearest @ (weights / np.maximum(weights.sum(axis=0), np.float32(1e-9)))
    borders = np.cumsum([0, *map(len, numbers)]).tolist()
    by_passage = [scores[start:end] for start, end in pairwise(borders)]
    return QuestionMatch(
        passages=np.array(
            [_together(found, other) for found, other in zip(by_passage, missing, strict=True)], dtype=np.float32
        ).reshape(missing.shape),
        numbers=numbers,
        scores=tuple(found[:, 0] for found in by_passage),
        support=nearest.max(axis=0, initial=-1.0),
    )


def _together(scores: Float32Vectors, missing: Float32Vectors) -> Float32Vectors:
    """`(texts,)`: how well a passage's questions match, by `(questions, texts)`: the mean of the best one and of the
    mean of the best `COUNTED`.
    """
    few = max(0, COUNTED - len(scores))
    best = np.sort(np.vstack([scores, np.repeat(missing[None], few, axis=0)]), axis=0)[: -COUNTED - 1 : -1]
    top = scores.max(axis=0) if len(scores) else missing
    mean: Float32Vectors = (top + best.mean(axis=0)) / 2
    return mean


def nearest_questions(similarities: Float32Vectors) -> NDArray[np.int64]:
    """The numbers, in order, of the questions nearest to any of the texts, by `(questions, texts)`."""
    if len(similarities) <= COMPARED:
        return np.arange(len(similarities))
    return np.sort(np.argsort(-similarities.max(axis=1), kind="stable")[:COMPARED])


def _by_question(tokens: Float32Vectors, questions: QuestionVectors, numbers: NDArray[np.int64]) -> Float32Vectors:
    """`(numbers, tokens)`: how near each token comes to any token of each of these questions."""
    best = np.full((len(numbers), len(tokens)), -1.0, dtype=np.float32)
    places = list(zip(questions.starts[numbers].tolist(), questions.starts[numbers + 1].tolist(), strict=True))
    sizes = np.array([end - start for start, end in places], dtype=np.int64)
    held = np.flatnonzero(sizes)
    if len(held) and len(tokens):
        prefetch(questions.tokens, places)
        vectors = np.concatenate([questions.tokens[start:end] for start, end in places]).astype(np.float32)
        best[held] = np.maximum.reduceat(vectors @ tokens.T, (np.cumsum(sizes) - sizes)[held], axis=0)
    return best
