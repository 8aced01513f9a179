"""What a terminal shows of the way to help, line by line."""

from dataclasses import replace

import pytest

from guide.commands.terminal import print_answer, print_assessment, print_offer, print_safety
from guide.records import Answer, Assessment, Choice, Correction, Helpline, QuotedPassage, QuotedPoint
from guide.safety import assess
from guide.safety.helplines import helplines

QUOTED = QuotedPassage("p-1", "bees", ("Calm",), 0, 14, "Bees are calm.", 0.9, ())
ANSWER = Answer("q", "q", (), True, 0.9, (), (QUOTED,), (), Assessment("none", "self", "en"))
OFFER = "If somebody hurts or controls you, a domestic violence line listens and helps."
OFFERED = Assessment("none", "self", "en", helplines=helplines("IE", "abuse"), offer="abuse", offer_message=OFFER)
LINE = "  • Women's Aid 24hr National Freephone Helpline: call 1800 341 900"


def test_without_a_country_the_local_emergency_number_is_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    print_safety(assess("I want to die"))
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  •")]
    assert lines[0] == "  • Your local emergency number (112 or 911 in many countries)"
    assert not [line for line in lines if line.endswith(":") or ": (" in line]


def test_a_line_says_how_it_is_reached(capsys: pytest.CaptureFixture[str]) -> None:
    line = Helpline("Line", "IE", "crisis", "01 234", "50808", "HELLO", "https://example.org", "always", "en", "", "")
    for one in (line, replace(line, sms_text="", phone="", hours="")):
        print_safety(Assessment("crisis", "self", "en", message="Call.", helplines=(one,)))
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("  •")] == [
        "  • Line: call 01 234, text HELLO to 50808, https://example.org (always)",
        "  • Line: text 50808, https://example.org",
    ]


@pytest.mark.parametrize("passages", [(QUOTED,), ()], ids=["an answer", "no passages"])
def test_an_offer_stands_under_the_answer_with_one_line(
    passages: tuple[QuotedPassage, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer(replace(ANSWER, passages=passages, safety=OFFERED))
    printed = capsys.readouterr().out.splitlines()
    assert printed[-2] == OFFER
    assert printed[-1].startswith(f"  • {OFFERED.helplines[0].name}: call {OFFERED.helplines[0].phone}")
    assert ("    Bees are calm." in printed) is bool(passages)
    assert len([line for line in printed if line.startswith("  •")]) == 1


def test_an_offer_without_a_country_names_the_directory(capsys: pytest.CaptureFixture[str]) -> None:
    print_offer(replace(OFFERED, helplines=helplines(None, "abuse")))
    assert "https://findahelpline.com" in capsys.readouterr().out.splitlines()[-1]
    print_offer(ANSWER.safety)
    assert capsys.readouterr().out == ""


def test_an_assessment_says_what_was_earlier_and_what_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    print_assessment(replace(OFFERED, audience="other", earlier="crisis"))
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "level: none, after crisis, offering help as for abuse; about somebody else; language en"
    assert OFFER in printed


@pytest.mark.parametrize(
    ("safety", "reason"),
    [
        (Assessment("crisis", "self", "en", message="m"), "people can help now and an article can’t"),
        (Assessment("abuse", "self", "en", message="m"), "could put somebody who is being hurt in danger"),
        (Assessment("none", "self", "en", message="m", earlier="abuse"), "because of what you told it earlier"),
        (Assessment("professional", "self", "en", message="m"), ""),
    ],
    ids=["crisis", "abuse", "earlier", "professional"],
)
def test_what_is_held_back_is_said_with_the_reason(
    safety: Assessment, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer(replace(ANSWER, safety=safety))
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Guide ")]
    assert len(said) == bool(reason)
    assert all(reason in line for line in said)


def test_a_reply_comes_first_and_then_how_the_message_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    mended = replace(
        ANSWER,
        searched_as="calm bees and all that",
        corrections=(Correction("clam", "calm"),),
        reply="Here it is.",
        answers="what calms",
        choices=(Choice("More", "Tell me more"),),
    )
    print_answer(mended)
    printed = capsys.readouterr().out
    assert printed.splitlines()[:3] == ["Here it is.", "Read “clam” as “calm”.", "You write: “what calms”"]
    assert printed.endswith("\nYou could say\n  Tell me more\n")
    assert "all that" not in printed


def test_a_brief_answer_is_printed_as_its_points_in_reading_order(capsys: pytest.CaptureFixture[str]) -> None:
    points = (QuotedPoint(9, 14, "calm.", 0.9), QuotedPoint(0, 4, "Bees", 0.8))
    print_answer(replace(ANSWER, brief=True, passages=(replace(QUOTED, points=points), QUOTED)))
    assert capsys.readouterr().out.splitlines() == [
        "[1] Calm  (bees, characters 0–14)",
        "    – Bees",
        "    – calm.",
        "[2] Calm  (bees, characters 0–14)",
        "    Bees are calm.",
    ]
