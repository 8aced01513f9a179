"""Whether a message leans on what was said before it, and the words that say what it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.query.follow_up import content, names, needs_context, stands_alone

KNOWN = frozenset("emotional detachment depression stress signs help partner strategies boundaries".split())


TOPIC = [
    ("How so?", "nothing of its own"),
    ("Why?", "nothing of its own"),
    ("Tell me more", "asks on"),
    ("And for my son?", "begins with “and”, and has one word"),
    ("What about depression?", "asks on"),
    ("Depression?", "a fragment"),
    ("Can it be reversed?", "“it” without antecedent"),
    ("Is that always bad?", "“that” without antecedent"),
    ("How long does this take?", "“this” without antecedent"),
    ("Are there any others?", "compares with what was said"),
    ("Could they be wrong?", "“they” without antecedent"),
    ("So what's the difference?", "a difference of what?"),
    ("Did she write books?", "“she” without antecedent"),
    ("Where did he grow up?", "“he” without antecedent"),
]


@pytest.mark.parametrize(
    "message", [case[0] for case in TOPIC], ids=[f"{n}: {case[1]}" for n, case in enumerate(TOPIC)]
)
def test_a_message_that_needs_its_topic(message: str) -> None:
    assert needs_context(message, KNOWN) == "topic"


ALONE = [
    ("What is emotional detachment?", "names its topic"),
    ("How do I bake bread?", "names another topic"),
    ("bread?", "a fragment of no article: something new"),
    ("boundaries", "a keyword"),
    ("Who wrote this article?", "“this article” is the one at hand"),
    ("Is it normal to feel numb?", "“it” stands for what follows"),
    ("How long does it take to heal?", "“it” stands for what follows"),
    ("Is it a sign when my partner never calls?", "“it” stands for what follows"),
    ("My husband never talks. Does he still love me?", "its antecedent is in the message"),
    ("Can detachment be healthy, or is it always harmful?", "its antecedent is in the message"),
    ("I can't cry any more. Is that a sign?", "“that” is what was just said"),
    ("How do nurses keep their distance?", "its antecedent is in the clause"),
    ("Is apathy the same as detachment?", "“the same as” says as what"),
    ("The people that I love feel far away", "“that” begins a clause"),
    ("Are there any exercises against stress?", "“there are”"),
    ("He sweeps every fight under the rug.", "a statement, however “he” is meant, can be searched"),
    ("Why does he give me the cold shoulder all the time?", "enough words of its own"),
    ("Thanks!", "asks nothing"),
    ("😭", "nothing to complete"),
]


@pytest.mark.parametrize(
    "message", [case[0] for case in ALONE], ids=[f"{n}: {case[1]}" for n, case in enumerate(ALONE)]
)
def test_a_message_that_stands_alone(message: str) -> None:
    assert needs_context(message, KNOWN) == "nothing"
    assert stands_alone(message, KNOWN)


def test_an_ordinal_leans_on_the_list_that_was_shown() -> None:
    message = "Explain the second strategy to me in plain words, please."
    assert needs_context(message, KNOWN) == "nothing"
    assert not stands_alone(message, KNOWN)


def test_content_leaves_out_how_something_is_asked() -> None:
    assert content("What's the Author’s view of it, and the author's?") == ["Author’s", "view"]
    assert content("stress and depression", ["Stress"]) == ["depression"]


def test_names_are_capitals_inside_a_sentence() -> None:
    assert names("Did I meet Ada there? Numbness came. In London Ada left.") == ["Ada", "London"]


@given(st.text(max_size=60))
def test_any_text_is_read(message: str) -> None:
    assert needs_context(message, KNOWN) in ("nothing", "topic")
    assert all(word in message for word in (*content(message), *names(message)))
