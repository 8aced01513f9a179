"""Plain text, as pasted from a web page → pieces.

Such text has lost its markup: headings are short lines of their own, table cells are glued together, FAQ questions are
lines, and the byline, dates and the author's note stand among the paragraphs.
"""

import re
from collections import Counter
from collections.abc import Iterator

from guide.articles.pieces import Parsed, Piece, table_pieces
from guide.articles.roles import is_faq_heading
from guide.articles.text_headings import marked_headings
from guide.articles.text_lines import Wrapping
from guide.text.normalise import words
from guide.text.sentences import message_sentences

_BULLET = re.compile(
    r"^\s*(?:[•●○◦▪▫‣⁃∙·◆◇■□►▶▷➢➤➔→❖»✓✔☐☑✅](?:\s+(?=\S)|(?=[^\W_]))|[*+\-–—]\s+(?=\S)"
    r"|(?:\(?[a-z]\)|\((?:\d{1,2}|[ivx]{1,4})\)|[ivx]{2,4}\))\s+(?=\S))"
)
_NO_MARK = re.compile(r"^\s*[✗✘❌☒🚫]\s*(?=\S)")
"""What says that something is not so: without the mark the line would say the opposite."""

_YES_MARK = re.compile(r"^\s*[✓✔☑✅]")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\S)")
_COUNTED = re.compile(r"\(?\w{1,4}\)\s")
_SECTION_NUMBER = re.compile(r"^\d{1,2}((?:\.\d{1,2}){1,3})\.?\s+(?=[^\W\d_a-z])")
_CONTENTS = re.compile(r"(?:\. ?){4,}\s*(?:\d+|[ivx]+)$")
_BYLINE = re.compile(r"^(?i:(?:written |reviewed |edited )?by):?\s+(?=[^\W\d_a-z])")
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?: [^\W\d_a-z][\w.'’\-]*){1,3}")
_DATE = (
    r"(?:[\d(]|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d)"
)
_FURNITURE = re.compile(
    rf"^(?:(?:created|updated|published|posted|last (?:updated|reviewed|modified))(?: on| at)?:?(?: {_DATE}.{{0,40}})?"
    r"|share(?: (?:this|on|via)\b.{0,40})?|advertisement|\d+[ -]min(?:ute)?s? read|(?:read|view|see) full bio\b.{0,60}"
    r"|(?:read|view|see) more\b(?: (?:about|from|on)\b.{0,60}|\W*)|table of contents|image(?: source)?:.{0,80}"
    r"|photo:.{0,80}|related(?: (?:articles|posts|reading))?(?::.{0,80})?|more (?:by|from) (?-i:[A-Z]).{0,60}"
    r"|skip to content|\[?page \d{1,4}(?: ?(?:of|/) ?\d{1,4})?\]?|[-–—] ?\d{1,4} ?[-–—])$",
    re.I,
)
_GLUE = re.compile(r"(?<=[a-z0-9)\]%!?.’'\"”])(?=[A-Z“\"(])")
_SMALL_WORDS = set("a an the and or but nor for of in on at to by vs vs. from with as is are be your you do it".split())
_CREDIT_HEADING = re.compile(r"^about (?:the|this) (?:author|writer)s?$", re.I)
_MAX_WORDS_OF_HEADING = 14
_MAX_WORDS_OF_TITLE = 30
_MAX_CHARACTERS_OF_GLUED_ROW = 400
"""Looking for the seam takes the square of a line's length; what is longer is no row of a table."""


def parse_text(text: str) -> Parsed:
    r"""The pieces of a plain-text article.

    >>> [(piece.kind, piece.text) for piece in parse_text("My Title\n\nSome words.\n\n• one\n• two").pieces]
    [('title', 'My Title'), ('paragraph', 'Some words.'), ('item', 'one'), ('item', 'two')]
    """
    reader = _Reader(_paragraphs(text), tells_apart=bool(re.search(r"^\s*[✗✘❌☒🚫]", text, re.M)))
    return Parsed(_without_bare_headings(list(reader.pieces())), title=reader.title, author=reader.author)


def _paragraphs(text: str) -> list[list[str] | Piece]:
    """Groups of lines that stand together, with hard-wrapped lines joined, and between them the headings that are
    marked as such.
    """
    groups = [group.split("\n") for group in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")) if group.strip()]
    wrapping = Wrapping(text)
    return [
        part if isinstance(part, Piece) else _unwrapped(part, wrapping)
        for lines in marked_headings(groups)
        for part in ([lines] if isinstance(lines, Piece) else _without_caption(lines))
    ]


def _without_caption(lines: list[str]) -> list[list[str]]:
    """The line above a table or a hard-wrapped paragraph apart from it, if there is no blank line in between."""
    is_above = not _table(lines) and not _is_wrapped(lines)
    below = lines[1:]
    if is_above and (_table(below) or (_is_wrapped(below) and _is_caption(lines[0].strip()))):
        return [lines[:1], below]
    return [lines]


def _is_caption(line: str) -> bool:
    return _is_title_case(line) or bool(_SECTION_NUMBER.match(line))


def _unwrapped(lines: list[str], wrapping: Wrapping) -> list[str]:
    """Lines that a fixed width broke, joined again; other lines as they are."""
    parts: list[list[str]] = []
    in_item = listed = False
    whole = _is_wrapped(lines) and not any(_BULLET.match(line) or _NUMBERED.match(line) for line in lines)
    apart = not whole and any(_stands_apart(line) for line in lines)
    for line in lines:
        starts_item = bool(_BULLET.match(line) or _NUMBERED.match(line) or _NO_MARK.match(line))
        goes_on = in_item and (line[0].isspace() or line[0].islower())
        goes_on = goes_on or (bool(parts) and not apart and wrapping.goes_on(parts[-1][-1], line))
        if (whole and parts) or (goes_on and not starts_item):
            parts[-1].append(line)
        else:
            parts.append([line])
            in_item = starts_item
            listed = listed or starts_item
    return [wrapping.joined(part) if len(part) > 1 else part[0] for part in parts]


def _stands_apart(line: str) -> bool:
    """Whether a line of a page's furniture or a byline, which is as long as others by chance."""
    return bool(_FURNITURE.match(line.strip()) or _BYLINE.match(line.strip()))


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines are about as long as each other, as those of a paragraph of fixed width."""
    widths = [len(line) for line in lines[:-1]]
    if not widths or min(widths) < 45 or max(widths) > 120 or max(widths) - min(widths) > 30:
        return False
    # A table's rows and a byline with its date have such widths too, but are lines of their own.
    apart = any("\t" in line or _stands_apart(line) for line in lines)
    return not apart and not _table(lines)


class _Reader:
    """Decides what each line is, with what it has seen before."""

    def __init__(self, groups: list[list[str] | Piece], *, tells_apart: bool) -> None:
        self.groups = groups
        self.tells_apart = tells_apart
        self.title = ""
        self.author = ""
        self._begun = False
        self._headed = False
        self._in_faq = False
        self._in_credit = False
        self._in_note = False

    def pieces(self) -> Iterator[Piece]:
        for lines in self.groups:
            if isinstance(lines, Piece):
                yield self._marked(lines)
                continue
            if not self._in_credit and (table := _table(lines)):
                yield from table
                continue
            for line in lines:
                yield self._piece(line.strip(), alone=len(lines) == 1, bulleted=bool(_BULLET.match(line)))

    def _marked(self, piece: Piece) -> Piece:
        """A heading that is marked as one; the first of the highest level at the top is the title."""
        first, self._begun = not self._begun, True
        self._in_credit = self._in_note = False
        if first and piece.level == 1:
            self.title = piece.text
            return Piece("title", piece.text, 1)
        self._headed = True
        level = max(piece.level, 2)
        self._in_faq = (self._in_faq and level == 3) or is_faq_heading(piece.text)
        return Piece("heading", piece.text, level)

    def _piece(self, line: str, *, alone: bool, bulleted: bool) -> Piece:
        if _FURNITURE.match(line) or (len(line) < 200 and _CONTENTS.search(line)):
            return Piece("furniture", line)
        first, self._begun = not self._begun, True
        if _NO_MARK.match(line) or (self.tells_apart and _YES_MARK.match(line)):
            return Piece("item", line)
        if bulleted:
            # A step keeps its number or letter.
            return Piece("item", line if _COUNTED.match(line) else _BULLET.sub("", line))
        if first and _is_title(line):
            self.title = line
            return Piece("title", line)
        if self._is_credit(line, alone=alone):
            return Piece("credit", self._unglued_name(line))
        if (byline := _BYLINE.match(line)) and len(line) < 160 and not line.endswith((".", "!", "?")):
            if not self.author and (name := _NAME.match(line[byline.end() :])):
                self.author = name[0].rstrip(",")
            return Piece("credit", line)
        if level := self._heading_level(line, alone=alone):
            self._headed = True
            self._in_faq = (level == 3 and self._in_faq) or is_faq_heading(line)
            return Piece("heading", line, level)
        if _NUMBERED.match(line):
            return Piece("item", line)
        return Piece("paragraph", line)

    def _heading_level(self, line: str, *, alone: bool) -> int:
        """2 for a section, 3 for one within it, 0 for a line that is no heading."""
        length = len(words(line))
        if self._in_faq and line.endswith("?") and length <= 30 and _is_one_sentence(line):
            return 3
        if not 0 < length <= _MAX_WORDS_OF_HEADING or line.endswith((".", ",", ";", ":", "!")):
            return 0
        if number := _SECTION_NUMBER.match(line):
            return 3 + number[1].count(".") if alone else 0
        if _NUMBERED.match(line):
            return 3 if alone else 0
        is_short = alone and length <= 8 and line[0].isupper() and _is_one_sentence(line)
        return 2 if is_short or _is_title_case(line) else 0

    def _is_credit(self, line: str, *, alone: bool) -> bool:
        """Whether the line belongs to the author's note.

        It begins with the name on a line of its own or with a heading that says so, and ends before the next heading.
        """
        after = line[len(self.author) :][:1]
        named = bool(self.author) and line.startswith(self.author) and (not after or after.isupper())
        if self._in_note and alone and not named and self._heading_level(line, alone=alone):
            self._in_credit = self._in_note = False
        elif self._in_credit:
            self._in_note = self._in_note or len(words(line)) > _MAX_WORDS_OF_HEADING
        elif _CREDIT_HEADING.match(line) or (named and self._headed):
            self._in_credit = True
        # Above the first heading the name is the byline's once more, not the note.
        return self._in_credit or named

    def _unglued_name(self, line: str) -> str:
        """The author's name and role, which were glued together when the page was copied, apart again."""
        seam = len(self.author)
        glued = self.author and line.startswith(self.author) and line[seam : seam + 1].isupper()
        return f"{self.author}, {line[seam:]}" if glued else line


def _without_bare_headings(pieces: list[Piece]) -> list[Piece]:
    """The pieces, where a heading with nothing below it is an ordinary line, so that its words aren't lost.

    Numbered ones are a list's items, those that come again with a section are a table of contents.
    """
    if not any(piece.kind in ("paragraph", "item", "row") for piece in pieces):
        return pieces
    times = Counter(piece.text for piece in pieces if piece.kind == "heading")
    levels_below = _levels_below(pieces)
    settled: list[Piece] = []
    counting = False
    for piece, below in zip(pieces, levels_below, strict=True):
        numbered = _NUMBERED.match(piece.text)
        if piece.kind != "heading" or (below > piece.level and not (counting and numbered)):
            counting = False
            settled.append(piece)
        elif numbered:
            counting = True
            settled.append(Piece("item", piece.text))
        elif times[piece.text] > 1:
            settled.append(Piece("furniture", piece.text))
        elif piece.level == 3:
            settled.append(piece)
        else:
            settled.append(Piece("paragraph", piece.text))
    return settled


def _levels_below(pieces: list[Piece]) -> list[int]:
    """For each piece the level of the heading that comes next, or a great one if text does; 0 at the end."""
    levels, level = [], 0
    for piece in reversed(pieces):
        levels.append(level)
        if piece.kind not in ("furniture", "credit"):
            level = piece.level if piece.kind == "heading" else 9
    return levels[::-1]


def _is_title(line: str) -> bool:
    """Whether an article's first line is its title, rather than the beginning of its text."""
    length = len(words(line))
    return length <= _MAX_WORDS_OF_TITLE and not (line.endswith(".") and length > 12) and not _NUMBERED.match(line)


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
    return list(table_pieces(rows[0], rows[1:]))


def _unglued_cells(line: str, known: Counter[str]) -> tuple[str, str] | None:
    """The two cells that were glued together in `line`.

    The seam is where a word's end meets a capital. Where several places qualify ("McCarthy"), the one whose words also
    stand elsewhere in the table is taken, then the one that leaves the cells most alike in length.

    >>> _unglued_cells("Numbness or flat responseAbility to regulate", Counter())
    ('Numbness or flat response', 'Ability to regulate')
    """
    if len(line) > _MAX_CHARACTERS_OF_GLUED_ROW or line.endswith(".") or line[0].islower():
        return None
    seams = [found.start() for found in _GLUE.finditer(line)]
    if not seams:
        return None

    def fit(seam: int) -> tuple[int, int]:
        left, right = words(line[:seam]), words(line[seam:])
        seen = (known[left[-1]] > 0 if left else 0) + (known[right[0]] > 0 if right else 0)
        return seen, -abs(len(line) - 2 * seam)

    best = max(seams, key=fit)
    left, right = line[:best].strip(), line[best:].strip()
    return (left, right) if words(left) and words(right) else None


def _is_one_sentence(line: str) -> bool:
    # A full stop inside speaks against a heading, even an abbreviation's.
    return len(message_sentences(line)) == 1
