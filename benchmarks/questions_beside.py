"""Prints what the questions beside articles cost: bytes on disk and milliseconds a question, in two indexes.

    python -m guide build FOLDER_OF_THE_ARTICLES_ALONE --index bare
    python -m guide build corpus --index with
    python benchmarks/questions_beside.py bare with

The first messages of `tests/data/everyday_conversation.jsonl` that have an answer are asked in both, in turns, after a
first round that isn't counted.
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

from guide.guide import Guide

MESSAGES = Path(__file__).parents[1] / "tests" / "data" / "everyday_conversation.jsonl"
ASKED = 80
"""How many messages are asked."""


def main(folders: list[Path]) -> None:
    """Prints a line for each index."""
    guides = {folder: Guide.open(folder) for folder in folders}
    rows = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    messages = [row["text"] for row in rows if row.get("gold")][:ASKED]
    took: dict[Path, list[float]] = {folder: [] for folder in folders}
    for first in (True, False):
        for message in messages:
            for folder, guide in guides.items():
                begun = time.perf_counter()
                guide.ask(message)
                if not first:
                    took[folder].append(1_000 * (time.perf_counter() - begun))
    for folder, times in took.items():
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{folder}: {size / 1e6:.1f} MB, {median(times):.1f} ms a question (median of {len(times)})")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
