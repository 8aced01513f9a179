"""When a question can't be answered, every door still shows the way to help, and an earlier danger isn't forgotten."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from starlette.testclient import TestClient
from web.conftest import CRISIS, QUESTION, built, living

from guide.chat.handlers import Conversation
from guide.cli import main
from guide.errors import QuestionError
from guide.guide import Guide
from guide.index.index import open_index
from guide.records import Turn
from guide.request import MAX_QUESTION_CHARACTERS, assess_words
from guide.safety.helplines import country_names, registry
from guide.web.application import web_app
from guide.web.settings import WebSettings

BANNER = "Earlier you told me about something very hard."
TOO_LONG = "bees " * MAX_QUESTION_CHARACTERS
Ask = Callable[[str], dict[str, Any]]
"""Asks a question after `CRISIS`, in the United Kingdom; gives what the door says, with `error` and `safety`."""


def _as_json(error: str, safety: Any) -> dict[str, Any]:
    return {
        "error": error,
        "safety": {"message": safety.message, "helplines": [{"phone": line.phone} for line in safety.helplines]},
    }


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("fallback"))


@pytest.fixture
def guide(index: Path) -> Guide:
    return Guide(open_index(index), FakeEncoder())


@pytest.fixture
def door(request: pytest.FixtureRequest, index: Path, guide: Guide, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The way in that is named."""
    # Two questions a minute: the first is the one that tells of danger.
    client = TestClient(web_app(living(index), WebSettings(questions_per_minute=2)))

    def rest(path: str) -> Ask:
        def ask(question: str) -> dict[str, Any]:
            answer = client.post(path, json={"question": question, "history": [CRISIS], "country": "UK"})
            assert (answer.status_code >= 400) == ("error" in answer.json())
            return answer.json()  # type: ignore[no-any-return]

        return ask

    def chat_endpoint(question: str) -> dict[str, Any]:
        answer = client.post("/gradio_api/run/ask", json={"data": [question, [CRISIS], "UK"]}).json()
        return answer if "error" in answer else answer["data"][0]

    def chat_handler(question: str) -> dict[str, Any]:
        return Conversation(guide, registry().lines, country_names()).ask_api(question, [CRISIS], "UK")

    def chat_page(question: str) -> dict[str, Any]:
        page = Conversation(guide, registry().lines, country_names())
        exchanges = page.ask(CRISIS, [], "UK", "en")[1]
        [_, last] = page.ask(question, exchanges, "UK", "en")[1]
        assert last.decided
        return _as_json(last.fault, last.decided)

    def command(question: str) -> dict[str, Any]:
        arguments = ("ask", question, "--after", CRISIS, "--country", "UK", "--json", "--index", str(index))
        assert main(arguments) == 1
        return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]

    def batch(question: str) -> dict[str, Any]:
        from guide.commands.ask import answer_row

        row = {"question": question, "history": [CRISIS], "country": "UK"}
        return answer_row(guide, 1, json.dumps(row).encode())

    def mcp(question: str) -> dict[str, Any]:
        server = pytest.importorskip("guide.mcp_server").mcp_server(guide)
        told = {"question": question, "history": [CRISIS], "country": "UK"}
        return asyncio.run(server.call_tool("ask", told)).structured_content  # type: ignore[no-any-return]

    doors: dict[str, Ask] = {
        "POST /v1/ask": rest("/v1/ask"),
        "POST /v1/assess": rest("/v1/assess"),
        "the chat's endpoint": chat_endpoint,
        "the chat's handler of it": chat_handler,
        "the chat": chat_page,
        "guide ask": command,
        "guide ask --batch": batch,
        "MCP ask": mcp,
    }
    return doors[request.param]


def shows_help(said: dict[str, Any]) -> None:
    assert said["error"]
    remembers(said)


def remembers(said: dict[str, Any]) -> None:
    """What was told of before has its way to help."""
    assert said["safety"]["message"].startswith(BANNER)
    # Samaritans: UK is the United Kingdom at every door.
    assert "116 123" in [line["phone"] for line in said["safety"]["helplines"]]


ASKING = (
    "POST /v1/ask",
    "the chat's endpoint",
    "the chat's handler of it",
    "the chat",
    "guide ask",
    "guide ask --batch",
    "MCP ask",
)


@pytest.mark.parametrize("door", [*ASKING, "POST /v1/assess"], indirect=True)
def test_a_question_that_is_too_long_forgets_no_danger(door: Ask) -> None:
    shows_help(door(TOO_LONG))


@pytest.mark.parametrize("door", [door for door in ASKING if door != "the chat"], indirect=True)  # which sends no blank
def test_an_empty_question_forgets_no_danger(door: Ask) -> None:
    shows_help(door(" \n"))


@pytest.mark.parametrize("door", [door for door in ASKING if door != "guide ask"], indirect=True)  # which has no model
@pytest.mark.parametrize("message", ["?!", "hello", "help", "say that again"])
def test_what_is_answered_without_a_search_forgets_no_danger(message: str, door: Ask) -> None:
    said = door(message)
    assert not said.get("error")
    remembers(said)


@pytest.mark.parametrize("door", ["POST /v1/ask", "POST /v1/assess", "the chat's endpoint"], indirect=True)
def test_a_question_too_many_forgets_no_danger(door: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.web.rate_limit.RateLimit.wait", lambda self, client: 7.0 if self._step > 5 else 0.0)
    said = door(QUESTION)
    shows_help(said)
    assert "ask again in 7 seconds" in said["error"]


@pytest.mark.parametrize("door", ASKING, indirect=True)
def test_a_failure_forgets_no_danger(door: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("guide.answering.searcher.retrieve", fails)
    shows_help(door(QUESTION))


def test_a_text_is_no_history(guide: Guide) -> None:
    with pytest.raises(
        QuestionError, match=r"^The history is a text; it must be a list of turns, oldest first\.$"
    ) as caught:
        guide.ask(CRISIS, "I feel low.", "IE")
    assert caught.value.safety is not None
    assert caught.value.safety.level == "crisis"


@pytest.mark.parametrize(
    ("question", "history", "level", "earlier"),
    [
        (None, [CRISIS], "none", "crisis"),
        (CRISIS, None, "crisis", "none"),
        (CRISIS, "not a list", "crisis", "none"),
        (QUESTION, [3, {"role": "user"}, {"role": "robot", "content": CRISIS}, {"content": CRISIS}], "none", "none"),
        (QUESTION, [3, {"role": "user", "content": CRISIS}, None], "none", "crisis"),
        (QUESTION, [{"role": "assistant", "content": CRISIS}], "none", "none"),
        (QUESTION, [CRISIS, *["hm"] * 199], "none", "crisis"),
        (QUESTION, [CRISIS, *["hm"] * 200], "none", "none"),
        (QUESTION, [Turn("user", "Something.", "crisis")] * 2, "none", "crisis"),
        (CRISIS + " " * MAX_QUESTION_CHARACTERS + "x", [], "crisis", "none"),
    ],
)
def test_what_can_be_read_is_read(question: Any, history: Any, level: str, earlier: str) -> None:
    found = assess_words(question, history, 3)
    assert (found.level, found.earlier) == (level, earlier)
