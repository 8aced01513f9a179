"""A part of a build: which share of the articles one of several machines embeds, and what came of it."""

import re
from dataclasses import dataclass
from hashlib import sha256

from guide.articles.sources import Skipped

MOST_PARTS = 10_000
_PART = re.compile(r"([1-9]\d{0,4})/([1-9]\d{0,4})")


@dataclass(frozen=True, slots=True)
class BuildPart:
    """The share `number` of `of`: each article is in one, on every machine in the same, whatever else is built."""

    number: int
    of: int

    @classmethod
    def read(cls, written: str) -> "BuildPart":
        """The part that is written as `2/16`.

        >>> BuildPart.read("2/16")
        BuildPart(number=2, of=16)

        Raises:
            ValueError: there is no such part.
        """
        found = _PART.fullmatch(written)
        if not found or not int(found[1]) <= int(found[2]) <= MOST_PARTS:
            raise ValueError(f"{written!r} must be a part such as 1/4: the first of four, of at most {MOST_PARTS:,}")
        return cls(int(found[1]), int(found[2]))

    def holds(self, article_id: str) -> bool:
        """Whether the article of that id is in this part.

        >>> [BuildPart(number, 3).holds("sleep") for number in (1, 2, 3)].count(True)
        1
        """
        digest = sha256(article_id.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class PartReport:
    """What came of a part: its articles, those of them that were embedded now, and the files that were skipped."""

    articles: int
    embedded: int
    skipped: tuple[Skipped, ...]
