"""What only meaning sees: it raises or offers, explains itself, and asserts nothing that wasn't said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meant import Meanings, just, meant, mixed

from guide.levels import Level, gravity
from guide.records import Turn
from guide.safety import assess
from guide.safety.classifier import MEANINGS, OUTPUTS
from guide.safety.meaning import has_abuse_words, limits, tells, texts_of
from guide.safety.message import assess_message
from guide.safety.rules import CRITERIA

VAGUE = "The river is on my way"
CONTROLLED = "The river is where he hides my key"


@pytest.mark.parametrize(
    ("message", "meaning", "level", "starts"),
    [
        (VAGUE, "crisis", "crisis", "Please call, text or chat with a crisis line now."),
        (CONTROLLED, "abuse", "abuse", "What you describe is not okay"),
        (VAGUE, "medical", "emergency", "Please call"),
        (VAGUE, "danger_now", "emergency", "Please call your emergency number now."),
        (VAGUE, "bereaved", "professional", ""),
        (VAGUE, "professional", "professional", "What you write fits a sign"),
    ],
)
def test_a_message_that_surely_means_it_is_raised(message: str, meaning: str, level: Level, starts: str) -> None:
    raised = assess(message, country="US", classify=Meanings(river=meant(meaning)))
    assert raised.level == level
    assert {match.rule for match in raised.matches} == {f"meaning.{level}"}
    assert raised.message.startswith(starts)
    assert {line.country for line in raised.helplines} <= {"US", "*"}


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("I don't know where to start honestly", "none"),
        ("no idea how to begin with all this", "none"),
        ("I want to be warmer and don't know where to start", "professional"),
        ("I don't know where to start with my son", "professional"),
    ],
)
def test_a_criterion_is_quoted_only_where_all_of_it_is_met(message: str, level: Level) -> None:
    skills = Meanings(
        know=meant("professional", criterion=CRITERIA.index("skills")),
        idea=meant("professional", criterion=CRITERIA.index("skills")),
    )
    raised = assess(message, classify=skills)
    assert raised.level == level
    assert [criterion.id for criterion in raised.criteria] == (["skills"] if level == "professional" else [])
    assert raised.offer == ("" if level == "professional" else "professional")


@pytest.mark.parametrize(("more", "level"), [(0.001, "crisis"), (-0.001, "none")])
def test_it_is_raised_from_the_limit_on(more: float, level: Level) -> None:
    assert assess(VAGUE, classify=Meanings(river=just("crisis", more))).level == level


def test_what_was_not_said_is_not_asserted() -> None:
    sure = Meanings(river=meant("abuse"))
    offered = assess(VAGUE, country="GB", classify=sure)
    assert (offered.level, offered.offer, offered.message) == ("none", "abuse", "")
    assert offered.offer_message.startswith("If somebody hurts or controls you")
    assert offered.helplines[0].purpose == "abuse"
    assert assess(CONTROLLED, classify=sure).level == "abuse"


@pytest.mark.parametrize("word", ["hits", "slapped", "threatens", "passport", "wages", "locked", "afraid", "allowed"])
def test_words_of_violence_threat_force_control_and_fear(word: str) -> None:
    assert has_abuse_words(assess_message(f"My cousin and the word {word}").reading)


@pytest.mark.parametrize("message", ["should i leave him", "why does my husband do this", "my wife is on the sofa"])
def test_words_of_none_of_these(message: str) -> None:
    assert not has_abuse_words(assess_message(message).reading)


def test_an_offer_is_not_remembered_and_holds_nothing_back() -> None:
    after = assess("What is trust?", [Turn("user", VAGUE)], classify=Meanings(river=meant("abuse")))
    assert (after.level, after.earlier, after.offer, after.message) == ("none", "none", "", "")


def test_less_than_a_card_is_offered() -> None:
    between = (limits().offer["danger"] + limits().card["danger"]) / 2
    offered = assess(VAGUE, classify=Meanings(river=meant("crisis", between)))
    assert (offered.level, offered.offer) == ("none", "crisis")
    below = assess(VAGUE, classify=Meanings(river=meant("crisis", limits().offer["danger"] - 0.01)))
    assert (below.level, below.offer, below.helplines) == ("none", "", ())


def test_beside_a_card_nothing_is_offered() -> None:
    shown = assess("my husband hits me", classify=Meanings(hits=meant("crisis", limits().offer["danger"] + 0.01)))
    assert (shown.level, shown.offer) == ("abuse", "")


def test_a_card_speaks_to_a_person() -> None:
    sure = Meanings(river=meant("crisis"))
    assert assess("abort the river please", classify=sure).level == "none"
    assert assess("abort my river please", classify=sure).level == "crisis"


def test_talk_about_the_subject_is_offered_help() -> None:
    offered = assess(VAGUE, classify=Meanings(river=meant("about")))
    assert (offered.level, offered.offer) == ("none", "crisis")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("i cant get out of bed since may", True),
        ("my son hasn't left his room for weeks. what can i do?", True),
        ("How can I help a detached partner?", False),
        ("can kids be emotionally detached", False),
        ("numbness and what it is", False),
    ],
)
def test_who_only_asks_gets_no_card_on_professionals(message: str, told: bool) -> None:
    assert tells(assess_message(message).reading) is told
    row = meant("professional")
    found = assess(message, classify=lambda texts: np.array([row] * len(texts)))
    assert (found.level, found.offer) == (("professional", "") if told else ("none", "professional"))


def test_a_life_in_danger_now_is_spoken_to_as_what_it_is() -> None:
    attempt, violence = mixed(danger_now=0.7, crisis=0.29), mixed(danger_now=0.7, abuse=0.29)
    assert "Move away from anything you could use" in assess(VAGUE, classify=Meanings(river=attempt)).message
    assert "Get to a safe place if you can" in assess(VAGUE, classify=Meanings(river=violence)).message


def test_danger_that_may_be_an_emergency_is_taken_for_what_is_sure() -> None:
    assert assess(VAGUE, classify=Meanings(river=mixed(danger_now=0.49, crisis=0.48, abuse=0.02))).level == "crisis"
    assert assess(CONTROLLED, classify=Meanings(river=mixed(danger_now=0.49, abuse=0.48, crisis=0.02))).level == "abuse"


@given(
    st.lists(st.floats(0, 1), min_size=OUTPUTS, max_size=OUTPUTS),
    st.sampled_from(["I want to die", "my husband hits me", "I took all my pills", VAGUE, CONTROLLED]),
)
def test_no_meaning_lowers_a_level(row: list[float], message: str) -> None:
    raised = assess(message, classify=lambda texts: np.array([row] * len(texts), dtype=np.float32))
    assert gravity(raised.level) >= gravity(assess(message).level)


def test_a_criterion_after_a_crisis_keeps_the_banner() -> None:
    raised = assess(VAGUE, [Turn("user", "I want to die")], classify=Meanings(river=meant("professional")))
    assert raised.level == "professional"
    assert raised.message.startswith("Earlier you told me")


def test_the_criterion_is_the_one_that_the_model_names() -> None:
    raised = assess(VAGUE, classify=Meanings(river=meant("professional", criterion=2)))
    assert [criterion.id for criterion in raised.criteria] == ["numbness"]


def test_a_sentence_alone_is_looked_at_too_and_must_be_surer() -> None:
    message = "I had soup for lunch. The river is on my way. Bye."
    assert texts_of(message) == (message, "I had soup for lunch.", "The river is on my way.")
    whole = meant("none", 1)
    assert assess(message, classify=Meanings(soup=whole, river=meant("crisis", 0.999))).level == "crisis"
    assert assess(message, classify=Meanings(soup=whole, river=just("crisis", 0.001))).level == "none"
    assert assess(message, classify=Meanings()).level == "none"


@pytest.mark.parametrize(
    ("sentences", "surer", "level"),
    [(7, -0.9, "crisis"), (8, -0.01, "none"), (8, 0.01, "crisis"), (19, -0.01, "none"), (20, -0.9, "crisis")],
)
def test_in_a_long_story_a_sentence_must_agree_with_the_whole(sentences: int, surer: float, level: Level) -> None:
    """Not in a short one, nor where some sentences aren't looked at."""
    told = [f"My river took me home on day {number}." for number in range(sentences)]
    message = " ".join(told)
    sure = {message: meant("crisis"), told[-1]: meant("crisis", limits().agreement + surer)}
    found = assess(message, classify=lambda texts: np.array([sure.get(text, meant("none", 1)) for text in texts]))
    assert (found.level, found.offer) == (level, "" if level == "crisis" else "crisis")


