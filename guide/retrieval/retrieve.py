"""Query × index → hits, best first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from guide.embedding.encoder import Encoded
from guide.index.bm25 import bm25_shares
from guide.index.index import Index
from guide.index.question_vectors import QuestionMatch, match_questions, question_similarities
from guide.index.segment import Segment
from guide.index.token_vectors import Comparison, compare, token_weights
from guide.index.vectors import nearest
from guide.records import ROLES, Hit, Passage, Query, SectionRole
from guide.retrieval.points import answering_points
from guide.retrieval.subject import NOWHERE, Nearness, nearness

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each stage counts towards a passage's score; docs/retrieval.md has what each adds.

    Found on the development questions and FeedbackQA's training questions; scores within a factor of two of these rank
    about as well. What weighs nothing isn't computed.
    """

    passage: float = 0.25
    """The similarity of the passage's embedding: what the passage is about."""
    point: float = 0.25
    """The similarity of the embedding of the passage's best point: whether the answer stands in it."""
    bm25: float = 0.25
    """The share of the question's words that stand in the passage, weighted as BM25 does, 0..1."""
    late_passage: float = 0.5
    """Late interaction of the question's tokens with all tokens of the passage."""
    late_point: float = 0.5
    """Late interaction with the tokens of the passage's best point and of the headings above it."""
    question: float = 1.25
    """Late interaction with the best of the questions that people ask and the passage answers; where no article has
    such questions, this counts for nothing."""


WEIGHTS = Weights()

UNASKED = 0.1
"""How much better than a passage's best point its questions match on average; a passage that has none, beside others
that have, is taken to match as well as its best point and this."""

NO_HUBS: Mapping[str, float] = MappingProxyType({})

CANDIDATES = 50
"""How many passages each first stage hands over: those whose embedding is nearest, those with the nearest points, those
with most of the question's words."""

RERANKED = 40
"""How many of the best candidates late interaction compares with the question."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found, and what the confidence in it is judged by."""

    hits: tuple[Hit, ...]
    encoded: Encoded
    """The embedding and tokens of the query's text."""
    support: Floats
    """`(tokens,)`: how near each of the query's tokens comes to any of the passages read, -1..1."""
    weights: Floats
    """`(tokens,)`: how much each token tells passages apart."""
    similarity: float
    """The greatest similarity of a passage's embedding, -1..1."""
    lead: float
    """How far the best hit's score is above the second's."""
    own_score: float
    """The best hit's score for the query's text alone, without its parts."""
    nearness: Nearness = NOWHERE
    """How near the query's text is to the subject of the articles."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The candidates of one segment."""

    segment: Segment
    rows: NDArray[np.int64]
    """`(candidates,)`: the passages' rows."""
    questions: tuple[Floats, ...]
    """For each candidate `(questions, texts)`: the similarity of its questions' embeddings to each of the texts."""
    passages: Floats
    """`(candidates, texts)`: the similarity of each passage's embedding to each of the query's texts."""
    points: tuple[Floats, ...]
    """For each candidate `(points,)`: the similarity of its points to the query's own text."""
    best_points: Floats
    """`(candidates, texts)`: the highest similarity of one of its points to each of the query's texts."""
    lexical: Floats
    """`(candidates, texts)`: each passage's share of each text's words."""

    @property
    def best_questions(self) -> Floats:
        """`(candidates, texts)`: the similarity of each passage's nearest question to each of the texts; that of its
        best point where it has no question.
        """
        best = self.best_points.copy()
        for place, similarities in enumerate(self.questions):
            if len(similarities):
                best[place] = similarities.max(axis=0)
        return best


