"""The whole gate, with what messages mean: what only meaning sees is raised, remembered and shown as words of it are.

What texts mean is said by the words they hold, so that no model is needed.
"""

import numpy as np
import pytest
from meant import Meanings, meant

from guide.levels import Level
from guide.records import Assessment, Turn
from guide.safety.gate import assess

VAGUE = "The river is on my way"
"""Words of which no rule and no context makes anything."""
LAKE = "My boat is on the lake"
CRISIS = meant("crisis")


def assess_meant(message: str, row: np.ndarray, history: list[Turn] | None = None) -> Assessment:
    """What the gate decides if the vague words have this meaning."""
    return assess(message, history or [], classify=Meanings(river=row, lake=row))


def test_what_only_meaning_sees_is_raised() -> None:
    assert assess(VAGUE).level == "none"
    assert assess_meant(VAGUE, CRISIS).level == "crisis"


def after(earlier: int) -> Assessment:
    """The gate's decision on a question, with so many others between it and the vague words."""
    history = [Turn("user", VAGUE), *(Turn("user", f"What is sleep {n}?") for n in range(earlier))]
    return assess_meant("What is a boundary?", CRISIS, history)


def test_what_one_earlier_message_meant_stays_in_reach_over_twelve_of_them() -> None:
    for earlier in (0, 1, 11):
        offered = after(earlier)
        assert (offered.level, offered.earlier, offered.offer) == ("none", "none", "crisis"), earlier
        assert offered.offer_message
        assert offered.helplines
    assert after(12).offer == ""


def test_what_two_earlier_messages_meant_is_remembered() -> None:
    remembered = assess_meant("What is a boundary?", CRISIS, [Turn("user", VAGUE), Turn("user", LAKE)])
    assert (remembered.level, remembered.earlier, remembered.offer) == ("none", "crisis", "")
    assert remembered.message.startswith("Earlier you told me about something very hard.")
    assert remembered.helplines


def test_what_was_decided_then_counts_however_long_ago() -> None:
    decided = [Turn("user", VAGUE, "crisis"), Turn("user", VAGUE, "crisis")]
    history = [*decided, *(Turn("user", "What is sleep?", "none") for _ in range(60))]
    meanings = Meanings()
    assert assess("What is a boundary?", history, classify=meanings).earlier == "crisis"
    # And not looked at again.
    assert meanings.texts == ["What is a boundary?"]
    assert assess("What is a boundary?", history[1:], classify=meanings).offer == "crisis"


@pytest.mark.parametrize("level", ["none", "professional"])
def test_what_was_no_danger_then_leaves_nothing(level: Level) -> None:
    quiet = assess(VAGUE, [Turn("user", "Something.", level)] * 3, classify=Meanings())
    assert (quiet.level, quiet.earlier, quiet.offer, quiet.message, quiet.helplines) == ("none", "none", "", "", ())


def test_a_message_withdrawn_means_nothing_any_more() -> None:
    taken_back = assess(VAGUE, classify=Meanings(river=CRISIS), withdrawn=True)
    assert (taken_back.level, taken_back.earlier, taken_back.offer, taken_back.message) == ("none", "none", "", "")
    history = [Turn("user", VAGUE, "crisis", withdrawn=True), Turn("user", LAKE, "crisis", withdrawn=True)]
    after = assess("What is a boundary?", history, classify=Meanings(river=CRISIS))
    assert (after.level, after.earlier, after.offer, after.message) == ("none", "none", "", "")


def test_plain_words_withdrawn_leave_the_quiet_banner() -> None:
    banner = assess("What is a boundary?", [Turn("user", "I want to die")]).message
    quiet = "Help is still here whenever you want it."
    assert banner.startswith("Earlier you told me")
    taken_back = assess("I want to die", classify=Meanings(), withdrawn=True)
    assert (taken_back.level, taken_back.earlier, taken_back.message) == ("none", "crisis", quiet)
    assert taken_back.helplines
    assert taken_back.taken_back
    history = [Turn("user", "I want to die", withdrawn=True)]
    after = assess("What is a boundary?", history)
    assert (after.earlier, after.message, after.taken_back) == ("crisis", quiet, True)
    # What still stands is spoken of, and nothing else is.
    both = assess("What is a boundary?", [*history, Turn("user", "my husband hits me")], country="US")
    assert (both.earlier, both.also_earlier, both.taken_back) == ("crisis", "abuse", False)
    assert both.message == assess("What is a boundary?", [Turn("user", "my husband hits me")]).message
    assert "988" in [line.phone for line in both.helplines]
    # Where a language has a card and no page, the line is in English.
    assert assess("chcę umrzeć", withdrawn=True).message == quiet
    assert assess("Quiero morir", withdrawn=True).message == "La ayuda sigue aquí para cuando la quieras."
    # It is over; “I still mean it” would go on from it.
    goes_on = "I meant what I said before"
    assert assess(goes_on, history).level == "none"


def test_the_card_for_the_same_danger_again_is_the_shorter_one() -> None:
    first = assess_meant(VAGUE, CRISIS)
    again = assess_meant(VAGUE, CRISIS, [Turn("user", "I want to die")])
    assert (first.level, again.level) == ("crisis", "crisis")
    assert "I am glad you said this." in first.message
    assert "I am glad you said this." not in again.message
    assert "Who is with you right now?" in again.message
    # So it is where the earlier danger too was seen by its meaning alone, more than once.
    meant_before = assess_meant(VAGUE, CRISIS, [Turn("user", VAGUE), Turn("user", LAKE)])
    assert meant_before.message == again.message


def test_after_abuse_the_card_for_a_crisis_is_the_whole_one() -> None:
    first = assess_meant(VAGUE, CRISIS)
    after = assess_meant(VAGUE, CRISIS, [Turn("user", "my husband hits me")]).message
    assert after == f"{first.message}\n\n{assess('What is a boundary?', [Turn('user', 'my husband hits me')]).message}"


def test_abuse_meant_after_a_crisis_is_remembered_as_surely_as_without_it() -> None:
    said = Turn("user", "I want to die")
    once, twice = ([said, *[Turn("user", text, "abuse") for text in texts]] for texts in ([VAGUE], [VAGUE, LAKE]))
    calm = "What is a boundary?"
    after = assess(calm, twice, country="US", classify=Meanings())
    assert (after.earlier, after.also_earlier) == ("crisis", "abuse")
    assert "It is not your fault." in after.message
    # Meant once, it isn't asserted, and its line is within reach all the same.
    offered = assess(calm, once, country="US", classify=Meanings())
    assert (offered.also_earlier, offered.offer, offered.message) == ("none", "", assess(calm, [said]).message)
    assert [line.purpose for line in offered.helplines] == ["crisis", "abuse", "emergency", "directory"]


def test_where_the_words_say_enough_the_model_is_not_asked() -> None:
    meanings = Meanings()
    assert assess("I want to die", classify=meanings).level == "crisis"
    assert assess("  ", classify=meanings).level == "none"
    assert meanings.texts == []
