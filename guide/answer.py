"""Hits → answer: what is quoted, how sure Guide is, and what the article doesn't cover."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from guide.confidence import confidence, not_mentioned, signals, threshold, word_support
from guide.index import Index
from guide.records import (
    Answer,
    Assessment,
    Hit,
    Passage,
    Query,
    QuotedPassage,
    QuotedPoint,
    Related,
    SectionRole,
    Turn,
)
from guide.retrieve import Retrieval
from guide.shelf import ROLES

JSON_VERSION = 1

MAX_RELATED = 3


def roles_shown(safety: Assessment) -> frozenset[SectionRole]:
    """The roles of sections that may be shown to somebody in the situation that `safety` describes.

    Advice on opening up to a partner can put a person in danger whom that partner hurts, and tips are no answer to
    somebody who wishes to die; so advice stays back for the rest of such a conversation.
    """
    if safety.level in ("crisis", "emergency"):
        return frozenset()
    if safety.level == "abuse":
        return frozenset({"help"})
    if safety.earlier in ("abuse", "crisis", "emergency"):
        return frozenset(ROLES) - {"advice"}
    return frozenset(ROLES)


def may_show(passage: Passage, safety: Assessment) -> bool:
    """Whether `passage` may be shown to somebody in the situation that `safety` describes."""
    return passage.role in roles_shown(safety)


def compose(query: Query, found: Retrieval, index: Index, safety: Assessment, asked: Iterable[Turn] = ()) -> Answer:
    """The answer that the hits of `found` give to `query`."""
    hits = found.hits
    supports = word_support(query, found, index)
    chance = confidence(signals(query, found, supports)) if hits else 0.0
    covered = bool(hits) and chance >= threshold()
    return Answer(
        question=query.question,
        searched_as=query.text,
        corrections=query.corrections,
        covered=covered,
        confidence=chance,
        not_mentioned=not_mentioned(supports, covered=covered),
        passages=tuple(_quoted(hit, index) for hit in hits),
        related=_related(query, hits, index, safety, [turn.content for turn in asked]),
        safety=safety,
        also_asked=query.also_asked,
    )


def without_passages(query: Query, safety: Assessment) -> Answer:
    """The answer to somebody in crisis: the way to help and nothing else."""
    return Answer(query.question, query.text, (), False, 0.0, (), (), (), safety)


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON-ready data, in the stable form that `docs/interfaces.md` specifies."""
    return {
        "version": JSON_VERSION,
        "question": answer.question,
        "searched_as": answer.searched_as,
        "corrections": [{"from": mended.written, "to": mended.searched} for mended in answer.corrections],
        "covered": answer.covered,
        "confidence": answer.confidence,
        "not_mentioned": list(answer.not_mentioned),
        "passages": [asdict(passage) for passage in answer.passages],
        "related": [asdict(related) for related in answer.related],
        "also_asked": list(answer.also_asked),
        "phrased": [asdict(sentence) for sentence in answer.phrased],
        "safety": safety_to_json(answer.safety),
    }


def safety_to_json(safety: Assessment) -> dict[str, Any]:
    """The safety gate's decision as JSON-ready data."""
    return {
        "level": safety.level,
        "audience": safety.audience,
        "language": safety.language,
        "matches": [
            {"rule": match.rule, "start": match.start, "end": match.end, "text": match.text} for match in safety.matches
        ],
        "criteria": [asdict(criterion) for criterion in safety.criteria],
        "message": safety.message,
        "helplines": [
            {key: getattr(line, key) for key in ("name", "phone", "sms", "url", "hours", "country")}
            for line in safety.helplines
        ],
    }


def _quoted(hit: Hit, index: Index) -> QuotedPassage:
    passage = hit.passage
    text = index.texts[passage.article_id]
    points = tuple(
        QuotedPoint(found.point.start, found.point.end, text[found.point.start : found.point.end], found.score)
        for found in hit.points
    )
    start, end = passage.start, passage.end
    return QuotedPassage(
        passage.id, passage.article_id, passage.section, start, end, text[start:end], hit.score, points
    )


def _related(
    query: Query, hits: Sequence[Hit], index: Index, safety: Assessment, asked: Sequence[str]
) -> tuple[Related, ...]:
    """Questions that the article answers next, in its own order, from where the best hit stands."""
    if not hits:
        return ()
    best = hits[0].passage
    passages = index.passages_of(best.article_id)
    place = passages.index(best)
    shown = {hit.passage.section for hit in hits[:1]}
    taken = {text.casefold().strip() for text in (query.question, *asked)}
    related: list[Related] = []
    for passage in (*passages[place + 1 :], *passages[:place]):
        question = _question_of(passage)
        if not question or passage.section in shown or question.casefold() in taken or not may_show(passage, safety):
            continue
        shown.add(passage.section)
        related.append(Related(question, passage.id))
        if len(related) == MAX_RELATED:
            break
    return tuple(related)


def _question_of(passage: Passage) -> str:
    """A question that the passage answers: one its article names, or its heading if that is a question."""
    heading = passage.section[-1]
    return heading if heading.endswith("?") else next(iter(passage.questions), "")
