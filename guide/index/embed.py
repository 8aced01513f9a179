"""What is embedded of an article: its passages, their points, the tokens of both, and the questions people ask."""

from collections.abc import Iterable, Sequence

from guide.articles.passages import reading_text
from guide.embedding.encoder import Encoder
from guide.index.question_vectors import question_vectors
from guide.index.segment import Embeddings
from guide.index.token_vectors import token_vectors
from guide.records import Article, Entry, Passage, Point


def search_text(passage: Passage, text: str, point: Point | None = None) -> str:
    """What is embedded for a passage, or for one of its points: the headings above it, then its words.

    A heading says what a list is about, which the list's items seldom do.
    """
    return _heading(passage) + reading_text(text, point or passage)


def _heading(passage: Passage) -> str:
    return " > ".join(passage.section) + "\n"


def _boundaries(passage: Passage, text: str) -> list[int]:
    """The characters at which the headings and each point begin in the passage's search text."""
    begins = [0, len(_heading(passage))]
    for point in passage.points[:-1]:
        begins.append(begins[-1] + len(reading_text(text, point)) + 1)
    return begins


def embed(article: Article, passages: Sequence[Passage], encoder: Encoder) -> Embeddings:
    """The vectors of an article's passages, of their points, of the passages' tokens, and of the questions that people
    ask, in reading order.
    """
    by_passage = encoder.encode([search_text(passage, article.text) for passage in passages])
    by_point = encoder.encode(
        [search_text(passage, article.text, point) for passage in passages for point in passage.points]
    )
    boundaries = [_boundaries(passage, article.text) for passage in passages]
    asked = [question.text for passage in passages for question in passage.asked]
    counts = [len(passage.asked) for passage in passages]
    questions = question_vectors(encoder.encode(asked) if asked else None, counts, by_passage.texts.shape[1])
    return Embeddings(by_passage.texts, by_point.texts, token_vectors(by_passage, boundaries), questions)


def search_texts(entries: Iterable[Entry]) -> list[str]:
    """What is embedded for each passage of `entries`, in reading order; BM25 counts the words of the same texts."""
    return [search_text(passage, article.text) for article, passages in entries for passage in passages]
