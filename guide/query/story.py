"""A story → the texts that have a say, beside its question, in what answers it."""

import re
from collections.abc import Sequence

from guide.conversation.aspects import aspect_of
from guide.records import QueryPart

STORY_WEIGHT = 0.75
"""How much all that a story tells counts against its question's 1. Of 24 stories over the two shipped articles 20 find
their passage first with it, 19 with 1; of 6 others over another article 3 with either, and 2 with 0.5.
"""

STORY_ASPECT_WEIGHT = 1.0
"""How much the aspect that its question asks for counts, as a plain question: with it 19 of the 24 stories find their
passage first, without it 17.
"""


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

_CLAUSE = re.compile(r"[,;:–—]\s*|\s+(?=(?:and|but|so|or)\b)", re.I)

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


def parts_of_story(stretches: Sequence[str], aspect: str = "") -> tuple[QueryPart, ...]:
    """The parts of a query for a story told in these `stretches`, which asks for this `aspect`, as a plain question;
    none without a story.

    >>> parts_of_story(["My wife and I hardly talk."])
    (QueryPart(text='My wife and I hardly talk.', weight=0.75),)
    """
    told = tuple(QueryPart(stretch, STORY_WEIGHT / len(stretches)) for stretch in stretches)
    return (*told, QueryPart(aspect, STORY_ASPECT_WEIGHT)) if told and aspect else told


def aspect_in(question: str) -> str:
    """The plain question for the aspect that a story's `question` asks for, by itself or in one of its clauses.

    >>> aspect_in("He never calls, so what can I do, me, to put it right?")
    'What can we do, which practical tips and strategies help?'
    """
    clauses = [question, *_CLAUSE.split(question)]
    return next((found.question for clause in clauses if (found := aspect_of(clause))), "")
