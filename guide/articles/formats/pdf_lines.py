"""Lines of a PDF → HTML: headings, paragraphs, lists and tables, told by how the lines are set."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from guide.text.normalise import words
from guide.text.sentences import ends_sentence

_BULLET = re.compile(r"^(?:[•●◦▪‣⁃∙·■□➢✓*–—-]|\(cid:\d+\)|[\uf000-\uf0ff])\s*(?=\S)")
_NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+(?=\S)")
_PAGE_NUMBER = re.compile(r"^\W*(?:page |seite )?\d{1,4}(?: ?(?:/|of|von) ?\d{1,4})?\W*$", re.I)
_BREAK = re.compile("(\\w+)[-\u00ad]$")
_CONTENTS = re.compile(r"(?:\. ?){4,}\s*(?:\d+|[ivx]+)$")
"""What the end of a line of a table of contents looks like."""

_MAX_WORDS_OF_HEADING = 30
_MAX_WORDS_OF_BOLD_HEADING = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and how it is set; lengths in points, places from the left and the top."""

    text: str
    left: float
    right: float
    edge: float
    """The place across the page where the longest line of this line's column ends, in points."""
    top: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, its column names first, unless it goes on from the page before."""

    rows: tuple[tuple[str, ...], ...]
    first: bool
    """Whether the table stands at the top of its page or column."""


def to_html(pages: Sequence[Sequence[Line | Table]]) -> str:
    """The HTML of what the pages hold, without what stands at the head and foot of each."""
    furniture = _furniture(pages)
    kept = [[what for what in page if id(what) not in furniture] for page in pages]
    return "\n".join(_Setting([line for page in kept for line in page if isinstance(line, Line)]).elements(kept))


def _furniture(pages: Sequence[Sequence[Line | Table]]) -> set[int]:
    """The page numbers, what stands at the same place on at least half of the pages, and tables of contents, as `id` of
    the lines.
    """
    ends = []
    for page in pages:
        lines = sorted((what for what in page if isinstance(what, Line)), key=lambda line: line.top)
        ends += list({id(line): line for line in (*lines[:2], *lines[-2:])}.values())

    def look(line: Line) -> tuple[str, int]:
        return re.sub(r"\d+", "#", line.text), round(line.top / 4)

    times = Counter(map(look, ends))
    found = {id(line) for line in ends if times[look(line)] >= max(2, len(pages) / 2) or _PAGE_NUMBER.match(line.text)}
    return found | {
        id(what) for page in pages for what in page if isinstance(what, Line) and _CONTENTS.search(what.text)
    }


class _Setting:
    """How a document is set, and what that makes of its lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        weights = Counter[tuple[float, bool]]()
        for line in lines:
            weights[line.size, line.bold] += len(line.text)
        self.size, self.bold = weights.most_common(1)[0][0] if weights else (0.0, False)
        self.looks = sorted({(line.size, line.bold) for line in lines if self._is_heading(line)}, reverse=True)
        body = [line for line in lines if line.size == self.size]
        steps = Counter(round(b.top - a.top, 1) for a, b in pairwise(body) if 0 < b.top - a.top < 4 * self.size)
        # The distance between a paragraph's lines: the least of those that are common.
        self.step = min((step for step in steps if 2 * steps[step] >= max(steps.values())), default=0)
        self.hyphenated = set(re.findall(r"\w+-\w+", "\n".join(line.text for line in lines)))

    def _is_heading(self, line: Line) -> bool:
        """Whether a line is larger than the text, or bold and no sentence."""
        if not re.search(r"[^\W\d_]", line.text):
            return False
        sentence = line.text.endswith((".", ":", ",", ";")) or len(words(line.text)) > _MAX_WORDS_OF_BOLD_HEADING
        is_bold = line.bold and not self.bold and line.size >= 0.95 * self.size and not sentence
        return line.size >= 1.08 * self.size or is_bold

    def elements(self, pages: Sequence[Sequence[Line | Table]]) -> Iterator[str]:
        """The document's elements, in reading order."""
        block: list[Line] = []
        rows: list[tuple[str, ...]] = []
        for page in pages:
            for place, what in enumerate(page):
                if isinstance(what, Table):
                    yield from self._text(block)
                    goes_on = rows and what.first and len(rows[0]) == len(what.rows[0])
                    if not goes_on:
                        yield from _table(rows)
                    rows += what.rows[1:] if goes_on and what.rows[0] == rows[0] else what.rows
                    continue
                yield from _table(rows)
                if block and self._begins(what, block, new_page=place == 0):
                    yield from self._text(block)
                block.append(what)
        yield from self._text(block)
        yield from _table(rows)

    def _kind(self, line: Line) -> str:
        if self._is_heading(line):
            return f"h{min(self.looks.index((line.size, line.bold)) + 1, 6)}"
        return "li" if _BULLET.match(line.text) or _NUMBER.match(line.text) else "p"

    def _begins(self, line: Line, block: Sequence[Line], *, new_page: bool) -> bool:
        """Whether `line` begins something of its own, rather than going on with the lines before it."""
        first, last = block[0], block[-1]
        kind, before = self._kind(line), self._kind(first)
        if kind == "li":
            return True
        # To the top of another column.
        elsewhere = new_page or line.top <= last.top
        if "h" in kind + before:
            return kind != before or elsewhere or line.top - last.top > 1.6 * last.size
        ended = ends_sentence(last.text) or last.text.endswith(":")
        if elsewhere:
            return ended
        if line.top - last.top > 1.25 * self.step:
            return True
        if before == "li":
            return ended and line.left <= first.left + 1
        short = last.right < last.edge - 0.15 * (last.edge - last.left)
        return ended and (short or line.left > first.left + 0.8 * line.size)

    def _text(self, block: list[Line]) -> Iterator[str]:
        """The element of the lines, which are taken away."""
        if not block:
            return
        kind, text = self._kind(block[0]), self._joined([line.text for line in block])
        block.clear()
        if kind == "li":
            yield f"<ul><li>{escape(_NUMBER.sub('', _BULLET.sub('', text)))}</li></ul>"
        else:
            kind = "p" if len(words(text)) > _MAX_WORDS_OF_HEADING else kind
            yield f"<{kind}>{escape(text)}</{kind}>"

    def _joined(self, lines: Sequence[str]) -> str:
        """The lines as one, with words that were broken at their ends whole again."""
        text = lines[0]
        for line in lines[1:]:
            broken = _BREAK.search(text)
            if broken and line[0].islower():
                has_hyphen = f"{broken[1]}-{words(line)[0]}" in self.hyphenated
                text = text[: None if has_hyphen else -1] + line
            else:
                text = f"{text} {line}"
        return text


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """The element of a table's rows, which are taken away."""
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        cells = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
        yield ("" if number else "<table>") + f"<tr>{cells}</tr>" + ("" if number + 1 < len(rows) else "</table>")
    rows.clear()
