"""What a build is at, from its first second on: on a terminal as a bar, elsewhere a line every so often."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

LINE_SECONDS = 5.0
"""How often a line is printed where there is no terminal, or at once where something else begins."""

READING = "Reading files"


class ShownProgress:
    """Hears from a build and shows it; see `guide.index.build.Progress`."""

    def __init__(self, bars: "Bars | None") -> None:
        """Without `bars`, lines go to standard error."""
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._stage, self._printed = "", 0.0

    def say(self, stage: str) -> None:
        """Shows that `stage` has begun, of which no end can be told."""
        self._show(stage, 0, None, "")

    def __call__(self, stage: str, done: int, of: int, file: str = "") -> None:
        self._show(READING if stage == "reading" else stage.capitalize(), done, of, file)

    def _show(self, stage: str, done: int, of: int | None, file: str) -> None:
        if self._bars is None:
            self._print(stage, done, of, file)
            return
        if stage not in self._tasks:
            # What had no end is over when something else begins.
            for task in [task.id for task in self._bars.tasks if task.total is None]:
                self._bars.remove_task(task)
            self._tasks[stage] = self._bars.add_task(stage, total=of, file="")
        self._bars.update(self._tasks[stage], completed=done, total=of, file=file)

    def _print(self, stage: str, done: int, of: int | None, file: str) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._printed < LINE_SECONDS:
            return
        self._stage, self._printed = stage, now
        how_far = f": {done} of {of}" if of is not None else " …"
        print(f"{stage}{how_far}{', ' * bool(file)}{file}", file=sys.stderr, flush=True)


@contextmanager
def shown_progress() -> Iterator[ShownProgress]:
    """What shows a build's progress, with the time it may still take where a terminal shows bars."""
    if not sys.stderr.isatty():
        yield ShownProgress(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    words, file = TextColumn("{task.description}"), TextColumn("{task.fields[file]}", markup=False)
    columns = words, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), file
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield ShownProgress(bars)
