"""A collection in a database, opened to answer from."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from guide.embedding.encoder import ModelIdentity
from guide.index.state import Facts
from guide.postgres.address import DatabaseAddress
from guide.postgres.connection import connected, opened_pool, use_vectors
from guide.postgres.faults import faults_explained
from guide.postgres.kept import KeptPassages
from guide.postgres.schema import CorpusOrigin, dimension_of, read_origin
from guide.postgres.state import DatabaseState, StoreParts
from guide.recent import RecentlyRead

KEPT_EDITIONS = 2
"""Of how many editions what was found out about them is kept: the newest, and one that questions may still be at."""

KEPT_ARTICLES = 512
"""How many articles are kept as they were read."""


class DatabaseStore:
    """A collection. Questions read it one state each; reading needs no more than the rights to read."""

    def __init__(self, address: DatabaseAddress) -> None:
        """Looks whether there is a collection that this Guide can read.

        Raises:
            SearchIndexError: the database can't be reached or used, or there is no such collection.
        """
        with connected(address) as connection, faults_explained(address):
            self.origin: CorpusOrigin = read_origin(connection, address)
            use_vectors(connection, address)
            dimension = dimension_of(connection)
        self.address = address
        self._facts: dict[str, Facts] = {}
        self._lock = threading.Lock()
        self._pool = opened_pool(address)
        self._parts = StoreParts(
            address=address,
            model=self.origin.model,
            dimension=dimension,
            pool=self._pool,
            entries=RecentlyRead(KEPT_ARTICLES),
            kept=KeptPassages(dimension),
            facts_of=self._facts_of,
        )

    @property
    def model(self) -> ModelIdentity:
        """The model of its embeddings."""
        return self.origin.model

    @contextmanager
    def reading(self) -> Iterator[DatabaseState]:
        """The state that it is in when it is first asked for something."""
        state = DatabaseState(self._parts)
        try:
            yield state
        finally:
            state.close()

    def close(self) -> None:
        """Closes its connections."""
        self._pool.close()

    def _facts_of(self, edition: str) -> Facts:
        with self._lock:
            facts = self._facts.pop(edition, None) or Facts()
            self._facts[edition] = facts  # used last, dropped last
            while len(self._facts) > KEPT_EDITIONS:
                self._facts.pop(next(iter(self._facts)))
            return facts
