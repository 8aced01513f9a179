"""Answers and assessments as JSON-ready data, in the stable form that `docs/interfaces.md` specifies."""

from dataclasses import asdict
from typing import Any

from guide.records import Answer, Assessment, Passage, QuotedPassage

JSON_VERSION = 1


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
        "passages": [_passage(passage) for passage in answer.passages],
        "related": [asdict(related) for related in answer.related],
        "also_asked": list(answer.also_asked),
        "phrased": [asdict(sentence) for sentence in answer.phrased],
        "act": answer.act,
        "reply": answer.reply,
        "choices": [asdict(choice) for choice in answer.choices],
        "asks_back": answer.asks_back,
        "answers": answer.answers,
        "brief": answer.brief,
        "closest": [_passage(passage) for passage in answer.closest],
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
        "earlier": safety.earlier,
        "offer": safety.offer,
        "offer_message": safety.offer_message,
        "helplines": [
            {key: getattr(line, key) for key in ("name", "phone", "sms", "url", "hours", "country")}
            for line in safety.helplines
        ],
    }


def _passage(passage: QuotedPassage) -> dict[str, Any]:
    points = [
        {"start": point.start, "end": point.end, "text": point.text, "score": point.score} for point in passage.points
    ]
    return {
        "id": passage.id,
        "article": passage.article,
        "section": list(passage.section),
        "pages": list(passage.pages),
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": passage.score,
        "points": points,
    }


def passage_to_json(passage: Passage, text: str) -> dict[str, Any]:
    """A passage of the article of this `text`: its id, where it stands and its exact words."""
    return {
        "id": passage.id,
        "article": passage.article_id,
        "section": list(passage.section),
        "role": passage.role,
        "start": passage.start,
        "end": passage.end,
        "text": text[passage.start : passage.end],
    }
