"""What questions read of passages, kept as it was read: most of a question's bytes, and the same passages are looked at
again and again.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Any, LiteralString, TypeVar

import numpy as np

from guide.index.question_vectors import QuestionVectors, nearest_questions
from guide.index.token_vectors import TokenVectors
from guide.postgres.candidates import FoundPassage, Place, RunStatement, StoredPassage, read_passages
from guide.postgres.rows import StoredTokens, token_vectors_of, vectors_of_bytes
from guide.recent import RecentlyRead

KEPT_BYTES = 128 * 1024 * 1024
"""How much is kept of passages' embeddings and words, as much again of their tokens, and of those of questions."""

_TOKENS: LiteralString = """
    select w.at, t.ids, t.segments, t.vectors
    from unnest(%(ids)s::text[], %(numbers)s::int[]) with ordinality as w(id, number, at)
    join tokens t on t.article_id = w.id and t.passage = w.number
"""
_QUESTIONS: LiteralString = """
    select w.at, q.tokens
    from unnest(%(ids)s::text[], %(passages)s::int[], %(numbers)s::int[]) with ordinality as w(id, passage, number, at)
    join questions q on q.article_id = w.id and q.passage = w.passage and q.number = w.number
"""

KeptKey = TypeVar("KeptKey", bound=Hashable)
KeptValue = TypeVar("KeptValue")


class KeptPassages:
    """Passages with their vectors, by their article's version: read when they are first asked for."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._passages = RecentlyRead[StoredPassage](KEPT_BYTES)
        self._tokens = RecentlyRead[StoredTokens](KEPT_BYTES)
        self._questions = RecentlyRead[bytes](KEPT_BYTES)

    def passages(self, run: RunStatement, places: Sequence[Place]) -> dict[Place, StoredPassage]:
        """These passages, in their order."""

        def read(missing: Sequence[Place]) -> Iterable[tuple[int, StoredPassage]]:
            return read_passages(run, missing, self._dimension)

        return _kept(self._passages, places, read, lambda passage: passage.size)

    def tokens(self, run: RunStatement, found: Sequence[FoundPassage]) -> TokenVectors:
        """The token vectors of these passages, in their order."""

        def read(missing: Sequence[Place]) -> Iterable[tuple[int, StoredTokens]]:
            values = {"ids": [place.article_id for place in missing], "numbers": [place.number for place in missing]}
            for at, ids, segments, vectors in run(_TOKENS, values):
                yield at - 1, StoredTokens(np.asarray(ids, np.int32), np.asarray(segments, np.int64), vectors)

        places = [one.place for one in found]
        kept = _kept(self._tokens, places, read, lambda tokens: len(tokens.vectors))
        return token_vectors_of(list(kept.values()), self._dimension)

    def questions(self, run: RunStatement, found: Sequence[FoundPassage]) -> QuestionVectors:
        """The vectors of the questions of these passages, in their order; tokens only of those that are compared."""

        def read(missing: Sequence[tuple[Place, int]]) -> Iterable[tuple[int, bytes]]:
            values: dict[str, Any] = {
                "ids": [place.article_id for place, _ in missing],
                "passages": [place.number for place, _ in missing],
                "numbers": [number for _, number in missing],
            }
            return ((at - 1, tokens) for at, tokens in run(_QUESTIONS, values))

        wanted = [
            (one.place, number) for one in found for number in nearest_questions(one.question_similarities).tolist()
        ]
        kept = _kept(self._questions, wanted, read, len)
        counts = [len(one.question_similarities) for one in found]
        by_question = [
            kept.get((one.place, number), b"")
            for one, count in zip(found, counts, strict=True)
            for number in range(count)
        ]
        return QuestionVectors(
            first=np.cumsum([0, *counts], dtype=np.int64),
            texts=np.zeros((0, self._dimension), dtype=np.float32),  # compared already
            tokens=vectors_of_bytes(b"".join(by_question), self._dimension),
            starts=np.cumsum([0, *(len(held) // (2 * self._dimension) for held in by_question)], dtype=np.int64),
        )


def _kept(
    recent: RecentlyRead[KeptValue],
    keys: Collection[KeptKey],
    read: Callable[[Sequence[KeptKey]], Iterable[tuple[int, KeptValue]]],
    size: Callable[[KeptValue], int],
) -> dict[KeptKey, KeptValue]:
    """The value of each of `keys`, in their order; `read` gives those that aren't kept yet, by their places among the
    keys that it is given.
    """
    found = {key: recent.find(key) for key in keys}
    missing = [key for key, value in found.items() if value is None]
    for at, value in read(missing) if missing else ():
        found[missing[at]] = value
        recent.keep(missing[at], value, size(value))
    return {key: value for key, value in found.items() if value is not None}
