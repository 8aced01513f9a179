"""“The second one” is the second item that was shown."""

import pytest

from guide.query.ordinals import pick, points_at_item

ITEMS = ["numbness", "distance", "silence", "walls"]

PICKED = [
    ("What about the second one?", ["distance"], "an ordinal with “one”"),
    ("What about the 2nd one?", ["distance"], "in figures"),
    ("And the third?", ["silence"], "an ordinal alone at the end"),
    ("Tell me about the last one.", ["walls"], "from the end"),
    ("The first two, please", ["numbness", "distance"], "several"),
    ("What do the last 2 mean?", ["silence", "walls"], "several from the end"),
    ("Explain the first three signs", ["numbness", "distance", "silence"], "several of what was asked for"),
    ("What is the third sign?", ["silence"], "what was asked for, in the singular"),
    ("number 4?", ["walls"], "a number"),
    ("Is number one normal?", ["numbness"], "a number as a word"),
    ("and the second point", ["distance"], "“point” may stand for anything shown"),
    ("the former?", ["numbness"], "the former of the list"),
    ("What does the first one say?", ["numbness"], "a verb after “one” is no noun"),
]


@pytest.mark.parametrize(("message", "items"), [case[:2] for case in PICKED], ids=[case[2] for case in PICKED])
def test_an_ordinal_picks_items(message: str, items: list[str]) -> None:
    assert points_at_item(message)
    assert pick(message, ["What are the signs?"], ITEMS) == items


NOT_PICKED = [
    ("What is the fifth one?", "there is no fifth"),
    ("What are the last five?", "there are no five"),
    ("What is the first step?", "steps weren't asked for"),
    ("We argued for the first time", "time isn't counted out of a list"),
    ("It began in the last two weeks", "nor are weeks"),
    ("How long does it last?", "a verb"),
    ("I feel numb at first", "no article before it"),
    ("One of us is cold", "no ordinal"),
]


@pytest.mark.parametrize("message", [case[0] for case in NOT_PICKED], ids=[case[1] for case in NOT_PICKED])
def test_anything_else_picks_nothing(message: str) -> None:
    assert pick(message, ["What are the signs?"], ITEMS) == []


def test_nothing_is_picked_of_nothing() -> None:
    assert pick("the second one", [], []) == []
