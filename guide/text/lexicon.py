"""The words of the articles and of English, with how often each is used."""

import gzip
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from math import log

from guide.text.normalise import words

MIN_LETTERS = 4
"""Below this, too many words are one letter apart."""


COMMON = 200_000
"""How often the English list's books must use a word for it to be what somebody meant, if no article has it."""

TYPICAL = 8
"""From how many times as often as in English on a word is typical of the articles."""
SELDOM = 3_000_000
"""Up to how often the English list's books may use a word that is typical of any article that has it: one in 180,000 of
their words.
"""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of the articles and how often each stands in them, in lower case."""

    counts: Mapping[str, int]
    total: int
    _by_length: Mapping[int, tuple[str, ...]] = field(repr=False, compare=False)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Lexicon":
        """The lexicon of the articles with these texts.

        >>> "detachment" in Lexicon.of(["Emotional detachment"])
        True
        """
        return cls.of_counts([word_counts(texts)])

    @classmethod
    def of_counts(cls, parts: Iterable[Mapping[str, int]]) -> "Lexicon":
        """The lexicon of articles whose words have been counted in parts."""
        counts: Counter[str] = Counter()
        for part in parts:
            counts.update(part)
        return cls(dict(counts), counts.total(), _by_length(counts))

    def __contains__(self, word: object) -> bool:
        return word in self.counts

    def specificity(self, word: str) -> float:
        """How much `word` says about what the articles are about: more, the oftener they use it and English doesn't."""
        here, everywhere = self.counts.get(word.lower(), 0), english().counts.get(word.lower(), 0)
        if not here or not everywhere:
            return 0.0
        share, share_everywhere = here / self.total, everywhere / english().total
        return max(0.0, share * log(share / share_everywhere))

    def is_typical(self, word: str) -> bool:
        """Whether the articles use `word` far oftener than English does, or have one that English seldom has.

        >>> Lexicon.of(["Cars on the yard need a permit from Loretta Quimby."]).is_typical("quimby")
        True
        """
        here, everywhere = self.counts.get(word, 0), english().counts.get(word, 0)
        return bool(here) and (everywhere <= SELDOM or here / self.total >= TYPICAL * everywhere / english().total)

    def near(self, word: str, slips: int) -> list[tuple[str, int]]:
        """Its words at most `slips` letters away, and how many; two that changed places count as one."""
        return _near(word, slips, self._by_length)


def word_counts(texts: Iterable[str]) -> dict[str, int]:
    """How often each word stands in `texts`, in lower case, and the parts of those with a hyphen."""
    return dict(Counter(form for text in texts for word in words(text) for form in _forms(plain(word))))


def _forms(word: str) -> set[str]:
    return {word, word.replace("'", ""), *word.split("-")}


def plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _by_length(vocabulary: Iterable[str]) -> dict[int, tuple[str, ...]]:
    by_length: dict[int, list[str]] = {}
    for word in vocabulary:
        by_length.setdefault(len(word), []).append(word)
    return {length: tuple(found) for length, found in by_length.items()}


def _near(word: str, slips: int, by_length: Mapping[int, tuple[str, ...]]) -> list[tuple[str, int]]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    found: list[tuple[str, int]] = []
    for length in range(len(word) - slips, len(word) + slips + 1):
        choices = by_length.get(length, ())
        matches = extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=None)
        found += [(near, distance) for near, distance, _ in matches]
    return found


@lru_cache(maxsize=1)
def english() -> Lexicon:
    """The 83,000 English words of which it is known how often books use them. Only common ones are `near`."""
    counts, _ = _word_lists()
    common = {word.replace("'", ""): None for word, count in counts.items() if count >= COMMON}
    return Lexicon(counts, sum(counts.values()), _by_length(word for word in common if len(word) >= MIN_LETTERS))


def american() -> Container[str]:
    """80,000 English words that `english` lacks, above all American spellings, names and words of films."""
    return _word_lists()[1]


@lru_cache(maxsize=1)
def _word_lists() -> tuple[Mapping[str, int], Container[str]]:
    """The words of `english_words.txt.gz` with their counts, and the others; `guide.training.word_list` wrote it."""
    packed = files("guide.text").joinpath("english_words.txt.gz").read_bytes()
    _, counted, further = gzip.decompress(packed).decode().split("\n\n")
    listed = counted.split()
    return dict(zip(listed[::2], map(int, listed[1::2]), strict=True)), frozenset(further.split())


@lru_cache(maxsize=1)
def with_apostrophe() -> dict[str, str]:
    """“don't” by “dont”, and so on, where the word without its apostrophe is no other word."""
    listed = english()
    bare = {word.replace("'", ""): word for word in listed.counts if "'" in word}
    return {without: word for without, word in bare.items() if without not in listed.counts}
