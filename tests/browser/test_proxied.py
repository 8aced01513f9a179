"""The chat under a path of another site, behind a real nginx."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Open, ask, speak
from browser.restarting import Restarting
from playwright.sync_api import expect
from web.conftest import QUESTION, built
from web.proxy import proxied_under_path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarting]:
    folder = tmp_path_factory.mktemp("proxied")
    server = Restarting(built(folder), folder / "server.log")
    server.start("--root-path", "/guide")
    yield server
    server.stop()


def test_the_chat_works_under_a_path_and_asks_for_nothing_outside_it(
    server: Restarting, open_page: Open, tmp_path: Path
) -> None:
    with proxied_under_path(server.address, tmp_path, takes_off=False) as address:
        page = open_page(address)  # fails if another address is asked for
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        ask(page, QUESTION)
        page.locator(".turn .cite").first.click()
        expect(page.locator("#article .passage:target")).to_be_in_viewport()
        page.fill("#find", "smoke")
        expect(page.locator("#found")).to_contain_text("place")
        speak(page, "Español")
        expect(page.get_by_label("Tu pregunta")).to_be_visible()
        assert page.evaluate("document.querySelector('link[rel=manifest]').href") == f"{address}manifest.json"
        assert page.url.startswith(address)
        assert complaints == []


def test_a_restart_behind_the_proxy_is_waited_for(server: Restarting, open_page: Open, tmp_path: Path) -> None:
    with proxied_under_path(server.address, tmp_path, takes_off=False) as address:
        page = open_page(address)
        ask(page, QUESTION)
        server.stop()
        page.fill("#question textarea", "Does a warm day calm bees?")
        page.keyboard.press("Enter")
        expect(page.locator("#lost")).to_contain_text("kept in this page and is sent once")
        server.start("--root-path", "/guide")
        page.locator(".turn").nth(1).wait_for()
        expect(page.locator("#lost")).to_be_hidden()
        expect(page.locator(".turn")).to_have_count(2)
