"""Plain text, as pasted from a web page → pieces.

Such text has lost its markup: headings are short lines of their own, table cells are glued together, FAQ questions are
lines, and the byline, dates and the author's note stand among the paragraphs.
"""

import re
from collections import Counter
from collections.abc import Iterator

from guide.article import Parsed, Piece, is_faq_heading, words

_BULLET = re.compile(r"^\s*[•●◦▪‣⁃*+\-–—]\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\S)")
_BYLINE = re.compile(r"^(?i:(?:written |reviewed |edited )?by):?\s+(?=[^\W\d_a-z])")
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?: [^\W\d_a-z][\w.'’\-]*){1,3}")
_FURNITURE = re.compile(
    r"^(?:(?:created|updated|published|posted|last (?:updated|reviewed|modified))\b.{0,60}|share\b.{0,40}|advertisement"
    r"|\d+ min(?:ute)?s? read|(?:read|view|see) (?:full bio|more)\b.{0,60}|table of contents|image(?: source)?:.{0,80}"
    r"|photo:.{0,80}|related(?: articles| posts)?:?.{0,80}|more (?:by|from)\b.{0,60}|skip to content)$",
    re.I,
)
_GLUE = re.compile(r"(?<=[a-z0-9)\]%!?.’'\"”])(?=[A-Z“\"(])")
_SMALL_WORDS = set("a an the and or but nor for of in on at to by vs vs. from with as is are be your you do it".split())
_CREDIT_HEADING = re.compile(r"^about (?:the|this) (?:author|writer)s?$", re.I)


def parse_text(text: str) -> Parsed:
    r"""The pieces of a plain-text article.

    >>> [(piece.kind, piece.text) for piece in parse_text("My Title\n\nSome words.\n\n• one\n• two").pieces]
    [('title', 'My Title'), ('paragraph', 'Some words.'), ('item', 'one'), ('item', 'two')]
    """
    reader = _Reader(_paragraphs(text))
    return Parsed(list(reader.pieces()), title=reader.title, author=reader.author)


def _paragraphs(text: str) -> list[list[str]]:
    """Groups of lines that stand together, with hard-wrapped lines joined."""
    groups = [group.split("\n") for group in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")) if group.strip()]
    return [_unwrapped(lines) for lines in groups]


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that a fixed width broke, joined again; other lines as they are."""
    joined: list[str] = []
    for line in lines:
        starts_new = bool(_BULLET.match(line) or _NUMBERED.match(line))
        in_item = bool(joined) and bool(_BULLET.match(joined[-1]) or _NUMBERED.match(joined[-1]))
        if joined and in_item and not starts_new and line.startswith((" ", "\t")):
            joined[-1] += " " + line.strip()
        else:
            joined.append(line)
    if len(joined) == 1 or any(_BULLET.match(line) or _NUMBERED.match(line) or "\t" in line for line in joined):
        return joined
    widths = [len(line) for line in joined[:-1]]
    wrapped = min(widths) >= 45 and max(widths) <= 120 and max(widths) - min(widths) <= 30
    # A table's rows and a byline with its date have such widths too, but are lines of their own.
    apart = any(_FURNITURE.match(line.strip()) or _BYLINE.match(line.strip()) for line in joined)
    return [" ".join(line.strip() for line in joined)] if wrapped and not apart and not _table(joined) else joined


class _Reader:
    """Decides what each line is, with what it has seen before."""

    def __init__(self, groups: list[list[str]]) -> None:
        self.groups = groups
        self.title = ""
        self.author = ""
        self._in_faq = False
        self._in_credit = False
        self._numbered_level = 3

    def pieces(self) -> Iterator[Piece]:
        for number, lines in enumerate(self.groups):
            if not self._in_credit and (table := _table(lines)):
                yield from table
                continue
            for place, line in enumerate(lines):
                last = number == len(self.groups) - 1 and place == len(lines) - 1
                yield self._piece(line.strip(), alone=len(lines) == 1, last=last, begins=bool(_BULLET.match(line)))

    def _piece(self, line: str, *, alone: bool, last: bool, begins: bool) -> Piece:
        if not self.title:
            self.title = line
            return Piece("title", line)
        if _FURNITURE.match(line):
            return Piece("furniture", line)
        if begins:
            return Piece("item", _BULLET.sub("", line))
        if self._credit_begins(line) or self._in_credit:
            return Piece("credit", self._unglued_name(line))
        if (byline := _BYLINE.match(line)) and len(line) < 160 and not line.endswith((".", "!", "?")):
            if not self.author and (name := _NAME.match(line[byline.end() :])):
                self.author = name[0].rstrip(",")
            return Piece("credit", line)
        if not last and (level := self._heading_level(line, alone=alone)):
            return Piece("heading", line, level)
        if _NUMBERED.match(line):
            return Piece("item", _NUMBERED.sub("", line))
        return Piece("paragraph", line)

    def _heading_level(self, line: str, *, alone: bool) -> int:
        """2 for a section, 3 for one within it, 0 for a line that is no heading."""
        is_question = line.endswith("?")
        if self._in_faq and is_question and len(words(line)) <= 30:
            return 3
        if len(words(line)) > 14 or line.endswith((".", ",", ";", ":", "!")) or not words(line):
            return 0
        if _NUMBERED.match(line):
            return 3 if alone else 0
        if not (_is_title_case(line) or (alone and len(words(line)) <= 8 and line[0].isupper())):
            return 0
        self._in_faq = is_faq_heading(line)
        return 2

    def _credit_begins(self, line: str) -> bool:
        """Whether the author's note starts here: the name alone on a line, or a heading that says so."""
        if _CREDIT_HEADING.match(line) or (self.author and line == self.author):
            self._in_credit = True
        return self._in_credit

    def _unglued_name(self, line: str) -> str:
        """The author's name and role, which were glued together when the page was copied, apart again."""
        seam = len(self.author)
        glued = self.author and line.startswith(self.author) and line[seam : seam + 1].isupper()
        return f"{self.author}, {line[seam:]}" if glued else line


def _is_title_case(line: str) -> bool:
    """Whether all words of weight begin with a capital.

    >>> _is_title_case("Detachment vs. Disinterest: Clearing Up Misconceptions"), _is_title_case("She left on Monday")
    (True, False)
    """
    weighty = [word for word in words(line) if word.lower() not in _SMALL_WORDS and not word[0].isdigit()]
    capital = sum(word[0].isupper() for word in weighty)
    return line[0] not in "\"“'" and capital >= 1 and capital >= 0.8 * len(weighty)


def _table(lines: list[str]) -> list[Piece]:
    """The rows of a table, its column names first, or nothing if the lines aren't one."""
    if len(lines) < 3 or any(_BULLET.match(line) for line in lines):
        return []
    for separator in ("\t", "|"):
        if all(separator in line for line in lines):
            rows = [tuple(cell.strip() for cell in line.strip("| ").split(separator)) for line in lines]
            rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
            return _rows(rows)
    known = Counter(word for line in lines for word in words(line))
    rows = [pair for line in lines if (pair := _unglued_cells(line.strip(), known))]
    return _rows(rows) if len(rows) == len(lines) else []


def _rows(rows: list[tuple[str, ...]]) -> list[Piece]:
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return []
    return [Piece("row" if number else "columns", "", cells=cells) for number, cells in enumerate(rows)]


def _unglued_cells(line: str, known: Counter[str]) -> tuple[str, str] | None:
    """The two cells that were glued together in `line`.

    The seam is where a word's end meets a capital. Where several places qualify ("McCarthy"), the one whose words also
    stand elsewhere in the table is taken, then the one that leaves the cells most alike in length.

    >>> _unglued_cells("Numbness or flat responseAbility to regulate", Counter())
    ('Numbness or flat response', 'Ability to regulate')
    """
    seams = [found.start() for found in _GLUE.finditer(line)]
    if not seams or line.endswith("."):
        return None

    def fit(seam: int) -> tuple[int, int]:
        left, right = words(line[:seam]), words(line[seam:])
        seen = (known[left[-1]] > 0 if left else 0) + (known[right[0]] > 0 if right else 0)
        return seen, -abs(len(line) - 2 * seam)

    best = max(seams, key=fit)
    left, right = line[:best].strip(), line[best:].strip()
    return (left, right) if words(left) and words(right) else None
