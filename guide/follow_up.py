"""A message that leans on what was said before → the same message with what it needs from there.

Nothing is rewritten: the words that a message lacks are put before it. A message that stands on its own is left as it is.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guide.article import words
from guide.records import Turn
from guide.spelling import Lexicon

Shown = Callable[[str], Sequence[str]]
"""For a question that was searched: the texts of the points that were shown for it, in the article's order."""

MAX_TURNS = 40
"""How far back a conversation is read; a topic older than that has long been left or named again."""

MAX_TOPIC_WORDS = 12
MAX_NAMES = 8
MAX_ANSWER_WORDS = 8
"""How many words a message takes from its thread: of its questions, names of its answers, words of the last answer."""

PLAIN_ANSWER_WORDS = 60
"""An answer longer than this is a page to read; only its names say what it was about."""

# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_FUNCTION_WORDS = frozenset(
    """
    a an the and or but nor if so as at by for from in into of off on onto out over than then to up with without about
    after before against between during under again through too very just also only own same such some any all each every
    no not is are was were be been being am do does did done doing have has had having can could will would shall should
    may might must i me my mine myself we us our ours you your yours he him his himself she her hers herself it its itself
    they them their theirs themselves this that these those who whom whose which what when where why how there here else
    other others another more most much many few one ones tell get got go goes going went make makes made let know think
    say says said mean means ever still even yet really please thanks thank ok okay yes yeah yep well hi hello oh sure maybe
    because while like kind sort thing things anything something way ways long often happen happened happens now exactly
    explain elaborate example examples
    i'm i've i'd i'll you're he's she's it's they're we're that's what's who's where's how's why's there's let's don't
    doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't shouldn't haven't hasn't hadn't
    im ive dont doesnt didnt isnt cant wont whats thats hes shes
    """.split()
)

_PEOPLE = (
    r"(?:partner|husband|wife|spouse|boyfriend|girlfriend|fianc[ée]e?|ex|man|woman|men|women|guy|girl|boy|son|daughter|child"
    r"|children|kids?|mother|father|mom|mum|dad|parents?|brother|sister|sibling|friend|colleague|boss|person|people|someone"
    r"|somebody|anyone|anybody|everyone|everybody|author|writer|therapist|doctor|family|couple|bf|gf|hubby|teen|teenager)"
)

# ── what shows that a message leans on another ───────────────────────────────────────────────────────────────────────

_ORDINALS = {
    **{word: place for place, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split())},
    **{f"{place + 1}{'st nd rd'.split()[place] if place < 3 else 'th'}": place for place in range(10)},
}
_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)}
_NUMBERS |= {str(number): number for number in range(1, 11)}
_ORDINAL = "|".join(_ORDINALS)
_NUMBER = "|".join(_NUMBERS)
_ITEM = (
    r"(?:ones?|points?|items?|signs?|steps?|tips?|strateg(?:y|ies)|ways?|things?|reasons?|causes?|options?|bullets?|parts?"
    r"|effects?|criteri(?:on|a)|examples?|rows?|questions?|answers?|advice|suggestions?)"
)
_PICK = re.compile(
    rf"\b(?:the|that|this|your|its)\s+(?:very\s+)?(?P<place>{_ORDINAL}|last|latter|former|final)"
    rf"(?:\s+(?P<count>{_NUMBER}))?(?:\s+(?P<item>{_ITEM}))?(?P<end>\s*(?:[?.!,;]|$))?"
    rf"|\b(?:number|no\.|point|item|step|tip|sign|strategy|#)\s*(?P<number>{_NUMBER})\b",
    re.I,
)

