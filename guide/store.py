"""Where an index is kept: a folder, or a collection in a database; opened by its name."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from guide.errors import GuideError
from guide.postgres.address import SCHEMES, DatabaseAddress

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from guide.index.check import IndexCheck
    from guide.index.state import Store
    from guide.index.writer import CopyProgress, WholeIndex, Writer

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


def open_writer(location: IndexLocation) -> "Writer":
    """What writes to the index that is kept there; there may be none yet.

    Raises:
        GuideError: it is in a database, and what talks to one isn't installed.
    """
    if isinstance(location, Path):
        from guide.index.writer import FolderWriter

        return FolderWriter(location)
    need_postgres()
    from guide.postgres.migrate import CollectionWriter

    return CollectionWriter(location)


def copy_index(source: IndexLocation, target: IndexLocation, progress: "CopyProgress" = lambda done, of: None) -> int:
    """Copies an index from one place to another, with nothing embedded again, and says how many articles it has.

    Raises:
        SearchIndexError: one of them can't be used, or the other was built with another model.
        GuideError: one is in a database, and what talks to one isn't installed.
    """
    writer = open_writer(target)
    with _whole(source) as index:
        return writer.write(index, progress)


def _whole(location: IndexLocation) -> "AbstractContextManager[WholeIndex]":
    if isinstance(location, Path):
        from guide.index.writer import whole_folder

        return whole_folder(location)
    need_postgres()
    from guide.postgres.migrate import whole_collection

    return whole_collection(location)


def check_index(location: IndexLocation) -> "IndexCheck":
    """What the index that is kept there holds, and what is wrong with it.

    Raises:
        SearchIndexError: there is none, or it is so damaged that it can't be opened.
        GuideError: it is in a database, and what talks to one isn't installed.
    """
    if isinstance(location, Path):
        from guide.index.check import check_folder

        return check_folder(location)
    need_postgres()
    from guide.postgres.check import check_collection

    return check_collection(location)


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
