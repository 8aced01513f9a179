"""The whole gate, with what messages mean: what only meaning sees is raised, remembered and shown as words of it are.

The vectors are taken from the gate's own examples, so that no model is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from math import log2

import numpy as np
import pytest

from guide.levels import Level
from guide.records import Assessment, Turn
from guide.safety.gate import assess
from guide.safety.similarity import RAISED, fitted, likeness

VAGUE = "The river is on my way"
"""Words of which no rule and no context makes anything."""


class Meaning:
    """Embeds texts of which some have a meaning of their own and all others have none."""

    def __init__(self, vectors: Mapping[str, Sequence[float]] | None = None) -> None:
        self.vectors = vectors or {}
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        return np.array([self.vectors.get(text, np.zeros(384)) for text in texts], dtype=np.float32)


def scored(level: Level, score: Callable[[float], float]) -> list[float]:
    """A vector whose score for `level` is `score` of the level's threshold, on the way from nowhere to an example."""
    bank = fitted()
    column, threshold = RAISED.index(level), bank.thresholds[level]
    surest = bank.vectors[(likeness(bank.vectors, bank.vectors) @ bank.weights)[:, column].argmax()]
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if float(bank.scores([surest * middle])[level][0]) < score(threshold):
            low = middle
        else:
            high = middle
    found = float(bank.scores([surest * high])[level][0])
    assert found == pytest.approx(score(threshold), abs=1e-4)
    return [float(value) for value in surest * high]


CRISIS = scored("crisis", lambda threshold: threshold + 0.01)
NO_CRISIS = scored("crisis", lambda threshold: threshold - 0.01)


def assess_meant(message: str, vector: Sequence[float], history: Sequence[Turn] = ()) -> Assessment:
    """What the gate decides if the vague words have this meaning."""
    return assess(message, history, embed=Meaning({VAGUE: vector, f"{VAGUE}.": vector}).embed)


def test_what_only_meaning_sees_is_raised_from_the_threshold_on() -> None:
    assert assess(VAGUE).level == "none"
    assert assess_meant(VAGUE, CRISIS).level == "crisis"
    assert assess_meant(VAGUE, NO_CRISIS).level != "crisis"


@pytest.mark.parametrize("count", [2, 4, 8])
def test_a_sentence_alone_must_be_a_tenth_surer_for_each_doubling_of_their_number(count: int) -> None:
    message = " ".join(["The soup was hot today."] * (count - 1) + [f"{VAGUE}."])
    surer = 0.1 * log2(count)
    for more, level in ((0.01, "crisis"), (-0.01, "none")):
        vector = scored("crisis", lambda threshold, more=more: threshold + surer + more)
        assert assess_meant(message, vector).level == level


def after(earlier: int) -> Assessment:
    """The gate's decision on a question, with so many others between it and the vague words."""
    history = [Turn("user", VAGUE), *(Turn("user", f"What is sleep {n}?") for n in range(earlier))]
    return assess_meant("What is a boundary?", CRISIS, history)


def test_what_an_earlier_message_meant_is_remembered_over_twelve_of_them() -> None:
    for earlier in (0, 1, 11):
        remembered = after(earlier)
        assert (remembered.level, remembered.earlier) == ("none", "crisis"), earlier
        assert remembered.message.startswith("Earlier you told me about something very hard.")
        assert remembered.helplines
    assert after(12).earlier == "none"


def test_what_was_decided_then_is_remembered_however_long_ago() -> None:
    history = [Turn("user", VAGUE, "crisis"), *(Turn("user", "What is sleep?", "none") for _ in range(60))]
    meaning = Meaning()
    assert assess("What is a boundary?", history, embed=meaning.embed).earlier == "crisis"
    # And not looked at again.
    assert meaning.texts == ["What is a boundary?"]


def test_the_card_for_the_same_danger_again_is_the_shorter_one() -> None:
    first = assess_meant(VAGUE, CRISIS)
    again = assess_meant(VAGUE, CRISIS, [Turn("user", "I want to die")])
    assert (first.level, again.level) == ("crisis", "crisis")
    assert "I am glad you said this." in first.message
    assert "I am glad you said this." not in again.message
    assert "Who is with you right now?" in again.message
    # So it is where the earlier danger too was seen by its meaning alone.
    meant = assess_meant(VAGUE, CRISIS, [Turn("user", VAGUE)])
    assert meant.message == again.message


def test_after_abuse_the_card_for_a_crisis_is_the_whole_one() -> None:
    first = assess_meant(VAGUE, CRISIS)
    assert assess_meant(VAGUE, CRISIS, [Turn("user", "my husband hits me")]).message == first.message


def test_where_the_words_say_enough_nothing_is_embedded() -> None:
    meaning = Meaning()
    assert assess("I want to die", embed=meaning.embed).level == "crisis"
    assert assess("  ", embed=meaning.embed).level == "none"
    assert meaning.texts == []
