"""Every command, REST and the chat over an index in a database, with the model itself; and that it answers alike."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from real_server import RealServer
from starlette.testclient import TestClient

from guide.cli import main
from guide.conversation.act_meaning import open_act_model
from guide.embedding.choose import open_encoder
from guide.evaluate.search import Remembering, RememberingGate
from guide.guide import Guide
from guide.index.index import open_index
from guide.postgres.address import DatabaseAddress
from guide.postgres.writer import writing
from guide.records import Answer
from guide.safety.choose import open_classifier
from guide.store import copy_index

pytestmark = pytest.mark.model

DATA = Path(__file__).parents[1] / "data"
CORPUS = Path(__file__).parents[2] / "corpus"
QUESTIONS = [json.loads(line) for line in (DATA / "questions.jsonl").read_text("utf-8").splitlines()]
SLEEP = "What helps me sleep?"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code
    return capsys.readouterr().out


def test_the_commands_take_an_address(
    database: str, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "1 article copied" in printed(capsys, "migrate", str(index), "--index", database)
    monkeypatch.setenv("GUIDE_INDEX", database)
    assert "It is whole." in printed(capsys, "check")
    in_folder = printed(capsys, "ask", SLEEP, "--index", str(index), "--json")
    shown = json.loads(printed(capsys, "ask", SLEEP, "--json"))
    assert shown["passages"][0]["text"] == json.loads(in_folder)["passages"][0]["text"]
    assert printed(capsys, "articles") == printed(capsys, "articles", "--index", str(index))
    assert printed(capsys, "passages") == printed(capsys, "passages", "--index", str(index))
    other = tmp_path / "tea.md"
    other.write_text("# Tea\n\n## Green tea\n\nIt is mild.\n")
    assert "2 articles" in printed(capsys, "build", str(other))
    assert printed(capsys, "articles", "--limit", "1").startswith("sleeping-badly")
    assert printed(capsys, "articles", "--after", "sleeping-badly").startswith("tea")
    assert "1 article removed" in printed(capsys, "remove", "tea")
    assert main(["remove", "tea"]) == 1
    assert "no article 'tea'" in capsys.readouterr().err
    assert "1 article copied" in printed(capsys, "migrate", database, "--index", str(tmp_path / "back"))
    assert "It is whole." in printed(capsys, "check", "--index", str(tmp_path / "back"))
    assert "up to date" in printed(capsys, "migrate")


def test_the_help_card_comes_where_no_database_answers(server: RealServer, capsys: pytest.CaptureFixture[str]) -> None:
    address = "postgresql://anna:geheim@127.0.0.1:9/guide"
    assert main(["ask", "I want to kill myself", "--index", address, "--country", "US"]) == 1
    shown = capsys.readouterr()
    assert "988" in shown.out
    assert "The database postgresql://anna@127.0.0.1:9/guide can't be reached" in shown.err
    assert "geheim" not in shown.out + shown.err


@pytest.fixture(scope="module")
def both(server: RealServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Guide, Guide]:
    """The guide over the articles that Guide comes with, from a folder and from a database."""
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.index.build import build

    folder = tmp_path_factory.mktemp("both") / "index"
    encoder = open_builder(Config())
    build([CORPUS], folder, encoder, encoder.identity, encoder.agreement)
    server.run_program("createdb", "-h", "127.0.0.1", "-p", str(server.port), "-U", "guide", "both")
    address = DatabaseAddress.of(server.address("both"))
    copy_index(folder, address)
    # What the gate decides and what is embedded is the same for both: it is worked out once.
    in_folder = Guide(
        open_index(folder),
        Remembering(open_encoder(Config(), encoder.identity)),
        classify=RememberingGate(open_classifier()),
        acts=open_act_model(),
    )
    return in_folder, in_folder.over(address)


def alike(one: Answer, other: Answer) -> bool:
    def first(answer: Answer) -> list[object]:
        points = [[(point.start, point.end) for point in passage.points] for passage in answer.passages[:3]]
        return [[passage.id for passage in answer.passages[:3]], points, answer.covered, answer.safety, answer.reply]

    return first(one) == first(other)


@pytest.mark.parametrize("start", range(4))
def test_the_development_questions_are_answered_alike(both: tuple[Guide, Guide], start: int) -> None:
    """The same first three passages, points, verdict and safety, from the folder and from the database."""
    in_folder, in_database = both
    different, furthest = [], 0.0
    for row in QUESTIONS[start::4]:
        asked = row["question"], row.get("history", ())
        one, other = in_folder.ask(*asked), in_database.ask(*asked)
        furthest = max(furthest, abs(one.confidence - other.confidence))
        if not alike(one, other):
            different.append(row["question"])
    assert different == []
    assert furthest < 0.001


@pytest.fixture
def copied(database: str, index: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database with the index's article, which `GUIDE_INDEX` names."""
    copy_index(index, DatabaseAddress.of(database))
    monkeypatch.setenv("GUIDE_INDEX", database)
    return database


