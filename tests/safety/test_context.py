"""What stands around words of danger decides what they mean."""

from pathlib import Path
from typing import get_args

import pytest

from guide.safety import assess, context
from guide.safety.context import DroppedReason
from guide.safety.message import ABOUT, assess_message


@pytest.mark.parametrize(
    ("message", "level", "why"),
    [
        ("I'm not suicidal, just overwhelmed", "professional", "negated in its clause"),
        ("I wouldn't call it suicidal but I want to die soon", "crisis", "“but” ends the negation"),
        ("I don't want to kill myself yet", "crisis", "“yet” takes the denial back"),
        ("I can't stop dreaming about killing myself", "crisis", "a false negation"),
        ("Not a day goes by on which I don't want to die", "crisis", "two negations"),
        ("Not a week passes without me thinking of killing myself", "crisis", "two negations"),
        ("I didn't kill myself today, it is still early", "crisis", "a denial of today alone"),
        ("I wouldn't even hesitate to kill myself", "crisis", "what is denied is the hesitation"),
        ("Suicide is not an option for me", "none", "denied after the match"),
        ("This heat is killing me. Really, I want to end my life.", "crisis", "an idiom masks no other sentence"),
        ("We were dying to see you", "none", "a figure of speech"),
        ("I die a little whenever the neighbour sings", "none", "a figure of speech"),
        ("I die a little more each night", "crisis", "not that figure of speech"),
        ("If I die first, who gets the piano?", "none", "doing the sums"),
        ("My brother is killing himself with night shifts", "none", "somebody else's figure of speech"),
        ("Our surgeon cuts people open and sings", "none", "a job"),
        ("Now that he has time he follows me round the garden like a dog", "none", "a comparison"),
        ("My husband follows me to work every morning", "abuse", "no comparison"),
        ("We rehearse a play about self harm", "none", "a play on the subject"),
        ("I used to cut myself long ago", "none", "long past"),
        ("For seventeen years I have wanted to die", "crisis", "a span of time that lasts"),
        ("I used to cut myself long ago and again yesterday", "crisis", "long past, and now"),
        ("My friend wants to die", "crisis", "somebody close"),
        ("The hero of the novel wants to die", "none", "fiction"),
        ("We watched a film and now I feel suicidal", "crisis", "a film beside the writer’s own words"),
        ("I read the newspaper and he hit me with it", "abuse", "a newspaper is no news"),
        ("In the novel he hits me with a shovel", "none", "it happens in the novel"),
        ("I want to stab the boys in my class", "crisis", "a class is no study"),
        ("I'm a nurse and I want to die", "crisis", "a role doesn't cover the writer"),
        ("I'm a therapist writing about patients who want to die", "none", "work"),
        ("Some people want to die", "none", "nobody in particular"),
        ("Asking for a friend: how many pills does it take to die?", "crisis", "a method asked for somebody"),
        ("he hit me years ago and since May he hits me again", "abuse", "abuse stays, past or now"),
        ("I want to kill myself tonight", "emergency", "an intent and a set time"),
        ("I swallowed forty tablets an hour ago", "emergency", "an attempt just made"),
    ],
)
def test_context(message: str, level: str, why: str) -> None:
    assert assess(message).level == level, why


@pytest.mark.parametrize(
    ("message", "level", "why"),
    [
        ("My uncle took his own life last May", "professional", "a death that has happened"),
        ("My uncle nearly took his own life last May", "crisis", "a death that hasn't"),
        ("I'm afraid my uncle has taken his own life", "crisis", "a death that is feared"),
        ("My uncle took his own life and I want to die too", "crisis", "the writer's own risk"),
        ("My uncle took his own life and I feel numb all the time", "professional", "grief meets no criterion"),
        ("Thirty years ago my uncle took his own life", "none", "long past"),
        ("The painter took his own life in the film", "none", "fiction"),
    ],
)
def test_a_death_by_suicide_that_has_happened_is_bereavement(message: str, level: str, why: str) -> None:
    one = assess_message(message)
    assert one.level == level, why
    assert (one.reader == "bereaved") == (level == "professional")
    assert one.criteria == ()


@pytest.mark.parametrize(
    ("message", "level", "why"),
    [
        (
            "I want it to end. Ten years of marriage and we share a fridge.",
            "none",
            "a short message speaks of a marriage",
        ),
        ("I want it to end.", "crisis", "it speaks of nothing else"),
        ("I can't go on like this", "crisis", "with nobody"),
        ("I can't go on like this with her", "none", "with somebody"),
        (
            f"I can't go on like this. {'He came home and then we ate some soup. ' * 3}My job pays well.",
            "crisis",
            "long",
        ),
    ],
)
def test_vague_words_of_an_ending_give_way_to_an_ordinary_thing(message: str, level: str, why: str) -> None:
    assert assess_message(message).level == level, why


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ("What is self-harm?", "crisis"),
        ("Please tell me about domestic violence", "abuse"),
        ("Why do I feel dead inside?", "professional"),
        ("What is bread?", "none"),
        ("I want to die", "none"),
    ],
)
def test_what_is_asked_about_as_a_subject_is_said(message: str, about: str) -> None:
    assert assess_message(message).asked_about == about


def test_the_reasons_for_dropping_a_match_are_the_documented_ones() -> None:
    assert set(ABOUT) < set(get_args(DroppedReason))
    explained = Path(context.__file__).read_text("utf-8")
    assert all(f"| {reason} |" in explained for reason in get_args(DroppedReason) if reason)


