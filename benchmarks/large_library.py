"""The chat's first page, and what opening an article takes, with no article, 17 and 1,000: `python
benchmarks/large_library.py`.

The articles are made up here, each of eight sections with four paragraphs; the encoder needs no model, because none of
this embeds. A real browser opens the page; the bytes are those that came over the line, scripts and styles included,
and the seconds go until the page can be asked (the median of `ROUNDS`). An article is opened as a citation does it.
Figures go to `large_library.json`.
"""

import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from fake_encoder import FakeEncoder  # noqa: E402 (found beside this folder)
from find_browser import find_browser  # noqa: E402

from guide.guide import Guide  # noqa: E402
from guide.index.build import build  # noqa: E402
from guide.index.index import open_index  # noqa: E402
from guide.web.application import web_app  # noqa: E402
from guide.web.reloading import ReloadingGuide  # noqa: E402
from guide.web.settings import WebSettings  # noqa: E402

COUNTS = (0, 17, 1_000)
SECTIONS, PARAGRAPHS, SENTENCES = 8, 4, 4
ROUNDS, SETTLED_MS, DIMENSION = 5, 1500, 16
WORDS = (
    "kettle meadow lantern quiet harbour winter bread window garden stone river paper copper willow market thread "
    "ladder honey summer valley candle bridge orchard feather cotton pebble island barrel saddle whistle"
).split()
OPENED = """(id) => new Promise((resolve) => {
  const link = document.createElement("a");
  link.href = `#${id}`;
  document.querySelector("#talk").append(link);
  const start = performance.now();
  const look = () => document.getElementById(id)?.matches(":target") ? resolve(performance.now() - start)
    : setTimeout(look, 1);
  link.click();
  look();
})"""


class _Empty(Guide):
    """A guide whose library is empty, as far as the page can see."""

    articles = ()  # type: ignore[assignment]
    passages = ()  # type: ignore[assignment]


def main() -> None:
    """Measures and writes the figures."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        figures = {str(count): _measured(browser, count) for count in COUNTS}
    least, most = figures[str(COUNTS[0])], figures[str(COUNTS[-1])]
    for name in ("first page, bytes", "its document alone, bytes", "first page, s"):
        most[f"{name}, over an empty library"] = round(most[name] / least[name], 2)
    (HERE / "large_library.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def _measured(browser: Browser, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        _build(folder, max(count, 1))
        built = time.perf_counter()
        kind = Guide if count else _Empty
        reloading = ReloadingGuide(folder / "index", lambda index: kind(open_index(index), FakeEncoder(DIMENSION)))
        app = web_app(reloading, WebSettings(questions_per_minute=0))
        loaded = time.perf_counter()
        figures = {
            "building, s": round(built - begun, 2),
            "loading, s": round(loaded - built, 2),
        }
        with _serving(app) as address:
            opened = [_first_page(browser, address) for _ in range(ROUNDS + 1)][1:]
            figures["first page, bytes"] = opened[0][0]
            figures["its document alone, bytes"] = opened[0][1]
            figures["first page, s"] = round(statistics.median(taken for _, _, taken in opened), 3)
            if count:
                figures |= _article(browser, address, reloading.snapshot.guide)
    return figures


def _build(folder: Path, count: int) -> None:
    drawn = random.Random(7)  # noqa: S311 (made-up words, no secrets)
    (folder / "articles").mkdir()

    def sentence() -> str:
        return " ".join(drawn.choices(WORDS, k=12)).capitalize() + "."

    for number in range(count):
        lines = [f"# The {' '.join(drawn.sample(WORDS, 3))}, {number}", sentence()]
        for section in range(SECTIONS):
            lines.append(f"## Part {section} of the {drawn.choice(WORDS)} {drawn.choice(WORDS)}")
            lines += [" ".join(sentence() for _ in range(SENTENCES)) for _ in range(PARAGRAPHS)]
        (folder / "articles" / f"article-{number}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    encoder = FakeEncoder(DIMENSION)
    build([folder / "articles"], folder / "index", encoder, encoder.identity)


def _first_page(browser: Browser, address: str) -> tuple[int, int, float]:
    """The bytes of the first page, those of its document alone, and the seconds until it can be asked."""
    context = browser.new_context(locale="en-IE")
    page = context.new_page()
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    begun = time.perf_counter()
    page.goto(address)
    _ready(page)
    taken = time.perf_counter() - begun
    page.wait_for_timeout(SETTLED_MS)
    sizes = [(request.url, request.sizes()["responseBodySize"]) for request in requests.copy()]
    context.close()
    return sum(size for _, size in sizes), sum(size for url, size in sizes if url == address), taken


def _ready(page: Page) -> None:
    page.wait_for_selector("#question textarea", timeout=120_000)
    page.wait_for_function("document.querySelector('#country')?.value === 'IE'", timeout=120_000)


def _article(browser: Browser, address: str, guide: Guide) -> dict[str, float]:
    """What opening an article takes: those in the middle of the library, each once."""
    context = browser.new_context(locale="en-IE", reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    _ready(page)
    middle = len(guide.passages) // 2
    step = max(1, len(guide.passages) // 40)
    ids = [guide.passages[(middle + place * step) % len(guide.passages)].id for place in range(ROUNDS + 1)]
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    taken = []
    for id in ids:
        taken.append(page.evaluate(OPENED, id) / 1000)
        page.wait_for_timeout(200)
    context.close()
    return {
        "opening an article, bytes": round(statistics.median(sizes)) if sizes else 0,
        "opening an article, s": round(statistics.median(taken[1:]), 3),
    }


@contextmanager
def _serving(app: object) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, ws="none"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    app.state.end_streams()  # type: ignore[attr-defined]
    server.should_exit = True
    thread.join(timeout=30)


if __name__ == "__main__":
    main()
