"""Connections that are waited for no longer than may be: a server that hangs keeps its link up, and libpq waits on."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

DEADLINE_LOOK_SECONDS = 0.1


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


class TimeLeft:
    """How much longer the database may be waited for. Each thing that is read has so many seconds, or all that is read
    for a question together. What the question itself does in between isn't counted.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._left: float | None = None
        self._thread = threading.local()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """All that is read within shares the seconds."""
        before, self._left = self._left, self._seconds
        try:
            yield
        finally:
            self._left = before

    @contextmanager
    def taken(self) -> Iterator[float]:
        """How many seconds there are for what is read within.

        Raises:
            OverdueError: none are left.
        """
        if self._left is None or getattr(self._thread, "apart", False):
            yield self._seconds
            return
        if self._left <= 0:
            raise OverdueError("the server hasn't answered in time")
        begun = time.monotonic()
        try:
            yield self._left
        finally:
            # What it was read for may be over by now: a thread of its own may have read it.
            if self._left is not None:
                self._left -= time.monotonic() - begun

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Each thing that this thread reads within has all of the seconds to itself: what is found out once about a
        whole corpus takes as long as it takes.
        """
        before = getattr(self._thread, "apart", False)
        self._thread.apart = True
        try:
            yield
        finally:
            self._thread.apart = before


def _shut(connection: psycopg.Connection[Any]) -> None:
    with suppress(OSError, psycopg.Error):
        link = socket.socket(fileno=os.dup(connection.fileno()))
        with link:
            link.shutdown(socket.SHUT_RDWR)


DEADLINES = Deadlines()
"""Of all connections of this process."""
