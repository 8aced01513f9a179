"""How cost grows with the number of points: `python benchmarks/scale.py [1000 10000 100000 1000000]`.

Vectors are drawn from a mixture fitted to the embeddings of real passages, points and messages; texts from the shipped
article's own words, by their frequencies; an article has 20 passages of 4 points. Questions are the development
questions, really embedded. Each size is opened and asked in a process of its own. Figures go to `scale.json`, the plot
to `docs/scale.png`. A million points need some 30 GB of disk in $TMPDIR while it runs.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from guide.articles.read import read_article
from guide.articles.sources import source_sha256
from guide.embedding.encoder import Encoded, SentenceEncoder
from guide.index.article_store import metadata_of
from guide.index.build import build, index_of
from guide.index.index import Index, open_index
from guide.index.question_vectors import question_vectors
from guide.index.segment import Embeddings, Segment
from guide.index.state import CANDIDATES
from guide.index.token_vectors import TokenVectors, merge
from guide.records import Article, Block, Passage, Point, Query, Section
from guide.retrieval.retrieve import retrieve
from guide.safety.examples import examples
from guide.text.normalise import words

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus" / "emotional-detachment.md"
QUESTIONS = HERE.parent / "tests" / "data" / "questions.jsonl"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PASSAGES, POINTS, WORDS, TOKENS = 20, 4, 12, 48
"""Passages of an article, points of a passage, words of a point, tokens of a passage."""
CHUNK = 100_000


class Mixture:
    """Unit vectors like those it was fitted to: around the centre of a cluster, as far as a member of one is from its
    own.
    """

    def __init__(self, vectors: np.ndarray, clusters: int, random: np.random.Generator) -> None:
        from sklearn.cluster import KMeans

        fitted = KMeans(clusters, n_init=1, random_state=0).fit(vectors)
        self.centres, self.labels = fitted.cluster_centers_, fitted.labels_
        self.rests = vectors - self.centres[self.labels]
        self.random = random

    def draw(self, count: int) -> np.ndarray:
        # Two members' distances mixed, so that no vector is drawn twice, at the length of one.
        pick = lambda: self.rests[self.random.integers(0, len(self.rests), count)]  # noqa: E731
        share = self.random.random((count, 1), dtype=np.float32)
        rest = np.sqrt(share) * pick() + np.sqrt(1 - share) * pick()
        drawn = self.centres[self.random.choice(self.labels, count)] + rest
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def synthetic_articles(
    count: int, folder: Path, random: np.random.Generator
) -> list[tuple[Article, tuple[Passage, ...]]]:
    """Articles of words of the corpus, written to `folder` too."""
    frequencies = Counter(words(read_article(CORPUS).text.lower()))
    vocabulary = np.array(list(frequencies))
    chances = np.array(list(frequencies.values())) / frequencies.total()
    entries = []
    for number in range(count):
        drawn = random.choice(vocabulary, (PASSAGES, POINTS + 1, WORDS), p=chances)
        article_id, text, passages, sections = f"a{number:06}", "", [], []
        for place, lines in enumerate(drawn):
            heading = " ".join(lines[0][:4])
            points = []
            for line in lines[1:]:
                start = len(text)
                text += " ".join(line) + ".\n"
                points.append(Point(start, len(text) - 1))
            span = points[0].start, points[-1].end
            passages.append(Passage(f"p-{number:06x}{place:04x}", article_id, (heading,), "body", *span, tuple(points)))
            sections.append(Section((heading,), "body", *span, (Block("paragraph", *span),)))
        (folder / f"{article_id}.txt").write_text(text, encoding="utf-8")
        article = Article(article_id, f"Article {number}", "", f"{article_id}.txt", "en", text, tuple(sections))
        entries.append((article, tuple(passages)))
    return entries


def synthetic_tokens(passages: int, real: TokenVectors, folder: Path, random: np.random.Generator) -> TokenVectors:
    """Token vectors: real ones with a little noise."""
    total, dimension = passages * TOKENS, real.vectors.shape[1]
    vectors = np.lib.format.open_memmap(folder / "tokens.npy", "w+", np.float16, (total, dimension))
    rows = random.integers(0, len(real.ids), total)
    for first in range(0, total, CHUNK):
        chosen = np.asarray(real.vectors[rows[first : first + CHUNK]], dtype=np.float32)
        chosen += 0.02 * random.standard_normal(chosen.shape, dtype=np.float32)
        vectors[first : first + CHUNK] = chosen
    # A heading, then the points.
    segments = np.arange(passages * (POINTS + 1) + 1, dtype=np.int64) * TOKENS // (POINTS + 1)
    first_segments = np.arange(passages + 1, dtype=np.int64) * (POINTS + 1)
    held = TokenVectors(vectors, real.ids[rows], segments, first_segments, np.zeros(0, np.int32))
    return merge([held])


@dataclass(frozen=True)
class SyntheticIndex:
    """An index of drawn vectors, saved in the folder `index`, its articles in the folder `articles`."""

    segment: Segment
    points: np.ndarray
    built: float
    """The seconds that building took, without embedding."""


def synthetic_index(size: int, folder: Path, encoder: SentenceEncoder) -> SyntheticIndex:
    """An index of about `size` points, made in `folder`."""
    random = np.random.default_rng(size)
    real = index_of([read_article(CORPUS)], encoder, encoder.identity).segments[0].embeddings
    messages = encoder.encode([example.text for example in examples()]).texts
    mixture = Mixture(np.concatenate([real.passages, real.points, messages]), 128, random)
    sources = folder / "articles"
    sources.mkdir()
    entries = synthetic_articles(size // (PASSAGES * POINTS), sources, random)
    passages = len(entries) * PASSAGES
    count = passages * POINTS
    points = np.concatenate([mixture.draw(min(CHUNK, count - first)) for first in range(0, count, CHUNK)])
    tokens = synthetic_tokens(passages, real.tokens, folder, random)
    none = question_vectors(None, [0] * passages, points.shape[1])
    part = Embeddings(mixture.draw(passages), points, tokens, none)
    began = time.perf_counter()
    metadata = [metadata_of(article, source_sha256(sources / article.source)) for article, _ in entries]
    texts = [
        passage.section[0] + "\n" + article.text[passage.start : passage.end]
        for article, of in entries
        for passage in of
    ]
    segment = Segment.of(entries, metadata, texts, [part])
    Index((segment,), encoder.identity).save(folder / "index")
    built = time.perf_counter() - began
    (folder / "tokens.npy").unlink()
    return SyntheticIndex(segment, points, built)


def measure(size: int, folder: Path) -> dict[str, float]:
    """The figures of an index of `size` points."""
    encoder = SentenceEncoder()
    made = synthetic_index(size, folder, encoder)
    segment, points, count = made.segment, made.points, len(made.points)
    files = [path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file()]

    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()][:200]
    encoded = encoder.encode(asked)
    similar = np.concatenate(
        [encoded.texts @ points[first : first + CHUNK].T for first in range(0, len(points), CHUNK)], axis=1
    )
    exact = np.argpartition(-similar, 10, axis=1)[:, :10].tolist()
    # Of the points that a first stage hands over, the best by their vectors as they are: as retrieval takes them.
    _, found = segment.point_search.search(encoded.texts, 4 * CANDIDATES)
    best = [sorted(near, key=lambda point: -row[point])[:10] for near, row in zip(found.tolist(), similar, strict=True)]
    recall = float(np.mean([len({*a} & {*b}) / 10 for a, b in zip(exact, best, strict=True)]))
    built = made.built
    del made, points, segment, similar
    command = [sys.executable, __file__, "--opened", str(folder / "index")]
    # As in Guide's own processes.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    opened = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)
    return {
        "points": count,
        "build without embedding, s": round(built, 2),
        "bytes on disk": sum(files),
        "bytes of token vectors": count // POINTS * TOKENS * 384 * 2,
        "recall@10": round(recall, 4),
        **opened,
        "adding 80 points, s": round(_added(folder / "articles", folder / "index", encoder), 2),
    }


def _added(sources: Path, index: Path, encoder: SentenceEncoder) -> float:
    """Seconds that it takes to add an article of 80 points, its embedding included."""
    lines = [f"{word} " * 12 for word in sorted(set(words(read_article(CORPUS).text)))[:80]]
    body = "\n\n".join(
        f"## Embeddings {place}\n\n" + "\n".join(f"- {line}" for line in lines[place * 4 : place * 4 + 4])
        for place in range(20)
    )
    (sources / "new.md").write_text(f"# New\n\n{body}\n", encoding="utf-8")
    began = time.perf_counter()
    report = build([sources], index, encoder, encoder.identity)
    if report.embedded != 1:
        raise RuntimeError(f"{report.embedded} articles were embedded, expected 1")
    return time.perf_counter() - began


def opened(folder: Path) -> dict[str, float]:
    """The figures of an index that was just opened."""
    encoder = SentenceEncoder()
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()][:200]
    encoded = encoder.encode(asked)
    before = _memory()
    began = time.perf_counter()
    index = open_index(folder)
    opening = time.perf_counter() - began
    at_open = _memory()
    times = _times(index, asked, encoded)
    after = _memory()
    again = _times(index, asked, encoded)
    return {
        "open, s": round(opening, 3),
        "memory of the index when open, MB": round(sum(at_open) - sum(before)),
        "private memory after 200 questions, MB": round(after[0] - before[0]),
        "mapped file pages after 200 questions, MB": round(after[1] - before[1]),
        "retrieve median, ms": round(median(times), 2),
        "retrieve p95, ms": round(float(np.quantile(times, 0.95)), 2),
        "the same again median, ms": round(median(again), 2),
    }


def _times(index: Index, asked: list[str], encoded: Encoded) -> list[float]:
    """The milliseconds of each question."""
    times = []
    for row, question in enumerate(asked):
        one = encoded.only(row)
        began = time.perf_counter()
        retrieve(Query(question, question), index, one)
        times.append((time.perf_counter() - began) * 1000)
    return times


def _memory() -> tuple[float, float]:
    """Megabytes of this process: its own, and pages of files."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))  # type: ignore[return-value]


def plot(rows: list[dict[str, float]], path: Path) -> None:
    """One small plot for each figure, over the number of points."""
    import matplotlib.pyplot as plt

    names = [name for name in rows[0] if name != "points"]
    figure, axes = plt.subplots(3, 4, figsize=(14, 9), layout="constrained")
    for axis, name in zip(axes.flat, names, strict=False):
        axis.plot([row["points"] for row in rows], [row[name] for row in rows], marker="o")
        axis.set(xscale="log", title=name)
        axis.set_ylim(bottom=0)
    for axis in list(axes.flat)[len(names) :]:
        axis.set_axis_off()
    figure.savefig(path, dpi=110)


def main(sizes: list[int]) -> None:
    """Measures each size, prints and writes the figures."""
    kept = HERE / "scale.json"
    rows = {row["points"]: row for row in (json.loads(kept.read_text()) if kept.exists() else [])}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            row = measure(size, Path(folder))
        rows[row["points"]] = row
        print(json.dumps(row, indent=1), flush=True)
        ordered = [rows[points] for points in sorted(rows)]
        kept.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    plot(ordered, HERE.parent / "docs" / "scale.png")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--opened"]:
        print(json.dumps(opened(Path(sys.argv[2]))))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
