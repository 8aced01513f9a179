"""A conversation remembers: help stays in reach, and the same block isn't shown twice."""

import subprocess
import sys

import pytest

from guide.records import Turn
from guide.safety import assess

CRISIS = Turn("user", "I want to kill myself")
ABUSE = Turn("user", "my husband hits me")
CARD = Turn("assistant", "Please call a crisis line. I want to die is a heavy thing to say.")


@pytest.mark.parametrize("message", ["lol jk", "forget it", "I'm fine", "never mind", "I was just joking"])
def test_playing_it_down_keeps_the_level_with_a_shorter_card(message: str) -> None:
    first, again = assess(CRISIS.content), assess(message, [CRISIS, CARD])
    assert again.level == "crisis"
    assert again.earlier == "crisis"
    assert len(again.message) < len(first.message)
    assert "Who is with you right now?" in again.message
    assert again.matches[-1].rule == "conversation.minimising"
    assert again.matches[-1].text == message


def test_an_ordinary_question_afterwards_is_answered_under_a_quiet_banner() -> None:
    after = assess("What do healthy boundaries look like?", [CRISIS, CARD], country="US")
    assert after.level == "none"
    assert after.earlier == "crisis"
    assert after.message.startswith("Earlier you told me about something very hard.")
    assert any(line.phone == "988" for line in after.helplines)


def test_after_abuse_the_banner_keeps_the_line_in_reach() -> None:
    after = assess("What is emotional detachment?", [ABUSE], country="US")
    assert (after.level, after.earlier) == ("none", "abuse")
    assert "It is not your fault." in after.message
    assert any(line.purpose == "abuse" for line in after.helplines)


def test_a_criterion_after_a_crisis_shows_both() -> None:
    after = assess("I feel numb all the time and I have no friends", [CRISIS])
    assert after.level == "professional"
    assert after.message.startswith("Earlier you told me")
    assert "It may help to talk with a professional." in after.message


def test_the_same_danger_again_gets_the_shorter_card() -> None:
    again = assess("I still want to die", [CRISIS, CARD])
    assert again.level == "crisis"
    assert again.message != assess("I still want to die").message


def test_a_graver_danger_gets_its_full_card() -> None:
    now = assess("I took all my pills", [CRISIS, CARD])
    assert now.level == "emergency"
    assert now.message == assess("I took all my pills").message


def test_what_the_assistant_said_is_not_assessed() -> None:
    assert assess("What is a boundary?", [CARD]).earlier == "none"


def test_weak_signs_add_up_over_turns() -> None:
    turns = [Turn("user", "I gave away my guitar"), Turn("user", "ok")]
    assert assess("I gave away my guitar").level == "none"
    assert assess("I feel hopeless", turns).level == "crisis"
    assert assess("What is a boundary?", [*turns, Turn("user", "I feel hopeless")]).earlier == "crisis"


def said(*messages: str) -> list[Turn]:
    """A conversation in which somebody wrote these messages."""
    return [turn for message in messages for turn in (Turn("user", message), CARD)]


@pytest.mark.parametrize("message", ["never mind", "What is a boundary?"])
@pytest.mark.parametrize(
    ("turns", "words", "audience"),
    [
        (["I want to die", "my sister is suicidal"], ["How are they now", "you worry about someone"], "other"),
        (["my sister is suicidal", "I want to die"], ["how hard this is", "something very hard"], "self"),
        (["I want to die", "my husband hits me"], ["how hard this is", "something very hard"], "self"),
        (["my husband hits me", "I want to die"], ["how hard this is", "something very hard"], "self"),
        (["I want to die", "How do I bake bread?"], ["how hard this is", "something very hard"], "self"),
        (["my sister is suicidal", "How do I bake bread?"], ["How are they now", "you worry about someone"], "other"),
        (["Quiero morir", "How do I bake bread?"], ["Sigo aquí", "Antes me contaste"], "self"),
        (["I took all my pills", "I want to die"], ["worried about your safety", "you were in danger"], "self"),
        (["I want to die", "Quiero morir"], ["Sigo aquí", "Antes me contaste"], "self"),
        (["Quiero morir", "I want to die"], ["how hard this is", "something very hard"], "self"),
    ],
    ids=" then ".join,
)
def test_the_card_goes_on_from_the_latest_of_the_gravest_turns(
    turns: list[str], words: list[str], audience: str, message: str
) -> None:
    after = assess(message, said(*turns))
    goes_on = message == "never mind"
    assert words[not goes_on] in after.message
    assert after.audience == (audience if goes_on else "self")


def test_a_danger_is_remembered_however_long_ago() -> None:
    calm = ["What is a boundary?"] * 60
    after = assess("How do I say no?", said(CRISIS.content, *calm), country="US")
    assert (after.level, after.earlier) == ("none", "crisis")
    assert "988" in [line.phone for line in after.helplines]
    assert assess("How do I say no?", said(*calm)).earlier == "none"


def test_each_criterion_is_named_once_however_often_it_is_met() -> None:
    met = assess("I feel numb, so numb and empty. I feel hopeless and numb all the time.")
    assert met.level == "professional"
    assert [criterion.id for criterion in met.criteria] == ["numbness"]
    assert met.message.count(met.criteria[0].quote) == 1


def test_nothing_to_say_is_said_with_nothing() -> None:
    calm = assess("How do I bake bread?")
    assert (calm.level, calm.message, calm.helplines, calm.matches) == ("none", "", (), ())


def test_the_country_decides_the_lines() -> None:
    assert any(line.phone == "988" for line in assess(CRISIS.content, country="US").helplines)
    assert any(line.url == "https://findahelpline.com" for line in assess(CRISIS.content).helplines)


def test_the_gate_loads_no_model_index_or_network_library() -> None:
    heavy = "{'numpy', 'torch', 'faiss', 'gradio', 'requests', 'socket', 'sentence_transformers', 'onnxruntime'}"
    code = f"import sys, guide.safety as s; s.assess('I want to die'); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
