"""A message as plain words, each with its place in the message as written.

`read_message("I don’t want to l1ve…")` gives the words `i do not want to live`, and the span of `l1ve` for `live`.
Offsets are carried from the first step, so that a match never has to be searched for afterwards. What the steps know
(spellings, contractions, look-alike letters) stands in `spelling.toml`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from guide.safety.load_toml import load_table
from guide.safety.typos import correct

MAX_CHARACTERS = 20_000
"""Longer messages are read from both ends up to this length, so that the time an assessment takes stays bounded."""

STOP = "."
"""The word that stands for the end of a sentence."""


class Vocabulary(NamedTuple):
    """The words that the rules speak of."""

    known: frozenset[str]
    """Every word of the rules, in all languages: a disguised word is only ever read as one of these."""
    english: frozenset[str]
    """The English words of the rules: what a slip in an English message may have meant."""


class Token(NamedTuple):
    """One plain word, its span in the message as written, and the number of its clause."""

    text: str
    start: int
    end: int
    clause: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a message. `line` holds them with one space between, for patterns to search in."""

    tokens: tuple[Token, ...]
    line: str
    places: tuple[int, ...]
    """Where each token starts in `line`."""

    def token_at(self, place: int) -> int:
        """The index of the token that covers this place of `line`."""
        return bisect_right(self.places, place) - 1


@dataclass(frozen=True, slots=True)
class Spelling:
    """What `spelling.toml` holds, ready for use."""

    expand: dict[str, tuple[str, ...]]
    look_alike: dict[str, str]
    leet: dict[str, str]
    keys: frozenset[str]
    is_contracted: frozenset[str]


@lru_cache(maxsize=1)
def spelling() -> Spelling:
    """The spelling data, read once."""
    raw = load_table("spelling.toml", {"expand", "look_alike", "leet", "keys", "is_contracted"})
    return Spelling(
        {word: tuple(plain.split()) for word, plain in raw["expand"].items()},
        raw["look_alike"],
        raw["leet"],
        frozenset(raw["keys"]),
        frozenset(raw["is_contracted"]),
    )


_ENDS = r"(?P<stop>\.{2,}|[.?!]+|\n\s*\n)|(?P<clause>[,;:()\"\n–—-])"
_PIECE = re.compile(rf"(?P<word>[a-z0-9@$](?:[a-z0-9'@$*!|+]*[a-z0-9@$*])?)|{_ENDS}")
_UNSPACED = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
"""Ideographs, kana and Hangul syllables: they are read one by one, since their words stand apart seldom or freely."""
_WITHOUT_SPACES = re.compile(f"[{_UNSPACED}]+")
# The scripts of India and its neighbours write vowels as marks, which Python doesn't count as letters.
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_]|[\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff])"
_PIECE_OF_ANY_SCRIPT = re.compile(
    rf"(?P<word>[{_UNSPACED}]|(?:{_LETTER}|[@$])(?:(?:{_LETTER}|['@$*!|+])*(?:{_LETTER}|[@$*]))?)|{_ENDS}"
)
_SPACED = re.compile(r"(?<![a-z0-9'])[a-z0-9@$](?:[ ._*-]{1,3}[a-z0-9@$!](?![a-z0-9']))+")
_PLAIN_PART = re.compile(rf"(?:{_LETTER}|')+")
_LETTERS_IN_A_ROW = re.compile(r"[^\W\d_]+")
_RUN = re.compile(r"([a-z])\1{2,}")
_ODD = re.compile(r"[0-9@$*!|+]")
_DISGUISED = re.compile(r"[a-z].{2,}[a-z]")
LEAST_APART = 5
"""How many single letters in a row, written apart, are read as one word."""


class _Letters(NamedTuple):
    text: str
    places: list[int] | range


