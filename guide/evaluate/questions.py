"""A file of questions with known answers, and how well a guide answers them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from guide.article import words
from guide.errors import QuestionError
from guide.evaluate.measures import auroc, hit_at, reciprocal_rank
from guide.guide import Guide
from guide.records import Answer, QuotedPassage

POINT_WORDS = 40
"""How many words of a passage's best points may be shown for them to count as holding the answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the earlier ones of its conversation, and the words that answer it; none if nothing does."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question was answered."""

    question: Question
    answer: Answer
    hit1: float
    hit3: float
    rank: float
    """The reciprocal rank."""
    points: float
    """Whether the first passage's best points hold the answer."""


def read_questions(path: Path) -> list[Question]:
    """The questions in a JSON-lines file: `id`, `kind`, `question`, `gold` and perhaps `history`.

    Raises:
        QuestionError: the file can't be read, or a line isn't such an object.
    """
    questions = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"The question file {path} can't be read ({error}); name a JSON-lines file.") from None
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            history, gold = tuple(row.get("history", ())), tuple(row["gold"])
            questions.append(Question(row["id"], row["kind"], row["question"], history, gold))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionError(
                f"Line {number} of {path} is no question ({type(error).__name__}: {error}); "
                "it needs id, kind, question and gold."
            ) from None
    return questions


def answer_all(guide: Guide, questions: Iterable[Question]) -> list[Outcome]:
    """How `guide` answers each question."""
    return [_outcome(question, guide.ask(question.question, question.history)) for question in questions]


def _outcome(question: Question, answer: Answer) -> Outcome:
    ranked = [passage.id for passage in answer.passages]
    holding = {passage.id for passage in answer.passages if _holds(passage.text, question.gold)}
    points = float(bool(answer.passages) and _holds(_shown(answer.passages[0]), question.gold))
    rank = reciprocal_rank(ranked, holding)
    return Outcome(question, answer, hit_at(1, ranked, holding), hit_at(3, ranked, holding), rank, points)


def _holds(text: str, gold: Iterable[str]) -> bool:
    flat = " ".join(text.split())
    return any(" ".join(words_.split()) in flat for words_ in gold)


def _shown(passage: QuotedPassage) -> str:
    """The passage's best points, as many as `POINT_WORDS` hold, at least one."""
    shown: list[str] = []
    length = 0
    for point in passage.points:
        length += len(words(point.text))
        if shown and length > POINT_WORDS:
            break
        shown.append(point.text)
    return "\n".join(shown)


def measures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Every measure over all questions: those of ranking over the answerable ones."""
    answerable = [outcome for outcome in outcomes if outcome.question.gold]
    figures = {
        "hit@1": fmean(outcome.hit1 for outcome in answerable),
        "hit@3": fmean(outcome.hit3 for outcome in answerable),
        "MRR": fmean(outcome.rank for outcome in answerable),
        "points": fmean(outcome.points for outcome in answerable),
        "words of the first passage": fmean(
            len(words(o.answer.passages[0].text)) for o in answerable if o.answer.passages
        ),
        "shown as covered": fmean(outcome.answer.covered for outcome in answerable),
    }
    unanswerable: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.question.gold:
            unanswerable[outcome.question.kind].append(outcome)
    sure = [outcome.answer.confidence for outcome in answerable]
    for kind, group in unanswerable.items():
        figures[f"AUROC against {kind}"] = auroc(sure, [outcome.answer.confidence for outcome in group])
        figures[f"refused of {kind}"] = fmean(not outcome.answer.covered for outcome in group)
    return figures


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """hit@1 and hit@3 of each kind of answerable question, and how many there are."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.question.gold:
            groups[outcome.question.kind].append(outcome)
    return {
        kind: {"questions": len(group), "hit@1": fmean(o.hit1 for o in group), "hit@3": fmean(o.hit3 for o in group)}
        for kind, group in groups.items()
    }