REACHES = [
    # Tokens of the message between what is found and the cue, and one more.
    ("I was not in any way at all suicidal", "none", "a negation reaches six words to its right"),
    ("I was not in any way at all really suicidal", "crisis", "and not seven"),
    ("Killing myself really is not an option", "none", "a denial begins at most two words after"),
    ("Killing myself really truly is not an option", "crisis", "and not three"),
    ("I won't kill myself any time before Christmas", "crisis", "it is taken back at most three words after"),
    ("I won't kill myself any time at all before Christmas", "none", "and not five"),
    ("I won't kill myself any single time before Christmas", "none", "nor four"),
]


@pytest.mark.parametrize(("message", "level", "why"), REACHES)
def test_how_far_a_negation_and_its_taking_back_reach(message: str, level: str, why: str) -> None:
    assert assess(message).level == level, why


@pytest.mark.parametrize(
    ("message", "level", "why"),
    [
        ("What are the signs of numbness?", "none", "it asks in general"),
        ("I had soup. What are the signs of numbness?", "none", "whatever the sentence before speaks of"),
        ("What are the signs of numbness? I had soup.", "none", "or the one after"),
        ("Why numbness at all?", "none", "in few words too"),
        ("What are the signs of my self-harm?", "crisis", "it speaks of the writer"),
        ("Why self-harm for me?", "crisis", "at its end too"),
        ("What are the signs of self-harm in her?", "crisis", "it speaks of somebody"),
        ("What is self-harm like for a wife?", "crisis", "and of a relation"),
        ("What is self-harm?", "none", "it asks about the subject"),
        ("Hello, can you please tell me about self-harm?", "none", "with a polite opening"),
        ("I would like to know what self-harm means", "none", "though the writer says “I”"),
        ("Self-harm again", "crisis", "it asks nothing"),
        ("What are the signs of my numbness?", "none", "a criterion needs somebody who tells"),
        ("I feel numb all the time. Is that normal?", "professional", "the sentence that matters asks nothing"),
        ("Years ago I cut myself. The bus was late yesterday.", "none", "long past; now is of a bus"),
        ("The bus was late yesterday. Years ago I cut myself.", "none", "in either order"),
        ("Years ago I cut myself. I cried yesterday.", "crisis", "now is of the writer"),
        ("I cried yesterday. Years ago I cut myself.", "crisis", "in either order"),
        ("Years ago I cut myself. It was late yesterday for me.", "crisis", "at the end of the sentence too"),
        ("The bus was late yesterday, and years ago I cut myself.", "crisis", "now stands in the same sentence"),
    ],
)
def test_what_the_sentence_speaks_of(message: str, level: str, why: str) -> None:
    assert assess(message).level == level, why


@pytest.mark.parametrize(
    ("message", "level", "why"),
    [
        ("What do psychologists mean by self harm?", "none", "a question of study"),
        ("How do researchers measure self harm?", "none", "a question of study"),
        ("Does the literature say that my self harm gets worse?", "none", "though the writer says “my”"),
        ("Do the studies say I want to die?", "crisis", "but what is said of “I” is meant"),
        ("How do researchers measure that I want to kill myself?", "crisis", "but what is said of “I” is meant"),
        ("What do experts mean by self harm when I cut myself?", "crisis", "but what is said of “I” is meant"),
    ],
)
def test_a_question_of_study_takes_out_nothing_that_is_said_of_the_writer(message: str, level: str, why: str) -> None:
    assert assess(message).level == level, why


@pytest.mark.parametrize(
    ("message", "audience"),
    [
        ("I want to die", "self"),
        ("my sister wants to die", "other"),
        ("I think my girlfriend is suicidal", "other"),
        ("My aunt died by suicide and now I feel suicidal too", "self"),
        ("my neighbour's husband beats her", "self"),
    ],
)
def test_audience(message: str, audience: str) -> None:
    assert assess(message).audience == audience


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Ya no quiero vivir", "es"),
        ("Je ne veux plus vivre", "fr"),
        ("Ich will nicht mehr leben", "de"),
        ("Não quero mais viver", "pt"),
        ("Non voglio più vivere", "it"),
        ("Ik wil niet meer leven", "nl"),
        ("I want to die", "en"),
    ],
)
def test_plain_statements_in_seven_languages(message: str, language: str) -> None:
    result = assess(message)
    assert (result.level, result.language) == ("crisis", language)


@pytest.mark.parametrize(
    "message",
    ["No quiero morir", "Je ne veux pas mourir", "Ich will nicht sterben", "Não quero morrer", "Non voglio morire"],
)
def test_negated_statements_in_other_languages_keep_quiet(message: str) -> None:
    assert assess(message).level == "none"


def test_criteria_come_in_their_order_with_our_own_words() -> None:
    criteria = assess("I feel numb all the time, I have no friends left and I can't get out of bed").criteria
    assert [c.id for c in criteria] == ["distress", "isolation", "numbness"]
    assert criteria[2].quote == "Numbness, lack of interest or hopelessness that doesn't go away"
    assert criteria[2].passage_id == ""


MUTATIONS = {
    "curly apostrophes": lambda m: m.replace("'", "’"),
    "no apostrophes": lambda m: m.replace("'", ""),
    "capitals": str.upper,
    "letters apart": lambda m: m.replace("kill myself", "k i l l  m y s e l f").replace("die", "d i e"),
    "leet": lambda m: m.replace("kill", "k1ll").replace("die", "d13").replace("suicid", "su1c1d"),
    "zero width": lambda m: m.replace("i", "i\u200b"),
    "emoji": lambda m: m.replace(" ", " 😭 ", 1) + " 💔",
    "a harmless sentence around": lambda m: f"Hello, how are you? {m}. The weather is fine.",
}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize(
    "message", ["I want to die", "I'm going to kill myself", "I don't want to be alive", "i feel suicidal"]
)
def test_disguises_don_t_hide_a_crisis(message: str, mutation: str) -> None:
    assert assess(MUTATIONS[mutation](message)).level in ("crisis", "emergency")
