"""Words: the stems that carry a text's meaning."""

import re
from functools import lru_cache
from typing import Any


def stems(text: str) -> list[str]:
    """The stems of the words of `text` that carry meaning.

    >>> stems("How does emotional detachment affect my relationships?")
    ['emot', 'detach', 'affect', 'relationship']
    """
    found: list[str] = _stemmer().stemWords(
        [word for word in _WORD.findall(_whole(text).lower()) if word not in _STOPWORDS]
    )
    return found


def is_content_word(word: str) -> bool:
    """Whether `word` says what a question is about, rather than how it is asked.

    >>> [word for word in "What dose of it would make any difference".split() if is_content_word(word)]
    ['dose', 'difference']
    """
    return _whole(word.lower()) not in _FUNCTION_WORDS and bool(stems(word))


_WORD = re.compile(r"\b\w\w+\b")
_SHORTENED = re.compile(r"n't\b|'(?:d|ll|m|re|s|ve)\b", re.I)


def _whole(text: str) -> str:
    """`text` without what follows an apostrophe, which is no word: “don't”, “they've”."""
    return _SHORTENED.sub("", text.replace("’", "'"))


_STOPWORDS = frozenset(
    # Lucene's English ones.
    """
    a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to
    was will with
    """.split()
    # Question words, pronouns and auxiliaries say little about which passage is meant.
    + """
    how what when where why who which whom whose do does did doing done can could should would will am been being has
    have had having my me mine your you yours our ours we us he him his she her hers them its so just from ca wo
    """.split()
)
_FUNCTION_WORDS = frozenset(
    """
    about after again against all also always another any anybody anyone anything around article ask away back because
    before between both bring call came cause causes come comes could down during
    each either else enough even ever every everybody everyone everything feel feels few from get gets give go goes
    going gone good got happen happened happens help here instead just keep kind know lack less let like long lot
    made make makes many may maybe mean means might more most much must need needs neither never nobody nor normal
    nothing now often once other others ought over own people person quite rather really same say says shall should
    sign signs since some somebody someone something sometimes somewhere sort still such take tell than them
    there these thing things think those though through time times together too towards under until up upon used usual
    usually very want wants way ways well went whether while whole within without work works
    would yet
    """.split()
)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
