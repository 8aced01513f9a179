"""A word that is one slip away from one that the rules know is read as that word, unless it is a word of its own.

`python -m guide.training.word_list` writes `english.txt`: the words of symspellpy's English list that the rules know or
that are one slip away from one of them, the most frequent first.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from guide.safety.load_toml import SafetyDataError

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LEAST = 4
"""The letters from which a word is looked for among those one slip away; shorter words are too near to one another."""


def correct(word: str, vocabulary: frozenset[str], keys: frozenset[str]) -> str:
    """The word of `vocabulary` that `word` is one slip away from, one of `keys` first, then the most frequent; else
    `word` itself.

    >>> correct("somthing", frozenset({"something"}), frozenset())
    'something'
    """
    ranks = words_by_frequency()
    if len(word) < LEAST - 1 or not (word.isascii() and word.isalpha()) or word in ranks:
        return word
    near = [known for known in edits1(word) if len(known) >= LEAST and known in vocabulary and known in ranks]
    return min(near, key=lambda known: (known not in keys, ranks[known]), default=word)


def edits1(word: str) -> Iterable[str]:
    """All strings that are one letter away: left out, added or replaced behind the first, or two swapped."""
    for i in range(len(word)):
        if i + 1 < len(word):
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        if i:
            yield word[:i] + word[i + 1 :]
            yield from (word[:i] + letter + word[i + 1 :] for letter in LETTERS)
        yield from (word[: i + 1] + letter + word[i + 1 :] for letter in LETTERS)


@lru_cache(maxsize=1)
def words_by_frequency() -> Mapping[str, int]:
    """The English words that the rules know or that are near one of these, each with its place by frequency.

    Raises:
        SafetyDataError: the file is missing.
    """
    try:
        words = files("guide.safety").joinpath("english.txt").read_text(encoding="ascii").split()
    except OSError as fault:
        how = "write it: python -m guide.training.word_list"
        raise SafetyDataError(f"english.txt can't be read ({fault}); {how}") from fault
    return {word: place for place, word in enumerate(words)}
