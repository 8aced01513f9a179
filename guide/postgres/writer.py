"""Writing to a database: an article at a time, each in one transaction."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from psycopg import sql

from guide.index.originals import Original
from guide.index.writer import WrittenArticle
from guide.postgres.address import DatabaseAddress
from guide.postgres.connection import Connection, connected, use_vectors
from guide.postgres.counts import ALL_COUNTED
from guide.postgres.faults import faults_explained
from guide.postgres.rows import COLUMNS, TableRow, rows_of
from guide.postgres.schema import read_origin

FOLD_AFTER = 50
"""How many articles are written before their counts are folded: until then each question adds up what was appended."""


class DatabaseWriter:
    """Replaces and removes articles of a collection. Several may write at once, also the same article."""

    def __init__(self, connection: Connection, address: DatabaseAddress) -> None:
        self._connection = connection
        self._address = address
        self._since_folded = 0

    def sources(self) -> dict[str, str]:
        """The id of each article by the SHA-256 of what it was read from."""
        with faults_explained(self._address):
            found = self._connection.execute("select source_sha256, article_id from articles").fetchall()
            return dict(found)

    def without_original(self) -> set[str]:
        """The ids of the articles of which no PDF is kept."""
        with faults_explained(self._address):
            found = self._connection.execute(
                "select article_id from articles except select article_id from originals"
            ).fetchall()
            return {id for (id,) in found}

    def keep_original(self, article_id: str, original: Original) -> None:
        """Keeps the PDF that an article was read from; one that is there already stays.

        Raises:
            SearchIndexError: it can't be written.
        """
        with faults_explained(self._address):
            self._connection.execute(
                "insert into originals values (%s, %s, %s) on conflict do nothing",
                [article_id, original.sha256, original.content],
            )

    def totals(self) -> dict[str, int]:
        """How many articles, passages, points and questions the collection holds."""
        with faults_explained(self._address):
            found = self._connection.execute(ALL_COUNTED, {"kind": "total"}).fetchall()
        return {"articles": 0, "passages": 0, "points": 0, "questions": 0, **dict(found)}

    def replace(self, written: WrittenArticle) -> None:
        """Puts an article in the place of its older self, or adds it: all of it or nothing.

        Raises:
            SearchIndexError: it can't be written; what was there before is as it was.
        """
        rows = rows_of(written)
        with faults_explained(self._address):
            with self._changing([written.metadata.id]):
                self._remove(written.metadata.id)
                copy_rows(self._connection, [rows])
                self._append_changes(written.metadata.id, sign=1)
            self._since_folded += 1
            if self._since_folded >= FOLD_AFTER:
                self.fold()

    def remove(self, article_ids: Collection[str]) -> int:
        """Removes articles, all of them or none, and says how many there were.

        Raises:
            SearchIndexError: they can't be removed.
        """
        with faults_explained(self._address), self._changing(article_ids):
            return sum(self._remove(id) for id in sorted(article_ids))

    def fold(self) -> None:
        """Adds up what writers have counted; where another one does so already, it is left to that one."""
        with faults_explained(self._address):
            fold_counts(self._connection)
        self._since_folded = 0

    @contextmanager
    def _changing(self, article_ids: Collection[str]) -> Iterator[None]:
        """A transaction that changes these articles; who changes the same ones waits."""
        with self._connection.transaction():
            for id in sorted(article_ids):
                self._connection.execute(
                    "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{self._address.collection} {id}"]
                )
            yield
            # Last, so that writers wait for each other no longer than a commit takes.
            self._connection.execute("update corpus set edition = gen_random_uuid()")

    def _remove(self, article_id: str) -> bool:
        self._append_changes(article_id, sign=-1)
        removed = 0
        for table in COLUMNS:
            removed += self._connection.execute(
                sql.SQL("delete from {} where article_id = %s").format(sql.Identifier(table)), [article_id]
            ).rowcount
        return removed > 0

    def _append_changes(self, article_id: str, sign: int) -> None:
        self._connection.execute(
            "insert into count_changes select article_id, kind, keys, array(select %s * one from unnest(n) one) "
            "from article_counts where article_id = %s",
            [sign, article_id],
        )


@contextmanager
def writing(address: DatabaseAddress) -> Iterator[DatabaseWriter]:
    """A writer of the collection at `address`, whose tables must be there.

    Raises:
        SearchIndexError: the database can't be reached, there are no such tables, or they are of another version.
    """
    with connected(address) as connection:
        with faults_explained(address):
            read_origin(connection, address)
            use_vectors(connection, address)
        yield DatabaseWriter(connection, address)


def copy_rows(connection: Connection, articles: Sequence[dict[str, list[TableRow]]]) -> None:
    """Copies the rows of articles into the tables, within the caller's transaction."""
    for table, columns in COLUMNS.items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        command = sql.SQL("copy {} ({}) from stdin with (format binary)").format(sql.Identifier(table), names)
        with connection.cursor().copy(command) as copy:
            copy.set_types(list(columns.values()))
            for rows in articles:
                for row in rows[table]:
                    copy.write_row(row)


def fold_counts(connection: Connection) -> None:
    """Adds what writers have appended to the counts, unless somebody else is at it."""
    with connection.transaction():
        row = connection.execute(
            "select pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' fold', 0))"
        ).fetchone()
        if not row or not row[0]:
            return
        connection.execute(
            """
            with taken as (delete from count_changes returning kind, keys, n),
            added as (
                select kind, key, sum(by) as n from taken, unnest(keys, n) as one(key, by) group by kind, key
            )
            insert into counts as c select kind, key, n from added
            on conflict (kind, key) do update set n = c.n + excluded.n
            """
        )
