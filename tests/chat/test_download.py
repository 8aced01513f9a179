"""The conversation to take along: what the file says, and that nothing in it gets out of its place."""

from dataclasses import replace
from urllib.parse import unquote

import pytest
from chat.conftest import answer, quote
from chat.page import read

from guide.chat.download import conversation_markdown, take_along
from guide.chat.library import Library
from guide.chat.render import Exchange
from guide.chat.texts import texts_for
from guide.levels import Level
from guide.records import Assessment, Choice, Correction, Helpline

EN = texts_for("en")
LINE = Helpline("Line", "IE", "crisis", "01 234", "", "", "https://example.org", "", "en", "", "")


def test_the_file_holds_each_question_and_the_words_quoted(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    exchanges = [Exchange("What calms\nthem?", answer("q", quote(passage, library, 1))), Exchange("b", None, "Broken.")]
    assert conversation_markdown(exchanges, EN) == (
        f"*{EN['saved_from']}*\n\n## What calms them?\n\n"
        "> Three things help:\n>\n>   • Cool smoke\n>   • A warm day\n>   • Slow hands\n>\n> – What calms bees?\n\n"
        "## b\n\nBroken.\n"
    )


def test_the_file_holds_the_way_to_help_and_in_a_crisis_nothing_else(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    safety = Assessment("crisis", "self", "en", message="Please call.", helplines=(LINE,))
    told = conversation_markdown([Exchange("q", answer("q", quote(passage, library, 0), safety=safety))], EN)
    assert told == f"*{EN['saved_from']}*\n\n## q\n\nPlease call.\n\n- Line, 01 234, https://example.org\n"


def test_the_file_holds_an_offer_under_the_answer_with_one_line(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    offered = Assessment("none", "self", "en", helplines=(LINE, LINE), offer="crisis", offer_message="A line is there.")
    told = conversation_markdown([Exchange("q", answer("q", quote(passage, library, 1), safety=offered))], EN)
    assert told.endswith("> – What calms bees?\n\nA line is there.\n\n- Line, 01 234, https://example.org\n")
    assert told.count("Line,") == 1


def test_the_file_holds_the_reply_how_the_message_was_read_and_the_points_of_a_brief_answer(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    brief = answer(
        "clam?",
        quote(passage, library, 3, 1),
        searched_as="calm bees and all that",
        corrections=(Correction("clam", "calm"),),
        reply="In short.",
        choices=(Choice("More", "Tell me more"),),
        answers="what calms",
        brief=True,
    )
    told = conversation_markdown([Exchange("clam?", brief)], EN)
    assert told == (
        f"*{EN['saved_from']}*\n\n## clam?\n\nIn short.\n\nRead “clam” as “calm”.\n\nYou write: “what calms”\n\n"
        "> Cool smoke\n>\n> Slow hands\n>\n> – What calms bees?\n"
    )
    typed = conversation_markdown([Exchange("clam?", replace(brief, corrections=()), as_typed=True)], EN)
    assert EN["as_typed"] in typed


def test_the_file_holds_a_reply_that_quotes_nothing_and_in_danger_none(library: Library) -> None:
    thanks = answer("thanks", covered=False, reply="You’re welcome.", act="thanks")
    told = conversation_markdown([Exchange("thanks", thanks)], EN)
    assert told.endswith("## thanks\n\nYou’re welcome.\n")
    hurt = replace(thanks, safety=Assessment("abuse", "self", "en", message="Card."))
    assert "welcome" not in conversation_markdown([Exchange("thanks", hurt)], EN)


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "100% & “more”\u202e", "${alert(1)}"])
def test_the_link_carries_the_file_whole_and_as_text(library: Library, text: str) -> None:
    exchanges = [Exchange(text, None, text)]
    page = read(str(take_along(exchanges, EN)))
    kind, _, data = page.one("a", download="guide.md").attributes["href"].partition(",")
    assert kind == "data:text/markdown;charset=utf-8"
    assert unquote(data) == conversation_markdown(exchanges, EN)
    assert [element.tag for element in page.all()][:4] == ["div", "a", "button", "details"]
    assert page.all("script") == []


@pytest.mark.parametrize(
    ("levels", "offered"),
    [
        (["none"], True),
        (["professional"], True),
        (["crisis"], False),  # nothing stands beside the way to help
        (["crisis", "none"], True),
        (["abuse", "none"], False),  # a file may be found by whoever hurts them
    ],
)
def test_when_it_is_offered(library: Library, levels: list[Level], offered: bool) -> None:
    exchanges = [Exchange("q", answer("q", safety=Assessment(level, "self", "en", message="m"))) for level in levels]
    assert bool(take_along(exchanges, EN)) is offered


def test_it_is_not_offered_before_anything_but_a_reply_has_come(library: Library) -> None:
    hello = Exchange("hi", answer("hi", covered=False, reply="Hello.", act="greeting"))
    quoted = Exchange("q", answer("q", quote(next(iter(library.passages.values())), library, 0)))
    assert not take_along([], EN)
    assert not take_along([hello, hello], EN)
    assert take_along([quoted, hello], EN)
    carded = replace(
        hello,
        answer=answer(
            "hi", covered=False, reply="Hello.", safety=Assessment("professional", "self", "en", message="m")
        ),
    )
    assert take_along([carded], EN)


def test_it_is_not_offered_after_abuse_that_was_not_meant_either(library: Library) -> None:
    # What plain words said of it is still in the file.
    safety = Assessment("none", "self", "en", message="Earlier you told me.", earlier="abuse")
    assert take_along([Exchange("q", answer("q", safety=safety), withdrawn=True)], EN) == ""
    beside = replace(safety, earlier="crisis", also_earlier="abuse")
    assert take_along([Exchange("q", answer("q", safety=beside))], EN) == ""
    assert take_along([Exchange("q", answer("q", safety=replace(beside, also_earlier="none")))], EN)
