"""Whether a message asks who wrote an article, or where it is from: only then do its credits answer."""

import re
from collections.abc import Container, Iterable

from guide.text.normalise import words

_ASKS = re.compile(
    r"\b(?:author|writer|co-?author)s?\b|\b(?:written|published|reviewed|made) by\b|\bpublish\w*|\b(?:re)?sources?\b"
    r"|\breferences?\b|\bcitations?\b|\bbibliograph\w*|\blicen[cs]e\w*|\bcopyright\w*|\bcredentials?\b|\bqualif\w+"
    r"|\boriginal(?:ly)?\b|\bretelling\b"
    r"|\bwho(?:'s|se|m)?\b.*\b(?:wrote|writes?|written|made|behind|sa(?:y|ys|id)|words|text)\b"
    r"|\bwhere\b.*\b(?:text|article|words|quot(?:es?|ations?)|page)\b.*\bfrom\b"
    r"|\bwhere(?:'s| is| are) (?:all )?(?:this|these) from\b",
    re.I,
)
_LEAST_LETTERS = 4


def names_of(authors: Iterable[str]) -> frozenset[str]:
    """The words of the authors' names, in lower case, without initials and short ones.

    >>> sorted(names_of(["Ann-Sofie B. Lind", ""]))
    ['ann-sofie', 'lind']
    """
    return frozenset(word.lower() for author in authors for word in words(author) if len(word) >= _LEAST_LETTERS)


def asks_for_credits(message: str, names: Container[str] = ()) -> bool:
    """Whether `message` asks who wrote an article, who may say so, or where it was published; or has one of the `names`
    of authors, in lower case.

    >>> asks_for_credits("Who wrote this?"), asks_for_credits("What does the article say about therapy?")
    (True, False)
    """
    return bool(_ASKS.search(message)) or any(word.lower() in names for word in words(message))
