"""Articles → index. Articles that haven't changed since the last build aren't embedded again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from guide.article import SUFFIXES, read_article
from guide.encoder import Encoder, ModelIdentity
from guide.errors import ArticleError, IndexFault
from guide.index import Embeddings, Index, article_sha256, bm25_of, open_index
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
        if source.is_dir():
            found = sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES)
            if not found:
                raise ArticleError(f"The folder {source} holds no article ({', '.join(SUFFIXES)}); put one there.")
            paths += found
        else:
            paths.append(source)
    return list(dict.fromkeys(paths))


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


def _build(articles: Sequence[Article], folder: Path, encoder: Encoder, model: ModelIdentity) -> BuildReport:
    known = _embedded_before(folder, model)
    parts = [_embed(article, encoder) if article_sha256(article) not in known else None for article in articles]
    whole = [part or known[article_sha256(article)] for article, part in zip(articles, parts, strict=True)]
    passages = tuple(passage for article in articles for passage in split(article))
    texts = {article.id: article.text for article in articles}
    index = Index(
        articles=tuple(articles),
        passages=passages,
        passage_embeddings=np.concatenate([by_passage for by_passage, _ in whole]),
        point_embeddings=np.concatenate([by_point for _, by_point in whole]),
        bm25=bm25_of([search_text(passage, texts[passage.article_id]) for passage in passages]),
        model=model,
    )
    index.save(folder)
    embedded = sum(part is not None for part in parts)
    return BuildReport(len(articles), len(passages), len(index.point_embeddings), embedded)


def search_text(passage: Passage, text: str, point: Point | None = None) -> str:
    """What is embedded for a passage, or for one of its points: the headings above it, then its words.

    A heading says what a list is about, which the list's items seldom do.
    """
    return " > ".join(passage.section) + "\n" + reading_text(text, point or passage)


def _embed(article: Article, encoder: Encoder) -> tuple[Embeddings, Embeddings]:
    passages = split(article)
    by_passage = [search_text(passage, article.text) for passage in passages]
    by_point = [search_text(passage, article.text, point) for passage in passages for point in passage.points]
    embeddings = encoder.encode([*by_passage, *by_point])
    return embeddings[: len(by_passage)], embeddings[len(by_passage) :]


def _embedded_before(folder: Path, model: ModelIdentity) -> dict[str, tuple[Embeddings, Embeddings]]:
    """The embeddings of the last build by the hash of their article; none if it can't be used."""
    try:
        old = open_index(folder)
    except IndexFault:
        return {}
    known = {}
    if old.model == model:
        for article in old.articles:
            rows = [row for row, passage in enumerate(old.passages) if passage.article_id == article.id]
            starts = old.point_starts
            points = old.point_embeddings[starts[rows[0]] : starts[rows[-1] + 1]]
            # Passages are split anew from the article; embeddings made for another split would be another passage's.
            if tuple(old.passages[row] for row in rows) == split(article):
                known[article_sha256(article)] = (old.passage_embeddings[rows], points)
    return known
