"""Asks many questions of one server and watches its memory, open files and threads: `python benchmarks/soak.py`.

20,000 questions by default, through `/v1/ask` and the chat's `/ask` in turns, of all kinds: answered, refused, in
danger, misspelt, follow-ups, unreadable. 12 hours of a question every two seconds are 21,600. The first thousand fill
the caches; from there on, memory may grow by 5%, and files and threads not at all. Exits with 1 where they do.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from pathlib import Path

from load import Connection, Seen, resident_mb, served

WARM = 1_000
GROWTH = 0.05
CLIENTS = 4
KINDS = (
    "What are the signs of emotional detachment, case {n}?",
    "Does yoga help on day {n}?",
    "waht are teh sings of detachmnt nr {n}",
    "How much is a kitchen chair number {n}?",
    "I want to die {n}",
    "My partner hits me, {n} times now",
    "?! {n}",
    "{n} " * 200 + "what helps?",
)


def counts(pid: int) -> dict[str, float]:
    """What the process holds now."""
    process = Path(f"/proc/{pid}")
    return {
        "resident_mb": resident_mb(pid),
        "files": len(list((process / "fd").iterdir())),
        "threads": len(list((process / "task").iterdir())),
    }


async def ask(address: str, first: int, last: int) -> Seen:
    """Questions `first` to `last`, by a few clients at once."""
    seen, numbers = Seen(), iter(range(first, last))

    async def one(endpoint: str) -> None:
        connection = Connection(address, endpoint)
        for number in numbers:
            await connection.ask(KINDS[number % len(KINDS)].format(n=number), seen)
        connection.close()

    endpoints = ("/v1/ask", "/gradio_api/run/ask")
    await asyncio.gather(*(one(endpoints[client % 2]) for client in range(CLIENTS)))
    await asyncio.sleep(1)
    return seen


def main() -> int:
    """The exit code: 1 if anything grew that may not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--index", help="an index that is there already")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: list[dict[str, float]] = []
    begun, answered = time.monotonic(), 0
    with served(options.index) as (address, pid):
        for first in range(0, options.questions, WARM):
            seen = asyncio.run(ask(address, first, min(first + WARM, options.questions)))
            answered += len(seen.answered)
            rows.append({"questions": first + WARM, **counts(pid)})
            print(json.dumps(rows[-1]), flush=True)
    warm, end = rows[0], rows[-1]
    grown = end["resident_mb"] / warm["resident_mb"] - 1
    result = {
        "cores": os.cpu_count(),
        "questions": options.questions,
        "answered": answered,
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "memory_growth": round(grown, 4),
        "files": [warm["files"], end["files"]],
        "threads": [warm["threads"], end["threads"]],
        "rows": rows,
    }
    text = json.dumps(result, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    return int(grown > GROWTH or end["files"] > warm["files"] or end["threads"] > warm["threads"])


if __name__ == "__main__":
    sys.exit(main())
