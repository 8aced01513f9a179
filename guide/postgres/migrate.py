"""What writes to a collection in a database, and what reads all of one to copy it."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from guide.embedding.encoder import Encoder
from guide.errors import SearchIndexError
from guide.index.article_store import ArticleMetadata, article_from_json, passage_from_json
from guide.index.build import Origin, Progress
from guide.index.build_report import BuildReport
from guide.index.originals import Original
from guide.index.question_vectors import QuestionVectors
from guide.index.segment import Embeddings
from guide.index.writer import CopyProgress, WholeIndex, WrittenArticle
from guide.postgres.address import DatabaseAddress
from guide.postgres.build import build_in_database
from guide.postgres.connection import Connection, connected, use_vectors
from guide.postgres.faults import faults_explained, no_index
from guide.postgres.rows import StoredTokens, rows_of, token_vectors_of, vectors_of_bytes
from guide.postgres.schema import (
    GRAPHS,
    CorpusOrigin,
    bring_up_to_date,
    dimension_of,
    find_origin,
    make_tables,
    read_origin,
    take_step,
)
from guide.postgres.writer import copy_rows, fold_counts, writing
from guide.records import Entry


@dataclass(frozen=True, slots=True)
class CollectionWriter:
    """Writes to a collection in a database, which is made if there is none. Several may write at once."""

    address: DatabaseAddress

    def build(
        self,
        sources: Sequence[Path],
        encoder: Encoder,
        origin: Origin,
        progress: Progress = lambda stage, done, of, file: None,
        *,
        exactly: bool = False,
        gone: Collection[str] = (),
    ) -> BuildReport:
        """The report on a build of the articles in `sources`; see `build_in_database`."""
        return build_in_database(sources, self.address, encoder, origin, progress, exactly=exactly, gone=gone)

    def remove(self, article_ids: Collection[str]) -> None:
        """Removes articles, all of them or none."""
        with writing(self.address) as writer:
            writer.remove(article_ids)
            writer.fold()

    def write(self, index: WholeIndex, progress: CopyProgress = lambda done, of: None) -> int:
        """Writes the articles of another index, those of the same ids in place of the collection's own."""
        with connected(self.address) as connection, faults_explained(self.address):
            before = find_origin(connection, self.address)
            if before is None:
                return _fill(connection, self.address, index, progress)
        if before.model.sha256 != index.model.sha256:
            raise SearchIndexError(
                f"The index in {self.address} was built with {before.model.name}, that in {index.name} with "
                f"{index.model.name}; copy it to another collection, such as …?collection=new."
            )
        with writing(self.address) as writer:
            for number, written in enumerate(index.articles):
                progress(number, index.count)
                writer.replace(written)
            writer.fold()
        progress(index.count, index.count)
        return index.count


def _fill(connection: Connection, address: DatabaseAddress, index: WholeIndex, progress: CopyProgress) -> int:
    """Copies everything in one transaction into a new collection, then makes what finds candidates."""
    origin = CorpusOrigin(index.model, index.agreement, index.recipe, 0)
    with connection.transaction():
        make_tables(connection, address, origin, index.dimension, without=(GRAPHS,))
        for number, written in enumerate(index.articles):
            progress(number, index.count)
            copy_rows(connection, [rows_of(written)])
        connection.execute("insert into count_changes select article_id, kind, keys, n from article_counts")
        fold_counts(connection)
        connection.execute("set local maintenance_work_mem = '512MB'")
        take_step(connection, GRAPHS, index.dimension)
    connection.execute("vacuum analyze")
    progress(index.count, index.count)
    return index.count


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


@contextmanager
def whole_collection(address: DatabaseAddress) -> Iterator[WholeIndex]:
    """All of the collection at `address`, from one state.

    Raises:
        SearchIndexError: the collection can't be read.
    """
    with connected(address) as connection, faults_explained(address):
        origin = read_origin(connection, address)
        use_vectors(connection, address)
        dimension = dimension_of(connection)
        with connection.transaction():
            connection.execute("set transaction isolation level repeatable read read only")
            ids = [id for (id,) in connection.execute("select article_id from articles order by article_id")]
            articles = (_read_article(connection, id, dimension) for id in ids)
            yield WholeIndex(str(address), origin.model, origin.agreement, origin.recipe, dimension, len(ids), articles)


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
    kept = rows("select sha256, content from originals where article_id = %s")
    originals = [Original(str(digest), bytes(content)) for digest, content in kept]  # type: ignore[call-overload]
    metadata = ArticleMetadata(id, str(title), str(sha256), str(source))
    return WrittenArticle(entry, metadata, embeddings, originals[0] if originals else None)
