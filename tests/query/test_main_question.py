"""Of a long message, or of several questions, one is answered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.query.main_question import (
    MAX_ALSO_ASKED,
    MAX_GIST_WORDS,
    MAX_STRETCH_WORDS,
    MAX_STRETCHES,
    MAX_WHOLE_WORDS,
    MainQuestion,
    main_question,
)
from guide.text.lexicon import Lexicon

LEXICON = Lexicon.of(
    ["Emotional detachment: a detached partner feels numb. Trust, boundaries and therapy help a partner."] * 3
)
STORY = """We moved here four years ago because of my job at the harbour. The flat is small, and the kitchen looks out
on the garden. My partner feels numb since the winter. My sister visits every month with two dogs, and last summer we
all drove along the coast and slept in the car. I like the smell of pines."""

CASES = [
    (
        "My husband never talks. Is that normal?",
        MainQuestion("My husband never talks. Is that normal?"),
        "short: searched whole",
    ),
    ("What is trust?", MainQuestion("What is trust?"), "one question"),
    (
        "What is detachment? Who wrote this article?",
        MainQuestion("What is detachment?", others=("Who wrote this article?",)),
        "a list of questions: the first, the others later",
    ),
    (
        "What is detachment? Is it harmful? Who wrote this article?",
        MainQuestion("What is detachment?", others=("Is it harmful?", "Who wrote this article?")),
        "those that lean can be asked next as well",
    ),
    ("What is trust? What is trust?", MainQuestion("What is trust? What is trust?"), "one question, twice"),
    ("Why me? Why? What is detachment?", MainQuestion("Why me? Why? What is detachment?"), "a sigh is no question"),
    (
        f"{STORY} How do we set healthy boundaries?",
        MainQuestion("How do we set healthy boundaries?"),
        "a story and its question",
    ),
    (
        f"Can therapy help couples? {STORY} How do we set healthy boundaries?",
        MainQuestion("How do we set healthy boundaries?", others=("Can therapy help couples?",)),
        "a story leads up to its question: the last",
    ),
    (
        f"{STORY} How do we set healthy boundaries? Is that normal?",
        MainQuestion("How do we set healthy boundaries?"),
        "a question that stands alone comes before one that doesn't, which can't be asked by itself",
    ),
    (
        f"{STORY} Why is that?",
        MainQuestion("Why is that?", story="My partner feels numb since the winter."),
        "a question that leans on the story takes the sentence that is about the article's subject",
    ),
    (
        STORY,
        MainQuestion("", story="My partner feels numb since the winter."),
        "no question: what the story says of the subject",
    ),
    (
        f"{STORY} what should i do about boundaries in our home",
        MainQuestion("what should i do about boundaries in our home"),
        "without a question mark",
    ),
    (
        " ".join(STORY.replace(".", ",").split()) + " so how do we set healthy boundaries?",
        MainQuestion("so how do we set healthy boundaries?"),
        "one endless sentence: its last clause",
    ),
]


@pytest.mark.parametrize(("message", "asked"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_the_question_of_a_message(message: str, asked: MainQuestion) -> None:
    assert replace(main_question(message, LEXICON), stretches=()) == asked


def test_a_story_of_500_words_is_searched_by_its_question() -> None:
    story = " ".join([STORY] * 9)
    assert len(story.split()) > 500
    asked = main_question(f"{story} Can a partner learn to trust?", LEXICON)
    assert replace(asked, stretches=()) == MainQuestion("Can a partner learn to trust?")


WANTED = [
    ("What am I supposed to do?", "What am I supposed to do?", "a question that says nothing of its own"),
    ("I would like to ask whether it heals with age.", "", "an announcement"),
    ("What I want to know is can u trust again. He knows my brother?", "What I want to know is can u trust again.", ""),
    ("So which is it, a wall or a moat? I'd like to think otherwise.", "So which is it, a wall or a moat?", ""),
    ("I'd like a quiet evening with him again. The cat sleeps.", "I'd like a quiet evening with him again.", "a wish"),
    ("I don't know how to reach him any more. We had soup.", "I don't know how to reach him any more.", ""),
    ('How do I reach him? She said "are you two getting divorced then?"', "How do I reach him?", "not a quotation"),
    ("How do I reach him? Last night he asked me what am i so cold for", "How do I reach him?", "not what he asked"),
    (
        "could the old stuff be what closes the door",
        "could the old stuff be what closes the door",
        "no mark, at the end",
    ),
]


@pytest.mark.parametrize(("end", "asked", "why"), WANTED)
def test_a_story_asks_in_many_ways(end: str, asked: str, why: str) -> None:
    assert main_question(f"{STORY} {end}", LEXICON).question == (asked or end), why


def test_a_bare_question_at_the_end_is_never_searched_by_itself() -> None:
    asked = main_question(f"{STORY} What am I supposed to do?", LEXICON)
    assert asked.story == "My partner feels numb since the winter."


def test_what_else_is_asked_can_be_asked_by_itself() -> None:
    leaning = "Why? Is that normal? He won't tell me what ails him. What he likes is pines."
    story = f"Can therapy help a couple? {STORY} {leaning} How do we set healthy boundaries?"
    assert main_question(story, LEXICON).others == ("Can therapy help a couple?",)


def test_a_story_is_searched_whole() -> None:
    story = f"{STORY} How do we set healthy boundaries?"
    assert main_question(story, LEXICON).stretches == (" ".join(story.split()),)


def test_a_longer_story_is_searched_in_stretches_that_hold_all_of_it() -> None:
    story = " ".join(f"{' '.join(STORY.split())} We counted to {number}." for number in range(8))
    stretches = main_question(f"{story} How do we trust?", LEXICON).stretches
    assert " ".join(stretches) == f"{story} How do we trust?"
    assert all(len(stretch.split()) < MAX_STRETCH_WORDS + 25 for stretch in stretches)


def test_of_a_story_too_long_to_search_what_is_about_the_subject_is_searched() -> None:
    story = "We counted the pines along the road. " * 300 + "My partner feels numb. " + "We drove on and on. " * 300
    stretches = main_question(f"{story} How do we trust?", LEXICON).stretches
    assert "My partner feels numb." in " ".join(stretches)
    assert len(stretches) <= MAX_STRETCHES
    assert sum(len(stretch.split()) for stretch in stretches) <= MAX_STRETCHES * MAX_STRETCH_WORDS


def test_without_a_lexicon_the_sentences_before_the_question_say_what_it_is_about() -> None:
    asked = main_question(f"{STORY} Why is that?")
    assert asked.story.endswith("I like the smell of pines.")
    assert len(asked.story.split()) <= MAX_GIST_WORDS


WORDS = st.sampled_from("what is why it that partner numb and so he trust ? . , \n I because :".split(" "))


@given(st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=150).map(" ".join)))
def test_what_is_asked_stands_in_the_message(message: str) -> None:
    asked = main_question(message, LEXICON)
    whole = " ".join(message.split())
    assert asked.question in whole
    assert all(other in whole for other in asked.others)
    assert len(asked.others) <= MAX_ALSO_ASKED
    assert bool(asked.question or asked.story) == bool(whole)


@given(
    st.lists(st.sampled_from(["numb", "partner", "and", "cold"]), min_size=1, max_size=MAX_WHOLE_WORDS).map(" ".join)
)
def test_a_short_message_of_one_question_is_searched_whole(message: str) -> None:
    assert main_question(f"{message}?", LEXICON) == MainQuestion(f"{message}?")
