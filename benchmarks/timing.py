"""How long calls and whole processes take, and how much memory a process takes at its peak."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from urllib.request import urlopen

POLL_SECONDS = 0.02
FIRST_PAGE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Process:
    """A process that has ended."""

    seconds: float
    peak_mb: float


def in_turns(calls: Mapping[str, Callable[[], object]], rounds: int, pause: float = 0) -> dict[str, float]:
    """The median seconds of each call. One after the other in each round, so that what slows the machine slows all;
    with a pause before each where threads of the one before go on waiting in a loop for a while, as torch's do.
    """
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            time.sleep(pause)
            taken[name].append(seconds(call))
    return {name: statistics.median(times) for name, times in taken.items()}


def seconds(call: Callable[[], object]) -> float:
    """How long `call` took."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


LAUNCH = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""
"""A process that starts another: what starts one directly has its own memory counted as the other's."""


def process(command: Sequence[str]) -> Process:
    """The time from start to end of a process and its peak memory.

    Raises:
        CalledProcessError: it failed.
    """
    launched = [sys.executable, "-c", LAUNCH, *command]
    done = subprocess.run(launched, stdout=subprocess.PIPE, text=True, check=True)
    taken, peak = json.loads(done.stdout)
    # Kilobytes on Linux, bytes on macOS.
    return Process(taken, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


def first_page(command: Sequence[str], address: str, environment: Mapping[str, str] | None = None) -> float:
    """The seconds from the start of a server to its first page at `address`; it is stopped then.

    Raises:
        RuntimeError: no page came.
    """
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while time.perf_counter() - start < FIRST_PAGE_SECONDS and server.poll() is None:
                try:
                    with urlopen(address, timeout=FIRST_PAGE_SECONDS) as page:  # noqa: S310 (an address of our own)
                        page.read()
                    return time.perf_counter() - start
                except (OSError, HTTPException):
                    time.sleep(POLL_SECONDS)
        finally:
            server.terminate()
    raise RuntimeError(f"{' '.join(command)} served no page at {address}")
