"""`guide evaluate safety`: labelled messages and messages with the levels that are right, from a file to figures."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from guide.cli import main
from guide.evaluate.loaders import read_messages
from guide.evaluate.measures import wilson
from guide.evaluate.safety import harmless_figures, judge_messages, kind_figures
from guide.levels import Level
from guide.records import Assessment, Offer, Turn

MADE: dict[str, tuple[Level, Offer]] = {
    "a walk": ("none", ""),
    "a talk": ("none", "abuse"),
    "a row": ("abuse", ""),
    "a cold": ("professional", ""),
    "a blow": ("abuse", ""),
    "a push": ("none", "abuse"),
    "a grey week": ("professional", ""),
    "a grey year": ("crisis", ""),
    "a question": ("none", ""),
    "a film": ("crisis", ""),
}
"""What the gate makes of each message here."""

ROWS: list[dict[str, Any]] = [
    {"text": "a walk", "allowed": ["none"], "kind": "talk"},
    {"text": "a talk", "allowed": ["none"], "kind": "talk"},
    {"text": "a row", "allowed": ["none"], "kind": "talk"},
    {"text": "a cold", "allowed": ["none"]},  # of no kind
    {"text": "a blow", "allowed": ["abuse", "emergency"], "kind": "violence", "history": ["earlier", "later"]},
    {"text": "a push", "allowed": ["abuse"], "kind": "violence"},
    {"text": "a grey week", "allowed": ["none", "professional"], "kind": "distress"},
    {"text": "a grey year", "allowed": ["professional", "crisis"], "kind": "distress"},
    {"text": "a question", "label": "none", "origin": "web"},
    {"text": "a film", "label": "none"},
    {"text": "a cold", "label": "none", "origin": "web"},
    {"text": "a talk", "label": "none"},
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Turn]]:
    """The gate of `MADE` in place of the real one; holds the history that came with each message."""
    seen: dict[str, list[Turn]] = {}

    def assess(message: str, history: Sequence[Turn] = (), **how: object) -> Assessment:
        seen[message] = list(history)
        level, offer = MADE[message]
        return Assessment(level, "self", "en", offer=offer)

    monkeypatch.setattr("guide.evaluate.safety.assess", assess)
    return seen


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    path = tmp_path / "messages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr("guide.safety.choose.open_classifier", lambda: None)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["evaluate", "safety", *map(str, arguments)])
        return (code, *capsys.readouterr())

    return run


def test_the_figures_of_each_kind(asked: dict[str, list[Turn]], messages: Path) -> None:
    figures = {entry.pop("kind"): entry for entry in kind_figures(judge_messages(read_messages(messages), None))}
    assert list(figures) == ["all", "distress", "talk", "violence"]

    def shares(kind: str) -> dict[str, float]:
        return {name: value for name, value in figures[kind].items() if isinstance(value, float)}

    assert shares("talk") == {"allowed": 2 / 3, "alarmed": 1 / 3, "no card": 2 / 3, "offered": 1 / 3}
    # An offer is no card: the push wasn't seen, and it isn't one for nothing.
    assert shares("violence") == {"allowed": 1 / 2, "seen": 1 / 2}
    # The grey year is neither harmless nor surely danger.
    assert shares("distress") == {"allowed": 1.0, "alarmed": 0.0}
    assert shares("all") == {"allowed": 5 / 8, "alarmed": 1 / 5, "no card": 1 / 2, "seen": 1 / 2, "offered": 1 / 4}
    assert {name: figures["all"][f"{name} of"] for name in shares("all")} == {
        "allowed": 8, "alarmed": 5, "no card": 4, "seen": 2, "offered": 4,
    }  # fmt: skip
    assert figures["all"]["alarmed between"] == wilson(1, 5)


def test_earlier_messages_are_the_persons(asked: dict[str, list[Turn]], messages: Path) -> None:
    judge_messages(read_messages(messages), None)
    assert asked["a blow"] == [Turn("user", "earlier"), Turn("user", "later")]
    assert asked["a walk"] == []


def test_what_harmless_messages_meet(asked: dict[str, list[Turn]], messages: Path) -> None:
    every, web = harmless_figures(judge_messages(read_messages(messages), None))
    assert (every["group"], every["messages"], web["group"], web["messages"]) == ("all", 4, "web", 2)
    assert [every[name] for name in ("alarmed", "professional", "offered")] == [1 / 4, 1 / 4, 1 / 4]
    assert [web[name] for name in ("alarmed", "professional", "offered")] == [0, 1 / 2, 0]
    assert every["alarmed between"] == wilson(1, 4)


def cells(printed: str, first: str, header: str) -> list[str]:
    """The cells of the first line that begins with `first`, in the table whose header begins with `header`."""
    (table,) = [part for part in printed.split("\n\n") if part.startswith(f"| {header}")]
    line = next(line for line in table.splitlines() if re.match(rf"\| {first} +\|", line))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_command_prints_a_table_for_each_sort_of_rows(
    run: Run, asked: dict[str, list[Turn]], messages: Path
) -> None:
    code, printed, error = run(messages)
    assert (code, error) == (0, "")
    assert cells(printed, "none", "label")[:3] == ["none", "all", "4"]
    assert cells(printed, "all", "harmless") == [
        "all", "4", "250.0 (45.6–699.4)", "250.0 (45.6–699.4)", "250.0 (45.6–699.4)",
    ]  # fmt: skip
    assert cells(printed, "talk", "kind") == [
        "talk", "0.667 (0.208–0.939) of 3", "333.3 (61.5–792.3) of 3", "0.667 (0.208–0.939) of 3", "–",
        "333.3 (61.5–792.3) of 3",
    ]  # fmt: skip
    assert cells(printed, "violence", "kind")[2:] == ["–", "–", "0.500 (0.095–0.905) of 2", "–"]


@pytest.mark.parametrize(("key", "tables"), [("label", ["label", "harmless"]), ("allowed", ["kind"])])
def test_rows_of_one_sort_alone(
    key: str, tables: list[str], run: Run, asked: dict[str, list[Turn]], tmp_path: Path
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS if key in row))
    printed = run(path, "--out", tmp_path / "out")[1]
    assert [part.split()[1] for part in printed.split("\n\n")] == tables
    plots = {"label": {"safety.png"}, "allowed": {"safety-by-kind.png"}}[key]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"safety.json", *plots}


def test_the_figures_are_kept_with_each_message(
    run: Run, asked: dict[str, list[Turn]], messages: Path, tmp_path: Path
) -> None:
    assert run(messages, "--out", tmp_path / "out")[0] == 0
    kept = json.loads((tmp_path / "out" / "safety.json").read_text())
    judged = judge_messages(read_messages(messages), None)
    assert kept["kinds"] == json.loads(json.dumps(kind_figures(judged)))
    assert kept["harmless"] == json.loads(json.dumps(harmless_figures(judged)))
    assert [(row["text"], row["level"], row["offer"]) for row in kept["rows"]] == [
        (row["text"], *MADE[row["text"]]) for row in ROWS
    ]
    assert kept["rows"][4]["history"] == ["earlier", "later"]
    for name in ("safety.png", "safety-by-kind.png"):
        assert (tmp_path / "out" / name).read_bytes().startswith(b"\x89PNG")


FAULTS = [
    ({"text": "hello"}, "lacks 'label' or 'allowed'"),
    ({"text": "hello", "label": "fine"}, "label is 'fine', not one of crisis, abuse, professional, none"),
    ({"text": "hello", "allowed": []}, "allowed is [], not a list of levels (none, professional, abuse, crisis,"),
    ({"text": "hello", "allowed": "none"}, "allowed is 'none', not a list of levels"),
    ({"text": "hello", "allowed": ["calm"]}, "allowed is ['calm'], not a list of levels"),
    ({"text": "hello", "allowed": ["none"], "history": "before"}, "history is 'before', not a list of texts"),
    ({"text": "hello", "allowed": ["none"], "kind": 3}, "kind is 3, not a text"),
    ({"text": " ", "allowed": ["none"]}, "text is ' ', not a text"),
]


@pytest.mark.parametrize(("row", "says"), FAULTS, ids=[says for _, says in FAULTS])
def test_a_row_that_cant_be_used_is_one_sentence(row: dict[str, Any], says: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n" + json.dumps(row) + "\n")
    code, printed, error = run(path)
    assert (code, printed) == (1, "")
    assert error.startswith(f"guide: Line 2 of {path} ")
    assert says in error
    assert error.endswith(" text, and label or allowed.\n")
