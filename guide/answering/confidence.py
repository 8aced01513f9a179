"""Retrieval → the chance that the articles answer the question.

Two questions are asked one after the other, and the chances multiplied. Is it about what the articles are about at
all? A hit's score says so, and how near the message is to all that the articles say and are asked. And do they speak of
just what is asked? The least supported of the question's words says so best: an article on detachment that has no word
near "dose" doesn't answer what dose is usual, however near the rest of the question is to it.
`python -m guide.training.fit_confidence` fits both models and the threshold to the development questions.
"""

import json
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

from guide.index.state import State
from guide.records import Query
from guide.retrieval.retrieve import Retrieval
from guide.text.lexicon import english, with_apostrophe
from guide.text.stems import is_content_word, stems

_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|often|old|common|high|far|soon|fast)\b|\bpercent\w*|\bstatistic\w*|\baverage\b"
    r"|\bdos(?:e|age)\b|\b(?:what|which) (?:age|year|date|day|number|share|rate|price)\b|\bcosts?\b",
    re.I,
)
_PERSONAL = re.compile(
    r"\b(?:i|me|my|mine|myself|we|us|our|ours|ourselves|he|him|his|himself|she|her|hers|herself)\b", re.I
)
NOT_MENTIONED = 0.5
"""A word that no article has, and whose nearest token in the passages is less similar than this, isn't spoken of."""

NOT_MENTIONED_IN_ANSWER = 0.35
"""As `NOT_MENTIONED`, for a question that the articles answer: there a “husband” may well be a “partner”."""

SHORTEST_NAMED = 4
"""The letters from which on a word that is in no English list counts as one: a name, and no “lol” or “idk”."""

PIECES_DISCOUNT = 0.75
"""What the support of a word of several tokens that no article has is multiplied by. Of 1, 0.75 and 0.6 the best on the
development questions: AUROC against those near the subject .932, .940 and .938."""

LEAST_SIMILARITY = 0.2
"""The similarity below which a question counts as just far from the subject; how far doesn't matter any more."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer being in the passages found."""

    score: float
    """The score of the best hit."""
    similarity: float
    """The greatest similarity of a passage's embedding, at least `LEAST_SIMILARITY`. High with little support: near the
    subject, but not in it."""
    least: float
    """The support of the question's least supported content word, -1..1."""
    least_two: float
    """The mean support of the two least supported content words, -1..1."""
    least_two_near: float
    """`least_two` times `similarity`: the nearer a question is to the subject, the more its odd words count."""
    supported: float
    """The mean support of all content words, weighted by how much each tells passages apart, -1..1."""
    quantity: float
    """1 if the question asks for a number, which few articles give; else 0."""
    personal: float
    """1 if the question speaks of the writer, of him or of her; else 0. Such questions hold more figures of speech,
    whose words say less about the subject.
    """
    lead: float
    """How far the best hit's score is above the second's."""
    unknown: float
    """The support of the least supported content word that no article has, -1..1; 1 if articles have all of them."""
    near_points: float
    """The mean similarity of the nearest points, as in `guide.retrieval.subject.Nearness`, which has the next three."""
    all_points: float
    """The mean similarity of all points."""
    near_questions: float
    """The mean similarity of the nearest questions that people ask."""
    all_questions: float
    """The mean similarity of all questions that people ask."""


@dataclass(frozen=True, slots=True)
class Support:
    """A content word of the query, as written there, and how near the passages come to it."""

    word: str
    similarity: float
    weight: float
    known: bool
    """Whether an article has the word, in any form."""


def word_support(query: Query, found: Retrieval, index: State) -> tuple[Support, ...]:
    """The query's content words in order, each with the mean support of its tokens.

    A rare word reaches the model in pieces, which resemble much that the word doesn't; where no article has the word,
    that resemblance is discounted.
    """
    # The tokens stand in the order of the text.
    starts, ends = found.encoded.spans.T.tolist()
    supports = []
    stands = index.knows({stem for word in _WORD.finditer(query.text) for stem in stems(word[0])})
    for word in _WORD.finditer(query.text):
        tokens = range(bisect_right(ends, word.start()), bisect_left(starts, word.end()))
        if tokens and is_content_word(word[0]):
            known = any(stem in stands for stem in stems(word[0]))
            discount = PIECES_DISCOUNT if len(tokens) > 1 and not known else 1.0
            similarity = discount * float(found.support[tokens].mean())
            supports.append(Support(word[0], similarity, float(found.weights[tokens].max()), known))
    return tuple(supports)


def signals(query: Query, found: Retrieval, supports: Sequence[Support]) -> Signals:
    """The signals of a question, what was found for it and its words' support; one without content words is half
    supported.
    """
    supports = supports or (Support("", 0.5, 1.0, known=False),)
    ordered = sorted(support.similarity for support in supports)
    weight = sum(support.weight for support in supports)
    similarity = max(found.similarity, LEAST_SIMILARITY)
    least_two = sum(ordered[:2]) / len(ordered[:2])
    return Signals(
        score=found.own_score,
        similarity=similarity,
        least=ordered[0],
        least_two=least_two,
        least_two_near=least_two * similarity,
        supported=sum(support.weight * support.similarity for support in supports) / max(weight, 1e-9),
        quantity=float(bool(_QUANTITY.search(query.text))),
        personal=float(bool(_PERSONAL.search(query.question))),
        lead=found.lead,
        unknown=min((support.similarity for support in supports if not support.known and support.word), default=1.0),
        near_points=found.nearness.points,
        all_points=found.nearness.all_points,
        near_questions=found.nearness.questions,
        all_questions=found.nearness.all_questions,
    )


def confidence(signals: Signals) -> float:
    """The calibrated chance that the articles answer the question with these signals, 0..1."""
    fitted = _fitted()
    values = {field.name: getattr(signals, field.name) for field in fields(Signals)}
    product = _chance(fitted["topic"], values) * _chance(fitted["support"], values)
    calibration = fitted["calibration"]
    return _logistic(calibration["intercept"] + calibration["slope"] * math.log(product / (1 - product)))


def threshold() -> float:
    """The confidence from which an answer is shown as one."""
    return float(_fitted()["covered"])


def not_mentioned(query: Query, supports: Sequence[Support], *, covered: bool) -> tuple[str, ...]:
    """The words of the message that the articles don't speak of, in its order: none that only its conversation has,
    and none that is no word by itself, such as “dont” or “lol”.
    """
    limit = NOT_MENTIONED_IN_ANSWER if covered else NOT_MENTIONED
    said = {word.lower() for word in _WORD.findall(query.question)}
    said |= {word.lower() for mended in query.corrections for word in _WORD.findall(mended.searched)}
    found = (support.word for support in supports if support.similarity < limit and not support.known)
    return tuple(dict.fromkeys(word for word in found if word.lower() in said and _is_word(word.lower())))


def _is_word(word: str) -> bool:
    return word not in with_apostrophe() and (len(word) >= SHORTEST_NAMED or word in english())


@lru_cache(maxsize=1)
def _fitted() -> dict[str, Any]:
    fitted: dict[str, Any] = json.loads((files("guide.answering") / "confidence.json").read_text(encoding="utf-8"))
    return fitted


def _chance(model: dict[str, float], values: dict[str, float]) -> float:
    return _logistic(
        model["intercept"] + sum(weight * values[name] for name, weight in model.items() if name in values)
    )


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
