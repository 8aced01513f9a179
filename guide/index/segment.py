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
from guide.index.article_store import ArticleMetadata, ArticleTable, EntryFile, write_entries
from guide.index.bm25 import Postings, postings_of
from guide.index.mapped_arrays import concatenated, mapped, save_array
from guide.index.question_vectors import QuestionVectors, merge_questions, slice_questions
from guide.index.token_vectors import TokenVectors, merge, slice_rows
from guide.index.vectors import EmbeddingMatrix, is_flat, open_search, save_search, search_of, vectors_of
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
    questions: str = "questions.faiss"
    passage_questions: str = "passage-questions.npy"
    question_tokens: str = "question-tokens.npy"
    question_starts: str = "question-starts.npy"

    @property
    def files(self) -> tuple[str, ...]:
        """The name of every file that each segment has."""
        return tuple(getattr(self, field.name) for field in fields(self))


LAYOUT = Layout()
EXACT_VECTOR_FILES = {
    LAYOUT.passages: "passage-vectors.npy",
    LAYOUT.points: "point-vectors.npy",
    LAYOUT.questions: "question-vectors.npy",
}
"""The files of the vectors as they are, by the file of the FAISS index that keeps them only roughly."""


@dataclass(frozen=True, slots=True)
class Embeddings:
    """The vectors of articles' passages, of their points, of the passages' tokens, and of the questions people ask."""

    passages: EmbeddingMatrix
    """`(passages, dim)`, in reading order."""
    points: EmbeddingMatrix
    """`(points, dim)`, passage by passage."""
    tokens: TokenVectors
    questions: QuestionVectors


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """The files of a segment on disk: the name of their folder, and each file's SHA-256 by its name."""

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
    """The FAISS index of the passages' vectors."""
    point_search: Any
    """The FAISS index of the points' vectors."""
    question_search: Any
    """The FAISS index of the questions' vectors."""
    postings: Postings
    """The stems of what was embedded for each passage, for BM25."""
    words: Mapping[str, int]
    """How often each word stands in the segment's articles, in lower case."""
    deleted_ids: frozenset[str] = frozenset()
    """The ids of articles that were changed or removed since the segment was written; its files still hold them."""
    stored: StoredFiles | None = None
    """The segment's files in its index's folder; none yet if it was made in memory."""

    @classmethod
    def of(
        cls,
        entries: Sequence[Entry],
        metadata: Sequence[ArticleMetadata],
        search_texts: Sequence[str],
        parts: Sequence[Embeddings],
    ) -> "Segment":
        """The segment of `entries`; `search_texts` is what was embedded for each passage, `parts` what came of it."""
        passages = concatenated([part.passages for part in parts])
        points = concatenated([part.points for part in parts])
        tokens = merge([part.tokens for part in parts])
        questions = merge_questions([part.questions for part in parts])
        return cls(
            articles=ArticleTable.of(entries, metadata),
            embeddings=Embeddings(passages, points, tokens, questions),
            passage_search=search_of(passages),
            point_search=search_of(points),
            question_search=search_of(questions.texts),
            postings=postings_of(search_texts),
            words=word_counts(article.text for article, _ in entries),
        )

    @cached_property
    def live_mask(self) -> NDArray[np.bool_]:
        """`(passages,)`: whether each passage's article isn't deleted."""
        live = np.array([article.id not in self.deleted_ids for article in self.articles.metadata], dtype=np.bool_)
        return np.repeat(live, np.diff(self.articles.first_passages))

    def rows(self) -> NDArray[np.int64]:
        """The rows of the segment's passages, those of deleted articles left out."""
        return np.flatnonzero(self.live_mask)

    def rows_of(self, articles: Collection[str]) -> NDArray[np.bool_]:
        """`(passages,)`: whether each passage is of one of these articles."""
        named = np.array([article.id in articles for article in self.articles.metadata], dtype=np.bool_)
        return np.repeat(named, np.diff(self.articles.first_passages))

    @property
    def points(self) -> int:
        """How many points the segment's passages have, those of deleted articles left out."""
        return int(np.diff(self.articles.first_points)[self.live_mask].sum())

    @property
    def questions(self) -> int:
        """How many questions that people ask its passages answer, those of deleted articles left out."""
        return int(np.diff(self.embeddings.questions.first)[self.live_mask].sum())

    def embeddings_of(self, number: int) -> Embeddings:
        """The vectors of the article of that number in the segment."""
        first, end = (int(row) for row in self.articles.first_passages[number : number + 2])
        points = self.embeddings.points[self.articles.first_points[first] : self.articles.first_points[end]]
        tokens = slice_rows(self.embeddings.tokens, first, end)
        questions = slice_questions(self.embeddings.questions, first, end)
        return Embeddings(self.embeddings.passages[first:end], points, tokens, questions)

    def entries(self) -> Iterator[Entry]:
        """The segment's articles with their passages, deleted ones left out."""
        for number, article in enumerate(self.articles.metadata):
            if article.id not in self.deleted_ids:
                yield self.articles.entries.entry(number)

    def live_articles(self) -> dict[int, ArticleMetadata]:
        """The metadata of the segment's articles by their numbers, deleted ones left out."""
        return {
            number: article
            for number, article in enumerate(self.articles.metadata)
            if article.id not in self.deleted_ids
        }

    def save(self, folder: Path) -> None:
        """Writes the segment's files into `folder`.

        Raises:
            OSError: they can't be written.
        """
        begins = write_entries(
            folder / LAYOUT.articles,
            (self.articles.entries.entry(number) for number in range(len(self.articles.metadata))),
        )
        (folder / LAYOUT.bm25_vocabulary).write_text(canonical(list(self.postings.vocabulary)), encoding="utf-8")
        (folder / LAYOUT.words).write_text(canonical(self.words), encoding="utf-8")
        tokens, questions = self.embeddings.tokens, self.embeddings.questions
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
            (LAYOUT.passage_questions, questions.first),
            (LAYOUT.question_tokens, questions.tokens),
            (LAYOUT.question_starts, questions.starts),
        ):
            save_array(folder / name, array)
        for name, search, vectors in (
            (LAYOUT.passages, self.passage_search, self.embeddings.passages),
            (LAYOUT.points, self.point_search, self.embeddings.points),
            (LAYOUT.questions, self.question_search, questions.texts),
        ):
            save_search(search, folder / name)
            if not is_flat(search):
                save_array(folder / EXACT_VECTOR_FILES[name], vectors.astype(np.float16))


