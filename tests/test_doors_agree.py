"""Every door shows the same help for the same conversation: level, words, help lines, and what it remembers and offers.

One conversation goes through all doors, and each must say what `guide.safety.gate.assess` decided, word for word.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from meant import SEEN_BY_MEANING
from starlette.testclient import TestClient

from guide.answering.to_json import safety_to_json
from guide.chat.download import conversation_markdown
from guide.chat.handlers import Conversation
from guide.chat.render import Exchange
from guide.chat.texts import texts_for
from guide.cli import main
from guide.guide import Guide
from guide.records import Assessment, Turn
from guide.safety.choose import open_classifier
from guide.safety.gate import assess
from guide.safety.helplines import country_names, helplines, registry
from guide.safety.wording import offer_words

pytestmark = pytest.mark.model

QUESTION = "What helps me sleep?"

MEANT = [message for message, level in SEEN_BY_MEANING if level == "crisis"]

CONVERSATIONS: list[tuple[str, ...]] = [
    (QUESTION,),
    ("I want to die",),
    ("my sister is suicidal",),
    ("I feel numb all the time",),
    ("My husband hits me",),
    ("he hit me and I'm hiding from him in the bathroom",),
    ("why does my husband do this?",),
    ("I want to die", QUESTION),
    ("my sister is suicidal", QUESTION),
    ("My husband hits me", "How do I sleep better?", QUESTION),
    ("I abused my girlfriend", QUESTION),
    # Danger that only the meaning tells of, once and twice.
    (MEANT[0], QUESTION),
    (*MEANT, QUESTION),
    ("I want to die", "oh I was only joking"),
]

Door = Callable[[Sequence[Any], str | None, bool], dict[str, Any]]
"""Takes a conversation, the country, and whether its last message is withdrawn; gives the safety part of the answer."""


@pytest.fixture
def doors(
    index: Path, guide: Guide, web: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, Door]:
    """Every way in that takes a history."""

    def printed(*arguments: object) -> Any:
        main([str(argument) for argument in arguments])
        return json.loads(capsys.readouterr().out)

    def options(talk: Sequence[str], country: str | None) -> list[str]:
        return [
            *(part for text in talk[:-1] for part in ("--after", text)),
            *(["--country", country] if country else []),
        ]

    def batch(command: Sequence[object], key: str) -> Door:
        def asked(talk: Sequence[str], country: str | None, withdrawn: bool) -> Any:
            row = {key: talk[-1], "history": talk[:-1], "country": country, "withdrawn": withdrawn}
            rows = tmp_path / "rows.jsonl"
            rows.write_text(json.dumps(row), encoding="utf-8")
            found = printed(*command, "--batch", rows)
            return found.get("safety", found)

        return asked

    def command_ask(talk: Sequence[str], country: str | None, withdrawn: bool) -> Any:
        said = ["--withdrawn"] if withdrawn else []
        return printed("ask", talk[-1], *options(talk, country), *said, "--index", index, "--json")["safety"]

    def command_assess(talk: Sequence[str], country: str | None, withdrawn: bool) -> Any:
        said = ["--withdrawn"] if withdrawn else []
        return printed("assess", talk[-1], *options(talk, country), *said, "--json")

    def rest(path: str) -> Door:
        def asked(talk: Sequence[str], country: str | None, withdrawn: bool) -> Any:
            body = {"question": talk[-1], "history": talk[:-1], "country": country, "withdrawn": withdrawn}
            found = web.post(path, json=body).json()
            return found.get("safety", found)

        return asked

    def endpoint(talk: Sequence[str], country: str | None, withdrawn: bool) -> Any:
        called = web.post("/gradio_api/run/ask", json={"data": [talk[-1], talk[:-1], country]})
        return called.json()["data"][0]["safety"]

    def mcp(talk: Sequence[str], country: str | None, withdrawn: bool) -> Any:
        server = pytest.importorskip("guide.mcp_server").mcp_server(guide)
        told = {"question": talk[-1], "history": talk[:-1], "country": country, "withdrawn": withdrawn}
        return asyncio.run(server.call_tool("ask", told)).structured_content["safety"]

    def chat(talk: Sequence[str], country: str | None, withdrawn: bool) -> Any:
        safety = talked(guide, talk, country, withdrawn)[-1].decided
        assert safety
        return safety_to_json(safety)

    return {
        "guide ask": command_ask,
        "guide ask --batch": batch(["ask", "--index", index], "question"),
        "guide assess": command_assess,
        "guide assess --batch": batch(["assess"], "text"),
        "POST /v1/ask": rest("/v1/ask"),
        "POST /v1/assess": rest("/v1/assess"),
        "the chat's endpoint": endpoint,
        "MCP": mcp,
        "the chat": chat,
    }


def talked(guide: Guide, talk: Sequence[str], country: str | None, withdrawn: bool = False) -> list[Exchange]:
    """The conversation as the chat holds it."""
    page = Conversation(guide, registry().lines, country_names())
    exchanges: list[Exchange] = []
    for text in talk:
        exchanges = page.ask(text, exchanges, country or "", "en")[1]
    if withdrawn:
        pressed: Any = SimpleNamespace(turn=f"turn-{len(talk)}")
        exchanges = page.withdraw(pressed, exchanges, country or "", "en")[0]
    return exchanges


def plain(safety: dict[str, Any]) -> dict[str, Any]:
    """What every door must say alike. Without an article a criterion is in other words."""
    return {key: value for key, value in safety.items() if key not in ("criteria", "line")}


def decided(guide: Guide, talk: Sequence[str], country: str | None, withdrawn: bool = False) -> dict[str, Any]:
    return plain(safety_to_json(guide.ask(talk[-1], talk[:-1], country, withdrawn=withdrawn).safety))


def test_danger_that_only_the_meaning_tells_of_is_offered_help_once_and_remembered_after_two(guide: Guide) -> None:
    once, twice = decided(guide, (MEANT[0], QUESTION), None), decided(guide, (*MEANT, QUESTION), None)
    assert (once["offer"], once["earlier"]) == ("crisis", "none")
    assert (twice["offer"], twice["earlier"]) == ("", "crisis")


# In a country with lines of its own and in none, in turns.
@pytest.mark.parametrize(
    ("talk", "country"),
    [(talk, ("IE", None)[number % 2]) for number, talk in enumerate(CONVERSATIONS)],
    ids=lambda value: f"{len(value)} {value[0][:30]}" if isinstance(value, tuple) else str(value),
)
def test_all_doors_show_the_same_help(
    talk: tuple[str, ...], country: str | None, guide: Guide, doors: dict[str, Door]
) -> None:
    history = [Turn("user", text) for text in talk[:-1]]
    expected = plain(safety_to_json(assess(talk[-1], history, country=country, classify=open_classifier())))
    assert decided(guide, talk, country) == expected
    for name, door in doors.items():
        assert plain(door(talk, country, False)) == expected, name


# What a banner withdraws, the turns before it, only the chat knows.
@pytest.mark.parametrize("talk", [talk for talk in CONVERSATIONS if len(talk) == 1], ids=lambda talk: talk[0][:30])
def test_all_doors_take_a_withdrawal_alike(talk: tuple[str, ...], guide: Guide, doors: dict[str, Door]) -> None:
    expected = decided(guide, talk, "IE", withdrawn=True)
    for name, door in doors.items():
        if name != "the chat's endpoint":  # it takes no withdrawal of the question
            assert plain(door(talk, "IE", True)) == expected, name


@pytest.mark.parametrize("talk", [talk for talk in CONVERSATIONS if len(talk) == 2], ids=lambda talk: talk[0][:30])
def test_doors_that_carry_it_take_an_earlier_withdrawal_alike(
    talk: tuple[str, ...], guide: Guide, doors: dict[str, Door]
) -> None:
    history: Any = [{"role": "user", "content": talk[0], "withdrawn": True}]
    expected = plain(safety_to_json(guide.ask(talk[1], history, "IE").safety))
    for name in ("guide ask --batch", "POST /v1/ask", "POST /v1/assess", "the chat's endpoint"):
        assert plain(doors[name]([*history, talk[1]], "IE", False)) == expected, name
    page = Conversation(guide, registry().lines, country_names())
    exchanges = page.ask(talk[1], talked(guide, talk[:1], "IE", withdrawn=True), "IE", "en")[1]
    assert exchanges[-1].decided
    assert plain(safety_to_json(exchanges[-1].decided)) == expected


@pytest.mark.parametrize(("level", "country"), [("professional", "IE"), ("abuse", "US"), ("crisis", None)])
def test_all_doors_show_what_is_offered(
    level: Any, country: str | None, doors: dict[str, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate is told what to decide: which messages it makes an offer for is tested with the gate."""

    def offering(*message: object, country: str | None = None, **other: object) -> Assessment:
        return Assessment(
            "none",
            "other",
            "en",
            helplines=helplines(country, level),
            offer=level,
            offer_message=offer_words(level, "en"),
        )

    for place in ("guide.guide.assess", "guide.safety.assess"):
        monkeypatch.setattr(place, offering)
    expected = plain(safety_to_json(offering(country=country)))
    for name, door in doors.items():
        assert plain(door([QUESTION], country, False)) == expected, name


@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: f"{len(talk)} {talk[0][:30]}")
def test_file_and_terminal_name_the_lines_that_were_decided(
    talk: tuple[str, ...], guide: Guide, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exchanges = talked(guide, talk, "IE")
    safety = exchanges[-1].decided
    assert safety
    saved = conversation_markdown(exchanges, texts_for("en")).rpartition("\n## ")[2]
    after = [part for text in talk[:-1] for part in ("--after", text)]
    main(["ask", talk[-1], *after, "--index", str(index), "--country", "IE"])
    for shown in (saved, capsys.readouterr().out):
        assert safety.message in shown
        assert safety.offer_message in shown
        for line in safety.helplines if safety.message else ():
            assert line.name in shown
            assert line.phone in shown
