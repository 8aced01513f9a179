"""The head of a point: the words with which it says what it is about, before it goes on."""

import re
from dataclasses import replace

from guide.records import QuotedPassage, QuotedPoint
from guide.text.normalise import words

MAX_NAME = 60
"""The characters up to which what stands before a colon is a name for what follows."""

LEAST_WORDS = {"item": 2, "sentence": 5}
"""The words that a head has at least: a sentence says nothing in fewer."""

_NAMED = re.compile(rf"(?P<head>[^:|.!?]{{2,{MAX_NAME}}}):\s+\S")
_GOES_ON = re.compile(
    # What only adds something. A “but”, an “if” or an “unless” would turn what stands before it around.
    r"(?P<head>[^,;:|()]+?)(?:,\s+(?:and|or|so|even|such as|like|which|without|above all|no matter|for example"
    r"|for instance)\b"
    r"|;\s|\s+[–—(])"
)
_LEANS = re.compile(
    r"(?:if|when|whenever|where|while|because|since|although|though|once|after|before|until|unless|as|given|despite"
    r"|whether|in|on|with|for|at|from|by|under|through|instead|rather|not)\b",
    re.I,
)
"""How words begin that need what follows them."""


def heads_of(passage: QuotedPassage) -> QuotedPassage:
    """The passage with the head of each of its points; a point without one stays whole, and so does a table's row."""
    return replace(passage, points=tuple(map(_head, passage.points)))


def _head(point: QuotedPoint) -> QuotedPoint:
    if point.kind == "row":
        return point
    found = _NAMED.match(point.text) or _GOES_ON.match(point.text)
    if not found:
        return point
    by_name = found.re is _NAMED
    text = found["head"]
    if not by_name and (len(words(text)) < LEAST_WORDS[point.kind] or _LEANS.match(text)):
        return point
    return replace(point, end=point.start + len(text), text=text)
