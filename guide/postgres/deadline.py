"""Connections that are waited for no longer than may be: a server that hangs keeps its link up, and libpq waits on."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

DEADLINE_LOOK_SECONDS = 0.2


class OverdueError(psycopg.OperationalError):
    """The server hasn't answered in time."""


class Deadlines:
    """Shuts the link of each connection whose time is up, so that whoever waits for it gets an error."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due: dict[int, tuple[float, psycopg.Connection[Any]]] = {}
        self._begun = False

    @contextmanager
    def within(self, connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
        """What is done with `connection` within may take so many seconds.

        Raises:
            OverdueError: it took longer, and the connection is of no more use.
        """
        key = id(connection)
        with self._lock:
            self._due[key] = time.monotonic() + seconds, connection
            if not self._begun:
                self._begun = True
                threading.Thread(target=self._look_on, name="database-deadlines", daemon=True).start()
        try:
            yield
        except psycopg.OperationalError as error:
            with self._lock:
                if key not in self._due:
                    raise OverdueError("the server hasn't answered in time") from error
            raise
        finally:
            with self._lock:
                self._due.pop(key, None)

    def _look_on(self) -> None:
        while True:
            time.sleep(DEADLINE_LOOK_SECONDS)
            with self._lock:
                now = time.monotonic()
                # Within the lock: a connection that is done with may be closed, and its number be another file's.
                for key in [key for key, (due, _) in self._due.items() if due <= now]:
                    _, connection = self._due.pop(key)
                    _shut(connection)


def _shut(connection: psycopg.Connection[Any]) -> None:
    with suppress(OSError, psycopg.Error):
        link = socket.socket(fileno=os.dup(connection.fileno()))
        with link:
            link.shutdown(socket.SHUT_RDWR)


DEADLINES = Deadlines()
"""Of all connections of this process."""
