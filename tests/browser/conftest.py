"""The real chat over the real article, in a server of its own, and a page in a browser that opens nothing else."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


@pytest.fixture(scope="session")
def chat_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over an index of `corpus/`."""
    folder = tmp_path_factory.mktemp("chat")
    guide = [sys.executable, "-m", "guide"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    index = str(folder / "index")
    subprocess.run([*guide, "build", str(ROOT / "corpus"), "--index", index], check=True, cwd=folder, env=environment)
    log = folder / "chat.log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [*guide, "serve", "--index", index], cwd=folder, env=environment, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address that the server prints once it is ready."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        if found := re.search(r"http://\S+:\d+", log.read_text(encoding="utf-8", errors="replace")):
            return found[0]
        time.sleep(0.2)
    pytest.fail(f"The chat didn't start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


@pytest.fixture(params=[1280, 768, 320], ids="{}px".format)
def page(request: pytest.FixtureRequest, browser: Browser, chat_url: str) -> Iterator[Page]:
    """The chat's first page, at three widths; a request to any other address fails the test."""
    context = browser.new_context(viewport={"width": request.param, "height": 800}, locale="en-IE")
    page = context.new_page()
    elsewhere: list[str] = []
    errors: list[str] = []
    page.on(
        "request",
        lambda sent: None if sent.url.startswith((chat_url, "data:", "blob:")) else elsewhere.append(sent.url),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(chat_url)
    page.get_by_label("Your question").wait_for()
    yield page
    context.close()
    assert elsewhere == []
    assert errors == []