def retrieve(
    query: Query,
    index: Index,
    encoded: Encoded,
    *,
    limit: int = 5,
    weights: Weights = WEIGHTS,
    roles: Collection[SectionRole] = ROLES,
    articles: Collection[str] = (),
    hubs: Mapping[str, float] = NO_HUBS,
) -> Retrieval:
    """At most `limit` passages of sections with these `roles`, best first, with the points that answer.

    `encoded` are the query's `texts`, alone. Of a query with parts each passage is scored for every text, and its score
    is the mean of theirs, by weight; points are chosen, and the confidence is judged, by the query's own text.
    `articles` are the ids of the articles to search; all of them without any. Candidates are then taken among these
    alone, as if there were no others; only how rare a word is, is counted over all. `hubs` are the passages that
    resemble whatever people write, by their ids, and how much less each of them scores for it.
    """
    counted = np.array([1.0, *(part.weight for part in query.parts)], dtype=np.float32)
    counted /= counted.sum()
    lexical = _lexical(query, index, weights)
    found = [
        _candidates(encoded.texts, shares, segment, weights, roles, articles)
        for segment, shares in zip(index.segments, lexical, strict=True)
    ]
    # A candidate is a place in all that follows: its segment, and its place among that segment's.
    places = [(number, place) for number, part in enumerate(found) for place in range(len(part.rows))]
    by_passage = np.concatenate([part.passages for part in found])
    by_point = [scores for part in found for scores in part.points]
    first_by_text = (
        weights.passage * by_passage
        + weights.point * np.concatenate([part.best_points for part in found])
        + weights.bm25 * np.concatenate([part.lexical for part in found])
    ).astype(np.float32)
    asked = bool(weights.question) and any(len(part.segment.embeddings.questions.texts) for part in found)
    first = first_by_text @ counted
    if asked:
        # Who asks as others have asked must come this far, whatever words the passage uses; they don't count further.
        first = first + weights.question * (np.concatenate([part.best_questions for part in found]) @ counted)
    # Where late interaction doesn't rank, only what is shown is read, for its points and how sure we are.
    read = RERANKED if weights.late_passage or weights.late_point else limit
    # Stable sorts, so that passages of the same score keep the order of their articles.
    kept = np.sort(np.argsort(-first, kind="stable")[:read])
    token_weight = token_weights(encoded.ids, [segment.embeddings.tokens for segment in index.segments])
    token_weights_by_text = _by_text(token_weight, encoded)
    late = _late([places[place] for place in kept], found, encoded, token_weights_by_text)
    late_by_text = weights.late_passage * late.passages + weights.late_point * late.best_points
    total = weights.passage + weights.point + weights.bm25 + weights.late_passage + weights.late_point
    matched = None
    if asked:
        missing = late.best_points + np.float32(UNASKED)
        matched = _matched([places[place] for place in kept], found, encoded, token_weights_by_text, missing)
        late_by_text += weights.question * matched.passages
        total += weights.question
    by_text = (first_by_text[kept] + late_by_text) / total
    score = by_text @ counted
    if hubs:
        # Whatever ranks below these can't come among the first: of these only the hubs fall behind.
        ranked = np.argsort(-score, kind="stable")[: max(limit, 2) + len(hubs)]
        score[ranked] -= [hubs.get(_passage(places[kept[rank]], found).id, 0.0) for rank in ranked]
    order = np.argsort(-score, kind="stable")
    hits = []
    for rank in order[:limit]:
        passage = _passage(places[kept[rank]], found)
        text = index.texts[passage.article_id]
        heading = float(late.headings[rank, 0])
        alike = dict(zip(matched.numbers[rank].tolist(), matched.scores[rank].tolist(), strict=True)) if matched else {}
        points = answering_points(
            query.text, passage, text, by_point[kept[rank]], late.points[rank][:, 0], heading, alike
        )
        hits.append(Hit(passage, points, float(score[rank])))
    own = encoded.only(0)
    # A story's question says little without what it is about; a follow-up must be answered by itself.
    own_weights = counted if query.answers else np.eye(1, len(counted), dtype=np.float32)[0]
    return Retrieval(
        hits=tuple(hits),
        encoded=own,
        support=late.support[: len(own.ids)],
        weights=token_weight[: len(own.ids)],
        similarity=float(by_passage[:, 0].max(initial=-1.0)),
        lead=float(score[order[0]] - score[order[1]]) if len(order) > 1 else 0.0,
        own_score=float(by_text[order[0]] @ own_weights) if len(order) else 0.0,
        nearness=_nearness(index, encoded, found),
    )


def _passage(place: tuple[int, int], found: Sequence[_Found]) -> Passage:
    """The passage of a candidate."""
    number, row = place
    return found[number].segment.articles.passage(int(found[number].rows[row]))


def _lexical(query: Query, index: Index, weights: Weights) -> list[Floats]:
    """For each segment `(passages, texts)`: each passage's share of the words of each of the query's texts."""
    postings = [segment.postings for segment in index.segments]
    by_text = [bm25_shares(text if weights.bm25 else "", postings) for text in query.texts]
    return [np.stack(shares, axis=1) for shares in zip(*by_text, strict=True)]


def _by_text(weights: Floats, encoded: Encoded) -> Floats:
    """`(tokens, texts)`: the weight of each token for its own text, 0 for the others."""
    text_of = np.repeat(np.arange(len(encoded.texts)), np.diff(encoded.starts))
    by_text = np.zeros((len(weights), len(encoded.texts)), dtype=np.float32)
    by_text[np.arange(len(weights)), text_of] = weights
    return by_text


def _rows_by_segment(places: Sequence[tuple[int, int]], found: Sequence[_Found]) -> list[list[int]]:
    """For each segment the passages' rows of the candidates at `places`."""
    rows: list[list[int]] = [[] for _ in found]
    for number, place in places:
        rows[number].append(int(found[number].rows[place]))
    return rows