_OPENING = re.compile(r"^(?:and|but|or|so|also|then|plus)\b[\s,]*", re.I)
_ASKS_ON = re.compile(
    r"^(?:(?:what|how) about\b|what if\b|what else\b|who else\b|where else\b|how come\b|how so\b|such as\b"
    r"|like (?:what|who|how)\b|for (?:example|instance)\b|tell me more\b|more (?:about|on)\b|go on\b|really\b|any (?:more|other)\b"
    r"|can you (?:explain|elaborate)\b|explain\b|elaborate\b|say more\b|in what way\b|meaning\b|and\b)",
    re.I,
)
_CLAUSE = re.compile(
    r"[.,;:!?]|\b(?:and|but|or|if|when|because|while|whether|before|after|until|than|so|that|who|which|since|though)\b", re.I
)
_DUMMY_IT = re.compile(
    r"\bit(?:'s|\s+(?:is|was|be|takes?|feels?|seems?|means?|has|have|looks?))?(?:\s+[\w'’\-]+){0,4}?\s+(?:to|that|if|when|for|like|because|or)\b"
    r"|\b(?:take|feel) it\b",
    re.I,
)
_PERSON_PRONOUN = re.compile(r"\b(?:he|him|his|she|her|hers|he's|she's)\b", re.I)
_THING_PRONOUN = re.compile(r"\b(?:it|its|it's|they|them|their|theirs|they're)\b", re.I)
_POSSESSIVE = ("its", "their", "theirs")
_POINTING = re.compile(
    # “that” and “this” where they stand for something, and not before a clause of their own or the text at hand.
    r"\b(?:is|was|does|do|did|can|could|will|would|should|might|may|has|like|for|mean|by|at|on|do|after|before"
    r"|than|without|why|how|from|to|isn't|doesn't|all|what's)\s+(?:that|this|these|those)\b"
    r"(?!\s+(?:article|text|page|site|website|guide|version|piece|story|week|month|year|morning|evening|moment|app|i|you|he|she|we|they|my|your)\b)"
    r"|^(?:that|this|these|those)\b(?!\s+(?:article|text|page|site|guide))|\b(?:that|this|these|those)\s*[?.!]*$"
    r"|\bthose\b(?!\s+(?:who|with|that)\b)|\bthese\b",
    re.I,
)
_ABOUT_THIS = re.compile(r"\b(?:about|of|with)\s+(?:that|this|these|those)\b", re.I)
_BACK = re.compile(
    r"\bthe same\b(?!(?:\s+\w+)?\s+as\b)|\bsuch (?:a|an)\b|\b(?:else|others?|another|either|neither|both|instead|otherwise)\b"
    r"|\bones?\b(?!\s+(?:who|that|of|more)\b)|\b(?:do|did|does|if|think) so\b"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!can )\bthere\b(?!\s+(?:is|are|was|were|be|any|some|a|an)\b)",
    re.I,
)
_ASKS = re.compile(
    r"^(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|had)\b",
    re.I,
)
_FEW_WORDS = 4
_NAMES_ITS_SUBJECT = re.compile(
    r"^(?:(?:can you |please )?tell me about|(?:what|who)(?:'s|\s+(?:is|are|was|were|does)))\s+(?!(?:the|this|that|his|her|their|its)\b)",
    re.I,
)

_WHO = re.compile(r"^(?:who|whose|by whom)\b", re.I)
_MY_PEOPLE = re.compile(rf"\b(?:my|our)\s+({_PEOPLE})\b", re.I)

Need = Literal["nothing", "person", "topic"]


def leans(message: str, lexicon: Lexicon | None = None) -> Need:
    """What `message` can't be understood without, of what was said before it: nothing, who is meant, or the topic.

    >>> [leans(text) for text in ("How so?", "And for my son?", "Did she study this?", "Is it normal to feel numb?")]
    ['topic', 'topic', 'person', 'nothing']
    """
    own = content(message)
    if not own:
        return "topic"
    if (_ASKS_ON.search(message) or _OPENING.search(message)) and len(own) <= 2:
        return "topic"
    if len(own) <= 5 and (_unbound(_THING_PRONOUN, message) or _unbound(_POINTING, message)):
        return "topic"
    if len(own) <= 1 and _ABOUT_THIS.search(message):
        return "topic"
    if len(own) <= 2 and _BACK.search(message):
        return "topic"
    known = lexicon is None or any(word.lower() in lexicon for word in own)
    if known and len(own) == 1 and len(words(message)) <= _FEW_WORDS and "?" in message and not _NAMES_ITS_SUBJECT.search(message):
        return "topic"
    asks = "?" in message or _ASKS.search(message)
    return "person" if asks and len(own) <= 3 and _unbound(_PERSON_PRONOUN, message) else "nothing"


def _unbound(pronoun: re.Pattern[str], message: str) -> bool:
    """Whether `message` has such a pronoun, and nothing before it that it could stand for."""
    plain = _DUMMY_IT.sub(" ", message)
    found = pronoun.search(plain)
    if not found:
        return False
    before = plain[: found.start()]
    people = re.search(rf"\b{_PEOPLE}\b", before, re.I)
    if people:
        return False
    if pronoun is _PERSON_PRONOUN:
        return not names(before)
    if found[0].lower() in _POSSESSIVE:
        return not content(before)
    return not any(content(clause) for clause in _CLAUSE.split(before)[:-1])


