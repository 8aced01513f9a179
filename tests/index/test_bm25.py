"""BM25 by hand, and that parts score as a whole does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.index.bm25 import bm25_shares, postings_of

TEXTS = ["numb and cold", "cold partners withdraw", "talking helps"]


def test_a_score_is_a_share_of_the_best_possible() -> None:
    (alone,) = bm25_shares("cold", [postings_of(TEXTS)])
    (half,) = bm25_shares("cold zebra", [postings_of(TEXTS)])
    # An unknown word could have scored log(1 + 3.5 / .5), "cold", in two of three texts, log(1 + 1.5 / 2.5).
    known, unknown = np.log(1 + 1.5 / 2.5), np.log(1 + 3.5 / 0.5)
    assert half == pytest.approx(alone * known / (known + unknown))
    # Term frequency 1 in texts of 2, 3 and 2 stems: 1 / (1 + 1.5 (.25 + .75 length / mean length)).
    mean = 7 / 3
    assert alone == pytest.approx([1 / (1 + 1.5 * (0.25 + 0.75 * n / mean)) if n else 0 for n in (2, 3, 0)])


def test_a_stem_that_stands_twice_counts_for_more() -> None:
    (shares,) = bm25_shares("cold", [postings_of(["cold cold numb", "cold warm numb"])])
    assert shares == pytest.approx([2 / (2 + 1.5), 1 / (1 + 1.5)])


@pytest.mark.parametrize("question", ["", "?!", "the of and", "zebra", "🙂", "सवाल"])
def test_nothing_known_scores_nothing(question: str) -> None:
    (shares,) = bm25_shares(question, [postings_of(TEXTS)])
    assert shares.tolist() == [0, 0, 0]


def test_texts_of_stop_words_alone_can_be_indexed() -> None:
    (shares,) = bm25_shares("numb", [postings_of(["the and of", "numb"])])
    assert shares[0] == 0
    (shares,) = bm25_shares("numb", [postings_of(["the and of"])])
    assert shares.tolist() == [0]


def test_the_mean_length_may_be_less_than_one_stem() -> None:
    # One stem in two texts: the mean is a half, so the length is twice the mean.
    (shares,) = bm25_shares("numb", [postings_of(["numb", "the and"])])
    assert shares == pytest.approx([1 / (1 + 1.5 * (0.25 + 0.75 * 2)), 0])


def test_postings_stand_by_stem_and_passage_in_small_numbers() -> None:
    postings = postings_of(TEXTS)
    assert list(postings.vocabulary) == ["cold", "help", "numb", "partner", "talk", "withdraw"]
    assert postings.starts.tolist() == [0, 2, 3, 4, 5, 6, 7]
    assert postings.passages.tolist() == [0, 1, 2, 0, 1, 2, 1]
    # Of a large corpus these are most of what BM25 keeps.
    assert (postings.starts.dtype, postings.passages.dtype, postings.weights.dtype) == (np.int64, np.int32, np.float32)


@given(st.text(max_size=60))
def test_shares_stay_in_range(question: str) -> None:
    (shares,) = bm25_shares(question, [postings_of(TEXTS)])
    assert shares.min() >= 0
    assert shares.max() <= 1


def test_parts_count_together_how_rare_a_stem_is() -> None:
    # Texts of one length, so that the parts' mean lengths are the whole's.
    texts = ["cold walls", "cold rooms", "warm walls", "cold hands"]
    (whole,) = bm25_shares("cold walls", [postings_of(texts)])
    parts = bm25_shares("cold walls", [postings_of(texts[:3]), postings_of(texts[3:])])
    assert np.concatenate(parts) == pytest.approx(whole)
