"""How long the chat over a database takes to start, and what it holds in memory: prints one line of JSON.

    python benchmarks/chat_start.py [--articles 1000]

Articles of some 300 words in six sections are built with an encoder that needs no model, so that what is measured is
the chat's own. A new process then opens the collection, makes the web application and shows the page, and after that
opens an article and looks for a word.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tests")]

from fake_encoder import FakeEncoder  # noqa: E402
from real_server import RealServer, give_to_server  # noqa: E402

from guide.guide import Guide  # noqa: E402
from guide.index.build import build  # noqa: E402
from guide.postgres.address import DatabaseAddress  # noqa: E402
from guide.postgres.store import DatabaseStore  # noqa: E402
from guide.store import copy_index  # noqa: E402
from guide.web.application import web_app  # noqa: E402
from guide.web.reloading import FollowingDatabase  # noqa: E402
from guide.web.settings import WebSettings  # noqa: E402


def write_articles(folder: Path, count: int) -> None:
    """Writes so many articles of made-up words."""
    chance = random.Random(7)  # noqa: S311
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(5_000)]
    for number in range(count):
        parts = [f"# Article {number}\n"]
        for section in range(6):
            sentences = (" ".join(chance.choices(vocabulary, k=10)).capitalize() + "." for _ in range(5))
            parts.append(f"## What is {chance.choice(vocabulary)} {section}?\n\n{' '.join(sentences)}\n")
        (folder / f"article-{number}.md").write_text("\n".join(parts), encoding="utf-8")


def resident() -> float:
    """The MB of memory that this process has now."""
    return next(
        int(line.split()[1]) / 1024 for line in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in line
    )


def measure(address: DatabaseAddress) -> dict[str, float]:
    """The seconds until the page is shown, those of them that the processor worked, those that an article and a word
    take after it, and the MB held for it. What is imported is imported before.
    """
    from starlette.testclient import TestClient

    import guide.chat.layout

    before, begun, worked = resident(), time.perf_counter(), time.process_time()
    guide = FollowingDatabase(address, lambda where: Guide(DatabaseStore(where), FakeEncoder()))
    found = {}
    with TestClient(web_app(guide, WebSettings(questions_per_minute=0))) as web:
        web.get("/").raise_for_status()
        found["start_s"] = time.perf_counter() - begun
        found["start_cpu_s"] = time.process_time() - worked
        found["start_mb"] = resident() - before
        for name, path, body in (
            ("article_s", "/chat/article", {"place": "source-article-0"}),
            ("find_s", "/chat/find", {"words": "what is"}),
        ):
            begun = time.perf_counter()
            web.post(path, json=body).raise_for_status()
            found[name] = time.perf_counter() - begun
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    """Builds, and measures in a process of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=1_000)
    options.add_argument("--measure", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(measure(DatabaseAddress.of(asked.measure))))
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder, encoder = Path(name), FakeEncoder()
        folder.chmod(0o755)
        (folder / "articles").mkdir()
        write_articles(folder / "articles", asked.articles)
        give_to_server(folder / "server")
        server = RealServer(folder / "server").create()
        try:
            address = server.address("postgres")
            build([folder / "articles"], folder / "index", encoder, encoder.identity)
            copy_index(folder / "index", DatabaseAddress.of(address))
            for run in (1, 2, 3):
                command = [sys.executable, __file__, "--measure", address]
                shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                print(json.dumps({"articles": asked.articles, "run": run, **json.loads(shown)}), flush=True)
        finally:
            server.stop("immediate")


if __name__ == "__main__":
    main()
