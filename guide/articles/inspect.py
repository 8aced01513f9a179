"""What looks wrong with articles once they are split, for whoever loads them to look into."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from guide.articles.passages import MAX_WORDS
from guide.records import Article, Entry, Section
from guide.text.normalise import excerpt, words

GIANT_WORDS = 2 * MAX_WORDS
"""A paragraph from which at least three passages are made, cut between sentences."""

WORDS_WITHOUT_HEADING = 300
"""The words from which an article without a heading is pointed out: longer ones nearly always have headings."""

SHARED_WORDS = 8
"""The words from which two sentences are hardly the same by chance."""

MIN_COLUMNS_OF_EMPTY_TABLE = 6
MAX_EMPTY_SHARE = 2 / 3
"""The share of a wide table's cells from which so many are empty that it may be text which was taken for a table."""

_SHORT_LINE = 8
_ENDS = (".", "!", "?", ":", ";", ",", "…", "”", '"', ")")
_MISTAKEN = ("\ufffd", "(cid:", "Ã©", "Ã¼", "â€")
"""What is left of characters that were read in the wrong encoding, or that a PDF doesn't tell."""

Sign = Literal["giant paragraph", "long sentence", "headings", "characters", "duplicate", "title", "help", "reading"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What looks wrong with an article; `text` goes on after its id, as a sentence for people."""

    article: str
    sign: Sign
    text: str


Found = tuple[Sign, str]


def inspect(entries: Iterable[Entry]) -> Iterator[Notice]:
    """What looks wrong with each article by itself, and in the company of those before it."""
    titles: dict[str, str] = {}
    seen: dict[str, str] = {}
    for article, passages in entries:
        points = [article.text[point.start : point.end] for passage in passages for point in passage.points]
        found = [*_structure(article), *_sentences(points), *_repetition(article.id, points, seen)]
        other = titles.setdefault(article.title.casefold(), article.id)
        if other != article.id:
            found.append(("title", f"has the same title as {other}, “{article.title}”."))
        found += [("reading", note) for note in article.notes]
        yield from (Notice(article.id, sign, text) for sign, text in found)


def _structure(article: Article) -> Iterator[Found]:
    for section in article.sections:
        length = sum(len(words(article.text[block.start : block.end])) for block in section.blocks)
        if [block.kind for block in section.blocks] == ["paragraph"] and length > GIANT_WORDS:
            heading = excerpt(section.path[-1])
            yield "giant paragraph", f"has one paragraph of {length} words below “{heading}”; divide it."
        wide = [block.cells for block in section.blocks if len(block.cells) >= MIN_COLUMNS_OF_EMPTY_TABLE]
        cells = [cell for row in wide for cell in row]
        if cells and sum(start == end for start, end in cells) >= MAX_EMPTY_SHARE * len(cells):
            below = excerpt(section.path[-1])
            yield "reading", f"has a wide table below “{below}” whose cells are mostly empty; is it text? Save it anew."
    length = len(words(article.text))
    if len(article.sections) == 1 and length > WORDS_WITHOUT_HEADING:
        yield "headings", f"has {length} words without a heading; mark its headings as such."
    short = [line for section in article.sections for line in _short_lines(article.text, section)]
    if len(short) > 1:
        yield "headings", f"has short lines that stand as paragraphs{_such_as(short)}; mark headings as such."
    if all(section.role != "help" for section in article.sections):
        yield "help", "has no section on when to seek professional help."


def _short_lines(text: str, section: Section) -> Iterator[str]:
    """Paragraphs that read like headings and have something below them."""
    for block, below in pairwise(section.blocks):
        line = text[block.start : block.end]
        short = 0 < len(words(line)) <= _SHORT_LINE and not line.endswith(_ENDS)
        if short and block.kind == "paragraph" and below.kind != "row" and section.role != "credit":
            yield line


def _sentences(points: Sequence[str]) -> Iterator[Found]:
    long = [text for text in points if len(words(text)) > MAX_WORDS]
    if long:
        yield "long sentence", f"has sentences of more than {MAX_WORDS} words{_such_as(long)}; are full stops lost?"
    odd = [text for text in points if any(sign in text for sign in _MISTAKEN)]
    if odd:
        yield "characters", f"has characters that were lost or mistaken{_such_as(odd)}; mind the file’s encoding."


def _repetition(article_id: str, points: Sequence[str], seen: dict[str, str]) -> Iterator[Found]:
    """What stands more than once; `seen` maps sentences to the article where they stood first, and grows."""
    told: dict[str, list[str]] = {}
    for text in points:
        if len(found := words(text)) >= SHARED_WORDS:
            told.setdefault(" ".join(found).casefold(), []).append(text)
    twice = [texts[0] for texts in told.values() if len(texts) > 1]
    if twice:
        yield "duplicate", f"says the same more than once{_such_as(twice)}; remove what was copied twice."
    shared = [key for key in told if key in seen]
    if shared:
        others = list(dict.fromkeys(seen[key] for key in shared))
        names = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        such_as = excerpt(told[shared[0]][0])
        yield "duplicate", f"shares {len(shared)} of its {len(told)} sentences with {names}, such as “{such_as}”."
    for key in told:
        seen.setdefault(key, article_id)


def _such_as(texts: Sequence[str]) -> str:
    return f", such as “{excerpt(texts[0])}”" + (f" ({len(texts)} in all)" if len(texts) > 1 else "")
