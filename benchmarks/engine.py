"""An index in a folder and the same one in PostgreSQL, side by side: `python benchmarks/engine.py [POINTS ...]`.

Both are asked in turn, question by question, so that whatever else the machine does burdens both. The server is the
real one that the tests start. The index is that of `benchmarks/scale.py`; figures go to `engine.json`.
"""

import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

import numpy as np  # noqa: E402
from pgvector import HalfVector  # noqa: E402
from real_server import SETTINGS, RealServer, give_to_server  # noqa: E402
from scale import QUESTIONS, synthetic_index  # noqa: E402

from guide.embedding.encoder import Encoded, SentenceEncoder  # noqa: E402
from guide.index.index import Index, open_index  # noqa: E402
from guide.index.state import CANDIDATES, Store  # noqa: E402
from guide.index.writer import written_articles  # noqa: E402
from guide.postgres.address import DatabaseAddress  # noqa: E402
from guide.postgres.store import DatabaseStore  # noqa: E402
from guide.postgres.writer import writing  # noqa: E402
from guide.records import Query  # noqa: E402
from guide.retrieval.retrieve import retrieve  # noqa: E402
from guide.store import copy_index  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
ASKED = 200
REPLACED = 10
TRIED = 8
MEMORY = SETTINGS.replace("shared_buffers = 128MB", "shared_buffers = 1GB").replace("fsync = off", "fsync = on")

Figures = dict[str, float]


def measure(size: int, folder: Path, encoder: SentenceEncoder) -> Figures:
    """The figures of an index of `size` points."""
    made = synthetic_index(size, folder, encoder)
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()][:ASKED]
    encoded = encoder.encode(asked)
    with server() as running:
        address = DatabaseAddress.of(running.address())
        began = time.perf_counter()
        copy_index(folder / "index", address)
        copied = time.perf_counter() - began
        index, store = open_index(folder / "index"), DatabaseStore(address)
        once(index, asked, encoded)
        once(store, asked, encoded)
        times = side_by_side(index, store, asked, encoded)
        again = fastest(index, store, asked, encoded)
        found = recall(index, store, encoded)
        replaced = replacing(index, address, store, asked, encoded)
        with store.reading() as state:
            [(stored,)] = state._run("select pg_database_size(current_database())")
        memory = sum(proportional_megabytes(process) for process in running.processes())
    on_disk = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    return {
        "points": len(made.points),
        "load of the machine": round(os.getloadavg()[0], 1),
        "folder, build without embedding, s": round(made.built, 2),
        "database, copy, s": round(copied, 2),
        **times,
        **again,
        **found,
        **replaced,
        "folder, MB on disk": round(on_disk / 2**20),
        "database, MB on disk": round(stored / 2**20),
        "database, MB in memory": round(memory),
    }


@contextmanager
def server() -> Iterator[RealServer]:
    """A server with an empty database."""
    base = Path(tempfile.mkdtemp(prefix="guide-engine-", dir="/var/tmp"))
    base.chmod(0o755)
    give_to_server(base / "server")
    running = RealServer(base / "server", MEMORY).create()
    try:
        running.run_program("createdb", "-h", "127.0.0.1", "-p", str(running.port), "-U", "guide", "guide")
        yield running
    finally:
        running.stop("immediate")
        shutil.rmtree(base, ignore_errors=True)


def once(store: Store, asked: list[str], encoded: Encoded) -> None:
    """Asks some questions, so that no figure is that of the first."""
    for row in range(0, len(asked), 10):
        ask(store, asked[row], encoded.only(row))


def ask(store: Store, question: str, encoded: Encoded) -> float:
    """The milliseconds that a question's search takes, the reading of its state included."""
    began = time.perf_counter()
    with store.reading() as state, state.one_question():
        retrieve(Query(question, question), state, encoded)
    return (time.perf_counter() - began) * 1000


