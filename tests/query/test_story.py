"""Whom a message tells of."""

import pytest

from guide.query.story import aspect_in, is_of_self, parts_of_story

OF_SELF = [
    "my girlfriend says im cold and i think she is right",
    "I go numb when my husband cries, what is that",
    "he says i never tell him anything. its true, i dont",
    "Living with me is like living with a lamp",
    "I come home, I eat, I sit in the van. My son waves and I nod. I am there and I am not.",
]
OF_OTHERS = [
    "my wife hardly talks to me",
    "I am so lonely since he has gone quiet",
    "My brother sits in the dark and I bring him soup",
    "he comes home, he eats, he goes to bed, and i watch",
    "what are the signs of emotional detachment",
    "how do i notice that somebody is emotionally detached",
    "how can i tell what a detached person feels",
    "",
]


@pytest.mark.parametrize("message", OF_SELF)
def test_of_the_writer(message: str) -> None:
    assert is_of_self(message)


@pytest.mark.parametrize("message", OF_OTHERS)
def test_of_somebody_else_or_of_nobody(message: str) -> None:
    assert not is_of_self(message)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("He goes to his shed, so what can I do, me, to reach him?", "What can we do"),
        ("How do you let anybody in, where do I start", "What can we do"),
        ("Could it be the thyroid that makes her like that?", ""),
    ],
)
def test_the_aspect_that_a_story_asks_for_has_a_say(question: str, begins: str) -> None:
    found = aspect_in(question)
    assert found.startswith(begins)
    assert bool(found) == bool(begins)
    told, *asked = parts_of_story(["We hardly talk."], found)
    assert told.text == "We hardly talk."
    assert [part.text for part in asked] == ([found] if found else [])
    assert parts_of_story([], found) == ()
