"""Where the pages of a PDF begin: marks in an article's text while it is read, offsets once it is assembled."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from guide.records import Article

# Characters that Unicode keeps for a program's own use: no text has them.
_MARK = re.compile("\ufdd2(\\d+)\ufdd3")


def page_mark(number: int) -> str:
    """What stands in a text, while it is read, where the words of the page of that number begin."""
    return f"\ufdd2{number}\ufdd3"


def without_page_marks(text: str) -> str:
    """The text with no marks of pages in it."""
    return _MARK.sub("", text) if "\ufdd2" in text else text


def by_page(text: str) -> Iterator[tuple[int, str]]:
    """The stretches of a text between its marks, each with the number of the page that begins there, or 0.

    >>> list(by_page("It is " + page_mark(2) + "mild."))
    [(0, 'It is '), (2, 'mild.')]
    """
    first, *others = _MARK.split(text)
    if first:
        yield 0, first
    for number, stretch in zip(others[::2], others[1::2], strict=True):
        yield int(number), stretch


def pages_between(article: Article, start: int, end: int) -> tuple[int, ...]:
    """The numbers of the pages on which the words between two offsets stand, in order; none if it has no pages."""
    first = bisect_right(article.pages, (start, 1 << 30)) - 1
    last = bisect_right(article.pages, (max(start, end - 1), 1 << 30)) - 1
    return tuple(sorted({number for _, number in article.pages[max(0, first) : last + 1]}))
