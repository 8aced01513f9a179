"""An index in a folder and the same one in PostgreSQL, side by side: `python benchmarks/engine.py [POINTS ...]`.

Both are asked in turn, question by question, so that whatever else the machine does burdens both. The server is the
real one that the tests start. Vectors are drawn as `benchmarks/scale.py` draws them; figures go to `engine.json`.
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
from scale import CORPUS, PASSAGES, POINTS, QUESTIONS, Mixture, synthetic_articles, synthetic_tokens  # noqa: E402

from guide.articles.read import read_article  # noqa: E402
from guide.embedding.encoder import Encoded, SentenceEncoder  # noqa: E402
from guide.index.article_store import metadata_of  # noqa: E402
from guide.index.build import index_of  # noqa: E402
from guide.index.index import Index, open_index  # noqa: E402
from guide.index.segment import Embeddings, Segment  # noqa: E402
from guide.index.state import CANDIDATES, Store  # noqa: E402
from guide.index.writer import written_articles  # noqa: E402
from guide.postgres.address import DatabaseAddress  # noqa: E402
from guide.postgres.store import DatabaseStore  # noqa: E402
from guide.postgres.writer import writing  # noqa: E402
from guide.records import Query  # noqa: E402
from guide.retrieval.retrieve import retrieve  # noqa: E402
from guide.safety.examples import examples  # noqa: E402
from guide.store import copy_index  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
ASKED = 200
REPLACED = 10
MEMORY = SETTINGS.replace("shared_buffers = 128MB", "shared_buffers = 1GB").replace("fsync = off", "fsync = on")

Figures = dict[str, float]


def measure(size: int, folder: Path, encoder: SentenceEncoder) -> Figures:
    """The figures of an index of `size` points."""
    points, built = make_index(size, folder, encoder)
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
        found = recall(index, store, points, encoded)
        replaced = replacing(index, address, store, asked, encoded)
        with store.reading() as state:
            [(stored,)] = state._run("select pg_database_size(current_database())")
        memory = sum(proportional_megabytes(process) for process in running.processes())
    on_disk = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    return {
        "points": len(points),
        "load of the machine": round(os.getloadavg()[0], 1),
        "folder, build without embedding, s": round(built, 2),
        "database, copy, s": round(copied, 2),
        **times,
        **found,
        **replaced,
        "folder, MB on disk": round(on_disk / 2**20),
        "database, MB on disk": round(stored / 2**20),
        "database, MB in memory": round(memory),
    }


def make_index(size: int, folder: Path, encoder: SentenceEncoder) -> tuple[np.ndarray, float]:
    """The points' vectors of an index of `size` points, made in `folder`, and the seconds that making it took."""
    random = np.random.default_rng(size)
    real = index_of([read_article(CORPUS)], encoder, encoder.identity).segments[0].embeddings
    messages = encoder.encode([example.text for example in examples()]).texts
    mixture = Mixture(np.concatenate([real.passages, real.points, messages]), 128, random)
    sources = folder / "articles"
    sources.mkdir()
    entries = synthetic_articles(size // (PASSAGES * POINTS), sources, random)
    passages = len(entries) * PASSAGES
    points = mixture.draw(passages * POINTS)
    tokens = synthetic_tokens(passages, real.tokens, folder, random)
    questions = index_of([entries[0][0]], encoder, encoder.identity).segments[0].embeddings.questions
    none = type(questions)(np.zeros(passages + 1, np.int64), questions.texts, questions.tokens, questions.starts)
    part = Embeddings(mixture.draw(passages), points, tokens, none)
    began = time.perf_counter()
    texts = [
        passage.section[0] + "\n" + article.text[passage.start : passage.end]
        for article, of in entries
        for passage in of
    ]
    segment = Segment.of(entries, [metadata_of(article) for article, _ in entries], texts, [part])
    Index((segment,), encoder.identity).save(folder / "index")
    return points, time.perf_counter() - began


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
    with store.reading() as state:
        retrieve(Query(question, question), state, encoded)
    return (time.perf_counter() - began) * 1000


def side_by_side(index: Store, store: Store, asked: list[str], encoded: Encoded) -> Figures:
    """How long each takes for the same questions, asked in turn."""
    times: dict[str, list[float]] = {"folder": [], "database": []}
    for row, question in enumerate(asked):
        one = encoded.only(row)
        times["folder"].append(ask(index, question, one))
        times["database"].append(ask(store, question, one))
    figures = {}
    for name, taken in times.items():
        figures[f"{name}, median, ms"] = round(median(taken), 2)
        figures[f"{name}, p95, ms"] = round(float(np.quantile(taken, 0.95)), 2)
    more = [there - here for here, there in zip(*times.values(), strict=True)]
    return figures | {"database, more than the folder, median, ms": round(median(more), 2)}


def recall(index: Index, store: DatabaseStore, points: np.ndarray, encoded: Encoded) -> Figures:
    """The share of the ten nearest points that each finds among its candidates."""
    exact = np.argpartition(-(encoded.texts @ points.T), 10, axis=1)[:, :10]
    _, found = index.segments[0].point_search.search(encoded.texts, 4 * CANDIDATES)
    places = {id: number for number, id in enumerate(index.article_ids)}
    there = []
    with store.reading() as state:
        for vector in encoded.texts:
            rows = state._run(
                "select article_id, passage, number from points order by embedding <#> %s limit %s",
                [HalfVector(vector), 4 * CANDIDATES],
            )
            there.append([(places[id] * PASSAGES + passage) * POINTS + number for id, passage, number in rows])
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
