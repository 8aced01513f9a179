"""A story → the texts that have a say, beside its question, in what answers it."""

import re
from collections.abc import Sequence

from guide.records import QueryPart

STORY_WEIGHT = 1.0
"""How much all that a story tells counts against its question's 1."""


_SOMEBODY = (
    r"(?:(?:my|our|the) (?:\w+ )?(?:partner|husband|wife|spouse|boyfriend|girlfriend|bf|gf|fianc[ée]e?|hubby|son"
    r"|daughter|kids?|child|children|mother|mum|mom|father|dad|parents|brother|sister|friends?|boss)"
    r"|(?:a|another) (?:\w+ )?(?:person|partner|man|woman|child|friend)|somebody|someone|anybody|anyone"
    r"|he|she|they|people|everybody)"
)
_REPORTS = re.compile(
    # “My wife says that I am …” is about me, and so is “I freeze when she cries”.
    rf"\b{_SOMEBODY}(?:['’]s)?(?: (?:always|often|just|also|once|has|have|had))* (?:says?|said|thinks?|thought"
    r"|calls? me|called me|tells? me|told me|reckons?|complains?|complained)\b(?: that)?"
    rf"|\b(?:when|whenever|if|while) {_SOMEBODY}\b[^,.;:?!]*"
    # Who asks how to see something is not whom it is seen in.
    r"|\b(?:how|what|where|when|why|who) (?:do|does|can|could|should|would|will|shall) i\b",
    re.I,
)
_OF_OTHER = re.compile(
    r"(?<!for )(?<!with )(?<!to )(?<!of )(?<!at )(?<!about )(?<!from )(?<!on )(?<!and )"
    rf"\b(?:{_SOMEBODY}(?:['’]\w+)?|hes|shes)\b",
    re.I,
)
_OF_SELF = re.compile(r"\b(?:i(?:['’]\w+)?|im|ive|living with me|(?:is|are|am|of|with) me)\b", re.I)
_HURT = re.compile(
    r"\b(?:lonely|alone|miss(?:es|ing)?|sad|hurts?|hurting|cry(?:ing)?|cried|unloved|rejected|ignored|invisible|desperate"
    r"|upset|worr(?:y|ied)|abandoned|unwanted|neglected)\b",
    re.I,
)
"""What is felt by who is kept at a distance, and says nothing of who keeps it."""

OFTENER = 1.5
"""How many times as often as others the writer must be spoken of, for a message to be of the writer."""


def is_of_self(message: str) -> bool:
    """Whether `message` tells of the writer, whatever others say of it: not of somebody else, nor of what somebody else
    makes the writer feel.

    >>> [is_of_self(text) for text in ("My wife says I'm cold.", "My wife is cold.", "I'm lonely when he is cold.")]
    [True, False, False]
    """
    told = _REPORTS.sub(" ", message)
    mine, others = len(_OF_SELF.findall(told)), len(_OF_OTHER.findall(told))
    return mine > OFTENER * others and not _HURT.search(message)


def parts_of_story(stretches: Sequence[str]) -> tuple[QueryPart, ...]:
    """The parts of a query for a story told in these `stretches`; none without a story.

    >>> parts_of_story(["My wife and I hardly talk."])
    (QueryPart(text='My wife and I hardly talk.', weight=1.0),)
    """
    return tuple(QueryPart(stretch, STORY_WEIGHT / len(stretches)) for stretch in stretches)
