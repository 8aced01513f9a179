"""One gate: whichever way a message comes, the same function decides on it, by the rules and by what it means.

The messages here are seen by their meaning alone. A door that loses it answers them as if nothing were wrong.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from meant import SEEN_BY_MEANING

from guide.chat.handlers import Conversation
from guide.cli import main
from guide.guide import Guide
from guide.levels import Level
from guide.safety import assess
from guide.safety.choose import open_classifier
from guide.safety.helplines import country_names, registry

pytestmark = pytest.mark.model

HARMLESS = "What helps me sleep?"
Door = Callable[[str, list[str]], tuple[str, str]]
"""Takes a message and the earlier ones; gives the level and the words of the help card."""


@pytest.fixture
def door(request: pytest.FixtureRequest, index: Path, guide: Guide, capsys: pytest.CaptureFixture[str]) -> Door:
    """The way in that is named."""

    def printed(*arguments: str) -> Any:
        main([*arguments])
        return json.loads(capsys.readouterr().out)

    def after(history: list[str]) -> list[str]:
        return [part for text in history for part in ("--after", text)]

    def of(safety: dict[str, Any]) -> tuple[str, str]:
        return safety["level"], safety["message"]

    def python(message: str, history: list[str]) -> tuple[str, str]:
        safety = guide.ask(message, history).safety
        return safety.level, safety.message

    def command_ask(message: str, history: list[str]) -> tuple[str, str]:
        return of(printed("ask", message, *after(history), "--index", str(index), "--json")["safety"])

    def command_assess(message: str, history: list[str]) -> tuple[str, str]:
        return of(printed("assess", message, *after(history), "--json"))

    def rest(path: str) -> Door:
        client = request.getfixturevalue("web")
        return lambda message, history: of(
            (lambda body: body.get("safety", body))(
                client.post(path, json={"question": message, "history": history}).json()
            )
        )

    def chat_endpoint(message: str, history: list[str]) -> tuple[str, str]:
        client = request.getfixturevalue("web")
        called = client.post("/gradio_api/run/ask", json={"data": [message, history, None]})
        return of(called.json()["data"][0]["safety"])

    def chat_page(message: str, history: list[str]) -> tuple[str, str]:
        page = Conversation(guide, registry().lines, country_names())
        exchanges: list[Any] = []
        for text in (*history, message):
            exchanges = page.ask(text, exchanges, "", "en")[1]
        safety = exchanges[-1].answer.safety
        return safety.level, safety.message

    def mcp(tool: str) -> Door:
        server = pytest.importorskip("guide.mcp_server").mcp_server(guide)

        def called(message: str, history: list[str]) -> tuple[str, str]:
            told = {"question": message, "history": history} if tool == "ask" else {"query": message}
            return of(asyncio.run(server.call_tool(tool, told)).structured_content["safety"])

        return called

    doors: dict[str, Callable[[], Door]] = {
        "Guide.ask": lambda: python,
        "guide ask": lambda: command_ask,
        "guide assess": lambda: command_assess,
        "POST /v1/ask": lambda: rest("/v1/ask"),
        "POST /v1/assess": lambda: rest("/v1/assess"),
        "the chat's endpoint": lambda: chat_endpoint,
        "the chat": lambda: chat_page,
        "MCP ask": lambda: mcp("ask"),
        "MCP search_passages": lambda: mcp("search_passages"),
    }
    return doors[request.param]()


WITH_HISTORY = (
    *("Guide.ask", "guide ask", "guide assess", "POST /v1/ask", "POST /v1/assess"),
    *("the chat's endpoint", "the chat", "MCP ask"),
)
DOORS = (*WITH_HISTORY, "MCP search_passages")


@pytest.mark.parametrize(("message", "level"), SEEN_BY_MEANING)
def test_the_rules_alone_do_not_see_these(message: str, level: Level) -> None:
    assert assess(message).level == "none"
    assert assess(message, classify=open_classifier()).level == level


@pytest.mark.parametrize("door", DOORS, indirect=True)
def test_each_door_sees_what_a_message_means(door: Door) -> None:
    classify = open_classifier()
    for message, level in SEEN_BY_MEANING:
        found, words = door(message, [])
        assert found == level, message
        # A criterion is quoted from the article, where it states it; the other cards are the gate's own words.
        assert words == assess(message, classify=classify).message, message


@pytest.mark.parametrize("door", WITH_HISTORY, indirect=True)
def test_each_door_remembers_what_two_earlier_messages_meant(door: Door) -> None:
    crisis, abuse = ([message for message, of in SEEN_BY_MEANING if of == level] for level in ("crisis", "abuse"))
    for earlier, start in (
        (crisis, "Earlier you told me about something very hard."),
        (abuse, "Earlier you told me that someone hurts or controls you."),
    ):
        found, words = door(HARMLESS, earlier)
        assert (found, words.startswith(start)) == ("none", True), earlier
        assert door(HARMLESS, earlier[:1]) == ("none", ""), earlier


def test_what_is_measured_is_what_ships(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"text": text, "label": level} for text, level in SEEN_BY_MEANING] + [{"text": HARMLESS, "label": "none"}]
    messages = tmp_path / "messages.jsonl"
    messages.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["evaluate", "safety", str(messages)]) == 0
    seen = {
        cells[1]: cells[4]
        for line in capsys.readouterr().out.splitlines()
        if len(cells := [cell.strip() for cell in line.split("|")]) > 4 and cells[2] == "all"
    }
    assert seen == {"abuse": "1.000", "crisis": "1.000", "professional": "1.000", "none": "–"}
