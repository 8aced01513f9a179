"""Times Guide against the bare encoding of the same question, in one process and in turns, and prints the ratios.

Machines differ and are noisy: only the ratios say something. `make bench` writes them to benchmarks/results.json too.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from guide.build import article_paths, build
from guide.encoder import SentenceEncoder
from guide.guide import Guide

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 40


def main() -> None:
    """Prints and writes the ratios."""
    rows = [json.loads(line) for line in (ROOT / "tests/data/questions.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [row["question"] for row in rows if row["kind"] == "direct"][:ROUNDS]
    encoder = SentenceEncoder()
    with tempfile.TemporaryDirectory() as folder:
        report = build(article_paths([ROOT / "corpus"]), Path(folder), encoder, encoder.identity)
        guide = Guide.open(folder)
        guide.ask(questions[0])
        encoder.encode([questions[0]])
        ask = [seconds(lambda question=question: guide.ask(question)) for question in questions]
        bare = [seconds(lambda question=question: encoder.encode([question])) for question in questions]
    results = {
        "passages": report.passages,
        "points": report.points,
        "questions": len(questions),
        "ask over bare encoding (medians)": round(statistics.median(ask) / statistics.median(bare), 2),
        "ask, median ms on this machine": round(1000 * statistics.median(ask), 1),
    }
    text = json.dumps(results, indent=2) + "\n"
    (ROOT / "benchmarks/results.json").write_text(text, encoding="utf-8")
    print(text, end="")


def seconds(call: Callable[[], object]) -> float:
    """How long `call` took."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