def read_message(message: str, vocabulary: Vocabulary) -> Reading:
    """The words of `message` as the rules see them: folded, spelt out and undisguised, each with its place."""
    if len(message) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        first, last = read_message(message[:half], vocabulary), _tokens(message[-half:], vocabulary)
        shift = len(message) - half
        moved = (Token(t.text, t.start + shift, t.end + shift, t.clause + len(first.tokens)) for t in last)
        return _reading([*first.tokens, *moved])
    return _reading(_tokens(message, vocabulary))


def _reading(tokens: list[Token]) -> Reading:
    places, at = [], 1
    for token in tokens:
        places.append(at)
        at += len(token.text) + 1
    return Reading(tuple(tokens), " " + " ".join(t.text for t in tokens) + " ", tuple(places))


def _tokens(message: str, vocabulary: Vocabulary) -> list[Token]:
    letters = _fold(message)
    tokens = [Token(STOP, 0, 0, 0)]
    clause = 1

    def add(text: str, start: int, end: int) -> None:
        tokens.append(Token(text, letters.places[start], letters.places[end - 1] + 1, clause))

    for text, start, end in _pieces(letters.text, vocabulary):
        if text in (STOP, ","):
            clause += 1
            if text == STOP and tokens[-1].text != STOP:
                add(STOP, start, end)
            continue
        for plain in _plain(text, vocabulary):
            add(plain, start, end)
    if tokens[-1].text != STOP:
        tokens.append(Token(STOP, len(message), len(message), clause))
    return _joined(tokens)


def _fold(message: str) -> _Letters:
    """Lower-case compatibility letters without accents or invisible characters, and where each one stood."""
    if message.isascii():
        return _Letters(message.lower(), range(len(message)))
    known, out, places = spelling().look_alike, [], []
    for place, character in enumerate(message):
        for letter in unicodedata.normalize("NFKC" if _stays_whole(character) else "NFKD", character).casefold():
            if letter not in known and _is_left_out(letter):
                continue
            plain = letter if _is_greek_or_cyrillic(letter) else known.get(letter, letter)
            for one in plain if _stays_whole(plain) else unicodedata.normalize("NFKD", plain):
                if not _is_left_out(one):
                    out.append(one)
                    places.append(place)
    return _Letters(_latin_for_look_alikes("".join(out)), places)


def _stays_whole(character: str) -> bool:
    """Whether a letter is no Latin one with an accent: a kana with its voicing mark, a syllable of Hangul."""
    return "\u3040" <= character[:1] <= "\u30ff" or "\uac00" <= character[:1] <= "\ud7a3"


def _is_left_out(letter: str) -> bool:
    """Whether it is an accent or invisible; the vowel signs of India's scripts are letters, but for the dot below."""
    if "\u0900" <= letter <= "\u0dff":
        return letter == "\u093c"
    return unicodedata.category(letter) in ("Mn", "Me", "Cf", "Sk")


def _is_greek_or_cyrillic(letter: str) -> bool:
    return "\u0370" <= letter <= "\u052f"


def _latin_for_look_alikes(text: str) -> str:
    """`text` with the Greek and Cyrillic letters in it that pose as Latin ones replaced; those of a Russian or Greek
    word stay.

    A letter poses in a word that has Latin letters too, or in a word all of such letters in a message mostly in Latin.
    """
    known = spelling().look_alike
    foreign = sum(map(_is_greek_or_cyrillic, text))
    if not foreign:
        return text
    mostly_latin = sum("a" <= letter <= "z" for letter in text) > foreign

    def plain(word: re.Match[str]) -> str:
        letters = word.group()
        posing = any("a" <= letter <= "z" for letter in letters)
        if posing or (mostly_latin and all(letter in known for letter in letters)):
            return "".join(known.get(letter, letter) for letter in letters)
        return letters

    return _LETTERS_IN_A_ROW.sub(plain, text)


def folded(word: str) -> str:
    """`word` as rules compare it: in lower case and without accents."""
    return _fold(word).text


