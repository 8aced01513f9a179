"""A conversation remembers: help stays in reach, and the same block isn't shown twice."""

import subprocess
import sys

import pytest

from guide.levels import Level
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


NOBODY = "i think nobody would miss me if i was gone"
PUSHED = "he pushed me against the door yesterday and it frightened me"
OF_BOTH = ["crisis", "abuse", "emergency", "directory"]


def test_abuse_told_of_after_a_crisis_gets_its_whole_card_and_the_crisis_is_not_forgotten() -> None:
    after, alone = assess(PUSHED, said(NOBODY), country="US"), assess(PUSHED, country="US")
    assert (alone.level, after.level, after.earlier, after.also_earlier) == ("abuse", "abuse", "crisis", "none")
    banner = assess("What is a boundary?", said(NOBODY)).message
    assert after.message == f"{alone.message}\n\n{banner}"
    assert after.helplines == alone.helplines
    assert {"abuse", "crisis"} <= {line.purpose for line in after.helplines}
    # Told of again, it is the shorter card.
    again = assess("he pushed me once more", said(NOBODY, PUSHED))
    assert (again.level, again.also_earlier) == ("abuse", "abuse")
    assert again.message.startswith("It is still not your fault.")


@pytest.mark.parametrize("turns", [(NOBODY, PUSHED), (PUSHED, NOBODY), (f"{PUSHED}. {NOBODY}",)], ids=len)
def test_of_crisis_and_abuse_both_told_the_lines_and_words_of_both_go_on(turns: tuple[str, ...]) -> None:
    calm = assess("What is a boundary?", said(*turns), country="US")
    assert (calm.level, calm.earlier, calm.also_earlier) == ("none", "crisis", "abuse")
    of_crisis, of_abuse = (assess("What is a boundary?", said(one)).message for one in (NOBODY, PUSHED))
    assert calm.message == f"{of_crisis}\n\n{of_abuse}"
    assert "quick exit" in of_abuse
    card = assess("what should i say to him", said(*turns), country="US")
    assert card.level == "crisis"
    assert card.message.endswith(f"\n\n{of_abuse}")
    for one in (calm, card):
        assert [line.purpose for line in one.helplines] == OF_BOTH


def test_a_message_that_tells_of_both_has_the_lines_for_both() -> None:
    now = assess(f"{PUSHED}. {NOBODY}", country="US")
    assert (now.level, [line.purpose for line in now.helplines]) == ("crisis", OF_BOTH)
    assert "Earlier" not in now.message


def test_in_a_medical_emergency_nothing_else_is_spoken_of() -> None:
    message = "my toddler swallowed my pills"
    after, alone = assess(message, said(PUSHED), country="US"), assess(message, country="US")
    assert (after.level, after.message, after.helplines) == ("emergency", alone.message, alone.helplines)


LEAVE = "should i leave him"


def test_a_crisis_is_no_card_any_more_once_ordinary_messages_have_followed() -> None:
    calm = ["What is a boundary?", "How do I say no at work?"]
    for turns in ([NOBODY], [NOBODY, calm[0]], [*calm, NOBODY], [NOBODY, calm[0], "i already tried", calm[1]]):
        assert assess(LEAVE, said(*turns)).level == "crisis", turns
    for turns in ([NOBODY, *calm], [NOBODY, *calm, LEAVE], [NOBODY, *calm, LEAVE, LEAVE]):
        after = assess(LEAVE, said(*turns), country="US")
        assert (after.level, after.earlier, after.matches) == ("none", "crisis", ()), turns
        assert after.message.startswith("Earlier you told me about something very hard.")
        assert "988" in [line.phone for line in after.helplines]
    # A card between them, whatever raised it, is no calm.
    marked = [Turn("user", NOBODY), Turn("user", calm[0]), Turn("user", calm[1], "crisis"), Turn("user", calm[0])]
    assert assess(LEAVE, marked).level == "crisis"
    # Said anew it is a crisis as ever, and so it is where signs add up.
    assert assess(NOBODY, said(NOBODY, *calm)).level == "crisis"


@pytest.mark.parametrize(("turn", "level"), [(PUSHED, "abuse"), ("he is holding a knife to me", "emergency")])
def test_what_another_does_and_an_emergency_stay_a_card_that_a_message_goes_on_from(turn: str, level: Level) -> None:
    calm = ["What is a boundary?"] * 5
    assert assess(LEAVE, said(turn, *calm)).level == level
    # Beside a crisis that has grown calm, abuse is what is gone on from.
    if level == "abuse":
        both = assess(LEAVE, said(NOBODY, turn, *calm), country="US")
        assert (both.level, both.earlier) == ("abuse", "crisis")
        assert both.message.startswith("It is still not your fault.")
        assert "something very hard" in both.message


def test_violence_that_happens_now_is_abuse_told_of_too() -> None:
    now = assess("he is holding a knife to me", country="US")
    assert [line.purpose for line in now.helplines] == ["emergency", "crisis", "abuse", "directory"]
    after = assess("What is a boundary?", said("he is holding a knife to me"), country="US")
    assert (after.earlier, after.also_earlier) == ("emergency", "abuse")
    assert after.message.startswith("You told me that you were in danger at home.")
    assert after.message.count("\n\n") == 0
    assert assess(PUSHED, said("he is holding a knife to me")).message.startswith("It is still not your fault.")


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
