"""Query × index → hits, best first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from guide.embedding.encoder import Encoded
from guide.index.question_vectors import QuestionMatch, match_questions
from guide.index.state import Candidates, State, Wanted
from guide.index.token_vectors import Comparison, compare
from guide.records import ROLES, Hit, Passage, Query, SectionRole
from guide.retrieval.headings import headed_first
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


def retrieve(
    query: Query,
    index: State,
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
    found = index.candidates(
        Wanted(
            texts=query.texts,
            vectors=encoded.texts,
            roles=roles,
            articles=articles,
            by_points=bool(weights.point),
            by_words=bool(weights.bm25),
            by_questions=bool(weights.question),
        )
    )
    # A candidate is a place in all that follows: its part, such as a segment of the index, and its place among those.
    places = [(number, place) for number, part in enumerate(found) for place in range(len(part.points))]
    by_passage = np.concatenate([part.passages for part in found])
    by_point = [scores for part in found for scores in part.points]
    first_by_text = (
        weights.passage * by_passage
        + weights.point * np.concatenate([part.best_points for part in found])
        + weights.bm25 * np.concatenate([part.lexical for part in found])
    ).astype(np.float32)
    asked = bool(weights.question) and any(part.asks for part in found)
    first = first_by_text @ counted
    if asked:
        # Who asks as others have asked must come this far, whatever words the passage uses; they don't count further.
        first = first + weights.question * (np.concatenate([part.best_questions for part in found]) @ counted)
    # Where late interaction doesn't rank, only what is shown is read, for its points and how sure we are.
    read = RERANKED if weights.late_passage or weights.late_point else limit
    # Stable sorts, so that passages of the same score keep the order of their articles.
    kept = np.sort(np.argsort(-first, kind="stable")[:read])
    token_weight = index.token_weights(encoded.ids)
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
        ids = [found[number].held.passage(place).id for number, place in (places[kept[rank]] for rank in ranked)]
        score[ranked] -= [hubs.get(id, 0.0) for id in ids]
    order = np.argsort(-score, kind="stable")
    hits = []

    def passage_at(rank: int) -> Passage:
        number, place = places[kept[rank]]
        passage: Passage = found[number].held.passage(place)
        return passage

    # The confidence goes by how passages score, whichever is shown first.
    for rank in headed_first(query.text, order.tolist(), passage_at)[:limit]:
        number, place = places[kept[rank]]
        held = found[number].held
        passage, text = held.passage(place), held.text(place)
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


def _by_text(weights: Floats, encoded: Encoded) -> Floats:
    """`(tokens, texts)`: the weight of each token for its own text, 0 for the others."""
    text_of = np.repeat(np.arange(len(encoded.texts)), np.diff(encoded.starts))
    by_text = np.zeros((len(weights), len(encoded.texts)), dtype=np.float32)
    by_text[np.arange(len(weights)), text_of] = weights
    return by_text


def _by_part(places: Sequence[tuple[int, int]], found: Sequence[Candidates]) -> list[list[int]]:
    """For each part those of the candidates at `places` that are of it."""
    parts: list[list[int]] = [[] for _ in found]
    for number, place in places:
        parts[number].append(place)
    return parts


def _matched(
    places: Sequence[tuple[int, int]], found: Sequence[Candidates], encoded: Encoded, weights: Floats, missing: Floats
) -> QuestionMatch:
    """How well the questions of the candidates at `places`, which stand in the order of their parts, match."""
    matched, done = [], 0
    for part, of_part in zip(found, _by_part(places, found), strict=True):
        similarities = [part.questions[place] for place in of_part]
        replaced = missing[done : done + len(of_part)]
        vectors, rows = part.held.questions(of_part)
        matched.append(match_questions(encoded, weights, vectors, rows, similarities, replaced))
        done += len(of_part)
    return QuestionMatch(
        passages=np.concatenate([match.passages for match in matched]),
        numbers=tuple(numbers for match in matched for numbers in match.numbers),
        scores=tuple(scores for match in matched for scores in match.scores),
        support=np.stack([match.support for match in matched]).max(axis=0),
    )


def _late(
    places: Sequence[tuple[int, int]], found: Sequence[Candidates], encoded: Encoded, weights: Floats
) -> Comparison:
    """Late interaction of each text with the candidates at `places`, which stand in the order of their parts;
    `weights` are `(tokens, texts)`.
    """
    compared = [
        compare(encoded.tokens, weights, *part.held.tokens(of_part))
        for part, of_part in zip(found, _by_part(places, found), strict=True)
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


def _nearness(index: State, encoded: Encoded, found: Sequence[Candidates]) -> Nearness:
    points = [scores for part in found for scores in part.points]
    if not points:
        return NOWHERE
    questions = np.concatenate([scores[:, 0] for part in found for scores in part.questions])
    return nearness(index, encoded.texts[0], np.concatenate(points), questions)
