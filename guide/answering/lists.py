"""What an article lists: all of it, or the one that is asked for by its number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guide.answering.structure import EnumeratedItem, Enumeration, enumerations, lead, whole
from guide.answering.talk import FEW_ARTICLES, Talk
from guide.conversation.replies import Reply
from guide.query.ordinals import pick
from guide.records import Answer, Hit, Passage
from guide.text.normalise import words
from guide.text.stems import stems

_NUMBERS = {
    word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)
}
_ORDINAL = (
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|1st|2nd|3rd|[4-9]th|10th"
    r"|last|final|former|latter"
)
_NUMBERED = re.compile(
    rf"\b(?P<noun>[^\W\d_]{{3,}})\s+(?:number\s+|no\.?\s*|nr\.?\s*|#\s*)?(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})\b",
    re.I,
)
_PLACED = re.compile(
    rf"\b(?P<place>{_ORDINAL})\s+(?:(?P<count>{'|'.join(_NUMBERS)})\s+)?(?:[^\W\d_]+ing\s+)?(?P<noun>[^\W\d_]{{3,}})\b",
    re.I,
)
_NO_ITEM = re.compile(rf"for|about|and|the|like|{_ORDINAL}", re.I)
_HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b", re.I)
_ENDS_NOUN = re.compile(
    r"\b(?:of|in|for|to|that|from|with|on|by|about|which (?:are|can)|you|there|i|we|he|she|they)\b", re.I
)
_NO_NOUNS = frozenset(
    """
    list name names give show tell enumerate count recite write what what's whats which are is was were the these those
    all every each full whole complete me us a an and or of how many much number please can could would will you it its
    article say says again only just quick mentioned named item items point points thing things one ones
    """.split()
)
"""Words that ask for a list and don't say of what."""


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list of an article that a message names, and the article's id."""

    article_id: str
    listed: Enumeration

    @property
    def names(self) -> tuple[str, ...]:
        """What its items are called, in reading order."""
        return tuple(item.name for item in self.listed.items)


def whole_list(talk: Talk, message: str, about: str = "") -> Answer | None:
    """The items of the list that `message` names, each with its place: of sub-headings the first sentence below each,
    of a section's own list its items. Nothing if no heading names it. `about` is the id of the article that the
    conversation is about.
    """
    asked = _asked_number(message)
    found = find_list(talk, list_noun(message), message, about, count=asked)
    if found is None:
        return None
    reply, count = None, len(found.names)
    if asked and asked != count:
        reply = talk.say("counted_otherwise", count=count, asked=asked)
    elif _HOW_MANY.search(message):
        reply = talk.say("counted", count=count)
    return _quote_list(talk, found, reply)


def _quote_list(talk: Talk, found: NamedList, reply: Reply | None) -> Answer:
    leads = _leads(found.listed.items, talk.index.texts[found.article_id])
    return talk.quote(leads, brief=True, reply=reply, shown=found.names, related=False)


def numbered_item(talk: Talk, message: str, about: str = "") -> tuple[Answer, str] | None:
    """The item of a list that `message` names with its noun and number (“strategy number 3”, “the last tip”), and what
    it is called; the whole list, and no name, where it has none of that number; nothing if no heading names it.
    """
    noun = item_noun(message)
    found = find_list(talk, noun, message, about) if noun else None
    if found is None:
        return None
    places = _places(message, noun, len(found.names))
    if not places:
        reply = talk.say("counted", count=len(found.names))
        return _quote_list(talk, found, reply), ""
    items = [found.listed.items[place] for place in places]
    of_list = all(item.hits[0].passage.section == found.listed.path for item in items)
    hits = _merged([hit for item in items for hit in item.hits])
    answer = talk.quote(hits, brief=of_list, shown=found.names)
    return answer, " ".join(item.name for item in items)


def section_called(talk: Talk, headings: Sequence[str], article_id: str) -> list[Hit]:
    """The passages, whole, of the sections with these headings in that article; none without one."""
    if not article_id:
        return []
    text, passages = talk.index.texts[article_id], talk.index.passages_of(article_id)
    return [whole(passage, text) for heading in headings for passage in passages if heading in passage.section]


