"""Query × index → hits, best first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guide.encoder import Encoded
from guide.index import Index
from guide.late_interaction import compare, token_weights
from guide.lexical import bm25_scores
from guide.points import answering_points
from guide.records import Hit, Passage, Query

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each stage counts towards a passage's score; docs/retrieval.md has what each adds.

    Found on the development questions and FeedbackQA's training questions; scores within a factor of two of these rank
    about as well.
    """

    passage: float = 0.25
    """The similarity of the passage's embedding: what the passage is about."""
    point: float = 0.25
    """That of its best point's: whether the answer stands in it."""
    bm25: float = 0.25
    """The share of the question's words that stand in it, BM25 weighted."""
    late_passage: float = 0.5
    """Late interaction with all of the passage."""
    late_point: float = 0.5
    """And with its best point and the headings above it."""

    @property
    def total(self) -> float:
        return self.passage + self.point + self.bm25 + self.late_passage + self.late_point


WEIGHTS = Weights()

CANDIDATES = 50
"""How many passages, and how many passages of points, each first stage hands over."""

RERANKED = 40
"""How many passages late interaction reads."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found, and what the confidence in it is judged by."""

    hits: tuple[Hit, ...]
    encoded: Encoded
    """The query's embedding and tokens."""
    support: Floats
    """`(tokens,)`: how near each of the query's tokens comes to any of the passages read, -1..1."""
    weights: Floats
    """`(tokens,)`: how much each token tells passages apart."""
    similarity: float
    """The greatest similarity of a passage's embedding, -1..1."""
    lead: float
    """How far the best hit's score is above the second's."""


def retrieve(
    query: Query,
    index: Index,
    encoded: Encoded,
    *,
    limit: int = 5,
    weights: Weights = WEIGHTS,
    allowed: Callable[[Passage], bool] = lambda passage: True,
) -> Retrieval:
    """At most `limit` passages of those `allowed`, best first, with the points that answer.

    `encoded` is the query's text, alone.
    """
    lexical = bm25_scores(query.text, index.bm25)
    rows = [row for row in _candidates(encoded.texts, lexical, index) if allowed(index.passages[row])]
    starts = index.point_starts
    by_passage = index.passage_embeddings[rows] @ encoded.texts[0]
    by_point = [index.point_embeddings[starts[row] : starts[row + 1]] @ encoded.texts[0] for row in rows]
    first = (
        weights.passage * by_passage
        + weights.point * np.array([scores.max() for scores in by_point], dtype=np.float32)
        + weights.bm25 * lexical[rows]
    )
    # Stable sorts, so that passages of the same score keep the order of their articles.
    kept = np.argsort(-first, kind="stable")[:RERANKED]
    token_weight = token_weights(encoded.ids, index.tokens)
    late = compare(encoded.tokens, token_weight, index.tokens, [rows[place] for place in kept])
    best_late = np.array([scores.max() for scores in late.points], dtype=np.float32)
    score = (first[kept] + weights.late_passage * late.passages + weights.late_point * best_late) / weights.total
    order = np.argsort(-score, kind="stable")
    hits = []
    for place in order[:limit]:
        passage = index.passages[rows[kept[place]]]
        text = index.texts[passage.article_id]
        heading = float(late.headings[place])
        points = answering_points(query.text, passage, text, by_point[kept[place]], late.points[place], heading)
        hits.append(Hit(passage, points, float(score[place])))
    return Retrieval(
        hits=tuple(hits),
        encoded=encoded,
        support=late.support,
        weights=token_weight,
        similarity=float(by_passage.max(initial=-1.0)),
        lead=float(score[order[0]] - score[order[1]]) if len(order) > 1 else 0.0,
    )


def _candidates(vector: Floats, lexical: Floats, index: Index) -> list[int]:
    """Rows of the passages that may matter: near the query, with a point near it, or with its words."""
    _, near = index.passage_search.search(vector, min(CANDIDATES, len(index.passages)))
    _, points = index.point_search.search(vector, min(4 * CANDIDATES, len(index.point_embeddings)))
    owners = np.searchsorted(index.point_starts, points[0], side="right") - 1
    worded = np.argpartition(-lexical, CANDIDATES)[:CANDIDATES] if len(lexical) > CANDIDATES else range(len(lexical))
    return sorted({*near[0].tolist(), *owners.tolist(), *(int(row) for row in worded)})
