"""Articles → index. Articles that haven't changed since the last build aren't embedded again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from guide.article import SUFFIXES, read_article
from guide.encoder import Encoder, ModelIdentity
from guide.errors import ArticleError, IndexFault
from guide.index import Embeddings, Index, article_sha256, open_index
from guide.late_interaction import TokenVectors, joined, part_of, token_vectors
from guide.lexical import bm25_of
from guide.passages import reading_text, split
from guide.records import Article, Passage, Point


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    articles: int
    passages: int
    points: int
    embedded: int
    """How many articles were embedded; the others were taken over from the last build."""


def article_paths(sources: Sequence[Path]) -> list[Path]:
    """The article files among `sources`, folders searched, in a stable order.

    Raises:
        ArticleError: a folder holds none.
    """
    paths: list[Path] = []
    for source in sources:
        if _is_folder(source):
            found = sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES)
            if not found:
                raise ArticleError(f"The folder {source} holds no article ({', '.join(SUFFIXES)}); put one there.")
            paths += found
        else:
            paths.append(source)
    return list(dict.fromkeys(paths))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # Such as a name that is too long; reading it as a file says so.
        return False


def build(sources: Sequence[Path], folder: Path, encoder: Encoder, model: ModelIdentity) -> BuildReport:
    """Builds the index of the articles in `sources` (files or folders) into `folder`.

    Raises:
        ArticleError: an article can't be used; nothing is written then.
        IndexFault: the folder can't be written, or another build is writing to it.
    """
    articles = [read_article(path) for path in article_paths(sources)]
    ids = [article.id for article in articles]
    for number, article in enumerate(articles):
        if article.id in ids[:number]:
            raise ArticleError(f"Two articles have the file name {article.id}; rename one of them.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            return _build(articles, folder, encoder, model)
    except Timeout:
        raise IndexFault(f"Another build is writing to {folder}; wait until it ends, or name another folder.") from None
    except OSError as error:
        raise IndexFault(
            f"The index in {folder} can't be written ({error.strerror}); name a folder that can, with --index."
        ) from error


@dataclass(frozen=True, slots=True)
class _Part:
    """What is computed of one article."""

    passages: Embeddings
    points: Embeddings
    tokens: TokenVectors


def _build(articles: Sequence[Article], folder: Path, encoder: Encoder, model: ModelIdentity) -> BuildReport:
    known = _embedded_before(folder, model)
    new = [article for article in articles if article_sha256(article) not in known]
    known |= {article_sha256(article): _embed(article, encoder) for article in new}
    index = _index(articles, [known[article_sha256(article)] for article in articles], model)
    index.save(folder)
    return BuildReport(len(articles), len(index.passages), len(index.point_embeddings), len(new))


def index_of(articles: Sequence[Article], encoder: Encoder, model: ModelIdentity) -> Index:
    """The index of `articles`, in memory only."""
    return _index(articles, [_embed(article, encoder) for article in articles], model)


def _index(articles: Sequence[Article], parts: Sequence[_Part], model: ModelIdentity) -> Index:
    passages = tuple(passage for article in articles for passage in split(article))
    texts = {article.id: article.text for article in articles}
    return Index(
        articles=tuple(articles),
        passages=passages,
        passage_embeddings=np.concatenate([part.passages for part in parts]),
        point_embeddings=np.concatenate([part.points for part in parts]),
        bm25=bm25_of([search_text(passage, texts[passage.article_id]) for passage in passages]),
        tokens=joined([part.tokens for part in parts]),
        model=model,
    )


def search_text(passage: Passage, text: str, point: Point | None = None) -> str:
    """What is embedded for a passage, or for one of its points: the headings above it, then its words.

    A heading says what a list is about, which the list's items seldom do.
    """
    return _heading(passage) + reading_text(text, point or passage)


def _heading(passage: Passage) -> str:
    return " > ".join(passage.section) + "\n"


def _boundaries(passage: Passage, text: str) -> list[int]:
    """Where the headings and each point begin in the passage's search text."""
    begins = [0, len(_heading(passage))]
    for point in passage.points[:-1]:
        begins.append(begins[-1] + len(reading_text(text, point)) + 1)
    return begins


def _embed(article: Article, encoder: Encoder) -> _Part:
    passages = split(article)
    by_passage = encoder.encode([search_text(passage, article.text) for passage in passages])
    by_point = encoder.encode(
        [search_text(passage, article.text, point) for passage in passages for point in passage.points]
    )
    boundaries = [_boundaries(passage, article.text) for passage in passages]
    return _Part(by_passage.texts, by_point.texts, token_vectors(by_passage, boundaries))


def _embedded_before(folder: Path, model: ModelIdentity) -> dict[str, _Part]:
    """What the last build computed, by the hash of its article; nothing if it can't be used."""
    try:
        old = open_index(folder)
    except IndexFault:
        return {}
    known = {}
    if old.model == model:
        for article in old.articles:
            rows = [row for row, passage in enumerate(old.passages) if passage.article_id == article.id]
            # Passages are split anew from the article; what was computed for another split would be another passage's.
            if tuple(old.passages[row] for row in rows) == split(article):
                points = old.point_embeddings[old.point_starts[rows[0]] : old.point_starts[rows[-1] + 1]]
                tokens = part_of(old.tokens, rows[0], rows[-1] + 1)
                known[article_sha256(article)] = _Part(old.passage_embeddings[rows], points, tokens)
    return known
