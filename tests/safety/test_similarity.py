"""The second look by meaning: it only raises, it explains itself, and figures of speech keep it quiet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.embedding.encoder import Encoder
from guide.records import LEVELS, Level, Turn
from guide.safety import assess, raise_by_meaning, remember_by_meaning
from guide.safety.examples import examples
from guide.safety.similarity import RAISED, fitted, is_suppressed_by_context, likeness, texts_of


def toward(level: Level) -> list[float]:
    """The vector of the example that is most surely of this level, and of none graver."""
    bank = fitted()
    scores = likeness(bank.vectors, bank.vectors) @ bank.weights
    at = RAISED.index(level)
    graver = [scores[:, i] - bank.thresholds[RAISED[i]] for i in range(at)]
    surely = scores[:, at] - 10 * sum((g > 0 for g in graver), start=np.zeros(len(scores)))
    return list(map(float, bank.vectors[surely.argmax()]))


VAGUE = "The river is on my way"


def test_each_example_is_there_and_each_score_is_named() -> None:
    assert fitted().vectors.shape == (len(examples()), 384)
    scores = fitted().scores([toward("crisis")])
    assert set(scores) == {"crisis", "abuse", "professional", "distress", "isolation", "numbness", "skills"}
    assert set(fitted().thresholds) == {"crisis", "abuse", "professional"}


@pytest.mark.model
def test_the_stored_examples_are_those_of_the_bank(encoder: Encoder) -> None:
    chosen = examples()[::97]
    exact = encoder.encode([texts_of(e.text)[0] for e in chosen]).texts
    stored = fitted().vectors[::97]
    cosines = np.sum(exact * stored, axis=1) / np.linalg.norm(stored, axis=1)
    assert (cosines > 0.999).all(), "run python -m guide.training.fit_safety"


@pytest.mark.parametrize("level", ["crisis", "abuse"])
def test_a_likely_message_is_raised_and_told_why(level: Level) -> None:
    raised = raise_by_meaning(assess(VAGUE), VAGUE, [toward(level)], country="US")
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
    assert LEVELS.index(raise_by_meaning(before, message, [vector]).level) >= LEVELS.index(before.level)


@pytest.mark.parametrize("message", ["I'm dying to see you", "I'm not suicidal", "This heat is killing me"])
def test_figures_and_denials_keep_it_quiet(message: str) -> None:
    assert is_suppressed_by_context(message)
    before = assess(message)
    assert raise_by_meaning(before, message, [toward("crisis")]) == before


def test_what_the_rules_found_stays_as_it_is() -> None:
    found = assess("I took all my pills")
    assert raise_by_meaning(found, "I took all my pills", [toward("crisis")]) == found


def test_a_criterion_after_a_crisis_keeps_the_banner() -> None:
    before = assess(VAGUE, [Turn("user", "I want to die")])
    raised = raise_by_meaning(before, VAGUE, [toward("professional")])
    assert raised.level == "professional"
    assert raised.message.startswith("Earlier you told me")


def test_a_vector_of_another_model_is_refused() -> None:
    with pytest.raises(ValueError, match="has 3 numbers; the safety model expects 384"):
        raise_by_meaning(assess(VAGUE), VAGUE, [[0.1, 0.2, 0.3]])


def test_what_was_decided_on_an_earlier_message_is_remembered_without_its_vector() -> None:
    now = assess(VAGUE)
    remembered = remember_by_meaning(now, [], [], ["none", "crisis", "professional"], country="US")
    assert (remembered.level, remembered.earlier) == ("none", "crisis")
    assert remembered.message.startswith("Earlier you told me")
    assert remember_by_meaning(now, [], [], ["none", "professional"]) == now


def test_a_sentence_alone_is_looked_at_too() -> None:
    message = "I had soup for lunch. The river is on my way. Bye."
    texts = texts_of(message)
    assert texts == (message, "I had soup for lunch.", "The river is on my way.")
    far = [0.0] * 384
    assert raise_by_meaning(assess(message), message, [far, far, toward("crisis")]).level == "crisis"
    assert raise_by_meaning(assess(message), message, [far, far, far]).level == "none"


def test_its_meaning_is_taken_from_plain_words() -> None:
    assert texts_of("The m e e t i n g is 0ver my head, somthing broke") == (
        "The meeting is over my head, something broke",
    )
