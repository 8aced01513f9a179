"""What a database refuses or can't do → one sentence that a person can act on, without what is secret."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests

from guide.errors import SearchIndexError, StoreGoneError
from guide.postgres.address import DatabaseAddress
from guide.postgres.deadline import OverdueError

_REASONS: tuple[tuple[type[psycopg.Error] | tuple[type[psycopg.Error], ...], str], ...] = (
    (errors.InsufficientPrivilege, "its user lacks the rights for this; see docs/database.md for what a role needs"),
    (errors.ReadOnlySqlTransaction, "it only reads: it is a replica, or its user may not write; name the primary"),
    ((errors.FeatureNotSupported, errors.UndefinedFile), "it has no pgvector; install that on the server"),
    (errors.DiskFull, "its disk is full; free some space there, what was there before is as it was"),
    (errors.QueryCanceled, "it took too long; see whether it is overloaded, or ask again in a moment"),
    (errors.TooManyConnections, "it takes no more connections; ask again in a moment, or raise its max_connections"),
)
_REFUSALS = (
    ("password authentication failed", "it refuses the password; set PGPASSWORD, or PGPASSFILE to a file that has it"),
    ("no password supplied", "it asks for a password; set PGPASSWORD, or PGPASSFILE to a file that has it"),
    ("too many", "it takes no more connections; ask again in a moment, or raise its max_connections"),
    ("certificate", "its certificate isn't trusted; set sslrootcert to that of who signed it"),
    ("does not support SSL", "it doesn't offer TLS, which the address asks for; turn it on there"),
    ("pg_hba.conf", "it doesn't let this user in from here; see its pg_hba.conf"),
    ("no encryption", "it doesn't let this user in without TLS; add sslmode=verify-full"),
)


@contextmanager
def faults_explained(address: DatabaseAddress) -> Iterator[None]:
    """Whatever the database refuses within is an error that names `address` and says what to do.

    Raises:
        StoreGoneError: it can't be reached, or the connection broke.
        SearchIndexError: it answered, and won't do what was asked.
    """
    try:
        yield
    except (psycopg.Error, PoolTimeout, TooManyRequests) as error:
        raise explained(error, address) from None


def explained(error: Exception, address: DatabaseAddress) -> SearchIndexError:
    """The error that says what happened at `address`."""
    if isinstance(error, (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn)):
        return no_index(address)
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return SearchIndexError(f"The database {address} can't be used: {reason}.")
    said = _first_line(error)
    if isinstance(error, psycopg.OperationalError) and "does not exist" in said:
        return SearchIndexError(f"There is no such database or user at {address}; create it, or name another.")
    for words, reason in _REFUSALS:
        if words in said:
            return SearchIndexError(f"The database {address} can't be used: {reason}.")
    if isinstance(error, OverdueError):
        return StoreGoneError(
            f"The database {address} doesn't answer in time; ask again in a moment, or see whether it is overloaded or "
            "the way to it is cut."
        )
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TooManyRequests)):
        gone = StoreGoneError(f"The database {address} can't be reached; start it or name another, then ask again.")
        gone.again = not isinstance(error, (PoolTimeout, TooManyRequests))
        return gone
    return SearchIndexError(
        f"The index in {address} can't be used ({type(error).__name__}); `guide check --index …` says more."
    )


def without_repeating(error: SearchIndexError) -> SearchIndexError:
    """The same error, for whom there is no time left to ask once more."""
    if isinstance(error, StoreGoneError):
        error.again = False
    return error


def no_index(address: DatabaseAddress) -> SearchIndexError:
    """The error that says that there is no index at `address`."""
    return SearchIndexError(
        f"There is no index in {address}; build one with `guide build --index …`, or copy one with `guide migrate`."
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().replace("\n", " ")
