"""The chat over the shipped article, served as people start it, and pages that look at it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser.scripted import scripted
from playwright.sync_api import Browser, Page, Request, expect

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
"""A cold start loads the model and Gradio; a slow machine may take long, and nothing here measures time."""

QUESTION = "What are the signs of emotional detachment?"

Open = Callable[..., Page]

expect.set_options(timeout=30_000)


@contextmanager
def served(index: Path, articles: list[Path], log: Path, *options: str | Path) -> Iterator[str]:
    """The address of a chat over `articles`, served with `options`, whose output goes to `log`."""
    guide = [sys.executable, "-m", "guide"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    subprocess.run([*guide, "build", *articles, "--index", index], cwd=ROOT, env=environment, check=True)
    with log.open("wb") as output:
        command = [*guide, "serve", "--index", index, "--port", "0", *options]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield _address(server, log)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    """The address at which `server` says that it is ready."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(f"the chat ended with code {server.returncode}:\n{log.read_text()}")
        if found := re.search(r"http://127\.0\.0\.1:\d+/\n", log.read_text()):
            return found[0].strip()
        time.sleep(0.05)
    pytest.fail(f"the chat didn't answer within {START_SECONDS} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chat_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over the first article of `corpus/`."""
    folder = tmp_path_factory.mktemp("chat")
    with served(folder / "index", [ROOT / "corpus/emotional-detachment.md"], folder / "server.log") as address:
        yield address


@pytest.fixture(scope="session")
def scripted_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over the same article whose guide says what tests want to see."""
    with scripted(ROOT / "corpus/emotional-detachment.md", tmp_path_factory.mktemp("scripted")) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens an address in a browser of its own, and fails if a script fails there or another address is asked for."""
    contexts, faults = [], []

    def opened(
        address: str,
        *,
        width: int = 1280,
        height: int = 860,
        locale: str = "en-IE",
        may_leave_to: str = "data:",
        **options: object,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(f"script failed: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))

        def own(request: Request) -> None:
            if not request.url.startswith((address, "data:", "blob:", may_leave_to)):
                faults.append(f"outside request: {request.url}")

        page.on("request", own)
        page.goto(address)
        is_ready(page, locale.partition("-")[2])
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def is_ready(page: Page, country: str) -> None:
    """Waits until the page can be asked, and its first guess of language and `country` has come in."""
    page.wait_for_selector("#question textarea")
    page.wait_for_function("code => document.querySelector('#country')?.value === code", arg=country)


def speak(page: Page, language: str) -> None:
    """Chooses the interface's language by its name."""
    page.locator(".languages > summary").click()
    page.get_by_role("button", name=language).click()


def ask(page: Page, question: str) -> None:
    """Types `question`, presses Enter and waits for its turn."""
    turns = page.locator(".turn").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.locator(".turn").nth(turns).wait_for()


def becomes_true(page: Page, holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether `holds` says so within `seconds`: what moves on a page comes to rest when the machine lets it."""
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        page.wait_for_timeout(50)
    return holds()