def side_by_side(index: Store, store: Store, asked: list[str], encoded: Encoded) -> Figures:
    """How long each takes for the same questions, asked in turn: first one, then the other, and the other way round."""
    times: dict[str, list[float]] = {"folder": [], "database": []}
    for row, question in enumerate(asked):
        one = encoded.only(row)
        for name, kept in (("folder", index), ("database", store))[:: 1 if row % 2 else -1]:
            times[name].append(ask(kept, question, one))
    figures = {}
    for name, taken in times.items():
        figures[f"{name}, median, ms"] = round(median(taken), 2)
        figures[f"{name}, p95, ms"] = round(float(np.quantile(taken, 0.95)), 2)
    more = [there - here for here, there in zip(*times.values(), strict=True)]
    return figures | {"database, more than the folder, median, ms": round(median(more), 2)}


def fastest(index: Index, store: Store, asked: list[str], encoded: Encoded) -> Figures:
    """How long questions that have been asked before take each at best: what else the machine does counts little."""
    times: dict[str, list[float]] = {"folder": [], "database": []}
    for row in range(0, len(asked), 4):
        one = encoded.only(row)
        for name, kept in (("folder", index), ("database", store)):
            times[name].append(min(ask(kept, asked[row], one) for _ in range(TRIED)))
    return {
        f"{name}, asked again, best of {TRIED}, median, ms": round(median(taken), 2) for name, taken in times.items()
    }


def recall(index: Index, store: DatabaseStore, encoded: Encoded) -> Figures:
    """The share of the ten nearest points that each finds among its candidates."""
    [segment] = index.segments
    points = np.asarray(segment.embeddings.points, dtype=np.float32)
    exact = np.argpartition(-(encoded.texts @ points.T), 10, axis=1)[:, :10]
    _, found = segment.point_search.search(encoded.texts, 4 * CANDIDATES)
    names = [
        (passage.article_id, number, point)
        for id in index.article_ids
        for number, passage in enumerate(index.passages_of(id))
        for point in range(len(passage.points))
    ]
    places = {name: place for place, name in enumerate(names)}
    there = []
    with store.reading() as state:
        for vector in encoded.texts:
            rows = state._run(
                "select article_id, passage, number from points order by embedding <#> %s limit %s",
                [HalfVector(vector), 4 * CANDIDATES],
            )
            there.append([places[row] for row in rows])
    return {
        f"{name}, recall@10 of candidates": round(
            float(np.mean([len({*near} & {*best}) / 10 for near, best in zip(exact.tolist(), got, strict=True)])), 4
        )
        for name, got in (("folder", found.tolist()), ("database", there))
    }


def replacing(
    index: Index, address: DatabaseAddress, store: DatabaseStore, asked: list[str], encoded: Encoded
) -> Figures:
    """How long replacing an article of 80 points takes while somebody asks, and how long the questions take then."""
    written = next(written_articles(index))
    stop, taken, times = threading.Event(), [], []

    def questions() -> None:
        row = 0
        while not stop.is_set():
            times.append(ask(store, asked[row % len(asked)], encoded.only(row % len(asked))))
            row += 1

    asking = threading.Thread(target=questions)
    asking.start()
    with writing(address) as writer:
        for _ in range(REPLACED):
            began = time.perf_counter()
            writer.replace(written)
            taken.append(time.perf_counter() - began)
    stop.set()
    asking.join()
    return {
        "database, replacing 80 points while asked, s": round(median(taken), 3),
        "database, median while replacing, ms": round(median(times), 2),
    }


def proportional_megabytes(process: int) -> float:
    """A process's memory, with its share of what it shares with others."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main(sizes: list[int]) -> None:
    """Measures each size, prints and writes the figures."""
    kept = HERE / "engine.json"
    rows = {row["points"]: row for row in (json.loads(kept.read_text()) if kept.exists() else [])}
    encoder = SentenceEncoder()
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            row = measure(size, Path(folder), encoder)
        rows[row["points"]] = row
        print(json.dumps(row, indent=1), flush=True)
        kept.write_text(json.dumps([rows[points] for points in sorted(rows)], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
