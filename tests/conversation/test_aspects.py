"""What a bare message asks for of what the conversation is about."""

import re
import time

import pytest

from guide.conversation.act_rule import ActDataError, Aspect
from guide.conversation.aspects import aspect_of, aspects
from guide.conversation.read_acts import read_aspects

ASPECT = """
[classes]
it = "(?:it|that)"
good = "(?:<it> is good)"
before = "(?:and )?"
after = "(?: now)?"

[[aspect]]
id = "praise"
question = "What is good?"
patterns = ["<good>"]
yes = ["it is good"]
no = ["it is bad"]
"""


@pytest.mark.parametrize("aspect", [aspect for aspect, _ in aspects()], ids=lambda aspect: aspect.id)
def test_each_aspect_takes_its_examples_and_leaves_the_others(aspect: Aspect) -> None:
    assert [message for message in aspect.yes if aspect_of(message) is None] == []
    assert [message for message in aspect.no if aspect_of(message) == aspect] == []


@pytest.mark.parametrize(
    ("message", "id"),
    [
        ("she ticks every box. and now?", "to_do"),
        ("ok thanks, but why would they do this to us", "causes"),
        ("my brother then. any hope for him", "cure"),
        ("up to what point though?", "normal"),
        ("what should I tell them", "saying"),
        ("how long will that take", "time"),
        ("was it me?", "fault"),
        ("so is it me or her", "fault"),
        ("i keep blaming myself", "fault"),
        ("who does this happen to", "who"),
        ("and who has it the most?", "who"),
        ("how can I tell?", "signs"),
        ("how can I tell him", "saying"),
    ],
)
def test_the_last_sentence_says_the_aspect(message: str, id: str) -> None:
    found = aspect_of(message)
    assert found
    assert found.id == id


@pytest.mark.parametrize("message", ["", "?!", "the kettle is on", "why did grandad sell the farm", "😴"])
def test_what_says_more_or_nothing_asks_for_none(message: str) -> None:
    assert aspect_of(message) is None


def test_a_class_holds_those_above_it() -> None:
    ((aspect, pattern),) = read_aspects(ASPECT)
    assert (aspect.id, aspect.question) == ("praise", "What is good?")
    assert pattern.fullmatch("and that is good now")
    assert not pattern.fullmatch("that is good again")


@pytest.mark.parametrize(
    ("given", "instead", "said"),
    [
        ('question = "What is good?"', "", "aspects.toml, aspect praise: "),
        ('["<good>"]', '["<bad>"]', "aspects.toml, aspect praise: there is no class <bad>; expected one of [classes]."),
        ('(?:<it> is good)"', '(?:<that> is good)"', "aspects.toml, class good: there is no class <that>"),
        ('["<good>"]', '["(<good>"]', "aspects.toml, aspect praise: a pattern can't be read"),
        ("[classes]", "[classes", "aspects.toml isn't TOML"),
    ],
)
def test_aspects_that_cannot_be_read_are_refused_by_name(given: str, instead: str, said: str) -> None:
    with pytest.raises(ActDataError, match="^" + re.escape(said)):
        read_aspects(ASPECT.replace(given, instead))


def test_small_words_without_end_are_looked_at_no_longer_than_others() -> None:
    aspect_of("why")  # reads the rules
    began = time.perf_counter()
    for message in (
        "why is he " + "that it " * 4,
        "how do i tell " + "it to me " * 2,
        "how long " + "it is " * 5,
        "it " * 5000,
    ):
        aspect_of(f"{message} xylophone")
    assert time.perf_counter() - began < 0.5
