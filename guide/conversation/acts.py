"""What a message is by its words alone: the rules of `acts.toml`, and what no rule knows of it.

A message is a run of parts that a rule takes (“hi”, “thanks”, “who are you”) and of words that say nothing by
themselves (“please”, “mate”); what is left after these is what the person really says.
"""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from guide.conversation.act_rule import FIRST_ANSWERED, ActRule
from guide.text.lexicon import american, english
from guide.text.questions import is_question

MAX_ACT_WORDS = 25
"""The words up to which a message can be an act other than a question, a statement or a story."""
MAX_ACT_CHARACTERS = 200

CLOSING = ("thanks", "goodbye")
"""The acts that may end a message that says something else before."""

ASKED_OF_GUIDE = ("identity", "capability")
MAX_ADDED_WORDS = 8
"""Up to so many words after a question about Guide itself belong to it."""
_SAYS = frozenset("asked asks said says told tells shouted shouts he she they wrote thinks".split())

_NOTHING_SAID = frozenset(
    """
    please pls plz honestly lol haha hehe lmao x xx xxx mate love dear pal bro dude man sir madam maam babe hun hon
    duck darling bestie pet friend tbh fr ngl so well and but oh ah aw aww um erm just really now then again guide
    bot there all everyone everybody right ok okay actually omg mein amigo innit eh like anyway alexa siri
    """.split()
)
"""Words that may stand before, between and after the parts of a message and say nothing by themselves."""


@cache
def act_rules() -> "tuple[tuple[ActRule, re.Pattern[str]], ...]":
    """The rules that Guide ships with, read once."""
    from guide.conversation.read_acts import read_rules

    return tuple(read_rules(files("guide.conversation").joinpath("acts.toml").read_text(encoding="utf-8")))


# ── a message in plain words ─────────────────────────────────────────────────────────────────────────────────────────

_STOP = re.compile(r"[.!?,;:…\n\r()\"“”«»–—]+|\s-\s")
_RUN = re.compile(r"(\w)\1{2,}")
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """A message in plain words: lower case, no apostrophes, no punctuation, “heyyy” as “hey”; or its emoji alone."""

    words: tuple[str, ...]
    stops: frozenset[int]
    """The numbers of the words before which the person put a stop, the end included."""

    @property
    def text(self) -> str:
        """The words, one space between two."""
        return " ".join(self.words)


def in_plain_words(message: str) -> PlainMessage:
    """`message` in plain words; of a message without any, its emoji.

    >>> in_plain_words("Heyyy, what's up?").text
    'hey whats up'
    """
    folded = unicodedata.normalize("NFC", message).lower()
    folded = re.sub(r"['’`´]", "", folded)
    folded = re.sub(r"(?<=\w)\s*&\s*(?=\w)", " and ", folded)
    words: list[str] = []
    stops: set[int] = set()
    for part in _STOP.split(folded):
        words += [_RUN.sub(r"\1", word) if not word.isdigit() else word for word in _TOKEN.findall(part)]
        stops.add(len(words))
    if not words:
        emoji = "".join(character for character in folded if unicodedata.category(character) == "So")
        words, stops = [emoji] if emoji else [], {1}
    return PlainMessage(tuple(words), frozenset(stops))


# ── what the rules say ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the words of a message say it is: a rule's act where they all belong to acts, else what is `left`."""

    rule: ActRule | None = None
    left: str = ""
    """The words that no rule takes, without the greeting, thanks or yes before them."""
    opened: ActRule | None = None
    """The rule that took what stands before `left`, or the thanks or goodbye after it."""


def spoken(message: str) -> Spoken:
    """What the words of `message` say it is.

    >>> spoken("ok thanks, bye!").rule.act, spoken("hi, my husband left me").left
    ('goodbye', 'my husband left me')
    """
    plain = in_plain_words(message)
    if len(plain.words) > MAX_ACT_WORDS or len(plain.text) > MAX_ACT_CHARACTERS:
        return Spoken(left=plain.text)
    taken: list[ActRule] = []
    at, opens = 0, True
    while at < len(plain.words):
        found = _taken(plain, at) if opens else None
        if found:
            rule, end = found
            taken.append(rule)
            at, opens = end, rule.opens or end in plain.stops
            continue
        if plain.words[at] not in _NOTHING_SAID:
            break
        at += 1
        opens = True
    if at < len(plain.words):
        if taken and taken[-1].act in ASKED_OF_GUIDE and at in plain.stops and _adds(plain.words[at:]):
            return Spoken(rule=min(taken, key=_rank))
        end, last = _closing(plain, at)
        taken += [last] if last else []
        return Spoken(left=" ".join(plain.words[at:end]), opened=min(taken, key=_rank, default=None))
    return Spoken(rule=min(taken, key=_rank, default=None), left="" if taken else plain.text)


