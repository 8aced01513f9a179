"""What a message is by its words alone: the rules of `acts.toml`, and what no rule knows of it.

A message is a run of parts that a rule takes (“hi”, “thanks”, “who are you”) and of words that say nothing by
themselves (“please”, “mate”); what is left after these is what the person really says.
"""

import re
import tomllib
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError

from guide.errors import GuideError
from guide.records import Act
from guide.text.lexicon import american, english
from guide.validation import Record, first_fault

Move = Literal[
    "search", "reply", "ask_back", "again", "shorter", "more", "simpler", "recall", "summary", "list", "item"
]
"""What Guide does next: searches for the message, replies in its own words, asks one question back; or, for a message
about the conversation or the article, quotes the last answer again, the answering words of it alone, what comes after
it, or the definition; says what was asked; quotes the whole article's leads, a list of its sections, or one of them.
"""

RuleAct = Act | Literal["vague"]
"""What a rule can tell: an act, or that a question or a statement is too vague to search for."""

MAX_ACT_WORDS = 25
"""The words up to which a message can be an act other than a question, a statement or a story."""
MAX_ACT_CHARACTERS = 200

_FIRST: tuple[RuleAct, ...] = (
    *("meta", "identity", "capability", "vague", "abuse_of_bot", "goodbye", "thanks"),
    *("smalltalk", "greeting", "ack", "gibberish"),
)
"""Of several acts in one message (“thanks, bye”), the one that a person would answer comes first."""

_NOTHING_SAID = frozenset(
    """
    please pls plz lol haha hehe lmao x xx xxx mate love dear pal bro dude man sir madam maam babe hun hon duck darling
    bestie pet friend tbh fr ngl so well and but oh ah aw aww um erm just really now then again guide bot there all
    everyone everybody right ok okay my big actually omg mein amigo innit eh like anyway alexa siri
    """.split()
)
"""Words that may stand before, between and after the parts of a message and say nothing by themselves."""


class ActDataError(GuideError):
    """A data file of the conversation can't be used."""


class ActRule(Record):
    """Which words make a message an act, and what Guide does then.

    `yes` and `no` are example messages that the rule takes and doesn't take. One that `opens` may stand before other
    words: what comes after it is what counts.
    """

    id: str
    act: Annotated[str, Field(pattern=f"^(?:{'|'.join(_FIRST)})$")]
    patterns: Annotated[list[str], Field(min_length=1)]
    yes: Annotated[list[str], Field(min_length=1)]
    no: Annotated[list[str], Field(min_length=1)]
    move: Annotated[str, Field(pattern=f"^(?:{'|'.join(get_args(Move))})$")] = "reply"
    reply: str = ""
    opens: bool = False


class _Rules(Record):
    classes: dict[str, str]
    rule: Annotated[list[ActRule], Field(min_length=1)]


def read_rules(source: str, name: str = "acts.toml") -> "list[tuple[ActRule, re.Pattern[str]]]":
    """The rules of a TOML document with their expressions, in order.

    Raises:
        ActDataError: a key is missing or unknown, a value is of another kind, or a pattern can't be read.
    """
    try:
        raw = tomllib.loads(source)
        found = _Rules.model_validate(raw)
    except tomllib.TOMLDecodeError as error:
        raise ActDataError(f"{name} isn't TOML ({error}).") from None
    except ValidationError as error:
        fault = first_fault(error)
        raise ActDataError(f"{name}{_rule_named(fault.place, raw)}: {fault.sentence()}") from None
    seen: set[str] = set()
    rules = []
    for rule in found.rule:
        if rule.id in seen:
            raise ActDataError(f"{name} has two rules called {rule.id}; ids must differ.")
        if bool(rule.reply) != (rule.move in ("reply", "ask_back")) and rule.reply != "identity_author":
            raise ActDataError(f"{name}, rule {rule.id}: name a reply exactly where the move is reply or ask_back.")
        seen.add(rule.id)
        rules.append((rule, _compiled(rule, found.classes, name)))
    return rules


def _rule_named(place: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    match place:
        case ("rule", int(number), *_):
            return f", rule {raw['rule'][number].get('id', number + 1)}"
    return ""


def _compiled(rule: ActRule, classes: dict[str, str], name: str) -> re.Pattern[str]:
    def known(found: re.Match[str]) -> str:
        if found[1] not in classes:
            raise ActDataError(f"{name}, rule {rule.id}: there is no class {found[0]}; expected one of [classes].")
        return classes[found[1]]

    expressions = []
    for pattern in rule.patterns:
        expression = re.sub(r"(?<!\?P)<([a-z]+)>", known, pattern)
        expressions.append(re.sub(r" ?\.\.(\d+)", r"(?: [^ ]+){0,\1}", expression))
    try:
        # What is taken ends where a word ends.
        return re.compile(f"(?:{'|'.join(expressions)})(?= |$)")
    except re.error as error:
        raise ActDataError(f"{name}, rule {rule.id}: a pattern can't be read ({error}).") from None


@cache
def act_rules() -> "tuple[tuple[ActRule, re.Pattern[str]], ...]":
    """The rules that Guide ships with, read once."""
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
    folded = re.sub(r"['’`´]", "", folded).replace("&", " and ")
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
    """The rule that took what stands before `left`."""


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
        first = min(taken, key=_rank, default=None)
        return Spoken(left=" ".join(plain.words[at:]), opened=first)
    return Spoken(rule=min(taken, key=_rank, default=None), left="" if taken else plain.text)


def _taken(plain: PlainMessage, at: int) -> tuple[ActRule, int] | None:
    """The rule that takes most of the words from `at` on, and the word after these."""
    text = " ".join(plain.words[at:])
    best: tuple[ActRule, int] | None = None
    for rule, pattern in act_rules():
        if not (found := pattern.match(text)) or not found[0].strip():
            continue
        end = at + len(found[0].split())
        if not rule.opens and not _ends(plain, end):
            continue
        if best is None or (end, -_rank(rule)) > (best[1], -_rank(best[0])):
            best = rule, end
    return best


def _ends(plain: PlainMessage, at: int) -> bool:
    """Whether the person stops before the word `at`, or says nothing more until there."""
    while at < len(plain.words) and at not in plain.stops and plain.words[at] in _NOTHING_SAID:
        at += 1
    return at in plain.stops or at == len(plain.words)


def _rank(rule: ActRule) -> int:
    return _FIRST.index(rule.act)


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
