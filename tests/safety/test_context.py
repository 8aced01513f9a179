"""What stands around words of danger decides what they mean."""

import pytest

from guide.safety import assess


@pytest.mark.parametrize(
    ("message", "level", "why"),
    [
        ("I'm not suicidal, just overwhelmed", "professional", "negated in its clause"),
        ("I wouldn't call it suicidal but I want to die soon", "crisis", "“but” ends the negation"),
        ("I don't want to kill myself yet", "crisis", "“yet” takes the denial back"),
        ("I can't stop dreaming about killing myself", "crisis", "a false negation"),
        pytest.param(
            *("Not a day goes by on which I don't want to die", "crisis", "two negations"),
            marks=pytest.mark.xfail(strict=True, reason="two negations in one sentence aren't read"),
        ),
        ("Suicide is not an option for me", "none", "denied after the match"),
        ("This heat is killing me. Really, I want to end my life.", "crisis", "an idiom masks no other sentence"),
        ("We were dying to see you", "none", "a figure of speech"),
        ("I used to cut myself long ago", "none", "long past"),
        ("I used to cut myself long ago and again yesterday", "crisis", "long past, and now"),
        ("My friend wants to die", "crisis", "somebody close"),
        ("The hero of the novel wants to die", "none", "fiction"),
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
        ("What are the signs of my numbness?", "professional", "it speaks of the writer"),
        ("Why numbness for me?", "professional", "at its end too"),
        ("What are the signs of her numbness?", "professional", "it speaks of somebody"),
        ("What is numbness like for a wife?", "professional", "and of a relation"),
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
    criteria = assess("I feel numb, I have no friends left and I can't sleep").criteria
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
