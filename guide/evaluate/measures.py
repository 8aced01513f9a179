"""Measures of ranking and of telling apart. A question without a result is a miss, never left out."""

from collections.abc import Collection, Sequence


def hit_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """1 if one of the first `k` results is relevant, else 0.

    >>> hit_at(2, ["a", "b", "c"], {"b"}), hit_at(1, ["a", "b"], {"b"}), hit_at(3, [], {"b"})
    (1.0, 0.0, 0.0)
    """
    return float(any(result in relevant for result in ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """1 over the rank of the first relevant result, 0 without one (Voorhees 1999, TREC-8 question answering).

    >>> reciprocal_rank(["a", "b", "c"], {"c", "b"}), reciprocal_rank(["a"], {"b"})
    (0.5, 0.0)
    """
    return next((1 / rank for rank, result in enumerate(ranked, start=1) if result in relevant), 0.0)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a random positive scores above a random negative, a tie counting half (Hanley and McNeil 1982).

    Raises:
        ValueError: one of the two is empty.

    >>> auroc([0.9, 0.5], [0.1, 0.5])
    0.875
    """
    if not positive or not negative:
        raise ValueError(f"AUROC needs both kinds, got {len(positive)} positives and {len(negative)} negatives")
    won = sum((high > low) + (high == low) / 2 for high in positive for low in negative)
    return won / (len(positive) * len(negative))
