"""Fitting the gate's own model: what is learned is what ships, and the limits follow from the cards they allow."""

import json
from pathlib import Path

import numpy as np

from guide.safety.classifier import MEANINGS, OUTPUTS
from guide.safety.rules import CRITERIA
from guide.training import fit_gate
from guide.training.fit_gate import Lesson, bank_lessons, choose_limits, distinct, further_lessons


def lesson(meaning: str, criterion: int = -1, text: str = "A river.") -> Lesson:
    return Lesson(text, MEANINGS.index(meaning), criterion, meaning)


def test_the_bank_is_large_and_half_of_it_is_harmless() -> None:
    lessons = bank_lessons()
    assert len(lessons) >= 10_000
    assert {MEANINGS[one.meaning] for one in lessons} == set(MEANINGS)
    assert {one.criterion for one in lessons} == {-1, *range(len(CRITERIA))}
    harmless = sum(MEANINGS[one.meaning] in ("none", "about") for one in lessons)
    assert 0.4 <= harmless / len(lessons) <= 0.65
    assert len(distinct(lessons)) >= 0.99 * len(lessons)
    assert 0.08 <= sum(one.held_back for one in lessons) / len(lessons) <= 0.12


def test_a_text_is_learned_once_as_it_came_first() -> None:
    first, again, other = lesson("none"), lesson("crisis", text="a RIVER."), lesson("abuse", text="A lake.")
    assert distinct([first, again, other]) == [first, other]


def test_further_messages_are_read_by_their_label_or_the_mildest_level_allowed(tmp_path: Path) -> None:
    rows = [
        {"text": "one", "label": "abuse"},
        {"text": "two", "label": "none", "subtype": "hardneg_academic"},
        {"text": "three", "allowed": ["emergency", "crisis"]},
        {"text": "four", "allowed": ["emergency"]},
    ]
    path = tmp_path / "more.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = further_lessons(path)
    assert [MEANINGS[one.meaning] for one in found] == ["abuse", "about", "crisis", "danger_now"]
    assert {(one.kind, one.criterion) for one in found} == {("more", -1)}


def test_a_limit_lets_so_many_harmless_messages_through_and_no_more() -> None:
    lessons = [*[lesson("none")] * 100, *[lesson("crisis")] * 10]
    found = np.zeros((110, OUTPUTS), dtype=np.float32)
    found[:100, MEANINGS.index("crisis")] = np.linspace(0.5, 0.995, 100)
    found[100:, MEANINGS.index("crisis")] = 1
    limit = choose_limits(lessons, found, 0.05)["card"]["danger"]
    raised = found[:100, MEANINGS.index("crisis")] >= limit
    assert 0.05 <= raised.mean() <= 0.06
    assert fit_gate.report(lessons, found, limit)["crisis"] == 1.0
