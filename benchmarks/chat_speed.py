"""From Enter to the painted answer in a real browser, against a Gradio chat that only echoes: `python
benchmarks/chat_speed.py`, some two minutes.

Both servers are warm and asked in turns; the echo is `gradio.ChatInterface` as its guide shows it. The time is taken in
the page, from the key press to the frame after the answer's element is there, and of Guide's the part that its request
takes. Also measured are the first page's weight and its time until it can be used, beside those of the echo and of a
Gradio page with nothing on it, each in a browser that knows nothing yet; the longest gap between two frames while
somebody types; and the server's memory with 200 open pages, each answered once: their requests are those that the
browser makes, under a name of each page's own. Figures go to `chat_speed.json`, with the load of the machine.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection, socket

from playwright.sync_api import Browser, Page, Request, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from find_browser import find_browser  # noqa: E402 (found beside this folder)

ROUNDS, OPENINGS, PAGES = 8, 5, 200
START_SECONDS, ANSWER_SECONDS, SETTLED_MS, REST_MS = 120, 30, 1500, 150
ECHO = """
import gradio, sys
page = gradio.ChatInterface(lambda message, history: message)
page.launch(server_port=int(sys.argv[1]), quiet=True)
"""
EMPTY = """
import gradio, sys
with gradio.Blocks() as page:
    pass
