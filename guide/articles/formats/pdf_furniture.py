"""What stands on a PDF's pages and is none of its text: running heads, page numbers, contents, the index."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from guide.articles.formats.pdf_parts import Line, Part, Table

MIN_PAGES = 3
"""On how many pages a running head stands at least, at the same height; in a short file on half of them."""

MIN_ENTRIES = 6
MIN_SHARE = 0.6
"""How many lines of a page end with a page's number at least, and which share of them, if it is of the contents or the
index."""

MAX_UNCOUNTED = 40
"""By how much the numbers printed on the pages may go beyond their count, in a part of a book."""

_PAGE_NUMBER = re.compile(r"^\W*(?:page |seite )?\d{1,4}(?: ?(?:/|of|von) ?\d{1,4})?\W*$", re.I)
_DOTTED = re.compile(r"(?:\. ?){4,}\s*(?:\d+|[ivx]+)$")
"""What the end of a line of a table of contents looks like."""

_ENTRY = re.compile(r"(?:^|[\s,.…])(\d{1,4}|[ivxl]{1,6})(?:\s?[,–-]\s?\d{1,4}){0,12}\s*$")
"""What a line of the contents or the index ends with."""

_LISTING = re.compile(
    r"\W*(?:\d+|[ivx]+)?\W*"
    r"(?:(?:table of |list of )?contents|(?:general |subject |command |name )?index|inhalt(?:sverzeichnis)?"
    r"|(?:stichwort|sach|namens)(?:verzeichnis|register)|register|table des matières|sommaire|contenido"
    r"|inhoud(?:sopgave)?|trefwoordenregister|index (?:général|alfabético|generale)"
    r"|índice(?: general| alfabético)?|indice(?: analitico)?)"
    r"\W*(?:\d+|[ivx]+)?\W*",
    re.I,
)
"""What stands above the contents or the index."""


def furniture_of(pages: Sequence[Sequence[Part]]) -> set[int]:
    """What is none of the text, as `id` of the parts: page numbers, running heads and feet, tables of contents, and the
    index at the back.
    """
    lines = [sorted((part for part in page if isinstance(part, Line)), key=lambda line: line.top) for page in pages]
    ends = [list({id(line): line for line in (*found[:2], *found[-2:])}.values()) for found in lines]
    heads = set(_running_heads(ends))
    text = [[one for one in page if id(one) not in heads] for page in pages]
    return heads | {id(part) for part in (*_listings(text), *_unnamed_contents(text))}


def _running_heads(ends: Sequence[Sequence[Line]]) -> Iterator[int]:
    """What stands at the head or foot of pages at the same height: the same words there, apart from numbers; and where
    most pages have such a line, the others that stand first or last there in the same type, which name a chapter. A
    title in larger type that some pages repeat stays where it stands first.
    """
    times = Counter(_look(line) for page in ends for line in page)
    often = min(max(2, len(ends) / 2), MIN_PAGES)
    zones = Counter(_zone(line) for page in ends for line in page if times[_look(line)] >= often)
    titles = set[tuple[str, int]]()
    for page in ends:
        for line in page:
            is_large = line.size > min(other.size for other in page)
            if is_large and times[_look(line)] < len(ends) / 2 and _look(line) not in titles:
                titles.add(_look(line))
                continue
            is_outermost = line is page[0] or line is page[-1]
            in_zone = is_outermost and zones[_zone(line)] >= max(MIN_PAGES, len(ends) / 2)
            if in_zone or times[_look(line)] >= often or _PAGE_NUMBER.match(line.text):
                yield id(line)


def _look(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.top / 4)


def _zone(line: Line) -> tuple[int, float, bool]:
    return round(line.top / 4), line.size, line.bold


def _listings(pages: Sequence[Sequence[Part]]) -> Iterator[Part]:
    """What stands in the contents and in the index: from their heading on, and on pages after it, where nearly all
    lines end with the number of a page that there is; and dotted lines anywhere.
    """
    goes_on = False
    for page in pages:
        texts = [_texts(part) for part in page]
        dotted = [part for part, lines in zip(page, texts, strict=True) if any(map(_DOTTED.search, lines))]
        yield from dotted
        begins = next((n for n, lines in enumerate(texts) if len(lines) == 1 and _LISTING.fullmatch(lines[0])), None)
        if begins is None and not goes_on and len(dotted) < MIN_ENTRIES:
            continue
        first = begins or 0
        named = begins is not None or goes_on
        goes_on = _lists_pages([text for lines in texts[first:] for text in lines], None if named else len(pages))
        if goes_on:
            yield from page[first:]


def _unnamed_contents(pages: Sequence[Sequence[Part]]) -> Iterator[Part]:
    """What stands in contents without a heading: lines below each other that end with the numbers of pages, going up,
    and most of which stand again in the text, as headings do.
    """
    parts = [(part, _texts(part)) for page in pages for part in page]
    headings = {_title(text) for _, texts in parts for text in texts if not _ENTRY.search(text)} - {""}
    run: list[Part] = []
    entries: list[str] = []
    last = 0
    for part, texts in [*parts, (None, [])]:
        numbers = [int(found[1]) for text in texts if (found := _ENTRY.search(text)) and found[1].isdigit()]
        goes_up = bool(numbers) and len(numbers) == len(texts) and numbers == sorted(numbers)
        if part is None or not goes_up or numbers[0] < last:
            again = sum(_title(entry) in headings for entry in entries)
            if len(entries) >= MIN_ENTRIES and again >= MIN_SHARE * len(entries):
                yield from run
            run, entries = [], []
        last = numbers[-1] if goes_up else 0
        if part is not None and goes_up:
            run.append(part)
            entries += texts


def _title(entry: str) -> str:
    """The words of a line of the contents, as its heading has them."""
    return re.sub(r"\W+", "", _ENTRY.sub("", entry).casefold())


def _texts(part: Part) -> list[str]:
    """The lines of a part of a page; none of what is framed or drawn."""
    match part:
        case Line():
            return [part.text]
        case Table(drawn=False):
            return [" ".join(row) for row in part.rows]
        case _:
            return []


def _lists_pages(texts: Sequence[str], pages: int | None) -> bool:
    """Whether most lines end with the number of a page, or go on to one that does; of one that there is, unless
    `pages` is left open, since some indexes count paragraphs or lines.
    """
    found = list(map(_ENTRY.search, texts))
    numbers = [int(entry[1]) for entry in found if entry and entry[1].isdigit()]
    within = sum(pages is None or number <= pages + MAX_UNCOUNTED for number in numbers)
    entries = sum(map(bool, found))
    wrapped = sum(bool(after) and not before for before, after in pairwise(found))
    is_most = entries + wrapped / 2 >= MIN_SHARE * len(texts)
    return entries >= MIN_ENTRIES and is_most and within >= 0.8 * len(numbers)
