"""Connections to a database that give up soon: without limits of their own they would wait forever for a cut link."""

import time
from selectors import EVENT_READ, DefaultSelector
from typing import Any, ClassVar, LiteralString, Self

import psycopg
from pgvector.psycopg import register_vector
from psycopg import sql
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from guide.errors import SearchIndexError
from guide.postgres.address import DatabaseAddress
from guide.postgres.deadline import DEADLINES, OverdueError
from guide.postgres.faults import explained, faults_explained, without_repeating

Connection = psycopg.Connection[TupleRow]


class ReadingConnection(psycopg.Connection[TupleRow]):
    """A connection for questions: it says when it last answered, and its class why none could be made."""

    answered_at = 0.0
    """When the server last answered by it, as `time.monotonic` counts."""
    failures: ClassVar[dict[str, tuple[float, psycopg.Error]]] = {}
    """When and why a connection to an address was last refused."""

    @classmethod
    def connect(cls, conninfo: str = "", **settings: Any) -> Self:
        """A new connection."""
        try:
            return super().connect(conninfo, **settings)
        except psycopg.errors.ConnectionTimeout:
            raise  # which may be the network or the load: nobody can tell
        except psycopg.Error as error:
            cls.failures[conninfo] = time.monotonic(), error
            raise


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

READ_SECONDS = 2.2
"""How long all that a question reads may take, waiting for a connection included: the server itself ends a statement
that takes longer, and where the server hangs the client gives up.
"""

POOL_SECONDS = 2.0
"""How long a question waits for a connection."""

PREPARE_SECONDS = 10
"""How long a new connection may take to be prepared, by a thread of the pool that nobody waits for longer than
`POOL_SECONDS`."""

CHECK_SECONDS = 1.0
"""How long a connection that lay idle may take to show that it is alive: after that another one is tried, which may
lead to another server. A server that is up and busy has answered by then, or won't answer a question in time.
"""

TRUSTED_SECONDS = 1.0
"""How long after an answer a connection is taken to be alive without asking."""

CONNECTIONS = 8
"""How many connections a process holds at most."""

OLDEST_PGVECTOR = (0, 7)
"""The first version with half precision."""


def opened_pool(address: DatabaseAddress) -> "ConnectionPool[ReadingConnection]":
    """Connections for questions: each transaction reads one state and can't write. One is kept ready, the others are
    made when they are needed.
    """
    return ConnectionPool(
        _with_limits(address),
        connection_class=ReadingConnection,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=POOL_SECONDS,
        reconnect_timeout=POOL_SECONDS,
        max_idle=300,
        open=True,
        name="guide",
        configure=lambda connection: _prepare_reading(connection, address),
    )


def taken_from(pool: "ConnectionPool[ReadingConnection]", address: DatabaseAddress) -> ReadingConnection:
    """A connection that nobody uses, and that is alive.

    Raises:
        SearchIndexError: all are in use, or the server refuses.
        OverdueError: none is free and none could be made in time, for all that is known because the server is busy.
    """
    begun = time.monotonic()
    try:
        while True:
            left = begun + POOL_SECONDS - time.monotonic()
            connection = pool.getconn(timeout=left)
            try:
                _raise_if_dead(connection, min(left, CHECK_SECONDS))
            except psycopg.Error:
                pool.putconn(connection)  # which drops it, and has another one made
            else:
                return connection
    except PoolTimeout:
        known = pool.get_stats()
        if known.get("pool_size", 0) >= CONNECTIONS and not known.get("pool_available", 0):
            raise SearchIndexError(
                f"The database {address} can't be used: all {CONNECTIONS} connections to it are busy; ask again soon."
            ) from None
        refused = ReadingConnection.failures.get(_with_limits(address))
        if refused is not None and refused[0] >= begun:
            raise without_repeating(explained(refused[1], address)) from None
        raise OverdueError("no connection in time") from None


def _raise_if_dead(connection: ReadingConnection, seconds: float) -> None:
    """Does nothing if the server answers by `connection`, or has just done so and hasn't closed it since, which would
    show as something to read.
    """
    with DefaultSelector() as selector:
        selector.register(connection, EVENT_READ)
        closed = bool(selector.select(0))
    if closed or time.monotonic() - connection.answered_at > TRUSTED_SECONDS:
        with DEADLINES.within(connection, seconds):
            ConnectionPool.check_connection(connection)


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
