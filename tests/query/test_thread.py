"""What a message takes of its conversation: the topic is kept, and let go."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.conversation.understand import MAX_TURNS
from guide.query.thread import MAX_NAMES, MAX_TURN_WORDS, thread_of
from guide.records import Act, Turn

KNOWN = frozenset("emotional detachment depression stress signs help partner strategies boundaries yoga".split())


def asked(*messages: str) -> list[Turn]:
    return [Turn("user", message) for message in messages]


def context(message: str, history: Sequence[Turn]) -> str:
    return thread_of(history, KNOWN).context(message)


TAKEN = [
    (["What is emotional detachment?"], "Can it be reversed?", "What is emotional detachment?", "the question before"),
    (["My wife is far away."], "And what can I do?", "My wife is far away.", "what was told before"),
    (
        ["My wife is far away", "She has a new job"],
        "is that why",
        "My wife is far away. She has a new job.",
        "both things that were told",
    ),
    (
        ["My wife is far away", "What are boundaries?"],
        "And for us?",
        "My wife is far away. What are boundaries?",
        "a question doesn't end what was told",
    ),
    (
        ["What is bread?", "How do I cope with stress?"],
        "What else?",
        "How do I cope with stress?",
        "only the last question",
    ),
    (
        ["What is bread?", "My wife sleeps badly", "My wife works at night", "My wife has left"],
        "Is it normal?",
        "What is bread? My wife works at night. My wife has left.",
        "of what was told, the last two",
    ),
    (
        ["What is emotional detachment?", "How long does it last?", "Can it be reversed?"],
        "On its own?",
        "What is emotional detachment? Can it be reversed?",
        "of the messages that lean on the question, the last",
    ),
    (
        ["Does yoga help against stress?", "And depression?", "Why?"],
        "Is it quick?",
        "Does yoga help against stress? And depression?",
        "“why” has no subject to go on from",
    ),
    (
        ["Does yoga help against stress?", "Why?"],
        "What else?",
        "Does yoga help against stress? Why?",
        "unless the message has none itself",
    ),
    (
        ["My mother rings all day", "what helps"],
        "And my sister?",
        "My mother rings all day. what helps.",
        "an aspect is about what was told before it",
    ),
    ([], "How so?", "", "nothing was said before"),
    (["", "  ", "hmm?!"], "How so?", "hmm?!", "nothing but a sound was said before"),
]


@pytest.mark.parametrize(("history", "message", "taken"), [case[:3] for case in TAKEN], ids=[case[3] for case in TAKEN])
def test_a_message_takes_what_it_goes_on_from(history: list[str], message: str, taken: str) -> None:
    assert context(message, asked(*history)) == taken


REPLACED = [
    (
        ["Does yoga help with stress?", "And with migraine?"],
        "For how long?",
        "Does yoga help? And with migraine?",
        "the same preposition",
    ),
    (
        ["Does yoga help against stress?", "And for migraine?"],
        "Why?",
        "Does yoga help? And for migraine?",
        "“for” in place of the only phrase",
    ),
    (["Does yoga help with stress?"], "What about migraine?", "Does yoga help?", "the message itself replaces it"),
    (
        ["How do adults cope with loss?", "What about children?"],
        "And for how long?",
        "How do cope with loss? What about children?",
        "people of another kind",
    ),
    (
        ["What does detachment do to men?", "And to women?", "And to children?"],
        "Why?",
        "What does detachment do? And to children?",
        "and of a third",
    ),
    (["What are the signs of detachment?"], "Why does that happen?", "detachment?", "“why” asks for another aspect"),
    (["My husband is distant", "what are the signs"], "how come", "My husband is distant.", "of what was told before"),
    (["What are the signs of detachment?"], "Any others?", "What are the signs of detachment?", "the same aspect"),
    (["How do I cope with a great loss?"], "And with illness?", "How do I cope?", "the phrase as a whole"),
    (
        ["What are signs of detachment?"],
        "What about old people?",
        "What are signs of detachment?",
        "no topic by people",
    ),
    (
        ["What are signs of detachment?", "What about kids?"],
        "And for men?",
        "What are signs of detachment?",
        "one group by another",
    ),
    (
        ["How does detachment show in a partner?"],
        "What about when we argue?",
        "How does detachment show in a partner?",
        "no phrase like it",
    ),
]


@pytest.mark.parametrize(
    ("history", "message", "taken"), [case[:3] for case in REPLACED], ids=[case[3] for case in REPLACED]
)
def test_what_is_named_anew_takes_the_place_of_its_like(history: list[str], message: str, taken: str) -> None:
    assert context(message, asked(*history)) == taken


RETURNS = [
    (
        ["My wife never talks", "My son is failing at school", "Should he repeat the year?"],
        "back to my wife, is that normal?",
        "My wife never talks.",
        "named again",
    ),
    (
        ["My husband is cold", "And my sister is angry about the will", "That can wait"],
        "so him, what do I do",
        "My husband is cold. That can wait.",
        "by a pronoun",
    ),
    (
        ["My husband is cold", "My sister is angry"],
        "What can I do?",
        "My sister is angry.",
        "who was spoken of last stays meant",
    ),
    (["I feel numb", "My partner is cold"], "Why does she do it?", "I feel numb. My partner is cold.", "nobody else"),
]


@pytest.mark.parametrize(
    ("history", "message", "taken"), [case[:3] for case in RETURNS], ids=[case[3] for case in RETURNS]
)
def test_a_conversation_comes_back_to_somebody(history: list[str], message: str, taken: str) -> None:
    assert context(message, asked(*history)) == taken


@pytest.mark.parametrize("act", ["thanks", "greeting", "ack", "meta", "smalltalk", "gibberish"])
def test_what_says_nothing_of_the_subject_neither_becomes_nor_ends_it(act: Act) -> None:
    history = [*asked("Does yoga help?"), Turn("user", "My cat is on the keyboard", act=act)]
    assert context("And for how long?", history) == "Does yoga help?"


def test_a_plain_answer_says_what_it_was_about_and_its_names_stay() -> None:
    history = [
        Turn("user", "Where was the poet born?"),
        Turn("assistant", "She was born in the old part of London."),
        Turn("user", "And when?"),
        Turn("assistant", "In the winter of 1815, as Ada Byron"),
    ]
    assert context("How was that?", history) == "Ada Byron London. In the winter of 1815, as Ada Byron."


def test_a_long_answer_lends_only_its_names() -> None:
    answer = "many words of a page that explain " * 10 + "what Ada thought"
    history = [Turn("user", "What is numbness?"), Turn("assistant", answer)]
    assert context("Why?", history) == "Ada. What is numbness?"


def test_an_answer_before_any_message_is_about_nothing() -> None:
    assert context("Why?", [Turn("assistant", "Hello, I am Ada.")]) == ""


def test_a_conversation_is_read_as_far_back_as_it_says() -> None:
    history = asked("My wife is far away", *["Thanks a lot for that"] * MAX_TURNS)
    assert "wife" not in context("Why?", history)
    assert "wife" in context("Why?", history[:MAX_TURNS])


def test_of_long_messages_and_many_names_a_part_is_taken() -> None:
    message = "My wife is far away " * MAX_TURN_WORDS
    names = " ".join(f"met N{n}" for n in range(2 * MAX_NAMES))
    assert len(context("Why?", asked(message)).split()) == MAX_TURN_WORDS
    [turn, answer] = [*asked("Who?"), Turn("assistant", f"we {names} " + "and so on " * 30)]
    assert context("Why?", [turn, answer]) == " ".join(f"N{n}" for n in range(MAX_NAMES)) + ". Who?"


# ── items ────────────────────────────────────────────────────────────────────────────────────────────────────────────

ITEMS = {"Which strategies are there?": ("Say what you feel", "Set boundaries", "Rest")}


def answered(*questions: str) -> list[Turn]:
    """The questions, each with what it was answered with."""
    return [Turn("user", question, shown=ITEMS.get(question, ())) for question in questions]


def items(message: str, history: Sequence[Turn]) -> list[str]:
    return thread_of(history, KNOWN).items(message)


def test_an_ordinal_is_the_item_that_was_shown() -> None:
    history = answered("Which strategies are there?")
    assert items("What about the last one?", history) == ["Rest"]
    assert items("And the first two?", history) == ["Say what you feel", "Set boundaries"]
    assert items("And the fifth one?", history) == []


def test_after_an_item_the_next_ordinal_is_still_of_the_same_list() -> None:
    history = answered("Which strategies are there?", "What about the last one?")
    assert items("And the second strategy?", history) == ["Set boundaries"]


def test_an_ordinal_serves_once() -> None:
    history = answered("Which strategies are there?", "What about the last one?")
    assert context("Is that hard?", history) == "Which strategies are there? Rest."
    assert context("Is that hard?", [*history, *asked("Does yoga help?")]) == "Does yoga help?"
    assert (
        context("For how long?", [*history, *asked("And with yoga?")]) == "Which strategies are there? And with yoga?"
    )


def test_an_item_that_was_asked_for_is_a_subject() -> None:
    history = [*answered("Which strategies are there?"), Turn("user", "the last one", act="meta")]
    assert context("Is that hard?", history) == "Which strategies are there? Rest."


def test_what_another_question_showed_is_another_list() -> None:
    history = answered("Which strategies are there?")
    for question in ("What is numbness?", "Why?"):
        later = Turn("user", question, shown=("A pause", "A wall"))
        assert items("And the second one?", [*history, later]) == ["A wall"]


def test_an_ordinal_is_an_item_of_the_last_answer() -> None:
    history = [Turn("user", "What helps?"), Turn("assistant", "This:\n- yoga\n- sleep\n1. talking")]
    assert items("Why the last one?", history) == ["talking"]


@given(
    st.lists(st.one_of(st.text(max_size=60), st.sampled_from([case[1] for case in (*TAKEN, *REPLACED)])), max_size=6),
    st.text(max_size=60),
)
def test_any_conversation_is_read(history: list[str], message: str) -> None:
    thread = thread_of([replace(turn, shown=("one", "two")) for turn in asked(*history)], KNOWN)
    words = " ".join(history).split()
    assert all(word.strip(".?!") in " ".join(words) for word in thread.context(message).split())
    assert set(thread.items(message)) <= {"one", "two"}
