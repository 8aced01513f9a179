"""Every command, REST and the chat over an index in a database, with the model itself; and that it answers alike."""

import json
from pathlib import Path

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
from guide.postgres.migrate import copy_to_database
from guide.postgres.writer import writing
from guide.records import Answer
from guide.safety.choose import open_classifier

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
    copy_to_database(folder, address)
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


def test_rest_and_chat_over_a_database(database: str, index: Path) -> None:
    from guide.web.application import web_app
    from guide.web.reloading import following
    from guide.web.settings import WebSettings

    address = DatabaseAddress.of(database)
    copy_to_database(index, address)
    guide = following(address)
    with TestClient(web_app(guide, WebSettings(questions_per_minute=0))) as client:
        before = client.get("/health").json()["index"]
        assert before["counts"]["articles"] == 1
        answer = client.post("/v1/ask", json={"question": SLEEP}).json()
        assert answer["passages"][0]["article"] == "sleeping-badly"
        listed = client.get("/v1/passages?limit=2").json()
        assert (len(listed["passages"]), listed["count"]) == (2, before["counts"]["passages"])
        assert client.get("/").status_code == 200
        library = guide.articles
        with writing(address) as writer:
            writer.remove(["sleeping-badly"])
        assert guide.look()
        assert not guide.look()
        assert client.get("/health").json()["index"]["counts"]["articles"] == 0
        assert guide.articles == () != library
