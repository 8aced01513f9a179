"""Where an index is kept: a folder, or a collection in a database; opened by its name."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from guide.errors import GuideError
from guide.postgres.address import SCHEMES, DatabaseAddress

if TYPE_CHECKING:
    from guide.index.state import Store

IndexLocation = Path | DatabaseAddress


def location_of(named: str | Path | DatabaseAddress) -> IndexLocation:
    """The folder, or the address of a database, that `named` names.

    Raises:
        SearchIndexError: it looks like an address and can't be read as one.

    >>> location_of("index"), str(location_of("postgresql://db/guide"))
    (PosixPath('index'), 'postgresql://db/guide')
    """
    if isinstance(named, str) and named.startswith(SCHEMES):
        return DatabaseAddress.of(named)
    return Path(named) if isinstance(named, str) else named


def open_store(location: IndexLocation) -> "Store":
    """The index that is kept there.

    Raises:
        SearchIndexError: there is none, or it can't be used.
        GuideError: it is in a database, and what talks to one isn't installed.
    """
    if isinstance(location, Path):
        from guide.index.index import open_index

        return open_index(location)
    need_postgres()
    from guide.postgres.store import DatabaseStore

    return DatabaseStore(location)


def need_postgres() -> None:
    """Does nothing where what talks to PostgreSQL is installed.

    Raises:
        GuideError: it isn't.
    """
    if not all(map(find_spec, ("psycopg", "psycopg_pool", "pgvector"))):
        raise GuideError(
            "An index in a database needs psycopg and pgvector; install them with "
            "`pip install 'quoted-guide[postgres]'`."
        )
