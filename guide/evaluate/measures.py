"""Measures of ranking, of telling apart, and of how much a stated chance is worth.

A ranking is a sequence of ids, best first; `relevant` are the ids that answer. A query without a result is a miss,
never left out.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

Ranked = Sequence[str]
Gains = Mapping[str, float]
"""How much each relevant result is worth, above 0; what isn't named is worth nothing."""


def hit_at(k: int, ranked: Ranked, relevant: Collection[str]) -> float:
    """1 if one of the first `k` results is relevant, else 0 (Success@k; at k = 1 it is P@1).

    >>> hit_at(2, ["a", "b", "c"], {"b"}), hit_at(1, ["a", "b"], {"b"}), hit_at(3, [], {"b"})
    (1.0, 0.0, 0.0)
    """
    return float(any(result in relevant for result in ranked[:k]))


def reciprocal_rank(ranked: Ranked, relevant: Collection[str]) -> float:
    """1 over the rank of the first relevant result, 0 without one (Voorhees 1999, TREC-8 question answering).

    >>> reciprocal_rank(["a", "b", "c"], {"c", "b"}), reciprocal_rank(["a"], {"b"})
    (0.5, 0.0)
    """
    return next((1 / rank for rank, result in enumerate(ranked, start=1) if result in relevant), 0.0)


def ndcg_at(k: int, ranked: Ranked, gains: Gains) -> float:
    """The gain of the first `k` results, each divided by log2(rank + 1), over that of the best order; 0..1.

    Järvelin and Kekäläinen 2002 (doi 10.1145/582415.582418), with linear gains as in trec_eval. A result that is listed
    twice counts once, where it comes first. 0 where nothing is relevant.

    >>> ndcg_at(10, ["x", "a"], {"a": 1.0})
    0.6309297535714575
    """
    ideal = _discounted(sorted(gains.values(), reverse=True)[:k])
    found = _discounted([gains.get(result, 0.0) for result in dict.fromkeys(ranked)][:k])
    return found / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    # fsum: the order in which equal gains come changes nothing.
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


RANKING: Mapping[str, Callable[[Ranked, Gains], float]] = {
    "hit@1": lambda ranked, gains: hit_at(1, ranked, gains),
    "hit@3": lambda ranked, gains: hit_at(3, ranked, gains),
    "hit@10": lambda ranked, gains: hit_at(10, ranked, gains),
    "P@1": lambda ranked, gains: hit_at(1, ranked, gains),
    "MRR": reciprocal_rank,
    "nDCG@10": lambda ranked, gains: ndcg_at(10, ranked, gains),
}
"""The measures of a ranking by the names they are reported under; P@1 is hit@1 as public tables call it."""


def ranking(names: Iterable[str], ranked: Ranked, gains: Gains) -> dict[str, float]:
    """The measures `names` of one ranking. Nothing found is a miss.

    >>> ranking(["hit@1", "MRR"], ["a", "b"], {"b": 1}), ranking(["hit@1"], [], {"b": 1})
    ({'hit@1': 0.0, 'MRR': 0.5}, {'hit@1': 0.0})
    """
    return {name: RANKING[name](ranked, gains) for name in names}


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a random positive scores above a random negative, a tie counting half (Hanley and McNeil 1982,
    doi 10.1148/radiology.143.1.7063747).

    Raises:
        ValueError: one of the two is empty.

    >>> auroc([0.9, 0.5], [0.1, 0.5])
    0.875
    """
    if not positive or not negative:
        raise ValueError(f"AUROC needs both kinds, got {len(positive)} positives and {len(negative)} negatives")
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score([1] * len(positive) + [0] * len(negative), [*positive, *negative]))


@dataclass(frozen=True, slots=True)
class Bin:
    """The queries whose stated chance lies in one range: how many, their mean chance, and the share that came true."""

    count: int
    chance: float
    share: float


def reliability(chances: Sequence[float], true: Sequence[bool], bins: int = 10) -> tuple[Bin, ...]:
    """The bins that hold anything, of `bins` equally wide ones over 0..1 (DeGroot and Fienberg 1983).

    Raises:
        ValueError: a chance isn't one, or the two differ in length.

    >>> reliability([0.92, 0.98, 0.1], [True, False, False])
    (Bin(count=1, chance=0.1, share=0.0), Bin(count=2, chance=0.95, share=0.5))
    """
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for chance, came_true in zip(chances, true, strict=True):
        if not 0 <= chance <= 1:
            raise ValueError(f"a chance lies between 0 and 1, got {chance}")
        held[min(int(chance * bins), bins - 1)].append((chance, came_true))
    return tuple(Bin(len(rows), fmean(c for c, _ in rows), fmean(t for _, t in rows)) for rows in held if rows)


def calibration_error(chances: Sequence[float], true: Sequence[bool], bins: int = 10) -> float:
    """How far stated chances are from what came true, 0..1: the mean over the bins, each counting by how many it holds.

    The expected calibration error (ECE) of Naeini et al. 2015 (doi 10.1609/aaai.v29i1.9602).

    Raises:
        ValueError: there is no chance, or one isn't between 0 and 1.
    """
    if not chances:
        raise ValueError("the calibration error needs at least one chance")
    found = reliability(chances, true, bins)
    return sum(one.count * abs(one.chance - one.share) for one in found) / len(chances)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The interval that holds the true share with 95% confidence after `hits` in `trials` (Wilson 1927, doi
    10.1080/01621459.1927.10502953).

    Raises:
        ValueError: there was no trial, or there are more hits than trials.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not 0 <= hits <= trials or not trials:
        raise ValueError(f"an interval needs hits out of at least one trial, got {hits} of {trials}")
    from scipy.stats import binomtest

    low, high = binomtest(hits, trials).proportion_ci(confidence_level=0.95, method="wilson")
    return float(low), float(high)
