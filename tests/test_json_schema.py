"""The JSON Schemas in docs/schema/: they are those that the models make, and what Guide writes and reads fits them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from jsonschema import Draft202012Validator
from scripts import load_script

from guide.answering.to_json import answer_to_json
from guide.articles.read import read_article
from guide.commands.batch import AskRow, AssessRow, read_row
from guide.errors import QuestionError
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import PhrasedSentence

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "schema"
NAMES = ["answer", "assess-row", "batch-row", "message-file", "question-file"]


def schema(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return read


def closed(part: Any) -> Any:
    """The schema without leave for keys that it doesn't name: a key of ours that nobody wrote down doesn't fit it."""
    if isinstance(part, list):
        return [closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {key: closed(one) for key, one in part.items()}
    return inner | {"additionalProperties": False} if part.get("type") == "object" else inner


def faults(name: str, value: Any) -> list[str]:
    """What of a value doesn't fit the schema, and where."""
    found = Draft202012Validator(closed(schema(name))).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The script that writes them."""
    return load_script(ROOT / "docs" / "json_schema.py")


def test_the_files_are_those_that_the_models_make(generator: ModuleType) -> None:
    made = dict(generator.files())
    assert {path: path.read_text("utf-8") for path in FOLDER.iterdir()} == made, "run python docs/json_schema.py"
    assert sorted(path.stem for path in made) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def guide() -> Guide:
    encoder = FakeEncoder()
    articles = [ROOT / "corpus" / "emotional-detachment.md", ROOT / "tests" / "data" / "sleeping-badly.txt"]
    return Guide(index_of([read_article(path) for path in articles], encoder, encoder.identity), encoder)


ASKED: list[tuple[str, Sequence[str], str]] = [
    ("What are the signs of emotional detachment?", [], "passages"),
    ("What are the sgins of emotional detachment?", [], "corrections"),
    ("What are the signs of emotional detachment? Can therapy help with it?", [], "also_asked"),
    ("What are the causes?", ["What is emotional detachment?"], "related"),
    ("I feel numb and hopeless all the time", [], "safety.criteria"),
    ("I want to kill myself", [], "safety.helplines"),
]


@pytest.mark.parametrize(("question", "history", "key"), ASKED)
def test_an_answer_fits(guide: Guide, question: str, history: Sequence[str], key: str) -> None:
    answer = json.loads(json.dumps(answer_to_json(guide.ask(question, history, "IE"))))
    *_, last = key.split(".")
    assert (answer["safety"] if "." in key else answer)[last], "the case is there for what this key holds"
    assert faults("answer", answer) == []


def test_what_needs_a_model_fits_too(guide: Guide) -> None:
    answer = guide.ask("What are the signs of emotional detachment?")
    phrased = PhrasedSentence("They vary.", (answer.passages[0].id,))
    answer = replace(answer, phrased=(phrased,), not_mentioned=("ketamine",))
    assert faults("answer", json.loads(json.dumps(answer_to_json(answer)))) == []


def test_what_is_no_answer_fits_not(guide: Guide) -> None:
    answer = json.loads(json.dumps(answer_to_json(guide.ask("What are the signs of emotional detachment?"))))
    assert faults("answer", answer | {"version": 2}) == ["$.version: 1 was expected"]
    assert len(faults("answer", answer | {"added": 1})) == 1
    assert Draft202012Validator(schema("answer")).is_valid(answer | {"added": 1}), "a later version may add a key"
    del answer["safety"]["message"]
    assert faults("answer", answer) == ["$.safety: 'message' is a required property"]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["questions.jsonl", "questions-boundaries.jsonl"])
def test_our_questions_fit(name: str) -> None:
    lines = (ROOT / "tests" / "data" / name).read_text("utf-8").splitlines()
    assert len(lines) > 20
    assert [fault for line in lines for fault in faults("question-file", json.loads(line))] == []


def test_our_messages_fit() -> None:
    lines = (ROOT / "tests" / "data" / "everyday_conversation.jsonl").read_text("utf-8").splitlines()
    assert len(lines) > 400
    assert [fault for line in lines for fault in faults("message-file", json.loads(line))] == []


ROWS: list[tuple[str, dict[str, Any], bool]] = [
    ("batch-row", {"question": "Why?"}, True),
    ("batch-row", {"question": "Why?", "country": None}, True),
    ("batch-row", {"question": "Why?", "country": "uk", "articles": ["a"], "history": ["What?"]}, True),
    ("batch-row", {"question": "Why?", "history": [{"role": "assistant", "content": "So."}]}, True),
    ("batch-row", {"question": 1}, False),
    ("batch-row", {"text": "Why?"}, False),
    ("batch-row", {"question": "Why?", "country": "Ireland"}, False),
    ("batch-row", {"question": "Why?", "country": 7}, False),
    ("batch-row", {"question": "Why?", "articles": "a"}, False),
    ("batch-row", {"question": "Why?", "articles": [1]}, False),
    ("batch-row", {"question": "Why?", "history": "What?"}, False),
    ("assess-row", {"text": "Why?"}, True),
    ("assess-row", {"text": "Why?", "history": ["What?"], "country": "IE"}, True),
    ("assess-row", {"question": "Why?"}, False),
    ("assess-row", {"text": "Why?", "history": [{"role": "user", "content": "What?"}]}, False),
]


@pytest.mark.parametrize(("name", "row", "fits"), ROWS)
def test_a_row_fits_as_guide_reads_it(name: str, row: dict[str, Any], fits: bool) -> None:
    assert Draft202012Validator(schema(name)).is_valid(row) is fits
    kind = AskRow if name == "batch-row" else AssessRow
    try:
        read_row(kind, json.dumps(row).encode())
        read = True
    except QuestionError:
        read = False
    assert read is fits


@pytest.mark.parametrize("entry", [{"role": "robot", "content": "So."}, {"role": "user"}, 3])
def test_a_turn_that_is_none_fits_not(guide: Guide, entry: Any) -> None:
    assert not Draft202012Validator(schema("batch-row")).is_valid({"question": "Why?", "history": [entry]})
    with pytest.raises(QuestionError):
        guide.ask("Why?", [entry])
