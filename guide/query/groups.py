"""“And what about kids?”: the group of people for whom a message asks, and whether a text speaks of them."""

import re
from dataclasses import dataclass

from guide.query.follow_up import content

MAX_GROUP_WORDS = 14
"""The words up to which a message that names a group asks for that group: a longer one tells more."""

_GROUPS = (
    (r"(?:kids?|child|children|toddlers?|bab(?:y|ies)|youngsters|boys|girls)", r"(?<!grown-up )(?<!adult )"),
    (r"(?:teen|teens|teenagers?|adolescents?|young people|youths?)", ""),
    (r"(?:(?:old|older|elderly) (?:people|folks?|persons?|couples?|age)|elderly|seniors|pensioners)", ""),
    (r"(?:men|males|guys|blokes)", ""),
    (r"(?:women|females|ladies)", ""),
    (r"(?:(?:gay|lesbian|same[- ]sex|queer|lgbt\w*)(?: (?:people|couples|men|women))?)", ""),
    (r"(?:(?:autistic|neurodivergent|disabled|deaf|blind) (?:people|adults|men|women|persons)|autistics)", ""),
    (r"(?:single people|singles|widows|widowers|students|soldiers|veterans|refugees|immigrants)", ""),
)
"""Words for each group, and what may not stand before them: a grown-up child is no child."""

_EVERY = "|".join(words for words, _ in _GROUPS)
_OWN = r"(?:(?:the|my|our|your|his|her|their|small|little|young)\s+)*"
_FOR_GROUP = (
    # “And what about kids?”, “kids too?”, “or for men”
    re.compile(
        r"^\W*(?:(?:and|or|but|so|ok|okay|then|yes|no)\b[\s,]*)*(?:(?:what|how) (?:about|of)\s+)?"
        rf"(?:(?:for|in|with|of|to|among|about)\s+)?{_OWN}(?P<group>{_EVERY})(?:\s+(?:too|as well|then))?"
        r"\s*(?:[?,.!;]|$)",
        re.I,
    ),
    # “Is it the same for kids?”, “signs in men”
    re.compile(
        rf"\b(?:for|in|with|among|of|to)\s+{_OWN}(?P<group>{_EVERY})(?:\s+(?:too|as well|then))?[\s?.!]*$",
        re.I,
    ),
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people, in the words of the message that asks for it, all words for it, and whether the message says
    nothing else.
    """

    named: str
    words: re.Pattern[str]
    alone: bool

    def stands_in(self, text: str) -> bool:
        """Whether `text` speaks of the group, in whatever words."""
        return bool(self.words.search(text))


def group_of(message: str) -> Group | None:
    """The group of people for whom `message` asks; nothing where it asks for none.

    >>> messages = ("And what about kids?", "Is it the same for old people", "My kids never call me.")
    >>> [group and group.named for group in map(group_of, messages)]
    ['kids', 'old people', None]
    """
    if len(message.split()) > MAX_GROUP_WORDS:
        return None
    found = next((found for pattern in _FOR_GROUP if (found := pattern.search(message))), None)
    if not found:
        return None
    words, before = next(group for group in _GROUPS if re.fullmatch(group[0], found["group"], re.I))
    opens, rest = found.re is _FOR_GROUP[0], f"{message[: found.start()]} {message[found.end() :]}"
    alone = not (rest.strip(" ?!.,;") if opens else content(rest))
    return Group(found["group"], re.compile(rf"{before}\b{words}\b", re.I), alone)
