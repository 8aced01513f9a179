"""Parts of a PDF's pages → HTML: headings, paragraphs, lists, tables, boxes and notes, told by how they are set."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from guide.articles.formats.panels import AGAIN
from guide.articles.formats.pdf_furniture import furniture_of
from guide.articles.formats.pdf_parts import LEVEL, RAISED, Box, Line, Part, Table, text_of_part
from guide.articles.page_marks import page_mark, without_page_marks
from guide.articles.text_lines import Wrapping
from guide.text.normalise import words
from guide.text.sentences import ends_sentence

_BULLET = re.compile(r"^(?:[•●◦▪‣⁃∙·■□➢✓*–—-]|\(cid:\d+\)|[\uf000-\uf0ff]|[\ue000-\uf8ff\ufffd](?=\s))\s*(?=\S)")
_LOST_SIGN = re.compile(r"(?<!\S)(?:[\ue000-\uf8ff\ufffd]|\(cid:\d+\))+(?!\S) ?")
_LOST = re.compile(r"[\ue000-\uf8ff]|\(cid:\d+\)")
"""Glyphs without a letter: bullets, ticks and the like where they stand by themselves, otherwise letters of a word."""

_DASH = re.compile(r"^[*–—-]")
_NUMBER = re.compile(r"^\(?(\d{1,2})[.)]\s+(?=\S)")
_SOFT_HYPHEN = re.compile("(?<=\\w)[\u00ad\u2010]$")
_MAX_WORDS_OF_HEADING = 30
_MAX_WORDS_OF_BOLD_HEADING = 14
_NOTE_SIZE = 0.93
"""The size of a footnote's letters at most, as a share of the text's."""


def to_html(pages: Sequence[Sequence[Part]]) -> str:
    """The HTML of what the pages hold, without what stands at the head and foot of each. Where a page's words begin
    stands its mark.
    """
    furniture = furniture_of(pages)
    kept = [[part for part in page if id(part) not in furniture] for page in pages]
    return "\n".join(_Setting(kept).elements())


class _Setting:
    """How a document is set, and what that makes of its parts."""

    def __init__(self, pages: Sequence[Sequence[Part]]) -> None:
        parts = [part for page in pages for part in page]
        lines = [part for part in parts if isinstance(part, Line)]
        weights = Counter[tuple[float, bool]]()
        for line in lines:
            weights[line.size, line.bold] += len(line.text)
        self.size, self.bold = weights.most_common(1)[0][0] if weights else (0.0, False)
        self.items = set(_bold_items(lines))
        self.looks = sorted({(line.size, line.bold) for line in lines if self._is_heading(line)}, reverse=True)
        body = [line for line in lines if line.size == self.size]
        steps = Counter(round(b.top - a.top, 1) for a, b in pairwise(body) if 0 < b.top - a.top < 4 * self.size)
        # The distance between a paragraph's lines: the least of those that are common.
        self.step = min((step for step in steps if 2 * steps[step] >= max(steps.values())), default=0)
        self.wrapping = Wrapping("\n".join(map(text_of_part, parts)))
        self.pages = pages
        self.numbers = {id(part): number for number, page in enumerate(pages, 1) for part in _with_boxed(page)}
        self._page = 0
        self._heading = ("", "")
        self._in_box = self._heads_box = self._goes_on = False

    def _is_heading(self, line: Line) -> bool:
        """Whether a line is larger than the text, or bold and no sentence, and no item of a list."""
        text = line.plain
        if not re.search(r"[^\W\d_]", text) or id(line) in self.items:
            return False
        if _BULLET.match(text) and not _DASH.match(text):
            return False
        sentence = text.endswith((".", ":", ",", ";")) or len(words(text)) > _MAX_WORDS_OF_BOLD_HEADING
        is_bold = line.bold and not self.bold and line.size >= 0.95 * self.size and not sentence
        return line.size >= 1.08 * self.size or is_bold

    def elements(self) -> Iterator[str]:
        """The document's elements, in reading order, its footnotes last."""
        notes = [note for page in self.pages for note in self._notes(page)]
        of_notes = {id(line) for note in notes for line in note}
        yield from self._parts([part for page in self.pages for part in page if id(part) not in of_notes])
        for note in notes:
            yield f'<aside role="doc-footnote">{self._joined(note)}</aside>'

    def _notes(self, page: Sequence[Part]) -> Iterator[list[Line]]:
        """The footnotes of a page: small lines at the foot of a column, the first of each with a raised mark."""
        column: list[Line] = []
        for part in [*page, None]:
            if isinstance(part, Line) and (not column or part.top > column[-1].top):
                column.append(part)
                continue
            if part is None or isinstance(part, Line):
                yield from self._notes_below(column)
                column = [part] if part else []

    def _notes_below(self, column: Sequence[Line]) -> Iterator[list[Line]]:
        first = len(column)
        while first and column[first - 1].size <= _NOTE_SIZE * self.size:
            first -= 1
        note: list[Line] = []
        for line in column[first:]:
            if line.text.startswith(RAISED):
                if note:
                    yield note
                note = [line]
            elif note:
                note.append(line)
        if note:
            yield note

    def _parts(self, parts: Sequence[Part]) -> Iterator[str]:
        """The elements of parts of pages. A box waits for the end of the sentence that it interrupts."""
        block: list[Line] = []
        rows: list[tuple[str, ...]] = []
        boxes: list[Box] = []
        drawn = True
        for part in parts:
            if isinstance(part, Box):
                boxes.append(part)
                if block and (self._kind(block[0]) != "p" or ends_sentence(block[-1].plain)):
                    yield from self._text(block)
                if not block:
                    yield from self._table(rows, drawn=drawn)
                    yield from self._boxes(boxes)
            elif isinstance(part, Table):
                yield from self._text(block)
                yield from self._boxes(boxes)
                goes_on = rows and part.first and len(rows[0]) == len(part.rows[0]) and drawn == part.drawn
                if not goes_on:
                    yield from self._table(rows, drawn=drawn)
                drawn = part.drawn
                first, *others = part.rows[1:] if goes_on and part.rows[0] == rows[0] else part.rows or ((),)
                rows += [(self._mark(part) + first[0], *first[1:]), *others] if first else []
            else:
                yield from self._table(rows, drawn=drawn)
                if block and self._begins(part, block, after_box=bool(boxes)):
                    yield from self._text(block)
                    yield from self._boxes(boxes)
                block.append(part)
        yield from self._text(block)
        yield from self._boxes(boxes)
        yield from self._table(rows, drawn=drawn)

    def _boxes(self, boxes: list[Box]) -> Iterator[str]:
        """The elements of boxes, which are taken away; what comes after one that has a heading stands below the heading
        that was above it.
        """
        for box in boxes:
            self._in_box, self._heads_box = True, False
            yield from self._parts(box.parts)
            self._in_box = False
            self._goes_on = self._goes_on or self._heads_box
        boxes.clear()

    def _kind(self, line: Line) -> str:
        if self._is_heading(line):
            if not self._in_box:
                return f"h{min(self.looks.index((line.size, line.bold)) + 1, 6)}"
            # Below the heading that stands above the box, whatever its size; without one it couldn't end.
            return f"h{min(int(self._heading[0][1]) + 1, 6)}" if self._heading[0] else "p"
        return "li" if _BULLET.match(line.plain) or _NUMBER.match(line.plain) else "p"

    def _begins(self, line: Line, block: Sequence[Line], *, after_box: bool) -> bool:
        """Whether `line` begins something of its own, rather than going on with the lines before it."""
        first, last = block[0], block[-1]
        kind, before = self._kind(line), self._kind(first)
        if kind == "li":
            return True
        # To the top of another column, or below a box.
        elsewhere = after_box or self.numbers[id(line)] != self.numbers[id(last)] or line.top <= last.top
        near = not elsewhere and line.top - last.top <= 1.25 * max(self.step, last.size)
        short = last.right < last.edge - 0.15 * (last.edge - last.left)
        if before == "li" and kind.startswith("h") and (line.size, line.bold) == (last.size, last.bold) and near:
            # A bold item goes over two lines.
            return line.left < first.left - 1 or (line.left <= first.left + 2 and short)
        if "h" in kind + before:
            return kind != before or elsewhere or line.top - last.top > 1.6 * last.size
        ended = ends_sentence(last.plain) or last.plain.endswith(":")
        if elsewhere:
            return ended
        if line.top - last.top > 1.25 * self.step:
            return True
        if before == "li":
            return ended and line.left <= first.left + 1
        return ended and (short or line.left > first.left + 0.8 * line.size)

    def _text(self, block: list[Line]) -> Iterator[str]:
        """The element of the lines, which are taken away."""
        if not block:
            return
        kind = self._kind(block[0])
        if kind.startswith("h") and len(words(" ".join(line.plain for line in block))) > _MAX_WORDS_OF_HEADING:
            kind = "p"
        if kind.startswith("h"):
            text = self._joined(block)
            if self._in_box:
                self._heads_box = True
            else:
                self._heading, self._goes_on = (kind, without_page_marks(text)), False
            yield f"<{kind}>{text}</{kind}>"
        else:
            yield from self._heading_again()
            number = _NUMBER.match(block[0].plain)
            text = self._joined(block, is_item=kind == "li")
            if kind == "li":
                yield f'<ol start="{int(number[1])}"><li>{text}</li></ol>' if number else f"<ul><li>{text}</li></ul>"
            else:
                yield f"<{kind}>{text}</{kind}>"
        block.clear()

    def _heading_again(self) -> Iterator[str]:
        """The heading above a box, where text goes on after it."""
        kind, text = self._heading
        if self._goes_on and kind:
            yield f'<{kind} {AGAIN}="">{text}</{kind}>'
        self._goes_on = False

    def _joined(self, lines: Sequence[Line], *, is_item: bool = False) -> str:
        """The lines as one, in HTML: broken words are whole again, raised letters raised; without an item's bullet or
        number, and with marks where pages begin.
        """
        texts = [_SOFT_HYPHEN.sub("-", line.text) for line in lines]
        if is_item:
            texts[0] = _NUMBER.sub("", _BULLET.sub("", texts[0]))
        for number, line in enumerate(lines):
            if mark := self._mark(line):
                # A broken word belongs to the page on which it begins, and what stands raised at first goes.
                broken = number and texts[number - 1].endswith("-")
                first = re.match(r"\w*" if broken else f"(?:{RAISED}[^{LEVEL}]*{LEVEL} *)?", texts[number])
                place = first.end() if first else 0
                texts[number] = texts[number][:place] + mark + texts[number][place:]
        text = escape(_LOST.sub("\ufffd", _LOST_SIGN.sub("", self.wrapping.joined(texts))).strip())
        return text.replace(RAISED, "<sup>").replace(LEVEL, "</sup>")

    def _mark(self, part: Part) -> str:
        """The mark of the page that a part stands on, if it isn't the page of what was written last."""
        number = self.numbers[id(part)]
        if number == self._page:
            return ""
        self._page = number
        return page_mark(number)

    def _table(self, rows: list[tuple[str, ...]], *, drawn: bool) -> Iterator[str]:
        """The element of a table's rows, which are taken away. The first holds the names of the columns if the table is
        drawn; otherwise that must show.
        """
        if rows:
            yield from self._heading_again()
        for number, row in enumerate(rows):
            tag = "td" if number or not drawn else "th"
            cells = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
            yield ("" if number else "<table>") + f"<tr>{cells}</tr>" + ("" if number + 1 < len(rows) else "</table>")
        rows.clear()


def _with_boxed(page: Sequence[Part]) -> Iterator[Part]:
    for part in page:
        yield part
        if isinstance(part, Box):
            yield from part.parts


def _bold_items(lines: Sequence[Line]) -> Iterator[int]:
    """The bold lines, as their `id`, that are items of a numbered list: right below each other, counting up."""
    run: list[Line] = []
    numbers: list[int] = []
    for line in lines:
        found = _NUMBER.match(line.plain)
        follows = run and line.bold and line.size == run[-1].size and 0 < line.top - run[-1].top < 2.5 * line.size
        if follows and found and int(found[1]) == numbers[-1] + 1:
            numbers.append(int(found[1]))
            run.append(line)
        elif follows and not found:
            run.append(line)
        else:
            if len(numbers) > 1:
                yield from (id(one) for one in run if _NUMBER.match(one.plain))
            run, numbers = ([line], [int(found[1])]) if found and line.bold else ([], [])
    if len(numbers) > 1:
        yield from (id(one) for one in run if _NUMBER.match(one.plain))
