"""Late interaction against a calculation by hand and against brute force."""

import numpy as np
import pytest
from fake_encoder import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from guide.index.token_vectors import compare, merge, slice_rows, token_vectors, token_weights

TEXTS = ["signs\nnumb cold\nalone", "causes\nstress\ntrauma stress", "help\nask"]
BOUNDARIES = [[0, 6, 16], [0, 7, 14], [0, 5]]
"""Where each text's heading and its lines begin."""


def test_segments_follow_the_lines(fake_encoder: FakeEncoder) -> None:
    tokens = token_vectors(fake_encoder.encode(TEXTS), BOUNDARIES)
    # signs | numb cold | alone, causes | stress | trauma stress, help | ask
    assert np.diff(tokens.segments).tolist() == [1, 2, 1, 1, 1, 2, 1, 1]
    assert tokens.first_segments.tolist() == [0, 3, 6, 8]


def test_a_token_weighs_by_the_passages_it_stands_in(fake_encoder: FakeEncoder) -> None:
    tokens = token_vectors(fake_encoder.encode(["a b", "a c", "a d"]), [[0], [0], [0]])
    asked = fake_encoder.encode(["a b never"])
    # log(1 + (N - n + .5) / (n + .5)) with N = 3 and n = 3, 1 and 0.
    expected = [np.log(1 + 0.5 / 3.5), np.log(1 + 2.5 / 1.5), np.log(1 + 3.5 / 0.5)]
    assert token_weights(asked.ids, [tokens]) == pytest.approx(expected)


def test_scores_by_hand(fake_encoder: FakeEncoder) -> None:
    tokens = token_vectors(fake_encoder.encode(TEXTS), BOUNDARIES)
    asked = fake_encoder.encode(["signs cold bread"])
    found = compare(asked.tokens, np.array([1.0, 2.0, 1.0], dtype=np.float32), tokens, [0, 2])
    # Of passage 0, the heading has "signs", the first point "cold", nothing has "bread"; passage 2 has none of them.
    assert found.passages == pytest.approx([3 / 4, 0])
    assert found.headings == pytest.approx([1 / 4, 0])
    assert [points.tolist() for points in found.points] == [pytest.approx([3 / 4, 1 / 4]), pytest.approx([0])]
    assert found.support == pytest.approx([1, 1, 0])


def test_a_question_without_tokens_scores_nothing(fake_encoder: FakeEncoder) -> None:
    tokens = token_vectors(fake_encoder.encode(TEXTS), BOUNDARIES)
    asked = fake_encoder.encode(["?!"])
    found = compare(asked.tokens, np.zeros(0, dtype=np.float32), tokens, [0, 1, 2])
    assert found.passages.tolist() == [0, 0, 0]


def test_points_beyond_what_the_model_reads_have_no_tokens_and_no_effect(fake_encoder: FakeEncoder) -> None:
    # The last boundary is where the encoded text already ended.
    tokens = token_vectors(fake_encoder.encode(["head\ncold"]), [[0, 5, 40]])
    found = compare(fake_encoder.encode(["cold"]).tokens, np.ones(1, dtype=np.float32), tokens, [0])
    assert found.passages.tolist() == [1]
    assert found.points[0].tolist() == [1, 0]


def test_parts_of_a_whole_join_to_the_whole(fake_encoder: FakeEncoder) -> None:
    whole = token_vectors(fake_encoder.encode(TEXTS), BOUNDARIES)
    again = merge([slice_rows(whole, 0, 1), slice_rows(whole, 1, 3)])
    for name in ("vectors", "ids", "segments", "first_segments", "frequencies"):
        assert np.array_equal(getattr(again, name), getattr(whole, name)), name


# Four words that the fake encoder hashes to four places.
TEXT = st.lists(st.sampled_from(["numb", "cold", "alone", "stress"]), max_size=5).map(" ".join)


@given(st.lists(TEXT, min_size=1, max_size=5), TEXT)
def test_equals_brute_force(texts: list[str], question: str) -> None:
    encoder = FakeEncoder()
    tokens = token_vectors(encoder.encode(texts), [[0]] * len(texts))
    asked = encoder.encode([question])
    weights = token_weights(asked.ids, [tokens])
    found = compare(asked.tokens, weights, tokens, list(range(len(texts))))
    for row, text in enumerate(texts):
        words = set(text.split())
        held = sum(weight for word, weight in zip(question.split(), weights, strict=True) if word in words)
        # A passage without a word is at the least similarity there is.
        expected = held / weights.sum() if words and len(weights) else (-1.0 if len(weights) else 0.0)
        assert found.passages[row] == pytest.approx(expected, abs=1e-6)
