"""Guide beside the standard recipes of LangChain, LlamaIndex, txtai and Chroma: same model, article and questions.

`python benchmarks/peers/compare.py` makes the recipes' environment in benchmarks/peers/.venv (pinned in
requirements.txt, some minutes), measures all five in turns and writes benchmarks/peers.json and the tables of
docs/performance.md and README.md. `--python PATH` takes an environment that is there.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from timing import process  # noqa: E402 (found beside this folder)

from guide.config import Config  # noqa: E402
from guide.embedding.choose import open_builder  # noqa: E402
from guide.embedding.encoder import SentenceEncoder  # noqa: E402
from guide.evaluate.report import table  # noqa: E402
from guide.guide import Guide  # noqa: E402
from guide.index.build import article_paths, build  # noqa: E402

ROOT = HERE.parents[1]
RECIPES, RESULTS = HERE / "recipes.py", HERE.parent / "peers.json"
DOCUMENTS = (ROOT / "docs/performance.md", ROOT / "README.md")
BEGIN, END = "<!-- peers: written by benchmarks/peers/compare.py -->", "<!-- end of the peers -->"
PEERS = ("LangChain", "LlamaIndex", "txtai", "Chroma")
ROUNDS = 3
ASKED = "What are the signs of emotional detachment?"
WARM = """
import json, resource, sys, time
from guide import Guide
guide = Guide.open(sys.argv[1])
questions = [json.loads(line)["question"] for line in open(sys.argv[2], encoding="utf-8")]
guide.ask(questions[0])
times, found = [], []
for question in questions:
    began = time.perf_counter()
    answer = guide.ask(question)
    times.append(time.perf_counter() - began)
    found.append([passage.text for passage in answer.passages[:3]])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": times, "found": found, "peak MB": peak}))
"""


def main() -> None:
    """Measures, writes the results and the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="the Python of an environment with requirements.txt")
    python = parser.parse_args().python or _environment()
    os.environ |= {"HF_HUB_OFFLINE": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as name:
        results = _measure(Path(name), python)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    text = _table(results)
    print(text)
    for document in DOCUMENTS:
        before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        document.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _measure(folder: Path, python: str) -> dict[str, dict[str, float]]:
    encoder = open_builder(Config())
    build(article_paths([ROOT / "corpus/emotional-detachment.md"]), folder / "Guide", encoder, encoder.identity)
    (text,) = Guide.open(folder / "Guide").index.texts.values()
    article, asked = folder / "article.txt", folder / "questions.jsonl"
    article.write_text(text, encoding="utf-8")
    lines = (ROOT / "tests/data/questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["gold"] and not row.get("history")]
    asked.write_text("".join(json.dumps({"question": row["question"]}) + "\n" for row in rows), encoding="utf-8")
    model = str(SentenceEncoder().folder)
    once = {"Guide": [sys.executable, "-m", "guide", "ask", ASKED, "--index", str(folder / "Guide")]}
    warm = {"Guide": [sys.executable, "-c", WARM, str(folder / "Guide"), str(asked)]}
    for peer in PEERS:
        recipe = [python, str(RECIPES), peer]
        subprocess.run([*recipe, "build", str(article), str(folder / peer), model], check=True, capture_output=True)
        once[peer] = [*recipe, "ask", str(folder / peer), model, ASKED]
        warm[peer] = [*recipe, "warm", str(folder / peer), model, str(asked)]
    started: dict[str, list[float]] = {name: [] for name in once}
    peaks: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, command in once.items():
            run = process(command)
            started[name].append(run.seconds)
            peaks[name] = max(peaks.get(name, 0.0), run.peak_mb)
    medians: dict[str, list[float]] = {name: [] for name in warm}
    found: dict[str, list[list[str]]] = {}
    for _ in range(ROUNDS):
        for name, command in warm.items():
            # What a process before it left running would slow this one.
            time.sleep(1)
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            said = json.loads(done.stdout.splitlines()[-1])
            medians[name].append(statistics.median(said["seconds"]))
            found[name] = said["found"]
    return {
        name: {
            "hit@1": _hits(found[name], rows, 1),
            "hit@3": _hits(found[name], rows, 3),
            "words of the first": statistics.fmean(len(texts[0].split()) for texts in found[name] if texts),
            "one question, ms": 1000 * statistics.median(medians[name]),
            "start to first answer, s": statistics.median(started[name]),
            "peak memory, MB": peaks[name],
        }
        for name in once
    }


def _hits(found: list[list[str]], rows: list[dict[str, list[str]]], first: int) -> float:
    """How often one of the `first` texts holds one of the sentences that answer."""
    hits = [
        any(" ".join(gold.split()) in " ".join(text.split()) for text in texts[:first] for gold in row["gold"])
        for texts, row in zip(found, rows, strict=True)
    ]
    return statistics.fmean(hits)


def _table(results: dict[str, dict[str, float]]) -> str:
    names = list(results["Guide"])
    fastest = {name: min(results[peer][name] for peer in PEERS) for name in names[3:]}
    ratios = ["", "", "", *(f"{results['Guide'][name] / fastest[name]:.2f}" for name in fastest)]
    rows = [(name, *(_figure(one, value) for one, value in figures.items())) for name, figures in results.items()]
    return table(("", *names), [*rows, ("Guide over the least of the others", *ratios)])


def _figure(name: str, value: float) -> str:
    return (
        f"{value:.2f}"
        if name.startswith("hit") or name.endswith(" s")
        else f"{value:.0f}"
        if value > 30
        else f"{value:.1f}"
    )


def _environment() -> str:
    python = HERE / ".venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HERE / ".venv")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", str(HERE / "requirements.txt")], check=True)
    return str(python)


if __name__ == "__main__":
    main()