def test_its_meaning_is_taken_from_plain_words() -> None:
    assert texts_of("The m e e t i n g is 0ver my head, somthing broke") == (
        "The meeting is over my head, something broke",
    )


def test_the_words_that_weighed_most_are_named() -> None:
    def classify(texts: list[str]) -> np.ndarray:
        return np.array([meant("crisis", 0.1 + 0.5 * ("river" in one) + 0.39 * ("tonight" in one)) for one in texts])

    matches = assess("So my river, and tonight then", classify=classify).matches
    assert [(match.start, match.end, match.text) for match in matches] == [(6, 12, "river,"), (17, 24, "tonight")]
    assert {match.reason for match in matches} == {
        "Your message as a whole is close to what people write in such a situation; these words weighed most."
    }


def test_where_no_word_weighs_anything_alone_the_whole_message_stands() -> None:
    always = meant("crisis")
    (match,) = assess("My rivers", classify=lambda texts: np.array([always] * len(texts))).matches
    assert (match.text, match.reason) == (
        "My rivers",
        "Your message as a whole is close to what people write in such a situation.",
    )


def test_the_meanings_are_as_many_as_the_model_gives() -> None:
    assert len(MEANINGS) + 4 == OUTPUTS
    assert set(limits().card) == {"danger", "medical", "danger_now", "bereaved", "professional"}
    assert set(limits().offer) == {"danger", "about", "professional"}
    assert all(0 < value < 1 for table in (limits().card, limits().offer) for value in table.values())
