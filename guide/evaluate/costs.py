"""What each stage of a search takes, each called by itself with what the search hands it.

Searches with and without a stage can't be compared: the stages take a millisecond or less, and what ran just before
moves a whole search by as much. Late interaction runs in any case, for the points that answer.
"""

import timeit
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from statistics import median

import numpy as np

from guide.embedding.encoder import Encoded, Encoder
from guide.errors import QuestionError
from guide.evaluate.search import Asked, Collection
from guide.index.bm25 import bm25_shares
from guide.index.index import Index
from guide.index.state import CANDIDATES
from guide.index.token_vectors import compare, token_weights
from guide.query.spelling import correct_spelling
from guide.retrieval.retrieve import RERANKED

TIMED = 100
"""How many questions of a set are timed, spread evenly over it."""

Costs = dict[str, float]
"""Median milliseconds for a question, by stage. A stage that no question needs isn't here."""


def costs(asked: Sequence[tuple[Asked, Collection]], encoder: Encoder) -> Costs:
    """What each stage takes for the questions `asked`; `follow-ups` for those that have a history.

    `encoder` embeds anew each time. A question that can't be used is left out.
    """
    times: dict[str, list[float]] = {}
    for question, collection in asked[:: max(1, len(asked) // TIMED)]:
        with suppress(QuestionError):
            for name, call in _calls(question.question, collection, encoder):
                times.setdefault(name, []).append(_ms(call))
    for question, collection in [one for one in asked if one[0].history][:TIMED]:
        with suppress(QuestionError):
            alone = partial(collection.resolve, Asked(question.question))
            times.setdefault("follow-ups", []).append(_ms(partial(collection.resolve, question)) - _ms(alone))
    return {name: median(found) for name, found in times.items()}


def _calls(question: str, collection: Collection, encoder: Encoder) -> Iterator[tuple[str, Callable[[], object]]]:
    """The stages by name, each ready to be called."""
    asked = Asked(question)
    query, index = collection.resolve(asked), collection.index
    encoded = collection.encoder.encode(query.texts)
    yield "spelling", partial(correct_spelling, asked.question, collection.lexicon)
    yield "embedding", partial(encoder.encode, query.texts)
    if not isinstance(index, Index):
        return  # the stages within a database can't be timed one by one
    yield "passages", partial(_search_passages, index, encoded)
    yield "points", partial(_search_points, index, encoded)
    yield "BM25", partial(_match_words, index, query.texts)
    yield "late interaction", partial(_interact, index, encoded)


def _search_passages(index: Index, encoded: Encoded) -> None:
    for segment in index.segments:
        segment.passage_search.search(encoded.texts, min(CANDIDATES, len(segment.embeddings.passages)))


def _search_points(index: Index, encoded: Encoded) -> None:
    for segment in index.segments:
        segment.point_search.search(encoded.texts, min(4 * CANDIDATES, len(segment.embeddings.points)))


def _match_words(index: Index, texts: Sequence[str]) -> None:
    postings = [segment.postings for segment in index.segments]
    for text in texts:
        bm25_shares(text, postings)


def _interact(index: Index, encoded: Encoded) -> None:
    weights = token_weights(encoded.ids, [segment.embeddings.tokens for segment in index.segments])
    # As many passages as a search reads, spread over the index; which ones they are makes no difference.
    read = RERANKED // len(index.segments) or 1
    for segment in index.segments:
        rows = np.linspace(
            0, len(segment.embeddings.passages) - 1, min(read, len(segment.embeddings.passages)), dtype=np.int64
        )
        compare(encoded.tokens, weights, segment.embeddings.tokens, rows.tolist())


def _ms(call: Callable[[], object]) -> float:
    """The best of three: what else the machine does, and what a first call sets up, only ever makes it slower."""
    return 1000 * min(timeit.repeat(call, repeat=3, number=1))
