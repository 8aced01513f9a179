"""The chat in a browser, with everything watched that could carry a word away: requests, storage, addresses, files."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from browser.conftest import ROOT, ask
from playwright.sync_api import Browser, Page, Request
from web.alone import alone

pytestmark = [pytest.mark.browser, pytest.mark.model]

WORD = "zygomorphic"
"""Stands in what is asked, and may stand nowhere but in the page and in the bodies of its own requests."""


class Visit(NamedTuple):
    """A page with every request it made and every complaint of the browser's."""

    page: Page
    asked: list[Request]
    complaints: list[str]


class Watched(NamedTuple):
    """A server that can reach nobody, and the folder that holds all it writes."""

    address: str
    folder: Path


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("alone")
    environment = alone(folder)
    guide = [sys.executable, "-m", "guide"]
    subprocess.run([*guide, "build", "--index", folder / "index"], cwd=ROOT, env=environment, check=True)
    command = [*guide, "serve", "--index", folder / "index", "--port", "0", "--log"]
    with (folder / "errors").open("w") as errors:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        found = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
        assert found, (folder / "errors").read_text()
        yield Watched(found[0], folder)
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def visit(browser: Browser, watched: Watched) -> Iterator[Visit]:
    """The chat, opened in a browser that knows nothing yet."""
    context = browser.new_context(locale="en-IE", reduced_motion="reduce")
    visit = Visit(context.new_page(), [], [])
    visit.page.set_default_timeout(30_000)
    visit.page.on("request", lambda request: visit.asked.append(request))
    visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.goto(watched.address)
    visit.page.wait_for_selector("#question textarea")
    visit.page.wait_for_function("document.querySelector('#country')?.value === 'IE'")
    yield visit
    context.close()


def talk(page: Page) -> None:
    """A conversation with all that a person can do in it."""
    ask(page, f"Does {WORD} yoga help?")
    page.locator(".turn .cite").first.click()
    ask(page, f"I want to die, {WORD}")
    page.get_by_role("link", name="Need help now?").click()
    page.select_option("#country", "US")
    page.get_by_role("link", name="Close").first.click()
    page.locator("#ui-language").select_option("es")
    page.get_by_text("¿Necesitas ayuda?").wait_for()


def test_the_page_asks_nobody_but_its_own_server(visit: Visit, watched: Watched) -> None:
    talk(visit.page)
    elsewhere = [request.url for request in visit.asked if not request.url.startswith((watched.address, "data:"))]
    assert elsewhere == []
    assert len(visit.asked) > 10


def test_the_policy_allows_all_that_the_page_does(visit: Visit) -> None:
    talk(visit.page)
    assert visit.complaints == []


def test_a_script_or_a_request_that_is_not_the_pages_own_is_stopped(visit: Visit) -> None:
    stopped = visit.page.evaluate(
        """async () => {
            const stopped = [];
            addEventListener("securitypolicyviolation", (event) => stopped.push(event.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.foreign = true";
            document.head.append(script);
            await fetch("https://example.org/").catch(() => {});
            new Image().src = "https://example.org/x.png";
            await new Promise((done) => setTimeout(done, 300));
            return [stopped.sort(), window.foreign === undefined];
        }"""
    )
    assert stopped == [["connect-src", "img-src", "script-src-elem"], True]


def test_the_browser_keeps_nothing(visit: Visit) -> None:
    talk(visit.page)
    kept = visit.page.evaluate(
        """async () => JSON.stringify([
            Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, document.title,
            location.href, await caches.keys(), (await indexedDB.databases()).map((one) => one.name), history.state,
        ])"""
    )
    assert WORD not in kept
    assert visit.page.context.cookies() == []
    assert [request.url for request in visit.asked if WORD in request.url] == []


def test_the_server_keeps_nothing_and_calls_nobody(visit: Visit, watched: Watched) -> None:
    talk(visit.page)
    files = [path for path in watched.folder.rglob("*") if path.is_file()]
    assert watched.folder / "errors" in files
    assert [path for path in files if WORD.encode() in path.read_bytes()] == []
    assert "question answered in" in (watched.folder / "errors").read_text()
    assert (watched.folder / "attempts").read_text() == ""


def test_another_browser_sees_nothing_of_it(visit: Visit, browser: Browser, watched: Watched) -> None:
    talk(visit.page)
    other = browser.new_page(locale="en-IE")
    other.goto(watched.address)
    other.wait_for_selector("#question textarea")
    assert WORD not in other.content()
    assert other.locator(".turn").count() == 0
    other.reload()
    visit.page.reload()
    visit.page.wait_for_selector("#question textarea")
    assert WORD not in visit.page.content()
    other.close()
