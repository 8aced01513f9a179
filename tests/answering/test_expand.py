"""Questions written by a language model: which of them are kept, where, and what is left when the model fails."""

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from model_server import completion, sends, served

from guide.answering.expand import MAX_SILENT, Expansion, expand
from guide.articles.read import read_article
from guide.cli import main
from guide.config import Endpoint
from guide.index.build import build
from guide.index.index import Index, open_index

ENCODER = FakeEncoder(4_096)

SECTIONS = {
    "Green tea": "It is mild.",
    "Black tea": "It is strong.",
    "Red tea": "Rooibos holds no caffeine.",
    "White tea": "Young leaves dry slowly.",
    "About the author": "Ann Leaf writes on drinks.",
}
TEA = "# Tea\n\n" + "\n\n".join(f"## {heading}\n\n{words}" for heading, words in SECTIONS.items()) + "\n"

GREEN = ("It is mild.", "my green nerves want it mild")


def lines(*rows: tuple[str, str]) -> str:
    """What a model writes that does as it is told."""
    return "\n".join(json.dumps({"words": words, "question": question}) for words, question in rows)


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    path = tmp_path / "articles" / "tea.md"
    path.parent.mkdir()
    path.write_text(TEA)
    return path


def indexed(tea: Path) -> Index:
    folder = tea.parents[1] / "index"
    build([tea.parent], folder, ENCODER, ENCODER.identity)
    return open_index(folder)


def model_file(tea: Path) -> Path:
    return tea.with_name("tea.questions.model.jsonl")


def kept(tea: Path) -> list[tuple[str, str]]:
    """The rows of the model's file."""
    rows = map(json.loads, model_file(tea).read_text("utf-8").splitlines() if model_file(tea).exists() else ())
    return [(row["words"], row["question"]) for row in rows]


def expanded(
    tea: Path, written: dict[str, str], least: int = 3, index: Index | None = None
) -> tuple[Expansion, list[str]]:
    """What comes of a model that writes these texts for the passages below these headings, and what it was asked."""
    prompts: list[str] = []

    def reply(handler: BaseHTTPRequestHandler) -> None:
        prompt = sent[-1][2]["messages"][0]["content"]
        prompts.append(prompt)
        found = next((text for heading, text in written.items() if f"Tea > {heading}\n" in prompt), "none")
        sends(completion(found))(handler)

    with served(reply) as (endpoint, sent):
        found = expand(index or indexed(tea), {"tea": tea}, endpoint, ENCODER, least)
    return found, prompts


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_question_that_leads_back_to_its_passage_is_kept_beside_the_article(tea: Path) -> None:
    found, _ = expanded(tea, {"Green tea": lines(GREEN)})
    assert found == Expansion(written=1, refused=0, silent=0, left=0)
    assert kept(tea) == [GREEN]
    assert [(asked.text, asked.origin) for asked in read_article(tea).asked] == [(GREEN[1], "model")]


REFUSED = [
    (("It is cold.", "my green nerves want it mild"), "words that the article doesn't have"),
    (("It is strong.", "my green nerves want it mild"), "words of another passage"),
    (("It is mild.", ""), "no question"),
    (("", "my green nerves want it mild"), "no words"),
    (
        ("It is mild.", "young white leaves dry slowly rooibos caffeine red black strong tea"),
        "finds three others first",
    ),
]


