"""The tables of a collection: made, brought up to date by numbered steps, and checked before they are used."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from uuid import uuid4

from psycopg import sql

from guide.embedding.encoder import Agreement, ModelIdentity
from guide.errors import SearchIndexError
from guide.postgres.address import DatabaseAddress
from guide.postgres.connection import Connection, use_vectors
from guide.postgres.faults import no_index

VERSION = 3
"""The number of the last step in `migrations/`."""

GRAPHS = 2
"""The step that makes what finds candidates."""


@dataclass(frozen=True, slots=True)
class CorpusOrigin:
    """What the vectors of a collection come from, as the collection says."""

    model: ModelIdentity
    agreement: Agreement | None
    recipe: Mapping[str, str]
    schema_version: int


def read_origin(connection: Connection, address: DatabaseAddress) -> CorpusOrigin:
    """What the collection comes from.

    Raises:
        SearchIndexError: there is none, or it is of another version.
    """
    origin = find_origin(connection, address)
    if origin is None:
        raise no_index(address)
    if origin.schema_version > VERSION:
        raise SearchIndexError(
            f"The index in {address} has tables of version {origin.schema_version}, this Guide reads {VERSION}; "
            "install the newer Guide that made them."
        )
    if origin.schema_version < VERSION:
        raise SearchIndexError(
            f"The index in {address} has tables of version {origin.schema_version}, this Guide needs {VERSION}; run "
            "`guide migrate --index …`, which brings them up to date."
        )
    return origin


def find_origin(connection: Connection, address: DatabaseAddress) -> CorpusOrigin | None:
    """What the collection comes from, whatever the version of its tables; nothing if there are no tables.

    Raises:
        SearchIndexError: there are tables of another program.
    """
    tables = {
        name
        for (name,) in connection.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = %s and c.relkind in ('r', 'p')",
            [address.collection],
        )
    }
    if not tables:
        return None
    if "corpus" not in tables:
        raise SearchIndexError(
            f"In {address} stand tables of another program ({', '.join(sorted(tables)[:3])}); name another collection, "
            "such as …?collection=articles."
        )
    # By its full name: a schema that this role may not use would be passed over, as if nothing were there.
    row = connection.execute(
        sql.SQL("select model, model_sha256, agreement, recipe, schema_version from {}").format(
            sql.Identifier(address.collection, "corpus")
        )
    ).fetchone()
    if row is None:
        raise SearchIndexError(
            f"The tables in {address} are there, but not what they were made by: half of a build; drop the schema "
            f"{address.collection} and build again."
        )
    agreement = json.loads(row[2])
    return CorpusOrigin(ModelIdentity(row[0], row[1]), agreement and Agreement(**agreement), json.loads(row[3]), row[4])


def make_tables(
    connection: Connection,
    address: DatabaseAddress,
    origin: CorpusOrigin,
    dimension: int,
    *,
    until: int = VERSION,
    without: Collection[int] = (),
) -> None:
    """Makes the tables of a collection that has none, in one transaction; `until` is the last step that is taken. Steps
    that it is made `without` are left to the caller (`take_step`).
    """
    with connection.transaction():
        connection.execute("create extension if not exists vector")
        connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(address.collection)))
    use_vectors(connection, address)
    with connection.transaction():
        take_step(connection, 1, dimension)
        connection.execute(
            "insert into corpus (schema_version, model, model_sha256, agreement, recipe, edition) "
            "values (1, %s, %s, %s, %s, %s)",
            [
                origin.model.name,
                origin.model.sha256,
                json.dumps(asdict(origin.agreement) if origin.agreement else None),
                json.dumps(dict(origin.recipe)),
                uuid4(),
            ],
        )
        bring_up_to_date(connection, dimension, until=until, without=without)


def bring_up_to_date(
    connection: Connection, dimension: int, *, until: int = VERSION, without: Collection[int] = ()
) -> int:
    """Takes the steps that the tables lack, all but those it goes `without`, or none, and says how many these were."""
    with connection.transaction():
        # Whoever else brings them up to date waits here, and then finds nothing left to do.
        row = connection.execute("select schema_version from corpus for update").fetchone()
        done = int(row[0]) if row else 0
        for number in range(done + 1, until + 1):
            if number not in without:
                take_step(connection, number, dimension)
        connection.execute("update corpus set schema_version = greatest(schema_version, %s)", [until])
    return max(0, until - done)


def take_step(connection: Connection, number: int, dimension: int) -> None:
    """Takes one step, whichever were taken before."""
    text = files("guide.postgres").joinpath(f"migrations/{number}.sql").read_text(encoding="utf-8")
    # One at a time: Citus takes no command of several statements.
    for statement in text.replace("{dimension}", str(dimension)).split(";\n"):
        if statement.strip():
            connection.execute(statement.encode())


def dimension_of(connection: Connection) -> int:
    """How many dimensions the vectors of the collection have."""
    row = connection.execute(
        "select atttypmod from pg_attribute where attrelid = 'points'::regclass and attname = 'embedding'"
    ).fetchone()
    return int(row[0]) if row else 0