def test_many_questions_are_answered_from_an_address(
    copied: str, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    asked = [
        {"question": SLEEP},
        {"question": "Why do I wake at night?"},
        {"question": "I want to kill myself"},
        {"q": 1},
    ]
    rows.write_text("".join(json.dumps(row) + "\n" for row in asked))
    answers = [json.loads(line) for line in printed(capsys, "ask", "--batch", str(rows)).splitlines()]
    assert [answer.get("covered") for answer in answers] == [True, True, False, None]
    assert answers[2]["safety"]["level"] == "crisis"
    assert "no text named" in answers[3]["error"]
    in_folder = printed(capsys, "ask", "--batch", str(rows), "--index", str(index))
    for answer, line in zip(answers, in_folder.splitlines(), strict=True):
        same = json.loads(line)
        assert [one["id"] for one in answer.get("passages", ())] == [one["id"] for one in same.get("passages", ())]
        assert answer.get("safety") == same.get("safety")


def test_questions_with_known_answers_are_measured_over_an_address(
    copied: str, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.jsonl"
    row = {"id": "one", "kind": "direct", "question": "What is bad sleep?", "section": "What Is Bad Sleep?"}
    known.write_text(json.dumps(row | {"gold": ["Bad sleep is more than too few hours."]}) + "\n")

    def measured(*index_named: str) -> list[str]:
        lines = printed(capsys, "evaluate", str(known), *index_named).splitlines()
        return [line for line in lines if " ms" not in line and "seconds" not in line]

    over_database = measured()
    assert any("1.0" in line or "100" in line for line in over_database)
    assert over_database == measured("--index", str(index))


def test_a_message_is_assessed_whatever_index_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_INDEX", "postgresql://nobody@127.0.0.1:9/guide")
    assessed = json.loads(printed(capsys, "assess", "I want to kill myself", "--json"))
    assert assessed["level"] == "crisis"


def test_assistants_ask_an_address_over_standard_input_and_output(copied: str) -> None:
    mcp = pytest.importorskip("mcp")
    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "guide", "mcp", "--index", copied], env=dict(os.environ)
    )

    async def talk() -> tuple[Any, Any, str]:
        async with mcp.Client(command) as client:
            asked = (await client.call_tool("ask", {"question": SLEEP})).structured_content
            crisis = (await client.call_tool("ask", {"question": "I want to die", "country": "US"})).structured_content
            listed = (await client.read_resource("guide://articles")).contents[0].text
            return asked, crisis, listed

    asked, crisis, listed = asyncio.run(talk())
    assert asked["passages"][0]["article"] == "sleeping-badly"
    assert (crisis["safety"]["level"], crisis["passages"]) == ("crisis", [])
    assert [article["id"] for article in json.loads(listed)["articles"]] == ["sleeping-badly"]


def web_names(client: TestClient) -> str:
    """The names of articles that the chat's page shows to open."""
    listed = client.post("/chat/names", json={"words": "e", "purpose": "read"}).json()["html"]
    return re.sub(r"<[^>]*>", "", listed)


def test_rest_and_chat_over_a_database(database: str, index: Path) -> None:
    from guide.web.application import web_app
    from guide.web.reloading import following
    from guide.web.settings import WebSettings

    address = DatabaseAddress.of(database)
    copy_index(index, address)
    guide = following(address)
    with TestClient(web_app(guide, WebSettings(questions_per_minute=0))) as client:
        before = client.get("/health").json()["index"]
        assert before["counts"]["articles"] == 1
        answer = client.post("/v1/ask", json={"question": SLEEP}).json()
        assert answer["passages"][0]["article"] == "sleeping-badly"
        listed = client.get("/v1/passages?limit=2").json()
        assert (len(listed["passages"]), listed["count"]) == (2, before["counts"]["passages"])
        assert client.get("/").status_code == 200
        assert web_names(client) == "Sleeping Badly: Reasons, Signs, And Gentle Remedies"
        with writing(address) as writer:
            writer.remove(["sleeping-badly"])
        assert guide.look()
        assert not guide.look()
        assert client.get("/health").json()["index"]["counts"]["articles"] == 0
        assert web_names(client) == ""
