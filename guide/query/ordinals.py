"""“The second one”, “the last two”, “number three” → the items of a list that they point to."""

import re
from collections.abc import Sequence

from guide.text.normalise import words

_ORDINALS = {
    ordinal: place
    for ordinals in (
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th",
    )
    for place, ordinal in enumerate(ordinals.split())
}
_NUMBERS = {
    word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)
}
_NUMBERS |= {str(number): number for number in range(1, 11)}
_FROM_THE_END = ("last", "latter", "final")
_PLACE = rf"(?:the|that|your|its)\s+(?:very\s+)?(?P<place>{'|'.join(_ORDINALS)}|{'|'.join(_FROM_THE_END)}|former)"
_COUNT = rf"\s+(?P<count>{'|'.join(_NUMBERS)})\b"
_POINTING = (
    re.compile(rf"\b{_PLACE}{_COUNT}(?:\s+(?P<noun>[a-z]+s)\b)?", re.I),
    re.compile(rf"\b{_PLACE}(?P<noun>)(?P<count>)\s*(?:[?.!,;)]|$)", re.I),
    re.compile(rf"\b(?:number|no\.|point|item|#)\s*(?P<place>{'|'.join(_NUMBERS)})\b(?P<noun>)(?P<count>)", re.I),
    re.compile(rf"\b{_PLACE}(?P<count>)\s+(?P<noun>[a-z]+)\b", re.I),
    # “Second one?”, “and last please”: nothing else is said.
    re.compile(
        rf"^\W*(?:(?:and|ok|so)\s+)*(?P<place>{'|'.join(_ORDINALS)}|last)(?P<count>)"
        r"(?:\s+(?P<noun>one|point|item|bit|part|thing))?(?:\s+(?:please|pls|again|then))*\W*$",
        re.I,
    ),
)
_ITEMS = frozenset("point item bullet entry row part thing one".split())


def points_at_item(message: str) -> bool:
    """Whether `message` may point to an item of a list that was shown.

    >>> [points_at_item(text) for text in ("What about the last one?", "What helps at first?")]
    [True, False]
    """
    return any(pattern.search(message) for pattern in _POINTING)


def pick(message: str, asked: Sequence[str], listed: Sequence[str]) -> list[str]:
    """Those of the items `listed` that `message` points to; none if it has no ordinal, or there are no such items.

    With a noun it points to them only if that is what was `asked` for: “the third sign” after the signs, but not “the
    first step” after them.

    >>> pick("And the last two signs?", ["signs"], ["numbness", "distance", "silence"])
    ['distance', 'silence']
    """
    found = next((found for pattern in _POINTING if (found := pattern.search(message))), None)
    if not found:
        return []
    noun = _singular(found["noun"] or "one")
    if noun not in _ITEMS and noun not in {_singular(word) for phrase in asked for word in words(phrase)}:
        return []
    count = _NUMBERS[found["count"].lower()] if found["count"] else 1
    place = found["place"].lower()
    if place in _FROM_THE_END:
        start = len(listed) - count
    elif place in _NUMBERS:
        start = _NUMBERS[place] - 1
    else:
        start = 0 if place == "former" else _ORDINALS[place]
    return list(listed[start : start + count]) if start >= 0 and start + count <= len(listed) else []


def in_place(message: str, items: Sequence[str]) -> str:
    """`message` with the `items` that it points to in place of the words that point to them: no article speaks of “the
    second one”.

    >>> in_place("And why the last two signs?", ["distance", "silence"])
    'And why distance silence'
    """
    found = next((found for pattern in _POINTING if (found := pattern.search(message))), None)
    if not found:
        return f"{message} {' '.join(items)}"
    return " ".join(filter(None, (message[: found.start()].strip(), *items, message[found.end() :].strip(" ?.!,;:"))))


def _singular(noun: str) -> str:
    return re.sub("ies$", "y", noun.lower()).removesuffix("s")