def open_segment(
    folder: Path, metadata: Sequence[ArticleMetadata], deleted_ids: Sequence[str], files: Mapping[str, str]
) -> Segment:
    """The segment in `folder`, which holds the articles of `metadata`. Large files are mapped and not read."""

    def search(name: str) -> tuple[Any, EmbeddingMatrix]:
        found = open_search(folder / name)
        return found, mapped(folder / EXACT_VECTOR_FILES[name]) if EXACT_VECTOR_FILES[name] in files else vectors_of(
            found
        )

    begins = np.load(folder / LAYOUT.article_bytes)
    vocabulary = json.loads((folder / LAYOUT.bm25_vocabulary).read_text(encoding="utf-8"))
    passage_search, passages = search(LAYOUT.passages)
    point_search, points = search(LAYOUT.points)
    question_search, by_question = search(LAYOUT.questions)
    tokens = TokenVectors(
        vectors=mapped(folder / LAYOUT.token_vectors),
        ids=mapped(folder / LAYOUT.token_ids),
        segments=mapped(folder / LAYOUT.token_segments),
        first_segments=mapped(folder / LAYOUT.token_passages),
        frequencies=np.load(folder / LAYOUT.token_frequencies),
    )
    table = ArticleTable(
        metadata=tuple(metadata),
        first_passages=np.load(folder / LAYOUT.article_passages),
        first_points=np.load(folder / LAYOUT.passage_points),
        roles=np.load(folder / LAYOUT.passage_roles),
        entries=EntryFile(folder / LAYOUT.articles, begins),
    )
    postings = Postings(
        vocabulary={stem: number for number, stem in enumerate(vocabulary)},
        starts=np.load(folder / LAYOUT.bm25_starts),
        passages=mapped(folder / LAYOUT.bm25_passages),
        weights=mapped(folder / LAYOUT.bm25_weights),
        count=len(table.roles),
    )
    questions = QuestionVectors(
        first=np.load(folder / LAYOUT.passage_questions),
        texts=by_question,
        tokens=mapped(folder / LAYOUT.question_tokens),
        starts=np.load(folder / LAYOUT.question_starts),
    )
    embeddings = Embeddings(passages, points, tokens, questions)
    words = json.loads((folder / LAYOUT.words).read_text(encoding="utf-8"))
    return Segment(
        articles=table,
        embeddings=embeddings,
        passage_search=passage_search,
        point_search=point_search,
        question_search=question_search,
        postings=postings,
        words=words,
        deleted_ids=frozenset(deleted_ids),
        stored=StoredFiles(folder.name, files),
    )
