"""Measures: values worked out by hand, and laws."""

import math
from random import Random

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, ScoredDoc, Success, nDCG

from guide.evaluate.measures import (
    Bin,
    auroc,
    calibration_error,
    hit_at,
    ndcg_at,
    ranking,
    reciprocal_rank,
    reliability,
    wilson,
)


@pytest.mark.parametrize(
    ("ranked", "relevant", "hit1", "hit3", "rank"),
    [
        (["a", "b", "c"], {"a"}, 1, 1, 1, ),
        (["x", "b", "c"], {"b", "c"}, 0, 1, 1 / 2),
        (["x", "y", "z", "a"], {"a"}, 0, 0, 1 / 4),
        (["x", "y", "z"], {"a"}, 0, 0, 0),
        ([], {"a"}, 0, 0, 0),
        (["x"], set(), 0, 0, 0),
    ],
    ids=["first", "second and third", "fourth", "not found", "no result", "nothing is relevant"],
)  # fmt: skip
def test_hits_and_reciprocal_rank(ranked: list[str], relevant: set[str], hit1: float, hit3: float, rank: float) -> None:
    assert (hit_at(1, ranked, relevant), hit_at(3, ranked, relevant)) == (hit1, hit3)
    assert reciprocal_rank(ranked, relevant) == rank


@pytest.mark.parametrize(
    ("ranked", "gains", "expected", "why"),
    [
        (["a", "b"], {"a": 1.0, "b": 1.0}, 1, "all relevant ones first"),
        (["x", "a"], {"a": 1.0}, 1 / math.log2(3), "the one relevant result second"),
        (["x", "a", "b"], {"a": 1.0, "b": 1.0}, (1 / math.log2(3) + 1 / 2) / (1 + 1 / math.log2(3)), "both one late"),
        (["b", "a"], {"a": 2.0, "b": 1.0}, (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)), "the lesser one first"),
        (["a"], {"a": 1.0, "b": 1.0}, 1 / (1 + 1 / math.log2(3)), "one of two found"),
        (["a", "a", "b"], {"a": 1.0, "b": 1.0}, 1, "named twice, counted once"),
        (["x"] * 10 + ["a"], {"a": 1.0}, 1 / math.log2(3), "a repeated miss takes one place"),
        ([*"qwertyuiop", "a"], {"a": 1.0}, 0, "eleventh"),
        ([], {"a": 1.0}, 0, "no result"),
        (["a"], {}, 0, "nothing is relevant"),
    ],
)
def test_ndcg(ranked: list[str], gains: dict[str, float], expected: float, why: str) -> None:
    assert ndcg_at(10, ranked, gains) == pytest.approx(expected, abs=1e-12), why


def test_a_question_without_a_result_is_a_miss_by_every_measure() -> None:
    names = ("hit@1", "hit@3", "hit@10", "P@1", "MRR", "nDCG@10")
    assert ranking(names, (), {"a": 1.0}) == dict.fromkeys(names, 0.0)


RESULTS = "abcdefghijklmno"


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(RESULTS), max_size=25),
    st.dictionaries(st.sampled_from(RESULTS), st.integers(0, 3)),
    st.randoms(use_true_random=False),
)
def test_ir_measures_finds_the_same(ranked: list[str], judged: dict[str, int], random: Random) -> None:
    """Gains may be equal, results unjudged, judged as worthless or listed twice. ir-measures knows each result once and
    orders by score, so it gets the first of each, with falling scores, in any order.
    """
    once = list(dict.fromkeys(ranked))
    run = [ScoredDoc("q", result, float(-place)) for place, result in enumerate(once)]
    random.shuffle(run)
    gains = {result: float(gain) for result, gain in judged.items() if gain}
    hits = [Success @ 1, Success @ 3, Success @ 10]
    # A query that was never judged is none to ir-measures.
    found = ir_measures.calc_aggregate([*hits, RR, nDCG @ 10], {"q": judged or {"absent": 0}}, run)
    assert [hit_at(k, once, gains) for k in (1, 3, 10)] == [found[hit] for hit in hits]
    assert reciprocal_rank(once, gains) == pytest.approx(found[RR], abs=1e-12)
    assert ndcg_at(10, ranked, gains) == pytest.approx(found[nDCG @ 10], abs=1e-12)


@given(st.lists(st.sampled_from("abcd"), unique=True), st.sets(st.sampled_from("abcd")))
def test_a_hit_in_few_is_a_hit_in_more_and_has_its_rank(ranked: list[str], relevant: set[str]) -> None:
    hits = [hit_at(k, ranked, relevant) for k in range(6)]
    assert hits == sorted(hits)
    rank = reciprocal_rank(ranked, relevant)
    assert rank == (1 / hits.index(1.0) if 1.0 in hits else 0)


GAINS = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 3).map(float), min_size=1)


@given(GAINS, st.permutations("abcde"))
def test_no_order_beats_that_of_the_gains(gains: dict[str, float], order: list[str]) -> None:
    best = sorted(gains, key=lambda result: -gains[result])
    assert ndcg_at(10, best, gains) == 1
    assert 0 < ndcg_at(10, order, gains) <= 1


SCORES = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=6)


@settings(deadline=None)  # the first one imports scikit-learn
@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    pairs = [(high > low) + (high == low) / 2 for high in positive for low in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))
    assert auroc([score + 6 for score in positive], negative) == pytest.approx(1)


def test_auroc_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="1 positives and 0 negatives"):
        auroc([0.5], [])


def test_the_calibration_error_worked_out_by_hand() -> None:
    chances, true = [0.95, 0.85, 0.85, 0.05], [True, True, False, False]
    bins = reliability(chances, true)
    assert bins == (Bin(1, 0.05, 0.0), Bin(2, 0.85, 0.5), Bin(1, 0.95, 1.0))
    assert calibration_error(chances, true) == pytest.approx((0.05 + 2 * 0.35 + 0.05) / 4)


def test_certain_chances_that_come_true_are_calibrated() -> None:
    assert calibration_error([1.0, 0.0, 1.0], [True, False, True]) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_every_chance_is_in_one_bin(rows: list[tuple[float, bool]]) -> None:
    chances, true = zip(*rows, strict=True)
    assert sum(one.count for one in reliability(chances, true)) == len(rows)
    assert 0 <= calibration_error(chances, true) <= 1


@pytest.mark.parametrize("chance", [-0.01, 1.01, math.nan])
def test_what_is_no_chance_is_refused(chance: float) -> None:
    with pytest.raises(ValueError, match="a chance lies between 0 and 1"):
        reliability([chance], [True])


def test_the_calibration_error_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        calibration_error([], [])


@settings(deadline=None)  # the first one imports SciPy
@given(st.integers(1, 200), st.data())
def test_the_interval_holds_the_share(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    low, high = wilson(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1
    assert low < high


@pytest.mark.parametrize(("hits", "trials"), [(1, 0), (0, 0), (3, 2), (-1, 2)])
def test_an_impossible_count_has_no_interval(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match=f"got {hits} of {trials}"):
        wilson(hits, trials)
