"""What was read or made last, kept for those who ask next."""

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class RecentlyRead(Generic[Value]):
    """Values by keys that name their version: what has changed since is never taken for what it was.

    Of many, those that were asked for longest ago are dropped. Several threads may use it.
    """

    def __init__(self, room: int, most: int | None = None) -> None:
        """`room` is how much all that is kept may take, in whatever unit `keep` is told; `most` is how many are kept,
        any number without it.
        """
        self._room, self._most = room, most
        self._taken = 0
        self._lock = threading.Lock()
        self._kept: dict[Hashable, tuple[Value, int]] = {}

    def find(self, key: Hashable) -> Value | None:
        """The value of that key, if it is here."""
        with self._lock:
            kept = self._kept.pop(key, None)
            if kept is None:
                return None
            self._kept[key] = kept  # asked for last, dropped last
            return kept[0]

    def keep(self, key: Hashable, value: Value, size: int = 1) -> None:
        """Keeps a value that takes `size` of the room; not one that takes more than all of it."""
        if size > self._room:
            return
        with self._lock:
            if replaced := self._kept.pop(key, None):
                self._taken -= replaced[1]
            self._kept[key] = value, size
            self._taken += size
            while self._taken > self._room or (self._most is not None and len(self._kept) > self._most):
                self._taken -= self._kept.pop(next(iter(self._kept)))[1]