def _adds(left: tuple[str, ...]) -> bool:
    """Whether a few words only explain the question before them (“is it anonymous, i live in a village”)."""
    return len(left) <= MAX_ADDED_WORDS and _SAYS.isdisjoint(left) and not is_question(" ".join(left))


def _closing(plain: PlainMessage, at: int) -> tuple[int, ActRule | None]:
    """Where thanks or a goodbye begins that ends the message (“the bus is here, bye”), and its rule; the end if none
    does.
    """
    for start in sorted(stop for stop in plain.stops if at < stop < len(plain.words)):
        found = _taken(plain, start)
        if found and found[0].act in CLOSING and _ends(plain, found[1]) and found[1] >= _end_of_said(plain):
            return start, found[0]
    return len(plain.words), None


def _end_of_said(plain: PlainMessage) -> int:
    """The word after the last one that says something."""
    end = len(plain.words)
    while end and plain.words[end - 1] in _NOTHING_SAID:
        end -= 1
    return end


def _taken(plain: PlainMessage, at: int) -> tuple[ActRule, int] | None:
    """The rule that takes most of the words from `at` on, and the word after these."""
    text = " ".join(plain.words[at:])
    best: tuple[ActRule, int] | None = None
    for rule, pattern in act_rules():
        if not (found := pattern.match(text)) or not found[0].strip():
            continue
        end = _longest(pattern, plain, at, at + len(found[0].split()), rule.opens)
        if not rule.opens and not _ends(plain, end):
            continue
        if best is None or (end, -_rank(rule)) > (best[1], -_rank(best[0])):
            best = rule, end
    return best


def _longest(pattern: re.Pattern[str], plain: PlainMessage, at: int, end: int, opens: bool) -> int:
    """The last word up to which `pattern` takes all words from `at` on; it takes those up to `end`."""
    for longer in range(len(plain.words), end, -1):
        if (opens or _ends(plain, longer)) and pattern.fullmatch(" ".join(plain.words[at:longer])):
            return longer
    return end


def _ends(plain: PlainMessage, at: int) -> bool:
    """Whether the person stops before the word `at`, or says nothing more until there."""
    while at < len(plain.words) and at not in plain.stops and plain.words[at] in _NOTHING_SAID:
        at += 1
    return at in plain.stops or at == len(plain.words)


def _rank(rule: ActRule) -> int:
    return FIRST_ANSWERED.index(rule.act)


# ── gibberish ────────────────────────────────────────────────────────────────────────────────────────────────────────

_USED = 2_000
"""How often books must use a short word for it to be one, rather than letters that happen to be listed."""
_SHORT = 3


def is_gibberish(message: str, known: Container[str] = ()) -> bool:
    """Whether `message` holds no words: marks or digits alone, letters struck at random. `known` are the articles'
    words, which are words whatever they look like. An empty message isn't gibberish.

    >>> [is_gibberish(message) for message in ("?????", "asdfghjkl", "detachmant", "")]
    [True, True, False, False]
    """
    if not message.strip():
        return False
    found = in_plain_words(message).words
    letters = [word for word in found if any(map(str.isalpha, word))]
    if not letters:
        return True
    if not all(word.isascii() for word in letters):
        return False
    if any(word in known and len(word) > 1 for word in letters):
        return False
    real = [word for word in letters if _is_word(word)]
    if len(letters) > 1:
        return 2 * len(real) < len(letters) and len(letters) <= MAX_ACT_WORDS
    return not real and not _resembles_word(letters[0])


def _is_word(word: str) -> bool:
    if len(word) == 1:
        return word in "aiu"
    count = english().counts.get(word, 0)
    return count >= (_USED * 100 if len(word) <= _SHORT else _USED) or (len(word) > _SHORT and word in american())


def _resembles_word(word: str) -> bool:
    """Whether a slip or two make `word` a common one."""
    slips = 2 if len(word) > 7 else 1
    return 4 <= len(word) <= 30 and bool(english().near(word, slips))
