"""Where the time of one question goes, and what the floor is: `python benchmarks/question_profile.py`.

Times the parts of `Guide.ask` over the development questions, one after the other, and draws them as a bar
(docs/question_profile.png). The floor is what the model alone asks of the machine: reading its weights once from
memory, and its multiplications at the speed of a large matrix product on one thread.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

# Before numpy is imported, as `guide ask` does.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}

import numpy as np

from guide import guide as asking
from guide.answering import searcher
from guide.config import Config
from guide.embedding.choose import open_builder
from guide.guide import Guide
from guide.index.build import build
from guide.safety import gate

ROOT = Path(__file__).resolve().parents[1]
RESULTS, PICTURE = ROOT / "benchmarks/question_profile.json", ROOT / "docs/question_profile.png"
PARTS: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "safety: rules, and the gate's own model": (asking, ("assess",)),
    "what is meant: spelling, follow-up": (searcher, ("resolve",)),
    "safety: what the model says, weighed": (gate, ("texts_of", "meaning_of", "words_that_weighed")),
    "retrieval: dense, BM25, late interaction": (searcher, ("retrieve",)),
    "answer: points, confidence, related": (asking, ("compose",)),
}
"""The functions of each part, in the module that calls them. One may call another: each has its own time alone."""
WEIGHTS = 10_645_632
"""Parameters of the six layers: those of the vocabulary are looked up, not multiplied."""
TOKENS = 12
"""Of a question at the median."""


def main() -> None:
    """Measures, writes the figures and draws them."""
    taken: dict[str, list[float]] = defaultdict(list)
    now: dict[str, float] = defaultdict(float)
    within = [0.0]

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            within.append(0.0)
            began = time.perf_counter()
            try:
                return call(*arguments, **named)
            finally:
                seconds = time.perf_counter() - began
                now[name] += seconds - within.pop()
                within[-1] += seconds

        return run

    with TemporaryDirectory() as folder:
        encoder = open_builder(Config())
        build([ROOT / "corpus/emotional-detachment.md"], Path(folder), encoder, encoder.identity)
        guide = Guide.open(folder)
        for part, (module, names) in PARTS.items():
            for name in names:
                setattr(module, name, timed(part, getattr(module, name)))
        guide._encoder.encode = timed("embedding", guide._encoder.encode)  # type: ignore[method-assign]
        rows = [json.loads(line) for line in (ROOT / "tests/data/questions.jsonl").read_text("utf-8").splitlines()]
        questions = [row["question"] for row in rows if not row.get("history")]
        for question in (*questions[:5], *questions):
            now.clear()
            began = time.perf_counter()
            guide.ask(question)
            whole = time.perf_counter() - began
            for part, seconds in now.items():
                taken[part].append(seconds)
            taken["the rest"].append(whole - sum(now.values()))
            taken["a question"].append(whole)
    figures = {part: round(1000 * median(times), 3) for part, times in taken.items()}
    figures |= {f"floor: {name}": round(value, 3) for name, value in floor().items()}
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))
    draw(figures)


def floor() -> dict[str, float]:
    """Milliseconds that the weights take to be read, and the multiplications to be done, on one thread."""
    weights = np.ones(WEIGHTS, dtype=np.float32)
    # Larger than any cache, so that the weights come from memory.
    other = np.ones(64 << 20, dtype=np.float32)
    reads, products = [], []
    one, two = np.ones((512, 1536), np.float32), np.ones((1536, 1536), np.float32)
    for _ in range(5):
        other.sum()
        began = time.perf_counter()
        weights.sum()
        reads.append(time.perf_counter() - began)
        began = time.perf_counter()
        one @ two
        products.append((time.perf_counter() - began) / (2 * 512 * 1536 * 1536))
    return {
        "reading the weights, ms": 1000 * min(reads),
        "multiplying, ms": 1000 * min(products) * 2 * WEIGHTS * TOKENS,
    }


def draw(figures: dict[str, float]) -> None:
    """One bar, its parts in the order of a question."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    shown, axes = plt.subplots(figsize=(9, 2.4), layout="constrained")
    at = 0.0
    for part in ("safety rules", "what is meant: spelling, follow-up", "embedding", *list(PARTS)[2:], "the rest"):
        axes.barh(0, figures[part], left=at, label=f"{part}: {figures[part]:.2f}")
        at += figures[part]
    axes.set(xlabel="milliseconds, median of each part", yticks=[])
    shown.legend(loc="outside upper center", ncols=2, fontsize=8)
    shown.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    main()
