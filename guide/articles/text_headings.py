"""The headings that plain text marks as such: lines that are underlined or framed by signs, that begin with hashes, and
questions.
"""

import re
from collections.abc import Iterator

from guide.articles.pieces import Piece
from guide.text.normalise import words

_HASHES = re.compile(r"(#{1,6})\s+(\S.*?)[\s#]*")
_FRAMED = re.compile(r"\s*(([=\-~^*#+])\2+)\s+(?!page\b)(\S.*?)\s+\2{2,}\s*", re.I)
"""A line with the same signs before and after it, such as `=== Leave ===`."""

_RULE = re.compile(r"\s*([=\-~^_*#+.\"'])\1{2,}\s*")
_QUESTION = re.compile(r"\s*Q(?:uestion)?\s*\d{0,3}\s*[:.]\s*(?=\S)", re.I)
_ANSWER = re.compile(r"\s*A(?:nswer)?\s*\d{0,3}\s*[:.]\s*(?=\S)", re.I)
_MAX_WORDS = 20
_MAX_CHARACTERS = 300
_MAX_WORDS_OF_QUESTION = 40


def marked_headings(groups: list[list[str]]) -> Iterator[list[str] | Piece]:
    """The groups of lines, and between them the headings that are marked. The marks, and rules, are no text.

    Underlines of one kind make headings of one level, in the order in which the kinds come, as in reStructuredText. The
    first heading is the title, with level 1, if no other has its kind.
    """
    asks = _asks(groups)
    found: list[list[str] | tuple[str, str]] = []
    for lines in groups:
        found += _underlined(lines)
    kinds = [kind for one in found if isinstance(one, tuple) for kind in [one[0]] if kind[0] != "#"]
    titled = bool(found) and isinstance(found[0], tuple) and bool(kinds) and kinds.count(kinds[0]) == 1
    ranks = {kind: rank for rank, kind in enumerate(dict.fromkeys(kinds), start=1 if titled else 2)}
    for one in found:
        if isinstance(one, tuple):
            kind, text = one
            yield Piece("heading", text, len(kind) if kind[0] == "#" else min(ranks[kind], 6))
        elif asks:
            yield from _questions(one)
        else:
            yield one


def _underlined(lines: list[str]) -> Iterator[list[str] | tuple[str, str]]:
    """The group in parts: headings, each with its kind, and what stands between them."""
    rest: list[str] = []
    hashed = [n for n, line in enumerate(lines) if len(line) <= _MAX_CHARACTERS and _HASHES.fullmatch(line)]
    number = 0
    while number < len(lines):
        line = lines[number]
        below = lines[number + 1] if number + 1 < len(lines) else ""
        over = bool(_RULE.fullmatch(line)) and number + 2 < len(lines) and _is_under(below, lines[number + 2])
        if over and line.strip() == lines[number + 2].strip():
            text, kind, used = below, line.strip()[0] * 2, 3
        elif not rest and _is_under(line, below):
            text, kind, used = line, below.strip()[0], 2
        elif framed := _framed(line):
            text, kind, used = framed[3], framed[1], 1
            kind = f"{kind[0]} {len(kind)}"
        elif hashed == [number] and number == 0 and (hash_ := _HASHES.fullmatch(line)):
            text, kind, used = hash_[2], hash_[1], 1
        else:
            if not _RULE.fullmatch(line):
                rest.append(line)
            elif rest:
                yield rest
                rest = []
            number += 1
            continue
        if rest:
            yield rest
            rest = []
        yield kind, " ".join(text.split())
        number += used
    if rest:
        yield rest


def _framed(line: str) -> re.Match[str] | None:
    found = _FRAMED.fullmatch(line) if len(line) <= _MAX_CHARACTERS else None
    return found if found and not _HASHES.fullmatch(line) and 0 < len(words(found[3])) <= _MAX_WORDS else None


def _is_under(line: str, below: str) -> bool:
    """Whether `below` underlines `line`: about as long, and `line` is short enough for a heading."""
    if not _RULE.fullmatch(below) or _RULE.fullmatch(line):
        return False
    return 0 < len(words(line)) <= _MAX_WORDS and len(below.strip()) >= 0.7 * len(line.strip())


def _asks(groups: list[list[str]]) -> bool:
    """Whether questions and answers are marked by letters: as many of the ones as of the others, more or less."""
    questions = sum(bool(_QUESTION.match(line)) for lines in groups for line in lines)
    answers = sum(bool(_ANSWER.match(line)) for lines in groups for line in lines)
    return questions > 0 and questions / 2 <= answers <= 2 * questions


def _questions(lines: list[str]) -> Iterator[list[str] | Piece]:
    """The group in parts: questions as headings, and answers without their letters."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if _QUESTION.match(line) or _ANSWER.match(line):
            parts.append([])
        parts[-1].append(line)
    for part in filter(None, parts):
        question = " ".join(" ".join(part).split())
        if (mark := _QUESTION.match(question)) and len(words(question)) <= _MAX_WORDS_OF_QUESTION:
            yield Piece("heading", question[mark.end() :], 3)
        else:
            yield [_ANSWER.sub("", part[0], count=1), *part[1:]] if _ANSWER.match(part[0]) else part
