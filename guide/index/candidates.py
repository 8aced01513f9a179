"""The candidates of an index in a folder, segment by segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from guide.index.bm25 import bm25_shares
from guide.index.question_vectors import QuestionVectors, question_similarities
from guide.index.segment import Segment
from guide.index.state import CANDIDATES, Candidates, Similarities, Wanted
from guide.index.token_vectors import TokenVectors
from guide.index.vectors import nearest
from guide.records import ROLES, Passage


@dataclass(frozen=True, slots=True)
class HeldInSegment:
    """The candidates at some rows of a segment."""

    segment: Segment
    rows: NDArray[np.int64]
    """`(candidates,)`: the passages' rows."""

    def passage(self, place: int) -> Passage:
        """The passage of the candidate at `place`."""
        return self.segment.articles.passage(int(self.rows[place]))

    def text(self, place: int) -> str:
        """The text of the article of the candidate at `place`."""
        articles = self.segment.articles
        return articles.entries.text(articles.article_number(int(self.rows[place])))

    def tokens(self, places: Sequence[int]) -> tuple[TokenVectors, Sequence[int]]:
        """The segment's token vectors, and the rows of the candidates at `places`."""
        return self.segment.embeddings.tokens, self._rows(places)

    def questions(self, places: Sequence[int]) -> tuple[QuestionVectors, Sequence[int]]:
        """The segment's questions, and the rows of the candidates at `places`."""
        return self.segment.embeddings.questions, self._rows(places)

    def _rows(self, places: Sequence[int]) -> list[int]:
        return [int(self.rows[place]) for place in places]


def find_candidates(segments: Sequence[Segment], wanted: Wanted) -> tuple[Candidates, ...]:
    """The candidates of each of `segments`."""
    postings = [segment.postings for segment in segments]
    by_text = [bm25_shares(text if wanted.by_words else "", postings) for text in wanted.texts]
    lexical = [np.stack(shares, axis=1) for shares in zip(*by_text, strict=True)]
    return tuple(_of_segment(segment, wanted, shares) for segment, shares in zip(segments, lexical, strict=True))


def _of_segment(segment: Segment, wanted: Wanted, lexical: Similarities) -> Candidates:
    """The passages of a segment that may matter: near one of the texts, with a point near it, or with its words."""
    vectors = wanted.vectors
    starts = segment.articles.first_points
    of_articles = segment.rows_of(wanted.articles) if wanted.articles else None
    of_points = np.repeat(of_articles, np.diff(starts)) if of_articles is not None else None
    questions = segment.embeddings.questions
    of_questions = np.repeat(of_articles, np.diff(questions.first)) if of_articles is not None else None
    near = []
    for vector, shares in zip(vectors[:, None], lexical.T, strict=True):
        near.append(nearest(segment.passage_search, segment.embeddings.passages, vector, CANDIDATES, of_articles))
        if wanted.by_points:
            points = nearest(segment.point_search, segment.embeddings.points, vector, 4 * CANDIDATES, of_points)
            near.append(np.searchsorted(starts, points, side="right") - 1)
        if wanted.by_questions and len(questions.texts):
            asked = nearest(segment.question_search, questions.texts, vector, 4 * CANDIDATES, of_questions)
            near.append(np.searchsorted(questions.first, asked, side="right") - 1)
        if wanted.by_words:
            worded = np.arange(len(shares)) if of_articles is None else np.flatnonzero(of_articles)
            if len(worded) > CANDIDATES:
                worded = worded[np.argpartition(-shares[worded], CANDIDATES)[:CANDIDATES]]
            near.append(worded)
    rows = np.unique(np.concatenate(near))
    # FAISS fills up with -1 where it has found fewer.
    rows = rows[rows >= 0]
    allowed = np.array([role in wanted.roles for role in ROLES])
    rows = rows[segment.live_mask[rows] & allowed[segment.articles.roles[rows]]]
    sizes = starts[rows + 1] - starts[rows]
    begins = np.cumsum(sizes) - sizes
    held = np.repeat(starts[rows] - begins, sizes) + np.arange(int(sizes.sum()))
    by_point = np.asarray(segment.embeddings.points[held], dtype=np.float32) @ vectors.T
    return Candidates(
        held=HeldInSegment(segment, rows),
        passages=np.asarray(segment.embeddings.passages[rows], dtype=np.float32) @ vectors.T,
        points=tuple(by_point[start:end, 0] for start, end in pairwise([*begins.tolist(), len(by_point)])),
        best_points=np.maximum.reduceat(by_point, begins) if len(rows) else by_point,
        lexical=lexical[rows],
        questions=question_similarities(questions, rows, vectors),
        asks=bool(len(questions.texts)),
    )
