"""Measures, question files, and the floor below which the shipped answers may not fall."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.build import build
from guide.encoder import SentenceEncoder
from guide.errors import QuestionError
from guide.evaluate.measures import auroc, hit_at, reciprocal_rank
from guide.evaluate.questions import answer_all, measures, read_questions
from guide.guide import Guide

ROOT = Path(__file__).resolve().parent.parent

FLOORS = {
    "hit@1": 0.68,
    "hit@3": 0.89,
    "points": 0.63,
    "shown as covered": 0.93,
    "AUROC against near_unanswerable": 0.91,
    "AUROC against out_of_scope": 0.99,
    "refused of near_unanswerable": 0.54,
    "refused of out_of_scope": 0.96,
}
"""A little below what `make evaluate` prints."""


@pytest.mark.model
def test_the_development_questions_are_answered_no_worse_than_the_floor(tmp_path: Path) -> None:
    encoder = SentenceEncoder()
    build([ROOT / "corpus"], tmp_path, encoder, encoder.identity)
    questions = read_questions(ROOT / "tests/data/questions.jsonl")
    outcomes = answer_all(Guide.open(tmp_path), questions)
    figures = measures(outcomes)
    assert {name: figures[name] for name, floor in FLOORS.items() if figures[name] < floor} == {}
    grave = [o.question.question for o in outcomes if o.answer.safety.level in ("abuse", "crisis", "emergency")]
    # A disclosure, not an ordinary question.
    assert grave == ["I was beaten as a child and today I let nobody near me."]


@given(st.lists(st.sampled_from("abcd"), unique=True), st.sets(st.sampled_from("abcd")))
def test_a_hit_in_few_is_a_hit_in_more_and_has_its_rank(ranked: list[str], relevant: set[str]) -> None:
    hits = [hit_at(k, ranked, relevant) for k in range(6)]
    assert hits == sorted(hits)
    rank = reciprocal_rank(ranked, relevant)
    assert rank == (1 / hits.index(1.0) if 1.0 in hits else 0)


SCORES = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=6)


@given(SCORES, SCORES)
def test_auroc_turned_round_is_the_rest(positive: list[float], negative: list[float]) -> None:
    assert auroc(positive, negative) + auroc(negative, positive) == pytest.approx(1)
    assert auroc([score + 6 for score in positive], negative) == 1


def test_auroc_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="1 positives and 0 negatives"):
        auroc([0.5], [])


@pytest.mark.parametrize(
    ("line", "why"),
    [("no json", "not JSON"), ("[]", "not an object"), ('{"id": "a", "kind": "b", "question": "c"}', "no gold")],
)
def test_a_bad_line_is_named(line: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "1", "kind": "direct", "question": "q", "gold": ["a"]}\n' + line + "\n")
    with pytest.raises(QuestionError, match=r"^Line 2 of .* is no question"):
        read_questions(path)
    assert why


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"can't be read"):
        read_questions(tmp_path / "none.jsonl")
