"""The second look by meaning: it only raises, it explains itself, and figures of speech keep it quiet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.records import LEVELS, Level, Turn
from guide.safety import assess, raise_by_meaning
from guide.safety.meaning import is_silenced, lines


def toward(level: Level) -> list[float]:
    """A unit vector that the model of this level is surest of."""
    line = next(line for line in lines() if line.level == level and line.criterion is None)
    length = sum(w * w for w in line.weights) ** 0.5
    return [w / length for w in line.weights]


def apart(vector: list[float], others: list[list[float]]) -> list[float]:
    """The unit vector that is left of one when what it shares with others is taken out, pushed away from them."""
    for other in others:
        shared = sum(a * b for a, b in zip(vector, other, strict=True))
        vector = [a - (shared + 0.1) * b for a, b in zip(vector, other, strict=True)]
    length = sum(v * v for v in vector) ** 0.5
    return [v / length for v in vector]


VAGUE = "The river is on my way"


def test_the_models_come_gravest_first_and_fit_the_encoder() -> None:
    named = [line.level for line in lines() if line.criterion is None]
    assert named == ["crisis", "abuse", "professional"]
    assert {len(line.weights) for line in lines()} == {384}
    assert [line.criterion for line in lines() if line.criterion] == ["distress", "isolation", "numbness", "skills"]


@pytest.mark.parametrize("level", ["crisis", "abuse"])
def test_a_likely_message_is_raised_and_told_why(level: Level) -> None:
    raised = raise_by_meaning(assess(VAGUE), VAGUE, toward(level), country="US")
    assert raised.level == level
    assert raised.matches[0].rule == f"meaning.{level}"
    assert raised.matches[0].text == VAGUE
    assert raised.message
    assert raised.helplines


@given(
    st.lists(st.floats(-1, 1), min_size=384, max_size=384),
    st.sampled_from(["I want to die", "my husband hits me", VAGUE]),
)
def test_no_vector_lowers_a_level(vector: list[float], message: str) -> None:
    before = assess(message)
    assert LEVELS.index(raise_by_meaning(before, message, vector).level) >= LEVELS.index(before.level)


@pytest.mark.parametrize("message", ["I'm dying to see you", "I'm not suicidal", "This heat is killing me"])
def test_figures_and_denials_keep_it_quiet(message: str) -> None:
    assert is_silenced(message)
    before = assess(message)
    assert raise_by_meaning(before, message, toward("crisis")) == before


def test_what_the_rules_found_stays_as_it_is() -> None:
    found = assess("I took all my pills")
    assert raise_by_meaning(found, "I took all my pills", toward("crisis")) == found


def test_a_criterion_after_a_crisis_keeps_the_banner() -> None:
    before = assess(VAGUE, [Turn("user", "I want to die")])
    vector = apart(toward("professional"), [toward("crisis"), toward("abuse")])
    raised = raise_by_meaning(before, VAGUE, vector)
    assert raised.level == "professional"
    assert raised.message.startswith("Earlier you told me")


def test_a_vector_of_another_model_is_refused() -> None:
    with pytest.raises(ValueError, match="has 3 numbers; the safety model expects 384"):
        raise_by_meaning(assess(VAGUE), VAGUE, [0.1, 0.2, 0.3])