def find_list(talk: Talk, noun: str, message: str, about: str = "", *, count: int = 0) -> NamedList | None:
    """The list whose heading has the stem of `noun`: of several the one with `count` items, then the one that shares
    most words with `message`, then that of the article `about`, then the one that a search finds first.
    """
    stem = set(stems(noun))
    if not stem:
        return None
    said = set(stems(message))
    found: list[NamedList] = []
    for id in _articles_to_look_through(talk, message, about):
        text, passages = talk.index.texts[id], talk.index.passages_of(id)
        passages = tuple(passage for passage in passages if passage.role != "credit")
        listed = enumerations(passages, text, lambda heading: stem <= set(stems(heading)))
        # Below a heading that names the list, a sub-heading may name it again (“Strategies”, “Strategy 1”).
        paths = {one.path for one in listed}
        outermost = (one for one in listed if not any(one.path[:depth] in paths for depth in range(1, len(one.path))))
        found += [NamedList(id, one) for one in outermost]

    def fits(one: NamedList) -> tuple[bool, int, bool]:
        shared = len(said.intersection(stems(one.listed.path[-1])))
        return (len(one.names) == count, shared, one.article_id == about)

    best = max(map(fits, found), default=None)
    found = [one for one in found if fits(one) == best]
    return _found_first(talk, found, message) if len(found) > 1 else next(iter(found), None)


def _found_first(talk: Talk, lists: Sequence[NamedList], message: str) -> NamedList:
    """The one of `lists` that a search for `message` finds first; the first of them if it finds none."""
    for hit in talk.search(message, everything=True)[1].hits:
        for one in lists:
            path = one.listed.path
            if hit.passage.article_id == one.article_id and hit.passage.section[: len(path)] == path:
                return one
    return lists[0]


def _articles_to_look_through(talk: Talk, message: str, about: str) -> list[str]:
    if len(talk.article_ids) <= FEW_ARTICLES:
        return list(talk.article_ids)
    hits = talk.search(message, everything=True)[1].hits
    return list(dict.fromkeys([*([about] if about else []), *(hit.passage.article_id for hit in hits)]))


def _leads(items: Sequence[EnumeratedItem], text: str) -> list[Hit]:
    """What is quoted of each item: the first thing said below a sub-heading; items of one passage together."""
    hits = []
    for item in items:
        passages: list[Passage] = [hit.passage for hit in item.hits]
        points = sum(len(hit.points) for hit in item.hits)
        found = lead(passages, text) if points > 1 else item.hits[0]
        hits += [found] if found else []
    return _merged(hits)


def _merged(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, those of the same passage as one with all of their points, in their order."""
    by_id: dict[str, Hit] = {}
    for hit in hits:
        before = by_id.get(hit.passage.id)
        by_id[hit.passage.id] = Hit(hit.passage, (*before.points, *hit.points), hit.score) if before else hit
    return list(by_id.values())


def list_noun(message: str) -> str:
    """What `message` asks a list of: the plural before the first preposition, or the last word there that may be."""
    before = next((part for part in _ENDS_NOUN.split(message) if _own_words(part)), "")
    own = _own_words(before)
    plurals = [word for word in own if word.lower().endswith("s")]
    return next(iter([*plurals[-1:], *own[-1:]]), "")


def _own_words(text: str) -> list[str]:
    plain = [word for word in words(text) if word.lower().replace("’", "'") not in _NO_NOUNS]
    return [word for word in plain if word.lower() not in _NUMBERS and not word.isdecimal()]


def item_noun(message: str) -> str:
    """The noun whose number `message` names; empty if it names none (“number 3”, “the second one”)."""
    for pattern in (_PLACED, _NUMBERED):
        for found in pattern.finditer(message):
            noun = found["noun"]
            if _own_words(noun) and not _NO_ITEM.fullmatch(noun):
                return noun
    return ""


def _places(message: str, noun: str, count: int) -> list[int]:
    """The places of the items, counted from 0, that `message` points to among `count`."""
    for found in _NUMBERED.finditer(message):
        if found["noun"] == noun:
            number = found["number"].lower()
            place = (_NUMBERS.get(number) or int(number)) - 1
            return [place] if 0 <= place < count else []
    for found in _PLACED.finditer(message):
        if found["noun"] == noun:
            pointing = f"the {found['place']} {found['count'] or ''} {noun}"
            return [int(place) for place in pick(pointing, [noun], [str(place) for place in range(count)])]
    return []


def _asked_number(message: str) -> int:
    """How many `message` says there are; 0 if it doesn't say."""
    for word in words(message):
        number = _NUMBERS.get(word.lower()) or (int(word) if word.isdecimal() and len(word) < 4 else 0)
        if number > 1:
            return number
    return 0
