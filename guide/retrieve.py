"""Query × index → hits, best first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from guide.encoder import Encoder
from guide.index import Index, tokens
from guide.records import Hit, Passage, PointHit, Query

BM25_WEIGHT = 0.1
"""Of BM25, scaled to 0..1 over the candidates, beside the embeddings' similarities; see docs/retrieval.md."""

CANDIDATES = 50
"""How many passages, and how many passages of points, FAISS hands over to be scored exactly."""

POINT_MARGIN = 0.12
"""A point answers along with the best one if its similarity is at most this much lower."""

MAX_POINTS = 4


@dataclass(frozen=True, slots=True)
class Signals:
    """What a hit's score was made of, each row of candidates scored alike."""

    passage: float
    point: float
    bm25: float


def retrieve(
    query: Query,
    index: Index,
    encoder: Encoder,
    *,
    limit: int = 5,
    allowed: Callable[[Passage], bool] = lambda passage: True,
) -> tuple[Hit, ...]:
    """At most `limit` passages of those `allowed`, best first, with the points that answer.

    A passage's score is the mean of its own similarity to the query and its best point's, both cosines, and a little
    BM25: a passage's embedding says what it is about, a point's whether the answer stands in it.
    """
    vector = encoder.encode([query.text])
    rows = _candidates(vector, index)
    rows = [row for row in rows if allowed(index.passages[row])]
    if not rows:
        return ()
    by_passage = index.passage_embeddings[rows] @ vector[0]
    starts = index.point_starts
    by_point = [index.point_embeddings[starts[row] : starts[row + 1]] @ vector[0] for row in rows]
    best_point = np.array([scores.max() for scores in by_point])
    score = (by_passage + best_point) / 2 + BM25_WEIGHT * _bm25(query, index, rows)
    # A stable sort, so that passages of the same score keep the order of the article.
    order = np.argsort(-score, kind="stable")[:limit]
    return tuple(
        Hit(index.passages[rows[place]], _answering(index.passages[rows[place]], by_point[place]), float(score[place]))
        for place in order
    )


def _candidates(vector: np.ndarray, index: Index) -> list[int]:
    """Rows of the passages that may matter: those near the query and those with a point near it."""
    _, near = index.passage_search.search(vector, min(CANDIDATES, len(index.passages)))
    _, points = index.point_search.search(vector, min(4 * CANDIDATES, len(index.point_embeddings)))
    owners = np.searchsorted(index.point_starts, points[0], side="right") - 1
    return sorted({*near[0].tolist(), *owners.tolist()})


def _bm25(query: Query, index: Index, rows: list[int]) -> np.ndarray:
    """BM25 scores of the rows, scaled to 0..1."""
    known = [token for token in tokens(query.text) if token in index.bm25.vocab_dict]
    if not known:
        return np.zeros(len(rows), dtype=np.float32)
    scores = index.bm25.get_scores(known)[rows]
    spread = scores.max() - scores.min()
    return (scores - scores.min()) / spread if spread > 0 else np.zeros(len(rows), dtype=np.float32)


def _answering(passage: Passage, scores: np.ndarray) -> tuple[PointHit, ...]:
    order = np.argsort(-scores, kind="stable")[:MAX_POINTS]
    return tuple(
        PointHit(passage.points[place], float(scores[place]))
        for place in order
        if scores[place] >= scores[order[0]] - POINT_MARGIN
    )
