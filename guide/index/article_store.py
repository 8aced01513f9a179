"""A segment's articles and their passages, each read from its file when it is asked for and kept for a while."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from guide.hashing import canonical
from guide.records import ROLES, Article, Block, Entry, Passage, Point, Section

KEPT = 256
"""How many articles are kept once they were read; a page of text is some 50 kB as records."""


@dataclass(frozen=True, slots=True)
class ArticleMetadata:
    """What is known of an article without reading it."""

    id: str
    title: str
    sha256: str
    """Of all that its record holds."""
    source_sha256: str = ""
    """Of the file that it was read from."""

    def record(self) -> dict[str, str]:
        """What JSON says of it; `asdict` takes ten times as long."""
        return {"id": self.id, "title": self.title, "sha256": self.sha256, "source_sha256": self.source_sha256}


def metadata_of(article: Article, source_sha256: str = "") -> ArticleMetadata:
    """The card of `article`."""
    digest = sha256(canonical(asdict(article)).encode()).hexdigest()
    return ArticleMetadata(article.id, article.title, digest, source_sha256)


class Entries(Protocol):
    """The articles of a segment with their passages, by number."""

    def entry(self, number: int) -> Entry:
        """An article with its passages."""

    def text(self, number: int) -> str:
        """An article's text."""

    def passage(self, number: int, place: int) -> Passage:
        """One of an article's passages."""


@dataclass(frozen=True)
class ArticleTable:
    """The articles of a segment in order, and where each one's passages and points stand among all of the segment's."""

    cards: tuple[ArticleMetadata, ...]
    first_passages: NDArray[np.int64]
    """`(articles + 1,)`: each article's first passage."""
    first_points: NDArray[np.int64]
    """`(passages + 1,)`: each passage's first point."""
    roles: NDArray[np.uint8]
    """`(passages,)`: each passage's role, as a place in `ROLES`."""
    entries: Entries = field(compare=False)

    @classmethod
    def of(cls, entries: Sequence[Entry], cards: Sequence[ArticleMetadata]) -> "ArticleTable":
        """A shelf in memory."""
        passages = [passage for _, of_article in entries for passage in of_article]
        return cls(
            cards=tuple(cards),
            first_passages=np.cumsum([0, *(len(of_article) for _, of_article in entries)], dtype=np.int64),
            first_points=np.cumsum([0, *(len(passage.points) for passage in passages)], dtype=np.int64),
            roles=np.array([ROLES.index(passage.role) for passage in passages], dtype=np.uint8),
            entries=_InMemory(entries),
        )

    def owner(self, row: int) -> int:
        """The number of the article that passage `row` is from."""
        return int(np.searchsorted(self.first_passages, row, side="right")) - 1

    def passage(self, row: int) -> Passage:
        """Passage `row`."""
        number = self.owner(row)
        return self.entries.passage(number, row - int(self.first_passages[number]))


@dataclass(frozen=True, slots=True)
class _InMemory:
    held: Sequence[Entry]

    def entry(self, number: int) -> Entry:
        return self.held[number]

    def text(self, number: int) -> str:
        return self.held[number][0].text

    def passage(self, number: int, place: int) -> Passage:
        return self.held[number][1][place]


def write_entries(path: Path, entries: Iterable[Entry]) -> NDArray[np.int64]:
    """Writes the articles with their passages to `path`, a line each; `(articles + 1,)`: the bytes where they begin."""
    begins = [0]
    with path.open("wb") as stream:
        for article, passages in entries:
            record = {"article": asdict(article), "passages": [asdict(passage) for passage in passages]}
            begins.append(begins[-1] + stream.write(canonical(record).encode() + b"\n"))
    return np.array(begins, dtype=np.int64)


class InFile:
    """The entries in the file that `write_entries` wrote, and of each only what is asked for made into records."""

    def __init__(self, path: Path, begins: NDArray[np.int64]) -> None:
        # Mapped, so that it stays readable when a newer index takes the place of this one.
        content = np.memmap(path, dtype=np.uint8, mode="r")

        @lru_cache(maxsize=KEPT)
        def read(number: int) -> dict[str, Any]:
            record: dict[str, Any] = json.loads(content[begins[number] : begins[number + 1]].tobytes())
            return record

        @lru_cache(maxsize=KEPT)
        def entry(number: int) -> Entry:
            record = read(number)
            return _article(record["article"]), tuple(_passage(row) for row in record["passages"])

        @lru_cache(maxsize=KEPT)
        def passage(number: int, place: int) -> Passage:
            return _passage(read(number)["passages"][place])

        self._read, self.entry, self.passage = read, entry, passage

    def text(self, number: int) -> str:
        """An article's text."""
        text: str = self._read(number)["article"]["text"]
        return text


def _article(row: dict[str, Any]) -> Article:
    sections = (
        Section(
            **{
                **section,
                "path": tuple(section["path"]),
                "blocks": tuple(Block(**_with_cells(block)) for block in section["blocks"]),
                "questions": tuple(section["questions"]),
            }
        )
        for section in row["sections"]
    )
    return Article(**{**row, "sections": tuple(sections)})


def _passage(row: dict[str, Any]) -> Passage:
    points = tuple(Point(**_with_cells(point)) for point in row["points"])
    return Passage(**{**row, "section": tuple(row["section"]), "points": points, "questions": tuple(row["questions"])})


def _with_cells(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "cells": tuple((start, end) for start, end in row["cells"]), "columns": tuple(row["columns"])}
