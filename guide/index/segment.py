"""A part of the index that is written once and never changed: articles, vectors, words and token vectors.

As in Lucene, an index is a few segments: adding an article to a million passages writes a small segment and leaves the
large one as it is.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guide.hashing import canonical
from guide.index.article_store import ArticleMetadata, ArticleTable, InFile, write_entries
from guide.index.bm25 import Postings, postings_of
from guide.index.mapped_arrays import concatenated, mapped
from guide.index.token_vectors import TokenVectors, merge, slice_rows
from guide.index.vectors import Vectors, is_flat, open_search, save_search, search_of, vectors_of
from guide.records import Entry
from guide.text.lexicon import word_counts


@dataclass(frozen=True, slots=True)
class Layout:
    """The names of a segment's files. The vectors have files of their own where FAISS keeps them only roughly."""

    articles: str = "articles.jsonl"
    article_bytes: str = "article-bytes.npy"
    article_passages: str = "article-passages.npy"
    passage_points: str = "passage-points.npy"
    passage_roles: str = "passage-roles.npy"
    passages: str = "passages.faiss"
    points: str = "points.faiss"
    bm25_vocabulary: str = "bm25-vocabulary.json"
    words: str = "words.json"
    bm25_starts: str = "bm25-starts.npy"
    bm25_passages: str = "bm25-passages.npy"
    bm25_weights: str = "bm25-weights.npy"
    token_vectors: str = "token-vectors.npy"
    token_ids: str = "token-ids.npy"
    token_segments: str = "token-segments.npy"
    token_passages: str = "token-passages.npy"
    token_frequencies: str = "token-frequencies.npy"

    @property
    def files(self) -> tuple[str, ...]:
        """Every file's name."""
        return tuple(getattr(self, field.name) for field in fields(self))


LAYOUT = Layout()
VECTORS = {LAYOUT.passages: "passage-vectors.npy", LAYOUT.points: "point-vectors.npy"}
"""The vectors as they are, by the file of the FAISS index that keeps them only roughly."""


