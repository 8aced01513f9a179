"""What a person wrote, and before it, → what is searched for."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.conversation.aspects import aspects
from guide.errors import QuestionError
from guide.query.resolve import ASPECT_WEIGHT, BLEND, MESSAGE_WEIGHT, TOPIC_WEIGHT, about_aspect, resolve
from guide.query.story import STORY_WEIGHT
from guide.records import Correction, Query, QueryPart, Turn
from guide.request import MAX_QUESTION_CHARACTERS, read_history
from guide.text.lexicon import Lexicon
from guide.text.normalise import normalise

CAUSES = next(aspect.question for aspect, _ in aspects() if aspect.id == "causes")

STANDING_ALONE = [
    ("What is deep sleep?", "What is deep sleep?", "as it is"),
    ("  What is\u00a0deep\n\tsleep? ", "What is deep sleep?", "spaces of all kinds are one"),
    ("What is a cafe\u0301?", "What is a café?", "a letter and its accent are one character"),
    ("deep\u200b sl\u00adeep", "deep sleep", "without what can't be seen"),
    ("deep \ud800sleep", "deep sleep", "without halves of characters"),
    ("睡眠?", "睡眠?", "any script"),
    ("😴", "😴", "an emoji says something"),
    ("x" * MAX_QUESTION_CHARACTERS, "x" * MAX_QUESTION_CHARACTERS, "of just the longest length"),
]


@pytest.mark.parametrize(
    ("question", "text"), [case[:2] for case in STANDING_ALONE], ids=[case[2] for case in STANDING_ALONE]
)
def test_a_question_that_stands_alone_is_searched_as_it_is(question: str, text: str) -> None:
    query = resolve(question)
    assert (query.question, query.text, query.corrections) == (question, text, ())


def test_a_question_that_needs_nothing_takes_nothing_from_earlier() -> None:
    question = "What are the signs of emotional detachment?"
    assert resolve(question, [Turn("user", "How do I bake bread?")]).text == question


def test_a_question_that_leans_on_an_earlier_one_is_searched_with_it() -> None:
    query = resolve("Why is it harmful?", [Turn("user", "What is emotional detachment?")])
    assert query.text == "What is emotional detachment? Why is it harmful?"
    assert query.parts == (QueryPart("Why is it harmful?", MESSAGE_WEIGHT),)


def test_a_question_that_stands_alone_is_searched_a_little_with_what_was_before() -> None:
    question = "Can a marriage end because of numbness?"
    query = resolve(question, [Turn("user", "What is emotional detachment?")])
    assert query.text == question
    assert query.parts == (QueryPart(f"What is emotional detachment? {question}", BLEND),)


EMPTY = ["", " ", "\n\t\u00a0", "\u200b", "\u00ad\ufeff", "\ud800"]


@pytest.mark.parametrize("question", EMPTY, ids=repr)
def test_an_empty_question(question: str) -> None:
    with pytest.raises(QuestionError, match=r"^The question is empty; type what you want to know\.$"):
        resolve(question)


@pytest.mark.parametrize("question", ["?", "…", " ?! ", "-- --"])
def test_a_question_without_words(question: str) -> None:
    with pytest.raises(QuestionError, match=r"^The question has no words, only .*; type what you want to know\.$"):
        resolve(question)


@pytest.mark.parametrize("length", [MAX_QUESTION_CHARACTERS + 1, 10_000])
def test_a_question_that_is_too_long(length: int) -> None:
    with pytest.raises(
        QuestionError, match=rf"^The question has {length:,} characters, and 8,000 are the limit; shorten it"
    ):
        resolve("x" * length)


@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=3))
def test_any_text_is_a_query_or_a_question_error(question: str, earlier: list[str]) -> None:
    try:
        query = resolve(question, read_history(earlier))
    except QuestionError:
        return
    assert isinstance(query, Query)
    assert query.question == question
    assert query.text == " ".join(query.text.split()) != ""


def test_history_is_read_in_each_of_its_forms() -> None:
    history = [
        "one",
        {"role": "user", "content": "two"},
        {"role": "assistant", "content": "three"},
        Turn("user", "four"),
    ]
    assert read_history(history) == (
        Turn("user", "one"),
        Turn("user", "two"),
        Turn("assistant", "three"),
        Turn("user", "four"),
    )
    assert read_history([]) == ()


FAULTY = [
    (
        [3],
        "Entry 1 of the history is a number; it must be a text or an object with `role` (user or assistant) and "
        "`content`.",
    ),
    (["one", None], "Entry 2 of the history is empty;"),
    ([{"role": "user"}], "Entry 1 of the history can't be used; it must be a text or an object"),
    ([{"role": "user", "content": 3}], "Entry 1 of the history can't be used; it must be a text or an object"),
    (
        [{"role": "system", "content": "one"}],
        "Entry 1 of the history has the role 'system'; it must be user or assistant.",
    ),
    ([{"content": "one"}], "Entry 1 of the history has the role None; it must be user or assistant."),
]


@pytest.mark.parametrize(
    "entry", ["sad \ud83d", {"role": "user", "content": "sad \ud83d"}, Turn("user", "sad \ud83d", "none")]
)
def test_history_is_whole_characters(entry: Any) -> None:
    [read] = read_history([entry])
    assert read == Turn("user", "sad �", "none" if isinstance(entry, Turn) else None)


@pytest.mark.parametrize(("history", "says"), FAULTY)
def test_history_that_cannot_be_read(history: list[object], says: str) -> None:
    with pytest.raises(QuestionError) as caught:
        read_history(history)
    assert str(caught.value).startswith(says)


LEXICON = Lexicon.of(
    ["Emotional detachment: its signs. A partner or a husband who is detached. Strategies: set boundaries."]
)


def test_a_misspelt_question_is_searched_mended_and_says_so() -> None:
    query = resolve("What is emotinal detachmant?", lexicon=LEXICON)
    assert query.question == "What is emotinal detachmant?"
    assert query.text == "What is emotional detachment?"
    assert query.corrections == (Correction("emotinal", "emotional"), Correction("detachmant", "detachment"))


def test_there_is_a_way_back_to_the_question_as_typed() -> None:
    query = resolve("What is emotinal detachmant?", lexicon=LEXICON, mend=False)
    assert (query.text, query.corrections) == ("What is emotinal detachmant?", ())


def test_what_was_said_earlier_is_mended_as_well() -> None:
    query = resolve("Why is that?", [Turn("user", "What is detachmant?")], lexicon=LEXICON)
    assert (query.text, query.corrections) == ("What is detachment? Why is that?", ())


def test_a_mended_question_no_longer_leans() -> None:
    question = "is it allways bad to be detached?"
    query = resolve(question, [Turn("user", "Who wrote this?")], lexicon=LEXICON)
    assert query.text == "is it always bad to be detached?"


def test_an_ordinal_is_resolved_against_what_was_shown() -> None:
    history = [Turn("user", "Which stratgies are there?", shown=("rest", "talk"))]
    query = resolve("And the second one?", history, lexicon=LEXICON)
    assert query.text == "And talk"


def test_one_of_several_questions_is_searched_and_the_others_are_named() -> None:
    query = resolve("What is detachment? Who wrote this article?", lexicon=LEXICON)
    assert (query.text, query.also_asked) == ("What is detachment?", ("Who wrote this article?",))


def test_a_story_is_searched_with_a_question_that_leans_on_it() -> None:
    story = "We moved house in spring. " * 12 + "My husbend is detached. " + "The garden is small. " * 6
    query = resolve(f"{story} Why is that?", lexicon=LEXICON)
    assert query.text == "My husband is detached. Why is that?"
    assert query.corrections == (Correction("husbend", "husband"),)


def test_an_earlier_story_counts_by_its_question() -> None:
    story = "We moved house in spring. " * 12 + "What are the signs of detachment?"
    assert resolve("Why?", [Turn("user", story)], lexicon=LEXICON).text == "detachment? Why?"


def test_a_bare_message_is_searched_by_its_aspect_with_the_topic() -> None:
    query = resolve("why does he do that", [Turn("user", "my dad sits in the shed all day")])
    assert query.text == "my dad sits in the shed all day. why does he do that"
    assert query.aspect == CAUSES
    assert query.parts == (QueryPart(CAUSES, ASPECT_WEIGHT),)


def test_an_aspect_takes_the_place_of_the_one_before_it() -> None:
    history = [Turn("user", "my dad sits in the shed all day"), Turn("user", "why?"), Turn("user", "is that normal")]
    query = resolve("that is us. so how do I talk to him", history)
    assert query.text == "my dad sits in the shed all day. that is us. so how do I talk to him"
    assert "talk" in query.aspect


def test_an_aspect_with_nothing_before_it_is_a_question_like_others() -> None:
    assert resolve("Why does he do that?").text == "Why does he do that?"
    assert resolve("Why does he do that?", [Turn("user", "hello", act="greeting")]).aspect == ""


def test_an_aspect_of_a_topic_that_is_spoken_of_is_what_is_searched_and_the_topic_beside_it() -> None:
    query = resolve("why?", [Turn("user", "my dad sits in the shed all day")])
    about = about_aspect(query)
    assert (about.question, about.text) == ("why?", CAUSES)
    assert about.parts == (QueryPart(f"my dad sits in the shed all day. why? {CAUSES}", TOPIC_WEIGHT),)


UNCHANGED = [
    "the of and",
    "😭",
    "为什么我感觉麻木？",
    "¿Qué es el desapego emocional?",
    "Что такое отстранённость?",
    "لماذا",
]


@pytest.mark.parametrize("question", UNCHANGED)
def test_a_question_that_is_not_understood_goes_through_unchanged(question: str) -> None:
    query = resolve(question, lexicon=LEXICON)
    assert (query.text, query.corrections, query.also_asked) == (question, (), ())


ASKED = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from("is it emotinal the last one ? why detachment".split())).map(" ".join),
)


@given(ASKED, st.lists(st.one_of(ASKED, ASKED.map(lambda text: Turn("assistant", text))), max_size=4))
def test_nothing_but_a_question_error_is_raised(question: str, earlier: list[str | Turn]) -> None:
    history = [replace(turn, shown=(turn.content, "distance")) for turn in read_history(earlier)]
    try:
        query = resolve(question, history, lexicon=LEXICON)
    except QuestionError:
        return
    assert query.question == question
    assert all(correction.written in normalise(question) for correction in query.corrections)
    assert resolve(question, history, lexicon=LEXICON, mend=False).corrections == ()


@given(ASKED)
def test_without_mending_a_short_question_stays_as_it_is(question: str) -> None:
    text = " ".join(normalise(question).split())
    try:
        query = resolve(question, lexicon=LEXICON, mend=False)
    except QuestionError:
        return
    assert query.text == text or query.also_asked or len(text.split()) > 20


def test_a_story_is_weighed_with_its_question() -> None:
    story = "We moved house in spring. " * 12 + "My husbend is detached."
    query = resolve(f"{story} How do we set healthy boundaries?", lexicon=LEXICON)
    assert query.text == query.answers == "How do we set healthy boundaries?"
    assert [part.text for part in query.parts] == [
        f"{story} How do we set healthy boundaries?".replace("husbend", "husband")
    ]
    assert sum(part.weight for part in query.parts) == STORY_WEIGHT


def test_a_short_message_has_no_parts() -> None:
    query = resolve("How do we set healthy boundaries?", lexicon=LEXICON)
    assert (query.parts, query.answers) == ((), "")
