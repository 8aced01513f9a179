"""docs/exchanges.py: the page holds what Guide answers today, and shows all of an answer that is seen first."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from scripts import load_script

from guide.chat.render import Exchange
from guide.errors import QuestionError
from guide.records import Answer, Assessment, Choice, Criterion, Helpline, QuotedPassage, QuotedPoint, Turn

ROOT = Path(__file__).parents[1]
SAFE = Assessment("none", "self", "en")


@pytest.fixture(scope="module")
def exchanges() -> ModuleType:
    return load_script(ROOT / "docs" / "exchanges.py")


@pytest.mark.model
def test_the_page_holds_what_is_answered_today(exchanges: ModuleType) -> None:
    page = exchanges.PAGE.read_text("utf-8")
    assert exchanges.with_exchanges(page, exchanges.written()) == page, "run python docs/exchanges.py, and read it"


def test_there_are_twenty(exchanges: ModuleType) -> None:
    assert sum(len(messages) for _, messages in exchanges.CONVERSATIONS) == 20
    numbers = re.findall(r"^\*\*(\d+)\. Person:\*\*", exchanges.PAGE.read_text("utf-8"), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 21)]


def passage(*points: QuotedPoint) -> QuotedPassage:
    return QuotedPassage("p", "a", ("Distance", "Signs"), 0, 100, "", 0.5, points)


QUIET = QuotedPoint(20, 34, "He goes quiet.", 0.9)
SHUT = QuotedPoint(0, 9, "A shut door", 0.8, "item")


def answer(*passages: QuotedPassage, **more: Any) -> Answer:
    return replace(Answer("q", "q", (), bool(passages), 0.9, (), passages, (), SAFE), **more)


CHOICES = (Choice("About me", "it is me"), Choice("About him", "it is him"))

SHOWN: list[tuple[str, Answer, list[str]]] = [
    (
        "the answering words in reading order, of the first passage",
        answer(passage(QUIET, SHUT), passage(QUIET)),
        ["**Guide** quotes:", "> - A shut door\n> He goes quiet.\n>\n> — *Signs*"],
    ),
    (
        "those of all passages of a brief answer",
        answer(passage(SHUT), passage(QUIET), brief=True, reply="In short:"),
        ["**Guide:** In short:", "> - A shut door\n>\n> — *Signs*", "> He goes quiet.\n>\n> — *Signs*"],
    ),
    (
        "a question back with its choices",
        answer(reply="Is it about you?", asks_back=True, choices=CHOICES),
        ["**Guide:** Is it about you?", "Choices: [ About me ] · [ About him ]"],
    ),
    (
        "which part of a long message is answered, and the others",
        answer(passage(QUIET), answers="why is he so", also_asked=("is it me", "what now")),
        [
            "**Guide:** You write: “why is he so”",
            "> He goes quiet.\n>\n> — *Signs*",
            "You also wrote: “is it me” · “what now”",
        ],
    ),
    (
        "that nothing answers",
        answer(passage(QUIET), covered=False),
        ["**Guide:** The article doesn’t answer this, so Guide has nothing to quote."],
    ),
    (
        "the card first, then the answer",
        answer(
            passage(QUIET),
            safety=replace(
                SAFE,
                level="professional",
                message="It may help to talk.",
                criteria=(Criterion("distress", "It lasts.", "p"), Criterion("numb", "Numbness")),
                helplines=(Helpline("Talk", "IE", "crisis", "116", "", "", "https://talk.example", "", "en", "", ""),),
            ),
        ),
        [
            "**Guide, on a card:** It may help to talk.",
            "- The article names this as a time to seek help: “It lasts.”\n"
            "- Guide names this as a time to seek help: “Numbness”",
            "- Talk, 116, https://talk.example",
            "**Guide** quotes:",
            "> He goes quiet.\n>\n> — *Signs*",
        ],
    ),
    (
        "in a crisis the card alone",
        answer(safety=replace(SAFE, level="crisis", message="Call now."), reply="Hello."),
        ["**Guide, on a card:** Call now."],
    ),
    (
        "after abuse no reply of Guide's own",
        answer(safety=replace(SAFE, level="abuse", message="You can talk to someone."), reply="Hello."),
        ["**Guide, on a card:** You can talk to someone."],
    ),
]


@pytest.mark.parametrize(("what", "given", "lines"), SHOWN, ids=[what for what, *_ in SHOWN])
def test_what_is_shown(what: str, given: Answer, lines: list[str], exchanges: ModuleType) -> None:
    assert list(exchanges.shown(Exchange("why?", given), 3)) == ["**3. Person:** why?", *lines]


def test_a_conversation_goes_on_as_in_the_chat(exchanges: ModuleType) -> None:
    script = {
        "help": answer(reply="Is it about you?", asks_back=True, choices=CHOICES),
        "it is me": answer(passage(QUIET)),
    }
    seen: list[tuple[str, Sequence[Turn], str]] = []

    def ask(message: str, history: Sequence[Turn], country: str) -> Answer:
        seen.append((message, history, country))
        if message not in script:
            raise QuestionError("The question has no words.")
        return script[message]

    tap = exchanges.Tap("my own words")
    held = list(exchanges.held(SimpleNamespace(ask=ask), ("help", tap, tap)))
    # The first choice is tapped; after an answer without choices the person types.
    assert [exchange.question for exchange in held] == ["help", "it is me", "my own words"]
    assert [turn.asked_back for turn in seen[1][1]] == [True]
    assert [turn.quoted for turn in seen[2][1]] == [(), ("p",)]
    assert held[2].fault == "The question has no words."
    assert list(exchanges.shown(held[2], 1))[-1] == "**Guide:** The question has no words."