# ── what it takes from there ─────────────────────────────────────────────────────────────────────────────────────────


def content(text: str, leave_out: Sequence[str] = ()) -> list[str]:
    """The words of `text` that say what it is about, each once, without those of `leave_out`.

    >>> content("What are the signs of it in a marriage?")
    ['signs', 'marriage']
    """
    seen = {word.lower() for word in leave_out}
    found = []
    for word in words(text):
        plain = word.lower().replace("’", "'")
        plain = plain.removesuffix("'s")
        if plain not in _FUNCTION_WORDS and plain not in seen and word.lower() not in seen:
            seen.add(plain)
            found.append(word)
    return found


def names(text: str) -> list[str]:
    """The words of `text` that are capitalised inside a sentence, each once."""
    found = []
    for sentence in re.split(r"(?<=[.?!:])\s+|\n", text):
        found += [word for word in words(sentence)[1:] if word[0].isupper() and word.lower() not in _FUNCTION_WORDS]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Thread:
    """What a conversation is about: it starts anew with each question that stands on its own."""

    topic: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    asked: str = ""
    listed: tuple[str, ...] = ()


def follow(message: str, history: Sequence[Turn], lexicon: Lexicon | None = None, shown: Shown | None = None) -> str:
    """`message`, with what it needs from `history` before it; itself if it needs nothing."""
    thread = _Thread()
    for turn in history[-MAX_TURNS:]:
        thread = _asked(turn.content, thread, lexicon, shown) if turn.role == "user" else _answered(turn.content, thread)
    return _completed(message, thread, lexicon, shown)


def _asked(message: str, thread: _Thread, lexicon: Lexicon | None, shown: Shown | None) -> _Thread:
    completed = _completed(message, thread, lexicon, shown)
    if not thread.topic or completed == message and leans(message, lexicon) == "nothing":
        return _Thread(tuple(content(message)[:MAX_TOPIC_WORDS]), tuple(dict.fromkeys((*_people(message), *thread.people)))[:MAX_NAMES], thread.names, asked=message)
    topic = (*thread.topic, *content(message, thread.topic))[:MAX_TOPIC_WORDS]
    return replace(thread, topic=topic, asked=completed, listed=())


def _answered(answer: str, thread: _Thread) -> _Thread:
    told = words(answer)
    kept = dict.fromkeys((*names(answer), *thread.names))
    plain = content(answer)[:MAX_ANSWER_WORDS] if len(told) <= PLAIN_ANSWER_WORDS else ()
    listed = tuple(re.findall(r"^\s*(?:[-*•]|\d+[.)])\s+(.+)$", answer, re.M))
    return replace(thread, names=tuple(kept)[:MAX_NAMES], answer=tuple(plain), listed=listed)


def _completed(message: str, thread: _Thread, lexicon: Lexicon | None, shown: Shown | None) -> str:
    if not thread.asked:
        return message
    picked = _picked(message, thread, shown)
    if picked:
        return f"{message} {' '.join(picked)}"
    need = leans(message, lexicon)
    if need == "nothing":
        return message
    topic = thread.topic if need == "topic" else thread.people
    taken: list[str] = []
    for source in (topic, thread.people, thread.names, thread.answer if need == "topic" else ()):
        taken += content(" ".join(source), [*words(message), *taken])
    return f"{' '.join(taken)} {message}" if taken else message


def _people(message: str) -> list[str]:
    """Who a later “he” or “she” may be: names and the writer's own people; all that was asked, if it was who somebody is."""
    if _WHO.search(message):
        return content(message)
    return [*names(message), *(found[1] for found in _MY_PEOPLE.finditer(message))]


# ── “the second one” ─────────────────────────────────────────────────────────────────────────────────────────────────


def _picked(message: str, thread: _Thread, shown: Shown | None) -> list[str]:
    """The items that an ordinal of `message` points to; none if there is no ordinal or no such item."""
    found = _PICK.search(message)
    if not found or not (found["count"] or found["item"] or found["number"] or found["end"]):
        return []
    items = list(thread.listed) or (list(shown(thread.asked)) if shown else [])
    count = _NUMBERS[found["count"].lower()] if found["count"] else 1
    place = (found["place"] or "").lower()
    if found["number"]:
        start = _NUMBERS[found["number"].lower()] - 1
    elif place in ("last", "latter", "final"):
        start = len(items) - count
    else:
        start = 0 if place == "former" else _ORDINALS[place]
    return items[start : start + count] if 0 <= start and start + count <= len(items) else []