def _matched(
    places: Sequence[tuple[int, int]], found: Sequence[_Found], encoded: Encoded, weights: Floats, missing: Floats
) -> QuestionMatch:
    """How well the questions of the candidates at `places`, which stand in the order of their segments, match."""
    matched, done = [], 0
    for number, (part, rows) in enumerate(zip(found, _rows_by_segment(places, found), strict=True)):
        similarities = [part.questions[place] for at, place in places if at == number]
        replaced = missing[done : done + len(rows)]
        vectors = part.segment.embeddings.questions
        matched.append(match_questions(encoded, weights, vectors, rows, similarities, replaced))
        done += len(rows)
    return QuestionMatch(
        passages=np.concatenate([match.passages for match in matched]),
        numbers=tuple(numbers for match in matched for numbers in match.numbers),
        scores=tuple(scores for match in matched for scores in match.scores),
        support=np.stack([match.support for match in matched]).max(axis=0),
    )


def _late(places: Sequence[tuple[int, int]], found: Sequence[_Found], encoded: Encoded, weights: Floats) -> Comparison:
    """Late interaction of each text with the candidates at `places`, which stand in the order of their segments;
    `weights` are `(tokens, texts)`.
    """
    compared = [
        compare(encoded.tokens, weights, part.segment.embeddings.tokens, rows)
        for part, rows in zip(found, _rows_by_segment(places, found), strict=True)
    ]
    if len(compared) == 1:
        return compared[0]
    return Comparison(
        passages=np.concatenate([late.passages for late in compared]),
        points=tuple(scores for late in compared for scores in late.points),
        best_points=np.concatenate([late.best_points for late in compared]),
        headings=np.concatenate([late.headings for late in compared]),
        support=np.stack([late.support for late in compared]).max(axis=0),
    )


def _candidates(
    vectors: Floats,
    lexical: Floats,
    segment: Segment,
    weights: Weights,
    roles: Collection[SectionRole],
    articles: Collection[str],
) -> _Found:
    """The passages of a segment that may matter: near one of the query's texts, with a point near it, or with its
    words.
    """
    starts = segment.articles.first_points
    of_articles = segment.rows_of(articles) if articles else None
    of_points = np.repeat(of_articles, np.diff(starts)) if of_articles is not None else None
    questions = segment.embeddings.questions
    of_questions = np.repeat(of_articles, np.diff(questions.first)) if of_articles is not None else None
    near = []
    for vector, shares in zip(vectors[:, None], lexical.T, strict=True):
        near.append(nearest(segment.passage_search, segment.embeddings.passages, vector, CANDIDATES, of_articles))
        if weights.point:
            points = nearest(segment.point_search, segment.embeddings.points, vector, 4 * CANDIDATES, of_points)
            near.append(np.searchsorted(starts, points, side="right") - 1)
        if weights.question and len(questions.texts):
            asked = nearest(segment.question_search, questions.texts, vector, 4 * CANDIDATES, of_questions)
            near.append(np.searchsorted(questions.first, asked, side="right") - 1)
        if weights.bm25:
            worded = np.arange(len(shares)) if of_articles is None else np.flatnonzero(of_articles)
            if len(worded) > CANDIDATES:
                worded = worded[np.argpartition(-shares[worded], CANDIDATES)[:CANDIDATES]]
            near.append(worded)
    rows = np.unique(np.concatenate(near))
    # FAISS fills up with -1 where it has found fewer.
    rows = rows[rows >= 0]
    allowed = np.array([role in roles for role in ROLES])
    rows = rows[segment.live_mask[rows] & allowed[segment.articles.roles[rows]]]
    sizes = starts[rows + 1] - starts[rows]
    begins = np.cumsum(sizes) - sizes
    held = np.repeat(starts[rows] - begins, sizes) + np.arange(int(sizes.sum()))
    by_point = np.asarray(segment.embeddings.points[held], dtype=np.float32) @ vectors.T
    return _Found(
        segment=segment,
        rows=rows,
        questions=question_similarities(questions, rows, vectors),
        passages=np.asarray(segment.embeddings.passages[rows], dtype=np.float32) @ vectors.T,
        points=tuple(by_point[start:end, 0] for start, end in pairwise([*begins.tolist(), len(by_point)])),
        best_points=np.maximum.reduceat(by_point, begins) if len(rows) else by_point,
        lexical=lexical[rows],
    )


def _nearness(index: Index, encoded: Encoded, found: Sequence[_Found]) -> Nearness:
    points = [scores for part in found for scores in part.points]
    if not points:
        return NOWHERE
    questions = np.concatenate([scores[:, 0] for part in found for scores in part.questions])
    return nearness(index, encoded.texts[0], np.concatenate(points), questions)
