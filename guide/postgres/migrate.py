"""A folder's index copied into a database and back: nothing is embedded again."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from guide.errors import SearchIndexError
from guide.index.article_store import ArticleMetadata, article_from_json, passage_from_json
from guide.index.embed import search_texts
from guide.index.index import Index, open_index
from guide.index.question_vectors import QuestionVectors
from guide.index.segment import Embeddings, Segment
from guide.postgres.address import DatabaseAddress
from guide.postgres.connection import Connection, connected, use_vectors
from guide.postgres.faults import faults_explained, no_index
from guide.postgres.rows import StoredTokens, WrittenArticle, token_vectors_of, vectors_of_bytes
from guide.postgres.schema import (
    CorpusOrigin,
    bring_up_to_date,
    dimension_of,
    find_origin,
    make_tables,
    read_origin,
)
from guide.postgres.writer import copy_rows, fold_counts, writing
from guide.records import Entry

AT_ONCE = 50
"""How many articles are copied in one go."""

CopyProgress = Callable[[int, int], None]
"""Hears how many articles are copied, and of how many."""


def copy_to_database(folder: Path, address: DatabaseAddress, progress: CopyProgress = lambda done, of: None) -> int:
    """Copies the index in `folder` into the collection at `address` and says how many articles it has. A collection
    that is there already gets them in place of its own of the same ids.

    Raises:
        SearchIndexError: the folder holds no index, the database can't be used, or its collection was built with
            another model.
    """
    index = open_index(folder)
    articles, total = written_articles(index), len(index.article_ids)
    with connected(address) as connection:
        with faults_explained(address):
            before = find_origin(connection, address)
            if before is None:
                return _fill(connection, address, index, progress)
        if before.model.sha256 != index.model.sha256:
            raise SearchIndexError(
                f"The index in {address} was built with {before.model.name}, that in {folder} with {index.model.name}; "
                "copy it to another collection, such as …?collection=new."
            )
    with writing(address) as writer:
        for number, written in enumerate(articles):
            progress(number, total)
            writer.replace(written)
        writer.fold()
    progress(total, total)
    return total


def _fill(connection: Connection, address: DatabaseAddress, index: Index, progress: CopyProgress) -> int:
    """Copies everything in one transaction into a new collection, then makes what finds candidates."""
    origin = CorpusOrigin(index.model, index.agreement, index.recipe, 0)
    dimension, total = int(index.segments[0].embeddings.passages.shape[1]), len(index.article_ids)
    with connection.transaction():
        make_tables(connection, address, origin, dimension, until=1)
        articles = list(written_articles(index)) if total <= AT_ONCE else written_articles(index)
        for number, written in enumerate(articles):
            progress(number, total)
            copy_rows(connection, [written.rows()])
        connection.execute("insert into count_changes select article_id, kind, keys, n from article_counts")
        fold_counts(connection)
        connection.execute("set local maintenance_work_mem = '512MB'")
        bring_up_to_date(connection, dimension)
    connection.execute("vacuum analyze")
    progress(total, total)
    return total


def update_tables(address: DatabaseAddress) -> int:
    """Brings the tables of the collection at `address` up to date, and says how many steps were taken.

    Raises:
        SearchIndexError: there is no collection, or the database can't be used.
    """
    with connected(address) as connection, faults_explained(address):
        if find_origin(connection, address) is None:
            raise no_index(address)
        use_vectors(connection, address)
        return bring_up_to_date(connection, dimension_of(connection))


def written_articles(index: Index) -> Iterator[WrittenArticle]:
    """The articles of an index with what was embedded for each."""
    for segment in index.segments:
        for number, metadata in segment.live_articles().items():
            yield WrittenArticle(segment.articles.entries.entry(number), metadata, segment.embeddings_of(number))


def copy_to_folder(address: DatabaseAddress, folder: Path, progress: CopyProgress = lambda done, of: None) -> int:
    """Copies the collection at `address` into `folder`, in place of an index that may be there, and says how many
    articles it has: all from one state.

    Raises:
        SearchIndexError: the collection can't be read, or the folder can't be written.
    """
    with connected(address) as connection, faults_explained(address):
        origin = read_origin(connection, address)
        use_vectors(connection, address)
        dimension = dimension_of(connection)
        with connection.transaction():
            connection.execute("set transaction isolation level repeatable read read only")
            ids = [id for (id,) in connection.execute("select article_id from articles order by article_id")]
            if not ids:
                raise SearchIndexError(f"The index in {address} has no articles; there is nothing to copy.")
            articles = []
            for number, id in enumerate(ids):
                progress(number, len(ids))
                articles.append(_read_article(connection, id, dimension))
    entries = [written.entry for written in articles]
    parts = [written.embeddings for written in articles]
    segment = Segment.of(entries, [written.metadata for written in articles], search_texts(entries), parts)
    Index((segment,), origin.model, origin.recipe, origin.agreement).save(folder)
    progress(len(ids), len(ids))
    return len(ids)


def _read_article(connection: Connection, id: str, dimension: int) -> WrittenArticle:
    def rows(statement: str) -> list[tuple[object, ...]]:
        return connection.cursor(binary=True).execute(statement.encode(), [id]).fetchall()

    [(title, sha256, source, record)] = rows(
        "select title, sha256, source_sha256, record from articles where article_id = %s"
    )
    content = json.loads(str(record))
    entry: Entry = (
        article_from_json(content["article"]),
        tuple(map(passage_from_json, content["passages"])),
    )

    def vectors(table: str, order: str) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        found = rows(f"select embedding from {table} where article_id = %s order by {order}")  # noqa: S608
        return np.array([vector.to_numpy() for (vector,) in found], dtype=np.float32).reshape(-1, dimension)  # type: ignore[attr-defined]

    tokens = rows("select ids, segments, vectors from tokens where article_id = %s order by passage")
    asked = rows("select tokens from questions where article_id = %s order by passage, number")
    contents = [bytes(content) for (content,) in asked]  # type: ignore[call-overload]
    questions = QuestionVectors(
        first=np.cumsum([0, *(len(passage.asked) for passage in entry[1])], dtype=np.int64),
        texts=vectors("questions", "passage, number"),
        tokens=vectors_of_bytes(b"".join(contents), dimension),
        starts=np.cumsum([0, *(len(content) // (2 * dimension) for content in contents)], dtype=np.int64),
    )
    embeddings = Embeddings(
        vectors("passages", "number"),
        vectors("points", "passage, number"),
        token_vectors_of([StoredTokens(*row) for row in tokens], dimension),  # type: ignore[arg-type]
        questions,
    )
    return WrittenArticle(entry, ArticleMetadata(id, str(title), str(sha256), str(source)), embeddings)