def _pieces(text: str, vocabulary: Vocabulary) -> Iterable[tuple[str, int, int]]:
    """Words, sentence ends and clause ends, in order; letters written apart come joined."""
    at = 0
    for spaced in _SPACED.finditer(text):
        words = _segment(spaced.group(), spaced.start(), vocabulary) or _together(spaced.group(), spaced.start())
        if words:
            yield from _split(text, at, spaced.start(), vocabulary)
            yield from words
            at = spaced.end()
    yield from _split(text, at, len(text), vocabulary)


def _split(text: str, start: int, end: int, vocabulary: Vocabulary) -> Iterable[tuple[str, int, int]]:
    for piece in (_PIECE if text.isascii() else _PIECE_OF_ANY_SCRIPT).finditer(text, start, end):
        a, b = piece.span()
        if piece.lastgroup == "stop":
            yield ("," if piece.group().startswith("..") else STOP), a, b
        elif piece.lastgroup == "clause":
            # A hyphen inside a word (“self-harm”) parts no clauses; a dash between words does.
            if piece.group() != "-" or text[a - 1 : a].isspace() or text[b : b + 1].isspace():
                yield ",", a, b
        elif a and text[a - 1] == "#" and (words := _segment(piece.group(), a, vocabulary)):
            yield from words
        elif _ODD.search(piece.group()) and not piece.group().isdigit():
            yield from _undisguised(piece.group(), a, vocabulary)
        else:
            yield piece.group(), a, b


def _undisguised(word: str, start: int, vocabulary: Vocabulary) -> Iterable[tuple[str, int, int]]:
    """A word with digits, signs or stars for letters, if it is one that rules know; else its plain parts."""
    bare = word.strip("*!+|")
    for candidate in dict.fromkeys((bare, word)):
        for one in ("i", "l"):
            plain = "".join(spelling().leet.get(c, c) if c != "1" else one for c in candidate)
            if plain in vocabulary.known or plain in spelling().expand:
                yield plain, start, start + len(word)
                return
        if "*" in candidate and (hidden := _unstarred(candidate)):
            yield hidden, start, start + len(word)
            return
    plain = "".join(spelling().leet.get(c, "i" if c == "1" else c) for c in bare)
    # Letters at both ends and more of them than of signs: a word in disguise, not “h2o” or “mp3”.
    if plain.isalpha() and _DISGUISED.fullmatch(bare) and len(_ODD.findall(bare)) * 2 < len(bare):
        yield plain, start, start + len(word)
        return
    for part in _PLAIN_PART.finditer(word):
        yield part.group(), start + part.start(), start + part.end()


@lru_cache(maxsize=1)
def _keys_by_ends() -> dict[tuple[str, int], list[str]]:
    """Key words by first letter and length."""
    found: dict[tuple[str, int], list[str]] = {}
    for key in sorted(spelling().keys):
        found.setdefault((key[0], len(key)), []).append(key)
    return found


def _unstarred(word: str) -> str:
    """The key word that `su*c*de` stands for, or nothing."""
    shape = re.compile("".join("[a-z]" if c == "*" else re.escape(c) for c in word))
    for key in _keys_by_ends().get((word[0], len(word)), ()):
        if shape.fullmatch(key):
            return key
    return ""


def _segment(run: str, start: int, vocabulary: Vocabulary) -> list[tuple[str, int, int]]:
    """Known words out of letters written apart (`k i l l  m e`), or nothing unless they make up the whole."""
    leet = spelling().leet
    letters = [(leet.get(c, "i" if c == "1" else c), start + i) for i, c in enumerate(run) if c not in " ._*-"]
    text, count = "".join(c for c, _ in letters), len(letters)
    if count < 3:
        return []
    # Fewest words first; a letter that fits no word costs as much as three words.
    best: list[tuple[int, int, bool]] = [(0, 0, True)]
    for end in range(1, count + 1):
        options = [(best[end - 1][0] + 3, end - 1, False)]
        for length in range(1, min(13, end) + 1):
            known = text[end - length : end]
            # Two letters that stand for a phrase, or a short word of another language, would be found in any word.
            if known in vocabulary.english or (
                length > 3 and (known in vocabulary.known or known in spelling().expand)
            ):
                options.append((best[end - length][0] + 1, end - length, True))
        best.append(min(options, key=lambda option: option[0]))
    words: list[tuple[str, int, int]] = []
    end = count
    while end:
        begin = best[end][1]
        words.append((text[begin:end], letters[begin][1], letters[end - 1][1] + 1))
        end = begin
    return words[::-1] if best[count][0] * 2 <= count and any(len(w) > 2 for w, _, _ in words) else []