@pytest.mark.parametrize(("row", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_does_not_check_is_not_kept(tea: Path, row: tuple[str, str], why: str) -> None:
    found, _ = expanded(tea, {"Green tea": lines(row)})
    assert (found.written, found.silent, model_file(tea).exists()) == (0, 0, False), why


def test_rows_are_found_among_whatever_else_the_model_writes(tea: Path) -> None:
    pretty = json.dumps({"words": "It is mild.", "question": "green and mild"}, indent=2)
    reply = f"Here you are:\n```json\n[{lines(GREEN)},\n{pretty}]\n```\nand {{not this}}, {{"
    found, _ = expanded(tea, {"Green tea": reply})
    assert found.written == 2
    assert kept(tea) == [GREEN, ("It is mild.", "green and mild")]


def test_no_question_is_written_twice_and_no_more_than_are_missing(tea: Path) -> None:
    people = tea.with_name("tea.questions.jsonl")
    people.write_text(lines(("It is mild.", "mild green one")))
    rows = [
        ("It is mild.", "Mild green one"),
        GREEN,
        GREEN,
        ("It is mild.", "green mild"),
        ("It is mild.", "mild green"),
    ]
    found, prompts = expanded(tea, {"Green tea": lines(*rows)})
    assert kept(tea) == [GREEN, ("It is mild.", "green mild")]
    assert (found.written, found.refused) == (2, 3)
    assert people.read_text() == lines(("It is mild.", "mild green one"))
    assert "Write 2 messages" in prompts[0]
    assert "- mild green one" in prompts[0]


def test_only_passages_with_too_few_questions_are_asked_for_and_no_credits(tea: Path) -> None:
    tea.with_name("tea.questions.jsonl").write_text(lines(GREEN, ("It is mild.", "b")))
    _, prompts = expanded(tea, {}, least=2)
    asked = [heading for heading in SECTIONS for prompt in prompts if f"Tea > {heading}\n" in prompt]
    assert asked == ["Black tea", "Red tea", "White tea"]
    assert all("already" not in prompt for prompt in prompts)


# ── a model that fails, a run that stops ─────────────────────────────────────────────────────────────────────────────


def test_a_model_that_fails_is_not_asked_for_ever_and_nothing_is_lost(tea: Path) -> None:
    index = indexed(tea)
    with served(sends({}, 500)) as (endpoint, sent):
        found = expand(index, {"tea": tea}, endpoint, ENCODER)
    assert found == Expansion(written=0, refused=0, silent=MAX_SILENT, left=4 - MAX_SILENT)
    assert len(sent) == MAX_SILENT
    assert not model_file(tea).exists()


def test_a_single_failure_is_counted_and_the_others_are_asked_for(tea: Path) -> None:
    found, prompts = expanded(tea, {"Green tea": lines(GREEN), "Black tea": " "})
    assert found == Expansion(written=1, refused=0, silent=1, left=0)
    assert len(prompts) == 4


def test_a_run_that_is_stopped_keeps_what_was_written_and_the_next_goes_on(tea: Path) -> None:
    class Stopped(Exception):
        pass

    def stop_at_the_second(done: int, of: int) -> None:
        if done == 1:
            raise Stopped

    index = indexed(tea)
    with served(sends(completion(lines(GREEN)))) as (endpoint, _), pytest.raises(Stopped):
        expand(index, {"tea": tea}, endpoint, ENCODER, 1, stop_at_the_second)
    assert kept(tea) == [GREEN]
    _, prompts = expanded(tea, {}, least=1)
    assert [f"Tea > {heading}\n" in prompt for prompt, heading in zip(prompts, list(SECTIONS)[1:4], strict=True)] == [
        True
    ] * 3
    assert kept(tea) == [GREEN]


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def command(tea: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`guide build --expand` with the fake encoder, its safety gate by rules."""
    monkeypatch.setattr("guide.embedding.choose.open_builder", lambda *settings: ENCODER)
    monkeypatch.setenv("GUIDE_GATE", "rules")
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"GUIDE_LLM_{name}", raising=False)
    return ["build", str(tea.parent), "--index", str(tea.parents[1] / "index"), "--expand"]


def name_model(monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    monkeypatch.setenv("GUIDE_LLM_URL", endpoint.url)
    monkeypatch.setenv("GUIDE_LLM_MODEL", endpoint.model)


def test_the_index_holds_what_was_written(
    tea: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(sends(completion(lines(GREEN)))) as (endpoint, sent):
        name_model(monkeypatch, endpoint)
        assert main([*command, "--questions", "1"]) == 0
    assert len(sent) == 4
    printed = capsys.readouterr().out
    assert printed.startswith("The language model wrote 1 question that can be used, and 3 that can't.\n")
    assert "5 points, 1 question; 1 article embedded anew." in printed
    index = open_index(tea.parents[1] / "index")
    assert [asked.text for passage in index.passages for asked in passage.asked] == [GREEN[1]]


def test_without_a_model_it_says_what_to_set_and_builds_nothing(
    tea: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 1
    assert capsys.readouterr().err == (
        "guide: --expand has a language model of your own write questions, and none is named; set GUIDE_LLM_URL and "
        "GUIDE_LLM_MODEL, or build without it.\n"
    )
    assert not (tea.parents[1] / "index").exists()


def test_a_model_that_fails_leaves_an_index_and_says_how_to_go_on(
    tea: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(sends({}, 500)) as (endpoint, _):
        name_model(monkeypatch, endpoint)
        assert main(command) == 1
    printed = capsys.readouterr().out
    assert "It answered nothing for 3 passages, and wasn't asked for 1 more. " in printed
    assert f"See that {endpoint.url} runs and has stub; the same command then goes on.\n" in printed
    assert len(open_index(tea.parents[1] / "index").passages) == 5


@pytest.mark.parametrize("number", ["0", "-1", "x", "201", "2.5"])
def test_a_number_of_questions_that_is_none(
    command: list[str], number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*command, f"--questions={number}"])
    assert "must be a number from 1 to 200" in capsys.readouterr().err


def test_a_number_of_questions_without_a_model_to_write_them(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command[:-1], "--questions", "5"]) == 1
    assert "--questions says how many questions --expand shall have written" in capsys.readouterr().err
