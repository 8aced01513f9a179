"""BM25 over stems: for each stem the passages it stands in, with its share of their score, worked out when they are
indexed.

Lucene's variant, k1 1.5, b 0.75 (Kamphuis et al. 2020, doi 10.1007/978-3-030-45442-5_4); scores are worked out
beforehand as in BM25S (Lù 2024, arXiv 2407.03618). A question then costs as much as its stems have passages, however
many there are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guide.text.stems import stems

K1 = 1.5
"""How soon repeating a stem stops counting: BM25's k1."""

B = 0.75
"""How much a passage's length counts against it, 0..1: BM25's b."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages in which each stem stands, with the share of BM25's score that it has there."""

    vocabulary: Mapping[str, int]
    """The number of each stem."""
    starts: NDArray[np.int64]
    """`(stems + 1,)`: where each stem's rows begin in `passages` and `weights`."""
    passages: NDArray[np.int32]
    """`(postings,)`: the passages of each stem, ascending."""
    weights: NDArray[np.float32]
    """`(postings,)`: the stem's term frequency there as BM25 saturates it, 0..1, not yet times how rare the stem is."""
    count: int
    """How many passages there are."""

    def of(self, stem: str) -> slice:
        """The rows of `stem` in `passages` and `weights`; none if it stands nowhere."""
        number = self.vocabulary.get(stem)
        return slice(0) if number is None else slice(int(self.starts[number]), int(self.starts[number + 1]))


def postings_of(texts: Sequence[str]) -> Postings:
    """The postings of `texts`, the same for the same texts. The mean length is that of these texts."""
    counts = [Counter(stems(text)) for text in texts]
    vocabulary = {stem: number for number, stem in enumerate(sorted(set().union(*counts)))}
    lengths = np.array([count.total() for count in counts], dtype=np.float64)
    norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if texts else 0.0, 1e-9))
    numbers = np.array([vocabulary[stem] for count in counts for stem in count], dtype=np.int64)
    passages = np.repeat(np.arange(len(texts), dtype=np.int32), [len(count) for count in counts])
    times = np.array([times for count in counts for times in count.values()], dtype=np.float64)
    order = np.lexsort((passages, numbers))
    passages, times = passages[order], times[order]
    weights = (times / (times + norms[passages])).astype(np.float32)
    starts = np.searchsorted(numbers[order], np.arange(len(vocabulary) + 1)).astype(np.int64)
    return Postings(vocabulary, starts, passages, weights, len(texts))


def bm25_shares(question: str, parts: Sequence[Postings]) -> list[NDArray[np.float32]]:
    """The BM25 score of each passage of each part, as a share of what the question's stems would score at most.

    A share, and not a score scaled to the best passage found: where nothing but a common word fits, nothing stands out.
    How rare a stem is, is counted over all parts.
    """
    shares = [np.zeros(part.count, dtype=np.float32) for part in parts]
    total, greatest = sum(part.count for part in parts), 0.0
    for stem in stems(question):
        rows = [part.of(stem) for part in parts]
        frequency = sum(row.stop - (row.start or 0) for row in rows)
        rarity = float(np.log1p((total - frequency + 0.5) / (frequency + 0.5)))
        greatest += rarity
        for part, row, share in zip(parts, rows, shares, strict=True):
            # A stem stands in a passage once at most among its postings, so nothing is added twice.
            share[part.passages[row]] += np.float32(rarity) * part.weights[row]
    for share in shares:
        share /= np.float32(max(greatest, 1e-9))
    return shares
