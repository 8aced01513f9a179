"""An article's own order: what each section begins with, and what it lists."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from guide.records import Hit, Passage, Point, PointHit
from guide.retrieval.points import announces

BY_STRUCTURE = 1.0
"""The score of what is quoted for its place in the article: it isn't compared with anything."""


@dataclass(frozen=True, slots=True)
class EnumeratedItem:
    """One of the things that a section lists: what it is called, and the passages that hold it with its points."""

    name: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Enumeration:
    """What stands below a heading as a list: its sub-headings or the items of its lists, in reading order."""

    path: tuple[str, ...]
    items: tuple[EnumeratedItem, ...]


def hit_of(passage: Passage, points: Sequence[Point]) -> Hit:
    """The passage as a hit that is quoted for its place, with these points."""
    return Hit(passage, tuple(PointHit(point, BY_STRUCTURE) for point in points), BY_STRUCTURE)


def whole(passage: Passage, text: str) -> Hit:
    """The passage as a hit with all that it says: its points without those that only announce others. `text` is the
    article's.
    """
    return hit_of(passage, _telling(passage, text))


def lead(passages: Iterable[Passage], text: str) -> Hit | None:
    """The first sentence in `passages` that says something, with its passage; without one, their first item or row.

    `text` is their article's. Nothing comes back where nothing says anything by itself.
    """
    told = [(passage, point) for passage in passages for point in passage.points]
    told = [(passage, point) for passage, point in told if not announces(text[point.start : point.end])]
    sentences = [(passage, point) for passage, point in told if point.kind == "sentence"]
    return next((hit_of(passage, [point]) for passage, point in sentences or told), None)


def top_sections(passages: Iterable[Passage]) -> list[list[Passage]]:
    """The passages by the outermost heading that tells them apart, in reading order."""
    held = list(passages)
    depth = 1
    while len({passage.section[:depth] for passage in held}) == 1 and any(len(one.section) > depth for one in held):
        depth += 1
    return [list(section) for _, section in groupby(held, key=lambda passage: passage.section[:depth])]


def enumerations(passages: Sequence[Passage], text: str, is_wanted: Callable[[str], bool]) -> list[Enumeration]:
    """The lists below the headings that are wanted, in an article of these passages, in reading order: the sections
    with sub-headings, and those with list items or rows of their own. One of fewer than two things is no list.
    """
    paths = dict.fromkeys(passage.section[:depth] for passage in passages for depth in _depths(passage))
    found = [Enumeration(path, _items(path, passages, text)) for path in paths if is_wanted(path[-1])]
    return [listed for listed in found if len(listed.items) > 1]


def _depths(passage: Passage) -> range:
    return range(1, len(passage.section) + 1)


def _items(path: tuple[str, ...], passages: Sequence[Passage], text: str) -> tuple[EnumeratedItem, ...]:
    depth = len(path)
    below = [passage for passage in passages if passage.section[:depth] == path and len(passage.section) > depth]
    if below:
        by_heading = groupby(below, key=lambda passage: passage.section[depth])
        return tuple(
            EnumeratedItem(heading, tuple(whole(passage, text) for passage in held)) for heading, held in by_heading
        )
    own = [passage for passage in passages if passage.section == path]
    listed = [(passage, point) for passage in own for point in passage.points if point.kind != "sentence"]
    return tuple(
        EnumeratedItem(text[point.start : point.end], (hit_of(passage, [point]),)) for passage, point in listed
    )


def _telling(passage: Passage, text: str) -> list[Point]:
    telling = [point for point in passage.points if not announces(text[point.start : point.end])]
    return telling or list(passage.points)
