"""Misspelt words are mended; right ones are never touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.query.spelling import MAX_LOOKUPS, correct_spelling
from guide.records import Correction
from guide.text.lexicon import Lexicon
from guide.text.normalise import words

ARTICLE = """Emotional detachment: signs, causes and ways out. A detached partner isn't always cold; trauma, stress and
depression can be the reason, and so can a relationship with too little trust. Boundaries are healthy. A therapist
helps with communication, with self care and with affection. Children don't forget. Set limits, accept feelings,
practise yoga."""
LEXICON = Lexicon.of([ARTICLE])

MENDED = [
    ("emotinal detachmant", "emotional detachment", "a letter short, a vowel mistaken"),
    ("my realtionship", "my relationship", "two letters changed places"),
    ("do i need a therapyst", "do i need a therapist", "as it sounds"),
    ("detatchment", "detachment", "a letter too many"),
    ("deppresion", "depression", "two slips in a long word: one doubled, one not"),
    ("emotionaly distant", "emotional distant", "the article's own word before another"),
    ("bondaries and truama", "boundaries and trauma", "several in one question"),
    ("he dosent talk", "he doesn't talk", "an apostrophe comes back with the letters"),
    ("my partnr's trust", "my partner's trust", "a possessive stays one"),
    ("my partnr’s trust", "my partner's trust", "with a curly apostrophe too"),
    ("selfcare limits", "self care limits", "two of the article's words written as one"),
    ("Emotinal distance", "Emotional distance", "the first word keeps its capital"),
    ("WHAT IS DETACHMANT", "WHAT IS DETACHMENT", "capitals throughout"),
    ("“detachmant” (emotinal)?", "“detachment” (emotional)?", "punctuation stays"),
    ("self-carre", "self-care", "each part of a hyphenated word is a word"),
    ("i recieve no affecton", "i receive no affection", "a word of no article that sounds alike"),
    ("what diffrence does it make", "what difference does it make", "a word of no article, one slip in a long word"),
    ("waht helps", "what helps", "a short word with the same letters"),
]


@pytest.mark.parametrize(("text", "mended"), [case[:2] for case in MENDED], ids=[case[2] for case in MENDED])
def test_a_misspelt_word_is_mended(text: str, mended: str) -> None:
    assert correct_spelling(text, LEXICON)[0] == mended


RANKED = [
    (
        "harning",
        "Harming is a warning, a warning.",
        "harming",
        "a first letter is seldom the slip: “warning” costs more",
    ),
    ("zetachment", "Detachment, harming.", "detachment", "though it may be, where no other word is as near"),
    ("partnar", "A partner, a partnar.", "partnar", "what an article has is right"),
    ("limts", "Limits. Limbs, limbs, limbs.", "limits", "a word that sounds alike, though another is used more often"),
]


@pytest.mark.parametrize(
    ("word", "article", "meant"), [case[:3] for case in RANKED], ids=[f"{n}: {c[3]}" for n, c in enumerate(RANKED)]
)
def test_the_likeliest_word_is_meant(word: str, article: str, meant: str) -> None:
    assert correct_spelling(f"what about {word}", Lexicon.of([article]))[0] == f"what about {meant}"


LEFT = [
    ("sings of detachment", "a slip that makes another right word can't be told from it"),
    ("what is alexithymia", "a rare word that resembles nothing"),
    ("is behaviour the same as behavior", "British and American"),
    ("counselling, counseling, recognise, recognize", "British and American"),
    ("she is traumatised in our neighborhood", "British and American"),
    ("I asked Detachmant", "a capital inside a sentence makes a name"),
    ("the DETACHMENTT scale", "capitals make an abbreviation"),
    ("shud i go", "a short word that could be several"),
    ("he dont care and isnt here, im sure", "a missing apostrophe is no slip of meaning"),
    ("detachm3nt and emotinal1", "figures: a code, not a word"),
    ("emotinal@example.org www.emotinal.org", "addresses"),
    ("#emotinal detachmant_1", "tags and identifiers"),
    ("émotinal détachement", "letters of other languages"),
    ("¿Qué es el desapego emocional en la pareja?", "Spanish"),
    ("pourquoi mon mari est si distant et emotionel", "French"),
    ("Was ist emotionale Distanz in der Beziehung?", "German"),
    ("come posso aiutare il mio partner emotivo che non parla", "Italian"),
    ("麻木 эмоции", "other scripts"),
    ("sagittal brachiosaurus qwrtzp", "nothing near"),
    ("a" * 31, "no word is that long"),
]


@pytest.mark.parametrize(
    "text", [case[0] for case in LEFT], ids=[f"{number}: {case[1]}" for number, case in enumerate(LEFT)]
)
def test_what_may_be_right_is_left(text: str) -> None:
    assert correct_spelling(text, LEXICON) == (text, ())


def test_corrections_say_what_was_written_and_what_was_searched_once_each() -> None:
    text, corrections = correct_spelling("emotinal or emotinal detachmant", LEXICON)
    assert text == "emotional or emotional detachment"
    assert corrections == (Correction("emotinal", "emotional"), Correction("detachmant", "detachment"))


def test_an_address_keeps_a_word_that_is_mended_elsewhere() -> None:
    assert correct_spelling("emotinal or www.emotinal.org", LEXICON)[0] == "emotional or www.emotinal.org"


def test_a_message_of_very_many_unknown_words_is_left() -> None:
    text = " ".join(f"detachment{letter}{other}" for letter in "abcdefg" for other in "hijklm")
    assert len(text.split()) > MAX_LOOKUPS
    assert correct_spelling(text, LEXICON) == (text, ())


def test_a_word_of_the_articles_is_right_whatever_english_says() -> None:
    assert correct_spelling("the zorbling of detachmant", Lexicon.of(["Zorbling is detachment."]))[1] == (
        Correction("detachmant", "detachment"),
    )


def test_words_that_tell_most_are_those_the_articles_use_more_than_english_does() -> None:
    assert LEXICON.specificity("detachment") > LEXICON.specificity("feelings") > LEXICON.specificity("the") == 0.0
    assert LEXICON.specificity("xylophone") == 0.0


@given(st.lists(st.sampled_from(words(ARTICLE)), max_size=12), st.sampled_from([" ", ", ", "? ", "\n"]))
def test_a_question_of_the_articles_words_is_never_corrected(chosen: list[str], between: str) -> None:
    text = between.join(chosen)
    assert correct_spelling(text, LEXICON) == (text, ())


LETTERS = st.text(alphabet="abdeinost'’- A?.é1", max_size=80)


@given(st.one_of(st.text(max_size=80), LETTERS))
def test_a_correction_stands_in_the_text_and_nothing_else_changes(text: str) -> None:
    mended, corrections = correct_spelling(text, LEXICON)
    assert (mended == text) == (not corrections)
    for correction in corrections:
        assert correction.written in text
        assert correction.searched in mended
        assert correction.written != correction.searched


@given(LETTERS)
def test_what_was_mended_needs_no_mending(text: str) -> None:
    mended, _ = correct_spelling(text, LEXICON)
    assert correct_spelling(mended, LEXICON) == (mended, ())
