"""BM25 and stems."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.lexical import bm25_of, bm25_scores, is_content_word, stems

TEXTS = ["numb and cold", "cold partners withdraw", "talking helps"]


def test_a_score_is_a_share_of_the_best_possible() -> None:
    bm25 = bm25_of(TEXTS)
    alone = bm25_scores("cold", bm25)
    half = bm25_scores("cold zebra", bm25)
    # An unknown word could have scored log(1 + 3.5 / .5), "cold", in two of three texts, log(1 + 1.5 / 2.5).
    known, unknown = np.log(1 + 1.5 / 2.5), np.log(1 + 3.5 / 0.5)
    assert half == pytest.approx(alone * known / (known + unknown))
    assert alone[2] == 0
    assert alone[0] > alone[1] > 0, "the shorter text of the two is more about it"


@pytest.mark.parametrize("question", ["", "?!", "the of and", "zebra", "🙂", "सवाल"])
def test_nothing_known_scores_nothing(question: str) -> None:
    assert bm25_scores(question, bm25_of(TEXTS)).tolist() == [0, 0, 0]


def test_texts_of_stop_words_alone_can_be_indexed() -> None:
    assert bm25_scores("numb", bm25_of(["the and of", "numb"]))[0] == 0


@given(st.text(max_size=60))
def test_scores_stay_in_range(question: str) -> None:
    scores = bm25_scores(question, bm25_of(TEXTS))
    assert scores.min() >= 0
    assert scores.max() <= 2.5, "k1 + 1 times the share, at the most"


def test_stems_join_a_words_forms() -> None:
    assert stems("withdrawing") == stems("withdraws") == ["withdraw"]


@pytest.mark.parametrize(
    ("word", "expected"), [("dose", True), ("numbness", True), ("about", False), ("don’t", False), ("?", False)]
)
def test_content_words(word: str, expected: bool) -> None:
    assert is_content_word(word) is expected