@dataclass(frozen=True, slots=True)
class Embeddings:
    """What is computed of articles: vectors of their passages and points, and of their tokens."""

    passages: Vectors
    points: Vectors
    tokens: TokenVectors


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a segment: the name of their folder, and each file's SHA-256 by its name."""

    folder: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Segment:
    """Articles, their passages, and what finds them: row `i` of the passages' vectors is passage `i` of `articles`; the
    points' rows follow in the same order, passage by passage.
    """

    articles: ArticleTable
    embeddings: Embeddings
    passage_search: Any
    point_search: Any
    postings: Postings
    words: Mapping[str, int]
    """How often each word stands in its articles."""
    deleted_ids: frozenset[str] = frozenset()
    """The articles that have been changed or removed since it was written."""
    written: Written | None = None
    """Where it stands in its index's folder; nowhere yet if it was made in memory."""

    @classmethod
    def of(
        cls,
        entries: Sequence[Entry],
        cards: Sequence[ArticleMetadata],
        search_texts: Sequence[str],
        parts: Sequence[Embeddings],
    ) -> "Segment":
        """The segment of `entries`; `search_texts` is what was embedded for each passage, `parts` what came of it."""
        passages = concatenated([part.passages for part in parts])
        points = concatenated([part.points for part in parts])
        tokens = merge([part.tokens for part in parts])
        return cls(
            articles=ArticleTable.of(entries, cards),
            embeddings=Embeddings(passages, points, tokens),
            passage_search=search_of(passages),
            point_search=search_of(points),
            postings=postings_of(search_texts),
            words=word_counts(article.text for article, _ in entries),
        )

    @cached_property
    def live_mask(self) -> NDArray[np.bool_]:
        """`(passages,)`: whether each passage's article is still there."""
        live = np.array([card.id not in self.deleted_ids for card in self.articles.cards], dtype=np.bool_)
        return np.repeat(live, np.diff(self.articles.first_passages))

    def rows(self) -> NDArray[np.int64]:
        """The rows of its passages, those of articles that are gone left out."""
        return np.flatnonzero(self.live_mask)

    def rows_of(self, articles: Collection[str]) -> NDArray[np.bool_]:
        """`(passages,)`: whether each passage is of one of these articles."""
        named = np.array([card.id in articles for card in self.articles.cards], dtype=np.bool_)
        return np.repeat(named, np.diff(self.articles.first_passages))

    @property
    def points(self) -> int:
        """How many points its passages have, those of articles that are gone left out."""
        return int(np.diff(self.articles.first_points)[self.live_mask].sum())

    def embeddings_of(self, number: int) -> Embeddings:
        """What was computed of the article of a number."""
        first, end = (int(row) for row in self.articles.first_passages[number : number + 2])
        points = self.embeddings.points[self.articles.first_points[first] : self.articles.first_points[end]]
        return Embeddings(self.embeddings.passages[first:end], points, slice_rows(self.embeddings.tokens, first, end))

    def entries(self) -> Iterator[Entry]:
        """Its articles with their passages, those that are gone left out."""
        for number, card in enumerate(self.articles.cards):
            if card.id not in self.deleted_ids:
                yield self.articles.entries.entry(number)

    def save(self, folder: Path) -> None:
        """Writes the segment's files into `folder`.

        Raises:
            OSError: they can't be written.
        """
        begins = write_entries(
            folder / LAYOUT.articles,
            (self.articles.entries.entry(number) for number in range(len(self.articles.cards))),
        )
        (folder / LAYOUT.bm25_vocabulary).write_text(canonical(list(self.postings.vocabulary)), encoding="utf-8")
        (folder / LAYOUT.words).write_text(canonical(self.words), encoding="utf-8")
        tokens = self.embeddings.tokens
        for name, array in (
            (LAYOUT.article_bytes, begins),
            (LAYOUT.article_passages, self.articles.first_passages),
            (LAYOUT.passage_points, self.articles.first_points),
            (LAYOUT.passage_roles, self.articles.roles),
            (LAYOUT.bm25_starts, self.postings.starts),
            (LAYOUT.bm25_passages, self.postings.passages),
            (LAYOUT.bm25_weights, self.postings.weights),
            (LAYOUT.token_vectors, tokens.vectors),
            (LAYOUT.token_ids, tokens.ids),
            (LAYOUT.token_segments, tokens.segments),
            (LAYOUT.token_passages, tokens.first_segments),
            (LAYOUT.token_frequencies, tokens.frequencies),
        ):
            np.save(folder / name, array, allow_pickle=False)
        for name, search, vectors in (
            (LAYOUT.passages, self.passage_search, self.embeddings.passages),
            (LAYOUT.points, self.point_search, self.embeddings.points),
        ):
            save_search(search, folder / name)
            if not is_flat(search):
                np.save(folder / VECTORS[name], vectors.astype(np.float16), allow_pickle=False)


def open_segment(
    folder: Path, cards: Sequence[ArticleMetadata], gone: Sequence[str], files: Mapping[str, str]
) -> Segment:
    """The segment in `folder`, of the articles on `cards`. Large files are mapped and not read."""

    def search(name: str) -> tuple[Any, Vectors]:
        found = open_search(folder / name)
        return found, mapped(folder / VECTORS[name]) if VECTORS[name] in files else vectors_of(found)

    begins = np.load(folder / LAYOUT.article_bytes)
    vocabulary = json.loads((folder / LAYOUT.bm25_vocabulary).read_text(encoding="utf-8"))
    passage_search, passages = search(LAYOUT.passages)
    point_search, points = search(LAYOUT.points)
    tokens = TokenVectors(
        vectors=mapped(folder / LAYOUT.token_vectors),
        ids=mapped(folder / LAYOUT.token_ids),
        segments=mapped(folder / LAYOUT.token_segments),
        first_segments=mapped(folder / LAYOUT.token_passages),
        frequencies=np.load(folder / LAYOUT.token_frequencies),
    )
    table = ArticleTable(
        cards=tuple(cards),
        first_passages=np.load(folder / LAYOUT.article_passages),
        first_points=np.load(folder / LAYOUT.passage_points),
        roles=np.load(folder / LAYOUT.passage_roles),
        entries=InFile(folder / LAYOUT.articles, begins),
    )
    postings = Postings(
        vocabulary={stem: number for number, stem in enumerate(vocabulary)},
        starts=np.load(folder / LAYOUT.bm25_starts),
        passages=mapped(folder / LAYOUT.bm25_passages),
        weights=mapped(folder / LAYOUT.bm25_weights),
        count=len(table.roles),
    )
    computed, written = Embeddings(passages, points, tokens), Written(folder.name, files)
    words = json.loads((folder / LAYOUT.words).read_text(encoding="utf-8"))
    return Segment(table, computed, passage_search, point_search, postings, words, frozenset(gone), written)
