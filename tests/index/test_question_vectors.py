"""How well passages' questions match, against calculations by hand: `FakeEncoder` gives every word a direction of its
own, so that tokens match wholly or not at all, and late interaction is the weighted share of words that match.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pytest
from fake_encoder import FakeEncoder
from numpy.typing import NDArray

from guide.index.question_vectors import (
    COMPARED,
    COUNTED,
    QuestionMatch,
    QuestionVectors,
    match_questions,
    merge_questions,
    question_similarities,
    question_vectors,
    slice_questions,
)

ENCODER = FakeEncoder(1_024)

ONE = ["he goes quiet", "quiet evenings", "why quiet", "cold tea"]
TWO = ["he goes"]


def vectors(*passages: Sequence[str]) -> QuestionVectors:
    """The vectors of these passages' questions."""
    asked = [question for passage in passages for question in passage]
    return question_vectors(ENCODER.encode(asked) if asked else None, [len(p) for p in passages], ENCODER.dimension)


def matched(
    questions: QuestionVectors,
    text: str,
    rows: Sequence[int],
    missing: float = 0.25,
    weights: Sequence[float] | None = None,
) -> QuestionMatch:
    encoded = ENCODER.encode([text])
    weighted = np.array(weights or [1.0] * len(encoded.ids), dtype=np.float32)[:, None]
    similarities = question_similarities(questions, np.array(rows, dtype=np.int64), encoded.texts)
    instead = np.full((len(rows), 1), missing, dtype=np.float32)
    return match_questions(encoded, weighted, questions, rows, similarities, instead)


def same(one: QuestionVectors, other: QuestionVectors) -> bool:
    names = ("first", "texts", "tokens", "starts")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


# ── how they are kept ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_offsets_say_which_questions_and_tokens_are_whose() -> None:
    questions = vectors(ONE, [], TWO)
    assert questions.first.tolist() == [0, 4, 4, 5]
    assert questions.starts.tolist() == [0, 3, 5, 7, 9, 11]
    assert (questions.texts.shape, questions.tokens.shape) == ((5, 1_024), (11, 1_024))
    assert questions.tokens.dtype == np.float16


def test_where_no_passage_has_a_question_there_are_none_of_the_right_shape() -> None:
    questions = vectors([], [])
    assert (questions.first.tolist(), questions.starts.tolist()) == ([0, 0, 0], [0])
    assert questions.texts.shape == questions.tokens.shape == (0, 1_024)


def test_parts_join_to_the_whole_and_come_apart_again() -> None:
    whole = vectors(ONE, [], TWO, ["last one"])
    first, none, rest = vectors(ONE), vectors([]), vectors(TWO, ["last one"])
    assert same(merge_questions([first, none, rest]), whole)
    assert same(slice_questions(whole, 0, 1), first)
    assert same(slice_questions(whole, 1, 2), none)
    assert same(slice_questions(whole, 2, 4), rest)
    assert same(slice_questions(whole, 0, 4), whole)


# ── how they match ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_passage_scores_the_mean_of_its_best_question_and_of_the_mean_of_its_best_three() -> None:
    found = matched(vectors(ONE, TWO), "he goes quiet today", [0])
    # Three of four words match in “he goes quiet”, one in each of the next two, none in “cold tea”.
    assert COUNTED == 3
    assert found.passages == pytest.approx(np.array([[(3 / 4 + (3 / 4 + 1 / 4 + 1 / 4) / 3) / 2]]))
    assert found.numbers[0].tolist() == [0, 1, 2, 3]
    assert found.scores[0].tolist() == pytest.approx([3 / 4, 1 / 4, 1 / 4, 0])
    assert found.support == pytest.approx([1, 1, 1, 0])


def test_questions_that_a_passage_lacks_match_as_well_as_is_said() -> None:
    found = matched(vectors(ONE, TWO, []), "he goes quiet today", [1, 2], missing=0.25)
    one = (2 / 4 + (2 / 4 + 0.25 + 0.25) / 3) / 2
    assert found.passages == pytest.approx(np.array([[one], [0.25]]))
    assert found.numbers[1].tolist() == []
    assert found.scores[1].shape == (0,)
    # What is missing is better than what is there: it counts in the mean, the best question stays the passage's own.
    found = matched(vectors(TWO), "he goes quiet today", [0], missing=0.9)
    assert found.passages == pytest.approx(np.array([[(2 / 4 + (2 / 4 + 0.9 + 0.9) / 3) / 2]]))


def test_words_count_by_their_weight() -> None:
    found = matched(vectors([*TWO] * 3), "he goes quiet", [0], weights=[1, 2, 5])
    assert found.passages == pytest.approx(np.array([[3 / 8]]))


def test_only_the_nearest_by_their_embeddings_are_compared() -> None:
    # The more words beside it, the farther a question is from “quiet”: 1 / √n.
    longer = ["quiet" + "".join(f" w{place}" for place in range(size)) for size in range(COMPARED + 2)]
    questions = vectors(longer[::-1])
    text = ENCODER.encode(["quiet"]).texts
    assert (np.asarray(questions.texts) @ text.T)[:, 0] == pytest.approx(
        [1 / sqrt(size + 1) for size in range(COMPARED + 2)][::-1]
    )
    found = matched(questions, "quiet", [0])
    assert found.numbers[0].tolist() == list(range(2, COMPARED + 2))


def test_each_text_is_matched_by_its_own_words() -> None:
    encoded = ENCODER.encode(["he goes", "cold"])
    weights: NDArray[np.float32] = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    missing = np.zeros((1, 2), dtype=np.float32)
    questions = vectors(["he waits", "cold tea"])
    similarities = question_similarities(questions, np.array([0]), encoded.texts)
    found = match_questions(encoded, weights, questions, [0], similarities, missing)
    # Of the first text half is there once, and nothing in two; of the second all is there once.
    assert found.passages == pytest.approx(np.array([[(1 / 2 + 1 / 6) / 2, (1 + 1 / 3) / 2]]))
    assert found.scores[0].tolist() == pytest.approx([1 / 2, 0]), "the first text's"


def test_nothing_to_compare_is_no_error() -> None:
    empty = matched(vectors([], []), "he goes", [0, 1], missing=0.5)
    assert empty.passages.tolist() == [[0.5], [0.5]]
    assert matched(vectors(ONE), "he goes", []).passages.shape == (0, 1)
    wordless = matched(vectors(["?!", "..."], TWO), "he goes", [0], missing=0)
    assert wordless.scores[0].tolist() == [-1, -1], "no token comes near a question that has none"
    assert matched(vectors(ONE), "?!", [0]).scores[0].tolist() == [0, 0, 0, 0]
