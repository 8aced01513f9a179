"""benchmarks/conversation.py: which turns need their history, what is searched for each, and how that is scored."""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from scripts import load_script

ROOT = Path(__file__).parents[1]

ANSWERS = [
    {"_id": "1a", "section": "Tea", "text": "Green leaves are steeped in water."},
    {"_id": "1b", "section": "Tea", "text": "They grow in the hills of Assam."},
    {"_id": "2a", "section": "Ice", "text": "Pots of clay keep tea warm."},
    {"_id": "2b", "section": "Ice", "text": "Water freezes at night."},
]
TURNS: list[dict[str, Any]] = [
    {
        "question": "How are green leaves steeped?",
        "rewrite": "How are green leaves steeped?",
        "history": [],
        "gold": ["1a"],
    },
    {
        "question": "Where do they grow?",
        "rewrite": "Where in the hills of Assam do leaves grow?",
        "history": ["How are green leaves steeped?", "Green leaves are  steeped in water."],
        "gold": ["1b"],
    },
    {
        "question": "When does water freeze",
        "rewrite": "When does water freeze?",
        "history": ["What keeps warm?", "Pots of clay keep tea warm."],
        "gold": ["2b"],
    },
    {"question": "Who won?", "rewrite": "Who won the match?", "history": [], "gold": []},
]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return load_script(ROOT / "benchmarks" / "conversation.py")


def test_a_turn_needs_its_history_if_its_rewrite_has_other_words(benchmark: ModuleType) -> None:
    kinds = [benchmark.FIRST, benchmark.NEEDS, benchmark.NEEDS_NOT, benchmark.FIRST]
    assert [benchmark.needs(turn) for turn in TURNS] == kinds


def test_what_was_answered_already_is_not_searched(benchmark: ModuleType) -> None:
    assert benchmark.pools(TURNS[1], ANSWERS) == {
        benchmark.POOL: {"1b", "2a", "2b"},
        benchmark.SECTION: {"1b"},
    }
    # Unless it is the answer.
    assert "1a" in benchmark.pools({**TURNS[1], "gold": ["1a"]}, ANSWERS)[benchmark.POOL]


def test_each_turn_is_scored_by_where_its_answer_comes(
    benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open_builder", "open_encoder"):
        monkeypatch.setattr(benchmark, name, lambda *settings: FakeEncoder())
    scores = benchmark.measure(TURNS, ANSWERS, tmp_path)
    assert {kind: len(of) for (kind, searched, asked), of in scores.items()} == {
        benchmark.FIRST: 1, benchmark.NEEDS: 1, benchmark.NEEDS_NOT: 1,
    }  # fmt: skip
    # The section's only answer that is left comes first, whatever is asked.
    assert [scores[benchmark.NEEDS, benchmark.SECTION, asked] for asked in benchmark.ASKED] == [[1.0]] * 4
    assert scores[benchmark.NEEDS, benchmark.POOL, "a person's rewrite"] == [1.0]
    table = benchmark.markdown(scores).splitlines()
    assert len(table) == 2 + 6
    assert [cell.strip() for cell in table[2].strip("|").split("|")][:3] == ["need their history", "all answers", "1"]


def test_where_the_answer_comes_second_less_is_scored(
    benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open_builder", "open_encoder"):
        monkeypatch.setattr(benchmark, name, lambda *settings: FakeEncoder())
    turn = {**TURNS[0], "question": "green leaves are steeped, they grow", "gold": ["1b"]}
    scores = benchmark.measure([turn], ANSWERS, tmp_path)
    # 1 / log2(3)
    assert scores[benchmark.FIRST, benchmark.POOL, "the last message alone"] == [pytest.approx(0.6309, abs=1e-4)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "can't be read"),
        ("{", "Line 1 of .* isn't JSON"),
        ("[]", "Line 1 of .* lacks '_id'; it needs _id, text, section"),
        ('\n{"_id": "1", "text": 3, "section": ""}', "Line 2 of .* lacks 'text'"),
    ],
)
def test_a_bad_file_is_a_sentence(
    content: str | None, says: str, benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, answers = tmp_path / "turns.jsonl", tmp_path / "answers.jsonl"
    turns.write_text(json.dumps(TURNS[0]) + "\n")
    if content is not None:
        answers.write_text(content)
    monkeypatch.setattr(sys, "argv", ["conversation.py", str(turns), str(answers)])
    with pytest.raises(SystemExit, match=says):
        benchmark.main()
