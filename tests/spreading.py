"""How the tests are spread over processes: which stay together, which begin, and which run alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

MOST_PROCESSES = 6
"""There is no work for more: a room's tests stay together."""
FIRST = ("tests/browser/", "tests/safety/", "tests/web/", "tests/embedding/")
"""The rooms that take longest are begun first, so that at the end no process waits long for another."""


def room(test: str) -> str:
    """Which tests stay together in one process with `test`, a test's id: those of its folder, since they share what
    they load. Each of the browser's modules takes as long as a folder, and goes alone.
    """
    module = PurePosixPath(test.split("::")[0])
    return str(module if module.parent.name in ("tests", "browser") else module.parent)


class Turns:
    """Lets the processes of a run test side by side, or one of them alone."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the run's, the same for each process."""
        self._gate, self._running = (folder / "gate.lock").open("w"), (folder / "running.lock").open("w")

    @contextmanager
    def take(self, *, alone: bool) -> Iterator[None]:
        """Waits for its turn, and has it until the end. On Windows, which lacks these locks, nobody waits."""
        if fcntl is None:
            yield
            return
        # While one waits to be alone, nobody else begins.
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        fcntl.flock(self._running, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(self._gate, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._running, fcntl.LOCK_UN)
