"""Batch rows: what is said of one that can't be used, and that the way to help is beside it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder

from guide.articles.read import read_article
from guide.cli import main
from guide.commands.ask import answer_row
from guide.commands.batch import AskRow, AssessRow, BatchRow, read_row
from guide.errors import QuestionError
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import AskRequest

ARTICLE = Path(__file__).parents[1] / "data" / "sleeping-badly.txt"
CRISIS = "I want to kill myself"
NO_COUNTRY = "The country is 'Ireland'; it must be a two-letter code such as US or IE, or left out."

Assess = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def guide() -> Guide:
    encoder = FakeEncoder()
    return Guide(index_of([read_article(ARTICLE)], encoder, encoder.identity), encoder)


def answered(guide: Guide, **row: Any) -> dict[str, Any]:
    return answer_row(guide, 1, json.dumps(row).encode())


@pytest.fixture
def assessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Assess:
    """The result of one row of `guide assess --batch`."""

    def assess(**row: Any) -> dict[str, Any]:
        (tmp_path / "rows.jsonl").write_text(json.dumps(row))
        assert main(["assess", "--rules", "--batch", str(tmp_path / "rows.jsonl")]) == 0
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return assess


@pytest.mark.parametrize(
    ("kind", "row", "sentence"),
    [
        (AskRow, [], 'The row has no text named "question"; write it as {"question": "…"}.'),
        (AskRow, {"question": None}, 'The row has no text named "question"; write it as {"question": "…"}.'),
        (
            AskRow,
            {"question": "?", "history": 3},
            "The row's history must be a list of turns, oldest first, not a number.",
        ),
        (
            AskRow,
            {"question": "?", "articles": ["tea", 7]},
            "Entry 2 of the row's articles must be an article's id (`guide articles` lists them), not a number.",
        ),
        (AskRow, {"question": "?", "country": "Ireland"}, NO_COUNTRY),
        (
            AskRow,
            {"question": "?", "withdrawn": "yes"},
            "The row's withdrawn must be true or false, not a text.",
        ),
        (AssessRow, {"question": "?"}, 'The row has no text named "text"; write it as {"text": "…"}.'),
        (AssessRow, {"text": ["?"]}, 'The row has no text named "text"; write it as {"text": "…"}.'),
        (
            AssessRow,
            {"text": "?", "history": {}},
            "The row's history must be a list of texts, oldest first, not an object.",
        ),
        (
            AssessRow,
            {"text": "?", "history": ["", None]},
            "Entry 2 of the row's history must be a text, not empty.",
        ),
        (AssessRow, {"text": "?", "country": "Ireland"}, NO_COUNTRY),
        (AssessRow, {"text": "?", "withdrawn": 1}, "The row's withdrawn must be true or false, not a number."),
    ],
)
def test_what_cannot_be_used_is_named(kind: type[BatchRow], row: Any, sentence: str) -> None:
    with pytest.raises(QuestionError) as refusal:
        read_row(kind, json.dumps(row).encode())
    assert str(refusal.value) == sentence


def test_what_is_no_json_is_named_with_an_example() -> None:
    with pytest.raises(QuestionError, match=r'^The row isn\'t JSON \(.*\); write it as \{"text": "…"\}\.$'):
        read_row(AssessRow, b"{")


@pytest.mark.parametrize(
    "odd", [{"history": 3}, {"history": [3]}, {"articles": "tea"}, {"country": "Ireland"}], ids=str
)
def test_a_row_that_cannot_be_used_has_the_help_card(odd: dict[str, Any], guide: Guide) -> None:
    result = answered(guide, question=CRISIS, **odd)
    assert set(result) == {"line", "error", "safety"}
    assert result["safety"]["level"] == "crisis"


def test_the_help_card_of_a_bad_row_is_the_countrys_and_knows_what_came_before(guide: Guide) -> None:
    result = answered(guide, question="Why?", history=[CRISIS], country="UK", articles=7)
    assert {line["country"] for line in result["safety"]["helplines"]} == {"GB", "*"}


@pytest.mark.parametrize("odd", [{"history": 3}, {"country": "Ireland"}], ids=str)
def test_a_row_that_cannot_be_assessed_has_the_help_card(odd: dict[str, Any], assessed: Assess) -> None:
    result = assessed(text=CRISIS, **odd)
    assert set(result) == {"line", "error", "safety"}
    assert result["safety"]["level"] == "crisis"


@pytest.mark.parametrize("withdrawn", [True, False, None])
def test_a_row_says_whether_its_question_was_withdrawn(
    withdrawn: bool | None, guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[AskRequest] = []
    answer = guide.answer
    monkeypatch.setattr(guide, "answer", lambda request: asked.append(request) or answer(request))
    earlier = {"role": "user", "content": "Hello", "withdrawn": bool(withdrawn)}
    answered(guide, question="Why?", history=[earlier], withdrawn=withdrawn)
    assert [(one.withdrawn, one.history[0].withdrawn) for one in asked] == [(bool(withdrawn),) * 2]


def test_uk_is_gb(guide: Guide, assessed: Assess) -> None:
    for result in (answered(guide, question=CRISIS, country="UK")["safety"], assessed(text=CRISIS, country="uk")):
        assert result["helplines"][0]["country"] == "GB"


@pytest.mark.parametrize(
    "row",
    [
        {"question": "What is deep sleep? \ud83d"},
        {"question": "What is deep sleep?", "history": ["Hello \ud83d"]},
        {"question": "What is deep sleep?", "history": [{"role": "user", "content": "Hello \ud83d"}]},
    ],
    ids=["question", "history", "turn"],
)
def test_half_a_character_becomes_a_sign(row: dict[str, Any], guide: Guide) -> None:
    result = answered(guide, **row)
    assert "error" not in result
    assert result["question"] == row["question"].replace("\ud83d", "�")
    assert result["passages"]


def test_half_a_character_in_an_articles_id_names_no_article(guide: Guide) -> None:
    result = answered(guide, question="What is deep sleep?", articles=["\ud83d"])
    assert result["error"] == "The index has no article '�'; `guide articles` lists those it has."


def test_half_a_character_is_assessed_as_a_sign(assessed: Assess) -> None:
    result = assessed(text=f"{CRISIS} \ud83d", history=["\ud83d"])
    assert result["level"] == "crisis"
    assert "\ud83d" not in str(result)
