"""A segment's articles and their passages, each read from its file when it is asked for and kept for a while."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from guide.hashing import canonical
from guide.records import ROLES, Article, Block, Entry, Passage, PassageQuestion, Point, Section

CACHED_ARTICLES = 256
"""How many articles stay in memory once they were read; a page of text is some 50 kB as records."""


@dataclass(frozen=True, slots=True)
class ArticleMetadata:
    """An article's id, title and hashes: what the manifest says of it, known without reading the article."""

    id: str
    title: str
    sha256: str
    """The SHA-256 of the article's record as JSON."""
    source_sha256: str = ""
    """The SHA-256 of the file that it was read from, with the file's name; empty if it was made in memory."""

    def record(self) -> dict[str, str]:
        """The metadata as JSON holds it; `asdict` takes ten times as long."""
        return {"id": self.id, "title": self.title, "sha256": self.sha256, "source_sha256": self.source_sha256}


def metadata_of(article: Article, source_sha256: str = "") -> ArticleMetadata:
    """The metadata of `article`, which was read from a file of the SHA-256 `source_sha256`."""
    digest = sha256(canonical(asdict(article)).encode()).hexdigest()
    return ArticleMetadata(article.id, article.title, digest, source_sha256)


class Entries(Protocol):
    """Reads the articles of a segment and their passages, by the article's number in the segment."""

    def entry(self, number: int) -> Entry:
        """The article of that number with its passages."""

    def text(self, number: int) -> str:
        """The text of the article of that number."""

    def passage(self, number: int, place: int) -> Passage:
        """The passage at `place` in the article of that number."""


@dataclass(frozen=True)
class ArticleTable:
    """The articles of a segment in order, and where each one's passages and points stand among all of the segment's."""

    metadata: tuple[ArticleMetadata, ...]
    """Each article's metadata, in the order of their numbers."""
    first_passages: NDArray[np.int64]
    """`(articles + 1,)`: the row of each article's first passage, and at the end how many passages there are."""
    first_points: NDArray[np.int64]
    """`(passages + 1,)`: the row of each passage's first point, and at the end how many points there are."""
    roles: NDArray[np.uint8]
    """`(passages,)`: each passage's role, as a place in `ROLES`."""
    entries: Entries = field(compare=False)

    @classmethod
    def of(cls, entries: Sequence[Entry], metadata: Sequence[ArticleMetadata]) -> "ArticleTable":
        """The table of articles that are held in memory."""
        passages = [passage for _, of_article in entries for passage in of_article]
        return cls(
            metadata=tuple(metadata),
            first_passages=np.cumsum([0, *(len(of_article) for _, of_article in entries)], dtype=np.int64),
            first_points=np.cumsum([0, *(len(passage.points) for passage in passages)], dtype=np.int64),
            roles=np.array([ROLES.index(passage.role) for passage in passages], dtype=np.uint8),
            entries=MemoryEntries(entries),
        )

    def article_number(self, row: int) -> int:
        """The number of the article that the passage of that row is from."""
        return int(np.searchsorted(self.first_passages, row, side="right")) - 1

    def passage(self, row: int) -> Passage:
        """The passage of that row among all of the segment's passages."""
        number = self.article_number(row)
        return self.entries.passage(number, row - int(self.first_passages[number]))


@dataclass(frozen=True, slots=True)
class MemoryEntries:
    """Articles and their passages that are held in memory."""

    held: Sequence[Entry]

    def entry(self, number: int) -> Entry:
        """The article of that number with its passages."""
        return self.held[number]

    def text(self, number: int) -> str:
        """The text of the article of that number."""
        return self.held[number][0].text

    def passage(self, number: int, place: int) -> Passage:
        """The passage at `place` in the article of that number."""
        return self.held[number][1][place]


def write_entries(path: Path, entries: Iterable[Entry]) -> NDArray[np.int64]:
    """`(articles + 1,)`: the byte at which each article begins in the file `path`, to which they are written with their
    passages, a line of JSON each.
    """
    begins = [0]
    with path.open("wb") as stream:
        for article, passages in entries:
            record = {"article": asdict(article), "passages": [asdict(passage) for passage in passages]}
            begins.append(begins[-1] + stream.write(canonical(record).encode() + b"\n"))
    return np.array(begins, dtype=np.int64)


class EntryFile:
    """Articles and their passages in a file that `write_entries` wrote; only what is asked for is made into records."""

    def __init__(self, path: Path, begins: NDArray[np.int64]) -> None:
        # Mapped, so that it stays readable when a newer index takes the place of this one.
        content = np.memmap(path, dtype=np.uint8, mode="r")

        @lru_cache(maxsize=CACHED_ARTICLES)
        def read(number: int) -> dict[str, Any]:
            record: dict[str, Any] = json.loads(content[begins[number] : begins[number + 1]].tobytes())
            return record

        @lru_cache(maxsize=CACHED_ARTICLES)
        def entry(number: int) -> Entry:
            return entry_from_json(read(number))

        @lru_cache(maxsize=CACHED_ARTICLES)
        def passage(number: int, place: int) -> Passage:
            return passage_from_json(read(number)["passages"][place])

        self._read, self.entry, self.passage = read, entry, passage

    def text(self, number: int) -> str:
        """The text of the article of that number."""
        text: str = self._read(number)["article"]["text"]
        return text


def article_from_json(row: Mapping[str, Any]) -> Article:
    """The article that its record as JSON holds."""
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
    return Article(
        **{
            **row,
            "sections": tuple(sections),
            "asked": _asked_from_json(row["asked"]),
            "notes": tuple(row["notes"]),
            "pages": tuple((start, number) for start, number in row["pages"]),
        }
    )


def passage_from_json(row: Mapping[str, Any]) -> Passage:
    """The passage that its record as JSON holds."""
    points = tuple(Point(**_with_cells(point)) for point in row["points"])
    return Passage(
        **{
            **row,
            "section": tuple(row["section"]),
            "points": points,
            "questions": tuple(row["questions"]),
            "asked": _asked_from_json(row["asked"]),
        }
    )


def entry_from_json(record: Mapping[str, Any]) -> Entry:
    """The article and its passages that their record as JSON holds."""
    return article_from_json(record["article"]), tuple(map(passage_from_json, record["passages"]))


def _asked_from_json(rows: Iterable[dict[str, Any]]) -> tuple[PassageQuestion, ...]:
    return tuple(PassageQuestion(**row) for row in rows)


def _with_cells(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "cells": tuple((start, end) for start, end in row["cells"]), "columns": tuple(row["columns"])}