def _together(run: str, start: int) -> list[tuple[str, int, int]]:
    """Letters written apart as one word that no rule knows; nothing of a few, which may be a list."""
    letters = re.sub(r"[ ._*-]", "", run)
    return [(letters, start, start + len(run))] if len(letters) >= LEAST_APART and letters.isalpha() else []


def plain_words(word: str) -> tuple[str, ...]:
    """The plain words that one written word stands for: `don't` is `do not`, in patterns and in messages alike.

    A word in ideographs, kana or Hangul is as many as it has characters.
    """
    if _WITHOUT_SPACES.fullmatch(word):
        return tuple(word)
    if word in spelling().expand:
        return spelling().expand[word]
    return _uncontracted(word) if "'" in word else (word,)


def _plain(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The plain words for one as written: contractions spelt out, slang and slips mended."""
    known = spelling()
    if word in known.expand:
        return known.expand[word]
    if "'" in word:
        first, *rest = _uncontracted(word)
        return (first if first in vocabulary.known else correct(first, vocabulary.english, known.keys), *rest)
    if word in vocabulary.known:
        return (word,)
    if run := _RUN.search(word):
        for shorter in _shortened(word):
            if shorter in known.expand:
                return known.expand[shorter]
            if shorter in vocabulary.known:
                return (shorter,)
        word = _RUN.sub(run.expand(r"\1"), word) if len(_RUN.findall(word)) == 1 else word
    word = correct(word, vocabulary.english, known.keys)
    return known.expand.get(word, (word,))


def _shortened(word: str) -> Iterable[str]:
    """`dieeee` with its runs of one letter cut to one or two, every way."""
    parts = re.split(r"([a-z])\1{2,}", word)  # text, letter, text, letter, …
    for sizes in product((1, 2), repeat=min(3, len(parts) // 2)):
        runs = [letter * (sizes[i] if i < len(sizes) else 1) for i, letter in enumerate(parts[1::2])]
        yield "".join(text + run for text, run in zip(parts[::2], [*runs, ""], strict=True))


_ENDINGS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}


def _uncontracted(word: str) -> tuple[str, ...]:
    word = word.strip("'")
    if word.endswith("n't"):
        return ({"ca": "can", "wo": "will", "sha": "shall", "ai": "am"}.get(word[:-3], word[:-3]), "not")
    stem, _, ending = word.partition("'")
    if ending in _ENDINGS:
        return (stem, _ENDINGS[ending])
    if ending == "s":
        return (stem, "is") if stem in spelling().is_contracted else (stem,)
    if stem in ("j", "n", "m", "t", "s", "l", "d", "qu", "c"):  # French and Italian elision: j'ai, m'uccido
        return (stem, ending)
    joined = word.replace("'", "")
    return spelling().expand.get(joined, (joined,))


def _joined(tokens: list[Token]) -> list[Token]:
    """The same tokens with a key word that was cut in two (`sui cide`) put together again, and `want 2 die` read."""
    keys = spelling().keys
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        joined = before.text + token.text if before else ""
        if (
            before
            and before.text != "my"
            and len(joined) > 5
            and joined in keys
            and not {before.text, token.text} & keys
        ):
            out[-1] = Token(before.text + token.text, before.start, token.end, before.clause)
            continue
        if token.text == "2" and before and before.text in ("want", "going", "need", "ready", "have", "trying", "got"):
            token = token._replace(text="to")
        out.append(token)
    return out
