"""The second look by meaning: it only raises, it explains itself, and figures of speech keep it quiet."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.embedding.encoder import Encoder
from guide.levels import Level, gravity
from guide.records import Turn
from guide.safety import assess
from guide.safety.examples import examples
from guide.safety.gate import Embed
from guide.safety.similarity import RAISED, fitted, is_suppressed_by_context, likeness, texts_of

VAGUE = "The river is on my way"
FAR = [0.0] * 384


def toward(level: Level) -> list[float]:
    """The vector of the example that is most surely of this level, and of none graver."""
    bank = fitted()
    scores = likeness(bank.vectors, bank.vectors) @ bank.weights
    at = RAISED.index(level)
    graver = [scores[:, i] - bank.thresholds[RAISED[i]] for i in range(at)]
    surely = scores[:, at] - 10 * sum((g > 0 for g in graver), start=np.zeros(len(scores)))
    return list(map(float, bank.vectors[surely.argmax()]))


def meaning(**vectors: Sequence[float]) -> Embed:
    """Gives each text the vector of the first word of `vectors` that it holds, and any other text one far from all."""

    def embed(texts: Sequence[str]) -> np.ndarray:
        rows = [next((vector for word, vector in vectors.items() if word in text), FAR) for text in texts]
        return np.array(rows, dtype=np.float32)

    return embed


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
    raised = assess(VAGUE, country="US", embed=meaning(river=toward(level)))
    assert raised.level == level
    assert [match.rule for match in raised.matches] == [f"meaning.{level}"]
    assert raised.matches[0].text == VAGUE
    assert raised.message == assess({"crisis": "I want to die", "abuse": "my husband hits me"}[level]).message
    assert {line.country for line in raised.helplines} == {"US", "*"}


@given(
    st.lists(st.floats(-1, 1), min_size=384, max_size=384),
    st.sampled_from(["I want to die", "my husband hits me", "I took all my pills", VAGUE]),
)
def test_no_vector_lowers_a_level(vector: list[float], message: str) -> None:
    raised = assess(message, embed=lambda texts: np.array([vector] * len(texts), dtype=np.float32))
    assert gravity(raised.level) >= gravity(assess(message).level)


@pytest.mark.parametrize("message", ["I'm dying to see you", "I'm not suicidal", "This heat is killing me"])
def test_figures_and_denials_keep_it_quiet(message: str) -> None:
    assert is_suppressed_by_context(message)
    crisis = toward("crisis")
    assert assess(message, embed=lambda texts: np.array([crisis] * len(texts), dtype=np.float32)) == assess(message)


def test_a_criterion_after_a_crisis_keeps_the_banner() -> None:
    raised = assess(VAGUE, [Turn("user", "I want to die")], embed=meaning(river=toward("professional")))
    assert raised.level == "professional"
    assert raised.message.startswith("Earlier you told me")
    assert "It may help to talk with a professional." in raised.message


def test_a_vector_of_another_model_is_refused() -> None:
    with pytest.raises(ValueError, match="has 3 numbers; the safety model expects 384"):
        assess(VAGUE, embed=lambda texts: np.zeros((len(texts), 3), dtype=np.float32))


def test_what_was_decided_on_an_earlier_message_is_remembered_without_its_vector() -> None:
    decided: list[Level] = ["none", "crisis", "professional"]
    remembered = assess(VAGUE, [Turn("user", "Something.", level) for level in decided], country="US")
    assert (remembered.level, remembered.earlier) == ("none", "crisis")
    assert remembered.message.startswith("Earlier you told me")
    assert remembered.helplines[0].phone == "988"


def test_only_what_is_decided_on_no_danger_leaves_no_banner() -> None:
    quiet = assess(VAGUE, [Turn("user", "Something.", "none"), Turn("user", "Something.", "professional")])
    assert (quiet.level, quiet.earlier, quiet.message, quiet.helplines) == ("none", "professional", "", ())


def test_an_earlier_message_is_remembered_for_its_meaning_alone() -> None:
    history = [Turn("user", "A boat on the lake"), Turn("user", "Soup for lunch")]
    remembered = assess(VAGUE, history, country="US", embed=meaning(boat=toward("abuse")))
    assert (remembered.level, remembered.earlier) == ("none", "abuse")
    assert remembered.message.startswith(assess("Hello there.", [Turn("user", "my husband hits me")]).message)
    assert remembered.helplines[0].purpose == "abuse"


def test_a_sentence_alone_is_looked_at_too() -> None:
    message = "I had soup for lunch. The river is on my way. Bye."
    assert texts_of(message) == (message, "I had soup for lunch.", "The river is on my way.")
    embed = meaning(soup=FAR, river=toward("crisis"))
    assert assess(message, embed=embed).level == "crisis"
    assert assess(message, embed=meaning()).level == "none"


def test_its_meaning_is_taken_from_plain_words() -> None:
    assert texts_of("The m e e t i n g is 0ver my head, somthing broke") == (
        "The meeting is over my head, something broke",
    )
