"""Connections to a database that give up soon: without limits of their own they would wait forever for a cut link."""

from typing import Any, LiteralString

import psycopg
from pgvector.psycopg import register_vector
from psycopg import sql
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from guide.errors import SearchIndexError
from guide.postgres.address import DatabaseAddress
from guide.postgres.deadline import DEADLINES
from guide.postgres.faults import faults_explained

Connection = psycopg.Connection[TupleRow]

EF_SEARCH = 400
"""How many neighbours pgvector's graph looks at: recall@10 of candidates of .996 on real text."""

PLANNING: LiteralString = (
    "set jit = off; set max_parallel_workers_per_gather = 0; set enable_hashjoin = off; set enable_mergejoin = off"
)
"""A question's rows are some hundreds by their keys: looking each up is faster than reading a table to join it, and
starting a worker or compiling takes longer than the statement."""

CLIENT_LIMITS: dict[str, Any] = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2_000,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "application_name": "guide",
}
"""What the client itself gives up after, seconds but for `tcp_user_timeout`; an address that names one has its way."""

READ_SECONDS = 2.4
"""How long a statement of a question may take: the server itself ends one that takes so long, and where the server
hangs the client gives up.
"""

POOL_SECONDS = 2.0
"""How long a question waits for a connection."""

PREPARE_SECONDS = 10
"""How long a new connection may take to be prepared, by a thread of the pool that nobody waits for longer than
`POOL_SECONDS`."""

CHECK_SECONDS = 0.5
"""How long a connection that lay idle may take to show that it is alive."""

CONNECTIONS = 8
"""How many connections a process holds at most."""

OLDEST_PGVECTOR = (0, 7)
"""The first version with half precision."""


def opened_pool(address: DatabaseAddress) -> "ConnectionPool[Connection]":
    """Connections for questions, made when they are needed: each transaction reads one state and can't write."""
    return ConnectionPool(
        _with_limits(address),
        min_size=0,
        max_size=CONNECTIONS,
        timeout=POOL_SECONDS,
        reconnect_timeout=POOL_SECONDS,
        max_idle=300,
        open=True,
        name="guide",
        check=_check,
        configure=lambda connection: _prepare_reading(connection, address),
    )


def _check(connection: Connection) -> None:
    with DEADLINES.within(connection, CHECK_SECONDS):
        ConnectionPool.check_connection(connection)


def taken_from(pool: "ConnectionPool[Connection]", address: DatabaseAddress) -> Connection:
    """A connection that nobody uses.

    Raises:
        SearchIndexError: all are in use.
        PoolTimeout: none can be made.
    """
    try:
        return pool.getconn()
    except PoolTimeout:
        if pool.get_stats().get("pool_size", 0) < CONNECTIONS:
            raise
        raise SearchIndexError(
            f"The database {address} can't be used: all {CONNECTIONS} connections to it are busy; ask again soon."
        ) from None


def connected(address: DatabaseAddress) -> Connection:
    """A connection for writing, in which each statement is a transaction of its own unless one is begun.

    Raises:
        SearchIndexError: the database can't be reached, or doesn't let this user in.
    """
    with faults_explained(address):
        connection = psycopg.connect(_with_limits(address), autocommit=True)
        _use_collection(connection, address)
        return connection


def use_vectors(connection: Connection, address: DatabaseAddress) -> None:
    """Teaches `connection` pgvector's types.

    Raises:
        SearchIndexError: the extension is missing or too old.
    """
    found = connection.execute("select extversion from pg_extension where extname = 'vector'").fetchone()
    if found is None:
        raise SearchIndexError(
            f"The database {address} has no extension vector; have its owner run `create extension vector`."
        )
    if tuple(int(part) for part in found[0].split(".")[:2]) < OLDEST_PGVECTOR:
        raise SearchIndexError(
            f"The database {address} has pgvector {found[0]}, Guide needs 0.7 or newer; update it there."
        )
    register_vector(connection)


def _with_limits(address: DatabaseAddress) -> str:
    try:
        named = psycopg.conninfo.conninfo_to_dict(address.conninfo)
    except psycopg.ProgrammingError:
        # What libpq says of it repeats the address, with what may be secret.
        raise SearchIndexError(
            f"The address {address} can't be read; see docs/database.md for what it may say."
        ) from None
    return psycopg.conninfo.make_conninfo("", **{**CLIENT_LIMITS, **named})


def _prepare_reading(connection: Connection, address: DatabaseAddress) -> None:
    with DEADLINES.within(connection, PREPARE_SECONDS):
        _prepare(connection, address)


def _prepare(connection: Connection, address: DatabaseAddress) -> None:
    connection.autocommit = True
    _use_collection(connection, address)
    connection.execute(
        sql.SQL("set statement_timeout = {}; set hnsw.ef_search = {}; " + PLANNING).format(
            int(READ_SECONDS * 1000), EF_SEARCH
        )
    )
    use_vectors(connection, address)
    connection.autocommit = False
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True


def _use_collection(connection: Connection, address: DatabaseAddress) -> None:
    """Has the names of tables mean those of the collection; the extension's types are found where it stands."""
    found = connection.execute(
        "select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where extname = 'vector'"
    ).fetchone()
    path = [address.collection, found[0] if found else "public"]
    connection.execute(sql.SQL("set search_path = {}").format(sql.SQL(", ").join(map(sql.Identifier, path))))
