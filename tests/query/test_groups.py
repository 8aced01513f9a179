"""The group of people for whom a message asks."""

import pytest

from guide.query.groups import MAX_GROUP_WORDS, group_of

ASKED_FOR = [
    ("what about kids", "kids", True),
    ("And children?", "children", True),
    ("ok, how about my teenagers too", "teenagers", True),
    ("or for men", "men", True),
    ("is that the same for old people?", "old people", True),
    ("what about gay couples", "gay couples", True),
    ("what about my kids, does it hurt them", "kids", False),
    ("signs of detachment in women", "women", False),
]


@pytest.mark.parametrize(("message", "named", "alone"), ASKED_FOR, ids=[case[0] for case in ASKED_FOR])
def test_a_message_asks_for_a_group(message: str, named: str, alone: bool) -> None:
    group = group_of(message)
    assert group is not None
    assert (group.named, group.alone) == (named, alone)


@pytest.mark.parametrize(
    "message",
    [
        "and my husband?",
        "My kids never call me.",
        "men never talk",
        "what about us",
        "I say no to my kids all day long and it makes no difference to anybody in this house, for kids",
        "",
    ],
)
def test_a_message_asks_for_no_group(message: str) -> None:
    assert group_of(message) is None


def test_a_group_is_asked_for_in_few_words() -> None:
    assert group_of(" ".join(["so"] * (MAX_GROUP_WORDS - 1) + ["kids"]))
    assert not group_of(" ".join(["so"] * MAX_GROUP_WORDS + ["kids"]))


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("A child may withdraw.", True),
        ("Childhood wounds", False),
        ("Grown-up children may leave early.", False),
        ("Adult children, and kids", True),
    ],
)
def test_a_text_speaks_of_a_group_in_whatever_words(text: str, stands: bool) -> None:
    group = group_of("what about kids")
    assert group is not None
    assert group.stands_in(text) is stands
