"""The pages of a long PDF, read by several processes at once."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

MAX_PROCESSES = 4
MIN_PAGES_EACH = 7
"""The pages from which a further process is started: starting one takes as long as reading three or four."""

Pages = list[Any]
Read = Callable[[bytes, range, Callable[[int], None]], Pages]
"""Reads the pages of a file at the places of a range, and tells how many it has read."""


def read_together(data: bytes, count: int, read: Read, progress: Callable[[int, int], None]) -> Pages:
    """What `read` makes of each of the `count` pages of a file; every further process takes each second page, or each
    third, and so on. What a process fails to read is read here, and says then what is wrong.
    """
    step = max(1, min(MAX_PROCESSES, _processors(), count // MIN_PAGES_EACH))
    shares = [range(first, count, step) for first in range(step)]
    # Processes of their own and no pool: those would run the main program of whoever calls a second time.
    command = [sys.executable, "-m", "guide.articles.formats.pdf", str(count), str(step)]
    workers = [_started([*command, str(share.start)]) for share in shares[1:]]
    with ThreadPoolExecutor(step) as threads:
        answers = [threads.submit(worker.communicate, data) if worker else None for worker in workers]
        try:
            found = [read(data, shares[0], lambda done: progress(min(count, done * step), count))]
            for share, worker, answer in zip(shares[1:], workers, answers, strict=True):
                said = answer.result()[0] if answer else b""
                is_read = worker is not None and worker.returncode == 0
                # What it says was written by this program.
                found.append(pickle.loads(said) if is_read else read(data, share, lambda _: None))  # noqa: S301
        finally:
            for worker in filter(None, workers):
                worker.kill()
    return [found[place % step][place // step] for place in range(count)]


def read_share(read: Read) -> None:
    """Does what `read_together` has started this process for: reads a file from standard input, and writes its share of
    the pages to standard output.
    """
    count, step, first = map(int, sys.argv[1:])
    pages = read(sys.stdin.buffer.read(), range(first, count, step), lambda _: None)
    sys.stdout.buffer.write(pickle.dumps(pages))


def _started(command: list[str]) -> "subprocess.Popen[bytes] | None":
    try:
        return subprocess.Popen(  # noqa: S603 - this program, with numbers as its arguments
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
