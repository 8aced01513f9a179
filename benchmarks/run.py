"""Measures speed and memory against what they are bound by: `python benchmarks/run.py [NAME ...]`, all without a name.

Machines differ and are noisy: only ratios say something, and only of figures taken in one run, in turns. Each figure is
kept in benchmarks/results.json, and docs/performance.md has the table made from it.
"""

import json
import os
import socket
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

# As `guide ask` and `guide serve` set it, before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from timing import first_page, in_turns, process

from guide.config import Config
from guide.embedding.choose import open_builder, open_encoder
from guide.embedding.encoder import SentenceEncoder
from guide.evaluate.report import table
from guide.guide import Guide
from guide.index.build import article_paths, build
from guide.index.embed import search_text

ROOT = Path(__file__).resolve().parents[1]
RESULTS, DOCUMENT = ROOT / "benchmarks/results.json", ROOT / "docs/performance.md"
BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of the figures -->"
QUESTIONS, ROUNDS, PROCESSES = 40, 5, 3
TIMES, PAUSE = 20, 0.5
BATCH_SIZES = (4, 8, 16, 32)
TO_REACH = {
    "ask, over the bare encoding of its question": "≤ 1.6",
    "guide ask, over a process that embeds with sentence-transformers": "≤ 0.125",
    "guide ask, s": "≤ 1.0",
    "guide ask, peak memory in MB": "≤ 300",
    "passages a second when building, over sentence-transformers at its best batch size": "≥ 1.8",
    "guide serve to its first page, over an empty Gradio page": "≤ 1.5",
}
EMPTY_PAGE = "import gradio, sys\nwith gradio.Blocks() as page:\n    pass\npage.launch(server_port=int(sys.argv[1]))"
SENTENCE_TRANSFORMERS = """
import sys
from sentence_transformers import SentenceTransformer
SentenceTransformer(sys.argv[1], device="cpu").encode([sys.argv[2]])
"""


def ask(results: dict[str, float]) -> None:
    """One answer in a process that runs, safety, retrieval, re-ranking and all, against its parts and the reference."""
    rows = [json.loads(line) for line in (ROOT / "tests/data/questions.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [row["question"] for row in rows if row["kind"] == "direct"][:QUESTIONS]
    with tempfile.TemporaryDirectory() as folder:
        _build(Path(folder))
        guide = Guide.open(folder)
        encoder, reference = open_encoder(Config(), guide.index.model), SentenceEncoder().model
        calls: dict[str, Callable[[str], object]] = {
            "ask": guide.ask,
            "encode": lambda question: encoder.encode([question]),
        }
        times = _medians(calls, questions)
        # By itself: torch's threads go on waiting in a loop for a while, and slow what comes next.
        times |= _medians(
            {"reference": lambda question: reference.encode([question], show_progress_bar=False)}, questions
        )
    results["ask, over the bare encoding of its question"] = times["ask"] / times["encode"]
    results["ask, over sentence-transformers' bare encoding of it"] = times["ask"] / times["reference"]
    results["ask, ms"] = 1000 * times["ask"]


def _medians(calls: dict[str, Callable[[str], object]], questions: list[str]) -> dict[str, float]:
    """The median seconds of each call, over all questions, once what is loaded late is loaded."""
    in_turns({name: partial(call, questions[0]) for name, call in calls.items()}, ROUNDS)
    times = [in_turns({name: partial(call, one) for name, call in calls.items()}, ROUNDS) for one in questions]
    return {name: statistics.median(row[name] for row in times) for name in calls}


def start(results: dict[str, float]) -> None:
    """A whole process from its start to the answer, against one that only embeds the question with the reference."""
    question = "What are the signs of emotional detachment?"
    with tempfile.TemporaryDirectory() as folder:
        _build(Path(folder))
        ours = [sys.executable, "-m", "guide", "ask", question, "--index", folder]
        theirs = [sys.executable, "-c", SENTENCE_TRANSFORMERS, str(SentenceEncoder().folder), question]
        pairs = [(process(ours), process(theirs)) for _ in range(PROCESSES)]
    medians = [statistics.median(pair[side].seconds for pair in pairs) for side in (0, 1)]
    results["guide ask, over a process that embeds with sentence-transformers"] = medians[0] / medians[1]
    results["guide ask, s"] = medians[0]
    results["guide ask, peak memory in MB"] = max(pair[0].peak_mb for pair in pairs)
    results["sentence-transformers, peak memory in MB"] = max(pair[1].peak_mb for pair in pairs)


def embed(results: dict[str, float]) -> None:
    """Passages embedded per second as a build does, against `SentenceTransformer.encode` at its best batch size."""
    with tempfile.TemporaryDirectory() as folder:
        _build(Path(folder))
        index = Guide.open(folder).index
        texts = [search_text(passage, index.texts[passage.article_id]) for passage in index.passages] * TIMES
    encoder, reference = open_builder(Config()), SentenceEncoder().model

    def embed_with(batch_size: int) -> Callable[[], object]:
        return lambda: reference.encode(texts, batch_size=batch_size, show_progress_bar=False)

    calls = {"ours": lambda: encoder.encode(texts), **{str(size): embed_with(size) for size in BATCH_SIZES}}
    in_turns(calls, 1)
    times = in_turns(calls, PROCESSES, PAUSE)
    ours = times.pop("ours")
    results["passages a second when building, over sentence-transformers at its best batch size"] = (
        min(times.values()) / ours
    )
    results["passages a second when building"] = len(texts) / ours


def page(results: dict[str, float]) -> None:
    """The start of the chat to its first page, against that of a Gradio page with nothing on it."""
    with tempfile.TemporaryDirectory() as folder:
        _build(Path(folder))
        times: dict[str, list[float]] = {"guide": [], "empty": []}
        for _ in range(PROCESSES):
            for name, command in (
                ("guide", [sys.executable, "-m", "guide", "serve", "--index", folder, "--port"]),
                ("empty", [sys.executable, "-c", EMPTY_PAGE]),
            ):
                port = str(_free_port())
                times[name].append(first_page([*command, port], f"http://127.0.0.1:{port}/"))
    results["guide serve to its first page, over an empty Gradio page"] = statistics.median(
        times["guide"]
    ) / statistics.median(times["empty"])
    results["guide serve to its first page, s"] = statistics.median(times["guide"])


MEASURES = {"ask": ask, "start": start, "embed": embed, "page": page}


def main(names: list[str]) -> None:
    """Takes the measures of these names, writes the results and the table."""
    results: dict[str, float] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in names or MEASURES:
        MEASURES[name](results)
    rounded = {name: round(value, 2) for name, value in results.items()}
    RESULTS.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    text = table(
        ("figure", "measured", "to reach"),
        [(name, f"{value:g}", TO_REACH.get(name, "–")) for name, value in rounded.items()],
    )
    print(text)
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _build(folder: Path) -> None:
    encoder = open_builder(Config())
    build(article_paths([ROOT / "corpus/emotional-detachment.md"]), folder, encoder, encoder.identity)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


if __name__ == "__main__":
    main(sys.argv[1:])