page.launch(server_port=int(sys.argv[1]), quiet=True)
"""
QUESTIONS = ("What are the signs?", "What causes it?", "Does yoga help?", "How do I tell my partner?")
PAINTED = """([box, found]) => new Promise((resolve) => {
  const before = document.querySelectorAll(found).length;
  const field = document.querySelector(box);
  let start;
  field.addEventListener("keydown", () => { start = performance.now(); }, { once: true, capture: true });
  new MutationObserver((_, observer) => {
    if (document.querySelectorAll(found).length > before) {
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => {
        const requests = performance.getEntriesByType("resource").filter((one) => one.startTime >= start);
        window.requested = Math.max(0, ...requests.map((one) => one.duration));
        window.taken = performance.now() - start;
      }));
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  performance.clearResourceTimings();
  window.taken = undefined;
  resolve();
})"""
OPENED = """(box) => new MutationObserver((_, observer) => {
  if (!document.querySelector(box)) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstShown = performance.now(); }));
}).observe(document, { childList: true, subtree: true })"""
FRAMES = """() => { window.gaps = []; let last = performance.now();
  const step = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step); }"""


def main() -> None:
    """Measures and writes the figures."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_ENABLED": "False", "GUIDE_QUESTIONS_PER_MINUTE": "0"}
    path, before = find_browser(), _load()
    with sync_playwright() as playwright:
        guide, index = [sys.executable, "-m", "guide"], str(HERE.parent / "index")
        # As `make run` does: what is built already isn't made anew.
        subprocess.run([*guide, "build", str(HERE.parent / "corpus"), "--index", index], check=True)
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        ours, theirs, bare = _free_port(), _free_port(), _free_port()
        serve = [*guide, "serve", "--index", index, "--port", str(ours)]
        with (
            _server(serve, ours) as process,
            _server([sys.executable, "-c", ECHO, str(theirs)], theirs),
            _server([sys.executable, "-c", EMPTY, str(bare)], bare),
        ):
            figures = _compare(browser, *(f"http://127.0.0.1:{port}/" for port in (ours, theirs, bare)))
            figures |= _memory(browser, f"http://127.0.0.1:{ours}", process)
    figures |= {"load of the machine, before": before, "load of the machine, after": _load()}
    (HERE / "chat_speed.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def _compare(browser: Browser, ours: str, theirs: str, bare: str) -> dict[str, float]:
    pages = {
        "guide": (ours, "#question textarea", ".turn"),
        "echo": (theirs, "textarea", ".bot-row .prose:not(:empty)"),
        "empty": (bare, ".gradio-container", ""),
    }
    weights = {name: _weight(browser, address, box) for name, (address, box, _) in pages.items()}
    opened: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(OPENINGS):
        for name, (address, box, _) in pages.items():
            opened[name].append(_opened(browser, address, box))
    pages.pop("empty")
    chats = {name: browser.new_page() for name in pages}
    for name, (address, box, _) in pages.items():
        chats[name].goto(address)
        chats[name].wait_for_selector(box)
    times: dict[str, list[float]] = {name: [] for name in pages}
    requested = []
    for turn in range(ROUNDS + 1):
        for name, (_, box, found) in pages.items():
            taken = _asked(chats[name], box, found, QUESTIONS[turn % len(QUESTIONS)])
            if turn:
                times[name].append(taken)
            if turn and name == "guide":
                requested.append(float(chats[name].evaluate("() => window.requested")))
    page = chats["guide"]
    page.bring_to_front()
    page.evaluate(FRAMES)
    page.locator("#question textarea").press_sequentially("Why does my husband pull away when I cry?", delay=40)
    gaps = page.evaluate("() => window.gaps")
    for chat in chats.values():
        chat.close()
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    until_used = {name: statistics.median(taken) for name, taken in opened.items()}
    return {
        "rounds": ROUNDS,
        "Enter to painted answer, median ms": round(medians["guide"], 1),
        "Enter to painted answer, slowest ms": round(max(times["guide"]), 1),
        "of that the request, median ms": round(statistics.median(requested), 1),
        "an echo by Gradio, median ms": round(medians["echo"], 1),
        "over an echo by Gradio": round(medians["guide"] / medians["echo"], 2),
        "longest gap between frames while typing, ms": round(max(gaps), 1),
        "first page, MB": round(weights["guide"], 2),
        "first page of the echo, MB": round(weights["echo"], 2),
        "an empty page of Gradio's, MB": round(weights["empty"], 2),
        "first page over an empty one of Gradio's, weight": round(weights["guide"] / weights["empty"], 2),
        "first page, median ms": round(until_used["guide"]),
        "first page of the echo, median ms": round(until_used["echo"]),
        "an empty page of Gradio's, median ms": round(until_used["empty"]),
        "first page over an empty one of Gradio's, time": round(until_used["guide"] / until_used["empty"], 2),
    }


def _weight(browser: Browser, address: str, box: str) -> float:
    """MB that a browser fetches for the first page."""
    with browser.new_context() as context:
        page = context.new_page()
        requests: list[Request] = []
        page.on("requestfinished", lambda request: requests.append(request))
        page.goto(address)
        page.wait_for_selector(box, state="attached")
        # A chat of Gradio's keeps a connection open, so the network never falls silent.
        page.wait_for_timeout(SETTLED_MS)
        return sum(request.sizes()["responseBodySize"] for request in requests.copy()) / 1e6


def _opened(browser: Browser, address: str, box: str) -> float:
    """Milliseconds from the start of a navigation to the frame with `box`, in a browser that keeps nothing."""
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(f"({OPENED})({json.dumps(box)})")
        page.goto(address)
        page.wait_for_function("() => window.firstShown !== undefined", timeout=ANSWER_SECONDS * 1000)
        return float(page.evaluate("() => window.firstShown"))


def _memory(browser: Browser, address: str, server: subprocess.Popen[bytes]) -> dict[str, float]:
    """MB that the server takes before and with `PAGES` open pages, each with a question answered."""
    page = browser.new_page()
    sent: list[tuple[str, dict[str, object]]] = []
    page.on(
        "request", lambda request: sent.append((request.url, request.post_data_json)) if request.post_data else None
    )
    page.goto(address)
    page.wait_for_selector("#question textarea")
    page.wait_for_timeout(SETTLED_MS)
    _asked(page, "#question textarea", ".turn", QUESTIONS[0])
    page.close()
    before, host = _resident(server), address.removeprefix("http://")
    streams = []
    connection = HTTPConnection(host, timeout=ANSWER_SECONDS)
    for number in range(PAGES):
        name = f"page{number}"
        streams.append(HTTPConnection(host, timeout=ANSWER_SECONDS))
        streams[-1].request("GET", f"/gradio_api/heartbeat/{name}")
        streams[-1].getresponse()
        for url, body in sent:
            body = {**body, "session_hash": name} if "session_hash" in body else body
            connection.request(
                "POST", url.removeprefix(address), json.dumps(body), {"Content-Type": "application/json"}
            )
            answered = connection.getresponse()
            answered.read()
            if answered.status != 200:
                raise RuntimeError(f"{url} was answered with {answered.status}")
    after = _resident(server)
    for stream in [*streams, connection]:
        stream.close()
    return {"server, MB": round(before), f"server with {PAGES} open pages, MB": round(after)}


def _resident(server: subprocess.Popen[bytes]) -> float:
    """MB of memory that a process has in use, from Linux."""
    status = Path(f"/proc/{server.pid}/status").read_text("utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000


def _asked(page: Page, box: str, found: str, question: str) -> float:
    page.bring_to_front()
    page.locator(box).first.fill(question)
    page.evaluate(PAINTED, [box, found])
    page.locator(box).first.press("Enter")
    page.wait_for_function("() => window.taken !== undefined", timeout=ANSWER_SECONDS * 1000)
    page.wait_for_timeout(REST_MS)
    return float(page.evaluate("() => window.taken"))


@contextmanager
def _server(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + START_SECONDS
            while time.monotonic() < until and server.poll() is None:
                with suppress(OSError), create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.2)
            else:
                raise RuntimeError(f"nothing listens at port {port}")
            yield server
        finally:
            server.terminate()


def _load() -> float:
    """How many processes have wanted a processor on average in the last minute."""
    return round(os.getloadavg()[0], 1)


def _free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
