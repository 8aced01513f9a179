"""Everyday messages: what counts as understood, found and shown, on answers written out by hand."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from guide.errors import QuestionError
from guide.evaluate.conversations import (
    SCREEN_WORDS,
    Share,
    act_figures,
    answer_figures,
    ask_messages,
    conversation_figures,
    conversation_tables,
    on_first_screen,
)
from guide.evaluate.loaders import DataError, EverydayMessage
from guide.records import Act, Answer, Assessment, Passage, Point, QuotedPassage, QuotedPoint

SAFE = Assessment("none", "self", "en")
TEXT = "He goes quiet. He sleeps badly. " + "It comes and goes. " * 30


class Scripted:
    """A guide over one article, which answers each message as a script says; it keeps what it was asked."""

    def __init__(self, script: dict[str, Answer]) -> None:
        self.script = script
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.texts = {"a": TEXT}
        self.passages = [Passage("p", "a", ("Signs",), "body", 0, len(TEXT), (Point(0, 14),))]

    def reading(self) -> nullcontext["Scripted"]:
        return nullcontext(self)

    def ask(self, text: str, history: Any = ()) -> Answer:
        self.asked.append((text, tuple(history)))
        if text not in self.script:
            raise QuestionError("The question has no words.")
        return self.script[text]


def passage(*points: str, text: str = TEXT) -> QuotedPassage:
    """A passage whose points are these, best first."""
    quoted = tuple(QuotedPoint(text.index(one), text.index(one) + len(one), one, 0.5) for one in points)
    return QuotedPassage("p", "a", ("Signs",), 0, len(text), text, 0.5, quoted)


def answer(*passages: QuotedPassage, act: Act = "question", covered: bool = True, **more: Any) -> Answer:
    return replace(Answer("", "", (), covered, 0.9, (), passages, (), SAFE, act=act), **more)


def message(text: str, act: Act = "question", kind: str = "everyday", *gold: str) -> EverydayMessage:
    return EverydayMessage(text, kind, text, act, gold)


def test_acts_are_counted_apart_from_what_is_asked() -> None:
    said = [
        message("hi", "greeting", "act"),
        message("hullo", "greeting", "act"),
        message("…", "gibberish", "act"),
        message("hi, he left", "statement", "trap"),
        message("he left", "statement", "trap"),
        message("???", "question", "everyday"),
    ]
    script = {
        "hi": answer(act="greeting", covered=False),
        "hullo": answer(act="thanks", covered=False),
        "hi, he left": answer(act="greeting", covered=False),
        "he left": answer(),
    }
    rows = ask_messages(said, Scripted(script))  # type: ignore[arg-type]
    figures = conversation_figures(rows)
    assert figures == {"acts understood": Share(1, 3), "content taken for an act": Share(1, 3)}
    assert act_figures(rows) == {"greeting": Share(1, 2), "gibberish": Share(0, 1)}
    table = conversation_tables("said", rows)
    assert "| greeting  | 2        | 0.500      | thanks 1       |" in table
    assert "| gibberish | 1        | 0.000      | refused 1      |" in table
    assert "| acts understood          | 0.333 | 0.061–0.792  | 3        |" in table


def test_the_history_is_said_as_texts() -> None:
    guide = Scripted({})
    ask_messages([EverydayMessage("1", "followup", "and him?", "question", (), ("why", "how"))], guide)  # type: ignore[arg-type]
    assert guide.asked == [("and him?", ("why", "how"))]


def test_vague_and_near_messages_have_figures_of_their_own() -> None:
    said = [
        message("help", "statement", "vague"),
        message("why", "question", "vague"),
        message("is it hereditary", "question", "neartopic"),
        message("is it catching", "question", "neartopic"),
    ]
    script = {
        "help": answer(covered=False, asks_back=True, reply="About whom?"),
        "why": answer(passage("He goes quiet.")),
        "is it hereditary": answer(covered=False),
        "is it catching": answer(passage("He goes quiet.")),
    }
    figures = conversation_figures(ask_messages(said, Scripted(script)))  # type: ignore[arg-type]
    assert figures["vague messages asked back"] == Share(1, 2)
    assert figures["refused of neartopic"] == Share(1, 2)


QUIET, BADLY = "He goes quiet.", "He sleeps badly."
OTHER = "It comes and goes."
ELSEWHERE = passage(text="Nothing of it.")

HELD: list[tuple[str, Answer | None, tuple[float, float, float, float]]] = [
    ("in the best point", answer(passage(QUIET)), (1, 1, 1, 1)),
    ("in another sentence of the passage", answer(passage(OTHER)), (1, 1, 0, 0)),
    ("in the second passage", answer(ELSEWHERE, passage(QUIET)), (0, 1, 0, 0)),
    ("in the fourth passage", answer(ELSEWHERE, ELSEWHERE, ELSEWHERE, passage(QUIET)), (0, 0, 0, 0)),
    ("in the second of a brief answer", answer(ELSEWHERE, passage(QUIET), brief=True), (0, 1, 0, 1)),
    ("found and not shown", answer(passage(QUIET), covered=False), (1, 1, 1, 0)),
    ("nowhere", answer(), (0, 0, 0, 0)),
    ("refused", None, (0, 0, 0, 0)),
]


@pytest.mark.parametrize(("where", "given", "held"), HELD, ids=lambda value: value if isinstance(value, str) else "")
def test_where_the_answer_stands(where: str, given: Answer | None, held: tuple[float, float, float, float]) -> None:
    script = {where: given} if given else {}
    [row] = ask_messages([message(where, "question", "everyday", QUIET)], Scripted(script))  # type: ignore[arg-type]
    assert tuple(row.measures.values()) == held


def test_words_that_run_over_two_points_are_held_in_either_order() -> None:
    script = {"q": answer(passage(BADLY, QUIET))}
    [row] = ask_messages([message("q", "question", "everyday", f"{QUIET} {BADLY}")], Scripted(script))  # type: ignore[arg-type]
    assert (row.measures["points"], row.measures["first screen"]) == (1, 1)


def test_the_first_screen_ends_after_so_many_words() -> None:
    # Sentences of 30 words: three of them fill the screen, whichever passages they are of.
    lines = [f"{'ab ' * 29}{end}" for end in ("one", "two", "three", "four")]
    text = " ".join(lines)
    assert SCREEN_WORDS == 90
    shown = on_first_screen(answer(passage(*lines, text=text)))
    assert [point.text for point in shown] == lines[:3]
    brief = answer(passage(*lines[:2], text=text), passage(*lines[2:], text=text), brief=True)
    assert [point.text for point in on_first_screen(brief)] == lines[:3]
    assert on_first_screen(answer(passage("ab " * 90 + "end", text="ab " * 90 + "end"))) == ()


def test_pure_acts_and_messages_without_an_answer_stay_out_of_the_kinds() -> None:
    said = [
        message("who are you", "identity", "act", QUIET),
        message("help", "statement", "vague"),
        message("yes", "ack", "followup", QUIET),
        message("why", "question", "followup", QUIET),
    ]
    script = {
        "who are you": answer(passage(QUIET)),
        "yes": answer(passage(QUIET), act="ack"),
        "why": answer(act="smalltalk", covered=False),
    }
    kinds = answer_figures(ask_messages(said, Scripted(script)))  # type: ignore[arg-type]
    assert list(kinds) == ["all", "followup"]
    assert kinds["all"] == kinds["followup"]
    assert kinds["followup"] == {
        "first passage": Share(1, 2),
        "one of three": Share(1, 2),
        "points": Share(1, 2),
        "first screen": Share(1, 2),
        "covered": Share(1, 2),
        # “yes” is an act, and rightly taken for one.
        "taken for an act": Share(1, 1),
    }


def test_words_that_stand_in_no_article_are_an_error_where_none_does() -> None:
    guide = Scripted({"q": answer()})
    here, elsewhere = message("q", "question", "everyday", QUIET), message("r", "question", "everyday", "She left.")
    assert len(ask_messages([here, elsewhere], guide)) == 2  # type: ignore[arg-type]
    assert len(ask_messages([message("hi", "greeting", "act")], guide)) == 1  # type: ignore[arg-type]
    with pytest.raises(
        DataError, match="None of the words that answer stands in the index; name that of their article"
    ):
        ask_messages([elsewhere], guide)  # type: ignore[arg-type]
