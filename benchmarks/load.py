"""Measures the server under load: `python benchmarks/load.py [--json FILE]`. Starts a server of its own.

Alone: one client, one question after the other. Sixteen: as many clients at once. Overload: questions arrive at four
times the rate that sixteen clients were answered at, whether or not earlier ones have come back. Recovery: the seconds
after the overload until one client's 95th percentile over a second is within twice what it was alone.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
ENDPOINTS = ("/v1/ask", "/gradio_api/run/ask")
QUESTIONS = (
    "What are the signs of emotional detachment?",
    "Does yoga help?",
    "Can it come from how somebody was raised?",
    "How do I open up to people I trust?",
    "Is keeping a distance at work always bad?",
    "When should I look for professional help?",
    "What is the difference between detachment and healthy boundaries?",
    "How much does a kitchen chair cost?",
)
CLIENTS = 16
OVERLOAD = 4
IDLE_SECONDS = 3


@dataclass
class Seen:
    """What came back: the seconds of each answer, how many were refused as busy and how long that took, faults."""

    answered: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def summary(self, seconds: float) -> dict[str, float | int | str]:
        """Rates and percentiles."""
        return {
            "answered": len(self.answered),
            "answered_per_second": round(len(self.answered) / seconds, 1),
            "p50_ms": percentile(self.answered, 50),
            "p95_ms": percentile(self.answered, 95),
            "p99_ms": percentile(self.answered, 99),
            "refused": len(self.refused),
            "refused_p95_ms": percentile(self.refused, 95),
            "faults": len(self.faults),
            "first_fault": self.faults[0] if self.faults else "",
        }


def percentile(seconds: list[float], percent: int) -> float:
    """The nearest-rank percentile, in milliseconds; 0 of nothing."""
    ordered = sorted(seconds)
    return round(1000 * ordered[max(0, -(-len(ordered) * percent // 100) - 1)], 1) if ordered else 0.0


class Connection:
    """One kept-alive HTTP/1.1 connection: as little as can be, for the client shares the cores with the server."""

    def __init__(self, address: str, endpoint: str) -> None:
        self.host, self.port = urlsplit(address).hostname, urlsplit(address).port
        self.endpoint = endpoint
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.used = 0.0

    async def ask(self, question: str, seen: Seen) -> None:
        """Asks, and notes what came back."""
        begun = time.perf_counter()
        try:
            if self.streams and (self.streams[0].at_eof() or begun - self.used > IDLE_SECONDS):
                self.close()  # the server ends a connection that nothing is asked on, perhaps just now
            status, body = await self._post(question)
        except (OSError, asyncio.IncompleteReadError, AttributeError) as error:
            seen.faults.append(type(error).__name__)
            self.close()
            return
        self.used = time.perf_counter()
        took = self.used - begun
        if status == 200 and b'"covered"' in body:
            seen.answered.append(took)
        elif status == 503 or b"Guide is busy" in body:
            seen.refused.append(took)
        else:
            seen.faults.append(f"{status} {body[:100]!r}")

    async def _post(self, question: str) -> tuple[int, bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection(self.host, self.port)
        reader, writer = self.streams
        asked = {"question": question} if self.endpoint == "/v1/ask" else {"data": [question, [], None]}
        body = json.dumps(asked).encode()
        head = (
            f"POST {self.endpoint} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        status = int(answer.split(b" ", 2)[1])
        length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        return status, await reader.readexactly(int(length[1]))  # type: ignore[index]

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
        self.streams = None


async def closed_loop(address: str, endpoint: str, clients: int, seconds: float) -> Seen:
    """`clients` that each ask the next question when the last one is answered."""
    seen, numbers, until = Seen(), count(), time.perf_counter() + seconds

    async def one() -> None:
        connection = Connection(address, endpoint)
        while time.perf_counter() < until:
            await connection.ask(QUESTIONS[next(numbers) % len(QUESTIONS)], seen)
        connection.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return seen


async def open_loop(address: str, endpoint: str, per_second: float, seconds: float) -> Seen:
    """Questions that arrive at `per_second`, however long the earlier ones take."""
    seen, free, asked = Seen(), [], []
    begun = time.perf_counter()

    async def one(number: int) -> None:
        connection = free.pop() if free else Connection(address, endpoint)
        await connection.ask(QUESTIONS[number % len(QUESTIONS)], seen)
        free.append(connection)

    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
        asked.append(asyncio.create_task(one(number)))
    await asyncio.gather(*asked)
    for connection in free:
        connection.close()
    return seen


async def recovery(address: str, endpoint: str, alone_p95_ms: float) -> float:
    """Seconds until one client is answered as quickly as before, more or less."""
    begun = time.perf_counter()
    while (now := time.perf_counter() - begun) < 60:
        seen = await closed_loop(address, endpoint, 1, 1.0)
        if seen.answered and percentile(seen.answered, 95) <= 2 * alone_p95_ms:
            return round(now, 1)
    return float("inf")


def resident_mb(pid: int) -> float:
    """The process's resident memory; 0 where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
    return round(int(found[1]) / 1024, 1) if found else 0.0


def processor_seconds(pid: int) -> float:
    """The processor time that the process has taken; 0 where there is no /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(index: str | None = None) -> Iterator[tuple[str, int]]:
    """The address and process id of a server over `index`, or over the shipped articles."""
    environment = os.environ | {"GUIDE_QUESTIONS_PER_MINUTE": "0", "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    guide = [sys.executable, "-m", "guide"]
    with tempfile.TemporaryDirectory() as folder:
        if index is None:
            index = folder
            subprocess.run([*guide, "build", "--index", folder], cwd=ROOT, env=environment, check=True)
        command = [*guide, "serve", "--index", index]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            address = next(found[0] for line in server.stdout or () if (found := re.search(r"http://\S+", line)))
            yield address, server.pid
        finally:
            server.terminate()
            server.wait(timeout=30)


async def measure(address: str, pid: int, endpoint: str, seconds: float) -> dict[str, object]:
    """All four measures of one endpoint."""
    await closed_loop(address, endpoint, 4, 2.0)  # warm
    alone = (await closed_loop(address, endpoint, 1, seconds)).summary(seconds)
    taken = processor_seconds(pid)
    sixteen = (await closed_loop(address, endpoint, CLIENTS, seconds)).summary(seconds)
    taken = processor_seconds(pid) - taken
    before = resident_mb(pid)
    rate = OVERLOAD * float(sixteen["answered_per_second"])
    overload = (await open_loop(address, endpoint, rate, seconds)).summary(seconds)
    during = resident_mb(pid)
    recovered = await recovery(address, endpoint, float(alone["p95_ms"]))
    return {
        "endpoint": endpoint,
        "alone": alone,
        "sixteen": sixteen | {"processor_ms_a_question": round(1000 * taken / max(1, int(sixteen["answered"])), 1)},
        "overload": overload | {"offered_per_second": rate},
        "p95_of_accepted_over_sixteen": round(float(overload["p95_ms"]) / float(sixteen["p95_ms"]), 2),
        "recovery_seconds": recovered,
        "resident_mb": {"before": before, "after_overload": during},
    }


def main() -> None:
    """Prints the measures, and writes them to a file if one is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", help="an index that is there already")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with served(options.index) as (address, pid):
        results = [asyncio.run(measure(address, pid, endpoint, options.seconds)) for endpoint in ENDPOINTS]
    text = json.dumps({"cores": os.cpu_count(), "results": results}, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
