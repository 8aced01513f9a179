"""What a corpus takes in PostgreSQL, on paper: prints the table of docs/scale.md.

    python benchmarks/capacity.py

Sizes are worked out from PostgreSQL's and pgvector's own layouts and from what a passage of real text holds.
"""

from dataclasses import dataclass

PAGE = 8_168
"""Bytes of a page of PostgreSQL that rows may take: 8,192 without its header."""
ROW = 24 + 4
"""Bytes that each row takes beside its columns: its header, and where it stands in its page."""
DIMENSION = 384
HALFVEC = 8 + 2 * DIMENSION
ARTICLE_ID = 24
POINTS_A_PASSAGE = 5
TOKENS_A_PASSAGE = 128
STEMS_A_PASSAGE = 45
"""Different stems among the 128 tokens of a passage."""
PASSAGES_AN_ARTICLE = 16
NEIGHBOURS = 16
"""`m` of pgvector's HNSW."""
EMBEDDED_A_SECOND_2_CORES = 200
SPARE = 0.25
"""What is kept free for rows that are being replaced, and for sorting."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a corpus of so many points takes; all in bytes but `passages`, `embedded` and `build_days`."""

    points: int

    @property
    def passages(self) -> int:
        """How many passages hold the points."""
        return self.points // POINTS_A_PASSAGE

    @property
    def rows(self) -> float:
        """The rows of points and passages, each with its key's index."""
        key = 16 + ARTICLE_ID
        point = ROW + ARTICLE_ID + 2 * 4 + HALFVEC + key
        passage = ROW + ARTICLE_ID + 4 + 2 + 4 + HALFVEC + STEMS_A_PASSAGE * (10 + 4) + key
        return filled(point) * self.points + filled(passage) * self.passages

    @property
    def graphs(self) -> float:
        """The HNSW graphs over both kinds of vectors, which have to be in memory."""
        element = 72 + HALFVEC + 4
        neighbours = 4 + 6 * NEIGHBOURS * 2 + 6 * NEIGHBOURS / (NEIGHBOURS - 1) + 4
        return filled(element + neighbours) * self.embedded

    @property
    def tokens(self) -> float:
        """The vectors of the passages' tokens, in half precision."""
        return 2.0 * DIMENSION * TOKENS_A_PASSAGE * self.passages

    @property
    def postings(self) -> float:
        """A row for each stem of a passage, with both indexes; that by article holds each article once."""
        row = ROW + 8 + ARTICLE_ID + 4 + 4 + 4 + 4
        indexes = (16 + 8 + 4 + ARTICLE_ID + 4) + 8
        return float((row + indexes) * STEMS_A_PASSAGE * self.passages)

    @property
    def records(self) -> float:
        """The articles with their passages as JSON: about 300 bytes for a point, and 400 for each passage."""
        return 300.0 * self.points + 400.0 * self.passages

    @property
    def disk(self) -> float:
        """All of it, with what is kept free."""
        return (self.rows + self.graphs + self.tokens + self.postings + self.records) * (1 + SPARE)

    @property
    def embedded(self) -> int:
        """How many texts are embedded: points and passages."""
        return self.points + self.passages

    @property
    def build_days(self) -> float:
        """How many days two cores embed; a hundred such machines take a hundredth."""
        return self.embedded / EMBEDDED_A_SECOND_2_CORES / 86_400


def filled(size: float) -> float:
    """What a row of `size` bytes takes where only whole rows fit into a page."""
    return PAGE / (PAGE // size)


def shown_bytes(size: float) -> str:
    """A size as people read it.

    >>> shown_bytes(1.5e9), shown_bytes(2.34e13)
    ('1.5 GB', '23.4 TB')
    """
    for unit, name in ((1e12, "TB"), (1e9, "GB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size / 1e6:.0f} MB"


def shown_days(days: float) -> str:
    """A time as people read it."""
    return f"{days:.1f} days" if days >= 1.5 else f"{days * 24:.1f} hours"


def table(points: tuple[int, ...] = (10**7, 10**8, 10**9)) -> str:
    """The table of docs/scale.md, as Markdown."""
    sizes = [Capacity(count) for count in points]
    rows = [
        ("articles of 80 points", *(f"{size.passages // PASSAGES_AN_ARTICLE:,}" for size in sizes)),
        ("passages", *(f"{size.passages:,}" for size in sizes)),
        ("rows of points and passages", *(shown_bytes(size.rows) for size in sizes)),
        ("HNSW graphs (in memory)", *(shown_bytes(size.graphs) for size in sizes)),
        ("token vectors", *(shown_bytes(size.tokens) for size in sizes)),
        ("postings", *(shown_bytes(size.postings) for size in sizes)),
        ("articles as JSON", *(shown_bytes(size.records) for size in sizes)),
        ("disk, a quarter of it free", *(shown_bytes(size.disk) for size in sizes)),
        ("embedding on two cores", *(shown_days(size.build_days) for size in sizes)),
        ("embedding on 100 such machines", *(shown_days(size.build_days / 100) for size in sizes)),
    ]
    head = "| for one copy | " + " | ".join(f"{count:,} points" for count in points) + " |"
    return "\n".join([head, "|---" * (len(points) + 1) + "|", *("| " + " | ".join(row) + " |" for row in rows)])


if __name__ == "__main__":
    print(table())
