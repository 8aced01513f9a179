"""Whether a collection is whole, and what it holds."""

from psycopg import sql

from guide.index.check import IndexCheck
from guide.index.recipe import index_recipe, recipe_changes
from guide.index.state import CorpusCounts
from guide.postgres.address import DatabaseAddress
from guide.postgres.connection import Connection, connected, use_vectors
from guide.postgres.counts import ALL_COUNTED
from guide.postgres.faults import faults_explained
from guide.postgres.rows import COLUMNS
from guide.postgres.schema import read_origin

_INDEXES = ("passages_near", "points_near", "questions_near", "postings_best", "passages_by_id")
_UNFOLDED = 1_000
"""How many appended counts are many: each question adds them up."""


def check_collection(address: DatabaseAddress) -> IndexCheck:
    """What the collection at `address` holds, its tables compared with each other; all from one state.

    Raises:
        SearchIndexError: the database can't be used, or there is no collection that this Guide can read.
    """
    with connected(address) as connection, faults_explained(address):
        origin = read_origin(connection, address)
        use_vectors(connection, address)
        with connection.transaction():
            connection.execute("set transaction isolation level repeatable read read only")
            held = {table: _rows_in(connection, table) for table in COLUMNS}
            return IndexCheck(
                counts=CorpusCounts(held["articles"], held["passages"], held["points"], held["questions"]),
                model=origin.model,
                recipe_changes=recipe_changes(origin.recipe, index_recipe()),
                problems=(
                    *_orphans(connection),
                    *_incomplete(connection),
                    *_changed_originals(connection),
                    *_miscounted(connection, held),
                    *_indexes(connection, address),
                ),
            )


def _orphans(connection: Connection) -> list[str]:
    """Rows of articles that aren't there."""
    found = []
    for table in COLUMNS:
        statement = sql.SQL(
            "select count(*) from {} t where not exists (select 1 from articles a where a.article_id = t.article_id)"
        ).format(sql.Identifier(table))
        row = connection.execute(statement).fetchone()
        if row and row[0]:
            found.append(f"The table {table} has {row[0]} rows of no article; build those articles again.")
    return found


def _incomplete(connection: Connection) -> list[str]:
    """Articles of which something is missing."""
    rows = connection.execute(
        """
        select a.article_id from articles a
        join article_counts c on c.article_id = a.article_id and c.kind = 'total'
        where (select count(*) from passages p where p.article_id = a.article_id)
                <> c.n[array_position(c.keys, 'passages')]
            or (select count(*) from passage_ids i where i.article_id = a.article_id)
                <> c.n[array_position(c.keys, 'passages')]
            or (select count(*) from languages l where l.article_id = a.article_id) <> 1
            or (select count(*) from tokens t where t.article_id = a.article_id)
                <> c.n[array_position(c.keys, 'passages')]
            or (select count(*) from points o where o.article_id = a.article_id)
                <> c.n[array_position(c.keys, 'points')]
            or (select count(*) from questions q where q.article_id = a.article_id)
                <> c.n[array_position(c.keys, 'questions')]
        order by 1 limit 4
        """
    ).fetchall()
    named = ", ".join(repr(id) for (id,) in rows[:3]) + (" and others" if len(rows) > 3 else "")
    return [f"Of {named} something is missing; remove and build them again."] if rows else []


def _changed_originals(connection: Connection) -> list[str]:
    """PDFs that aren't what was written."""
    rows = connection.execute(
        "select article_id from originals where encode(sha256(content), 'hex') <> sha256 order by 1"
    ).fetchall()
    return [f"The PDF of {id!r} isn't what was built; remove that article and build it again." for (id,) in rows]


def _miscounted(connection: Connection, held: dict[str, int]) -> list[str]:
    """Counts that don't say what the tables hold, or that nobody has folded."""
    problems = []
    counted: dict[str, int] = dict(connection.execute(ALL_COUNTED, {"kind": "total"}).fetchall())
    for table in ("articles", "passages", "points", "questions"):
        if counted.get(table, 0) != held[table]:
            problems.append(
                f"There are {held[table]} {table}, and {counted.get(table, 0)} are counted; copy the index to a new "
                "collection with `guide migrate`."
            )
    unfolded = _rows_in(connection, "count_changes")
    if unfolded > _UNFOLDED:
        problems.append(f"{unfolded} counts aren't folded, which slows questions; the next `guide build` folds them.")
    return problems


def _indexes(connection: Connection, address: DatabaseAddress) -> list[str]:
    rows = connection.execute(
        "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid "
        "join pg_namespace n on n.oid = c.relnamespace where n.nspname = %s and i.indisvalid",
        [address.collection],
    ).fetchall()
    missing = sorted(set(_INDEXES) - {name for (name,) in rows})
    return [
        f"The index {name} is missing or invalid, so that questions read all rows; make it anew." for name in missing
    ]


def _rows_in(connection: Connection, table: str) -> int:
    row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0
