"""The pattern language of the rules, compiled to regular expressions over plain words.

| written | means |
|---|---|
| `want to die` | these words, one after another (contractions are spelt out as in messages) |
| `suicid*` | a word that starts so |
| `死にたい` | these characters, one after another: a script without spaces has a word for each |
| `(kill | end)` | one of these; each may be several words |
| `[really]` | perhaps this |
| `<want>` | a word class of `lexicon.toml` |
| `..` `..5` | up to three (five) words of the same sentence, none of them a negation |
| `#` `##` | a number in digits, one of at least two digits |
| `^` `$` | the start, the end of a sentence |
| `/` | a sentence ends here and the next one goes on |
| `!(laughing | of)` | not followed by these |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from guide.safety.load_toml import SafetyDataError
from guide.safety.normalise import folded, plain_words

NEGATION = "|".join(
    "not never without nobody no stop pas jamais nicht nie niet nooit nao non mai nunca jamas inte aldrig "
    "khong nahi nahin nhi не ні никогда ніколи لا لم لن नहीं 不 没 沒".split()
)
GAP_WORD = rf"(?!(?:{NEGATION}) )[^ .]+ "
FREQUENT_WORDS = frozenset(
    "i me my a an the to of in on at it is am are was be been have has had do does did will would can could and or but "
    "not no that this so just for with as if you he she they we his her him them their up out all about from by what "
    "how why when who want like feel get go going any more too very really now than then there your our us one some "
    "think know make made".split()
)
"""Words too frequent to decide whether a pattern is worth trying."""

_WORD = re.compile(r"(?:[^\W_]|['\u0900-\u0dff])+")
_PART = re.compile(r"!\(|##|[()\[\]|^$#]|\.\.\d*|<[a-z_]+>|[^\s()\[\]|]+")


@dataclass
class Pattern:
    """A compiled pattern. `keys` holds words of which a message must have one (a prefix ends in `*`)."""

    source: str
    expression: str
    keys: frozenset[str]
    words: frozenset[str]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when first needed: most messages need few of the patterns."""
        return re.compile(self.expression)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern: its expression, all its words, and the keys it demands (None where it demands none)."""

    expression: str
    words: frozenset[str] = frozenset()
    keys: frozenset[str] | None = None


def compile_pattern(source: str, classes: Mapping[str, _Part]) -> Pattern:
    """The compiled pattern that `source` means; the table above explains the language.

    Raises:
        SafetyDataError: a bracket is open, a class is unknown, or the pattern could match without any word.
    """
    part = parse(source, classes)
    if part.keys is None:
        raise SafetyDataError(f"The pattern “{source[:80]}…” demands no word; give it one that isn't optional.")
    return Pattern(source, "(?<= )" + part.expression, part.keys, part.words)


def parse(source: str, classes: Mapping[str, _Part]) -> _Part:
    """The part that `source` means, for use in a word class or a pattern."""
    tokens = _PART.findall(source)
    part, at = _alternatives(tokens, 0, classes, source)
    if at != len(tokens):
        raise SafetyDataError(f"The pattern “{source[:80]}…” closes a bracket that it didn't open.")
    return part


def _alternatives(tokens: list[str], at: int, classes: Mapping[str, _Part], source: str) -> tuple[_Part, int]:
    branches = []
    while True:
        branch, at = _sequence(tokens, at, classes, source)
        branches.append(branch)
        if at >= len(tokens) or tokens[at] != "|":
            break
        at += 1
    if len(branches) == 1:
        return branches[0], at
    words = frozenset().union(*(b.words for b in branches))
    keys = None if any(b.keys is None for b in branches) else frozenset().union(*(b.keys or () for b in branches))
    return _Part("(?:" + "|".join(b.expression for b in branches) + ")", words, keys), at


def _sequence(tokens: list[str], at: int, classes: Mapping[str, _Part], source: str) -> tuple[_Part, int]:
    parts: list[_Part] = []
    while at < len(tokens) and tokens[at] not in (")", "]", "|"):
        part, at = _element(tokens, at, classes, source)
        parts.append(part)
    demanded = [p.keys for p in parts if p.keys is not None]
    # The rarest part decides: one whose words are uncommon, then the one with the fewest.
    keys = min(demanded, key=lambda k: (len(k & FREQUENT_WORDS) / len(k), len(k)), default=None)
    return _Part("".join(p.expression for p in parts), frozenset().union(*(p.words for p in parts)), keys), at


def _element(tokens: list[str], at: int, classes: Mapping[str, _Part], source: str) -> tuple[_Part, int]:
    token = tokens[at]
    if token in ("(", "[", "!("):
        inner, at = _alternatives(tokens, at + 1, classes, source)
        if at >= len(tokens) or tokens[at] != {"(": ")", "[": "]", "!(": ")"}[token]:
            raise SafetyDataError(f"The pattern “{source[:80]}…” leaves a bracket open.")
        if token == "(":
            return inner, at + 1
        if token == "[":
            return _Part(f"(?:{inner.expression})?", inner.words), at + 1
        return _Part(f"(?!{inner.expression})"), at + 1
    if token.startswith(".."):
        return _Part(f"(?:{GAP_WORD}){{0,{token[2:] or 3}}}?"), at + 1
    if token.startswith("<"):
        if token[1:-1] not in classes:
            raise SafetyDataError(f"The pattern “{source[:80]}…” uses {token}, a class that lexicon.toml doesn't have.")
        return classes[token[1:-1]], at + 1
    if token in ("#", "##"):
        return _Part("[0-9]+ " if token == "#" else "[0-9]{2,} "), at + 1
    if token == "/":
        return _Part(r"\. "), at + 1
    if token in "^$":
        return _Part(r"(?<= \. )" if token == "^" else r"(?=\. )"), at + 1
    if (word := _word(token)) is None:
        raise SafetyDataError(f"The pattern “{source[:80]}…” holds {token!r}, which no plain word matches.")
    return word, at + 1


@cache
def _word(token: str) -> _Part | None:
    stem, star = folded(token.removesuffix("*")), token.endswith("*")
    if not _WORD.fullmatch(stem):
        return None
    plain = plain_words(stem)
    if star:
        # A character of a script without spaces is a word of its own: it has no beginning.
        whole = len(plain) == 1 and not plain[0] > "\u3000"
        return _Part(re.escape(stem) + "[^ ]* ", frozenset(), frozenset((stem + "*",))) if whole else None
    keys = min(plain, key=lambda word: (word in FREQUENT_WORDS, -len(word)))
    expression = "".join(re.escape(word) + " " for word in plain)
    return _Part(expression, frozenset(plain), frozenset((keys,)))
