"""axe-core finds nothing wrong: first page, answer, cards, Explore, a professional's sheet, a conversation; light and
dark.
"""

import os
from pathlib import Path

import pytest
from browser.conftest import QUESTION, Open, ask, is_ready
from browser.scripted import STORY
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

if not AXE.exists() and not os.environ.get("CI"):
    pytest.skip("axe-core isn't installed: run `npm ci`", allow_module_level=True)


def violations(page: Page) -> list[str]:
    """What axe-core finds, of any severity."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def first_page(page: Page) -> None:
    expect(page.locator("#welcome h1")).to_be_visible()


def an_answer(page: Page) -> None:
    ask(page, QUESTION)


def a_crisis(page: Page) -> None:
    ask(page, "I want to kill myself")


def cards_opened(page: Page) -> None:
    for message in ("My husband hits me", "I feel numb all the time", QUESTION):
        ask(page, message)
    expect(page.locator(".care-reminder .not-meant").last).to_be_visible()
    for summary in page.locator(".care summary").all():
        summary.click()


def explored(page: Page) -> None:
    ask(page, QUESTION)
    if page.viewport_size and page.viewport_size["width"] < 1000:
        page.locator(".turn .cite").first.click()
    page.locator("#explore > summary").click()
    expect(page.locator("#explore .map")).to_be_visible()
    page.locator("#explore .legend > summary").click()


def with_the_sheet(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("#sheet > summary").click()
    expect(page.locator("#sheet textarea")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(chat_url: str, open_page: Open, width: int, scheme: str) -> None:
    page = open_page(chat_url, width=width, color_scheme=scheme, bypass_csp=True)
    found = []
    for state in (first_page, an_answer, a_crisis, cards_opened, explored, with_the_sheet):
        # Each from the page as it is at first.
        page.goto(chat_url)
        is_ready(page, "IE")
        state(page)
        found += [f"{state.__name__}: {violation}" for violation in violations(page)]
    assert not found, found


def test_axe_finds_nothing_in_a_conversation(scripted_url: str, open_page: Open) -> None:
    found = []
    for width, scheme in ((1280, "light"), (320, "dark")):
        page = open_page(scripted_url, width=width, color_scheme=scheme, bypass_csp=True)
        for message in ("hi", "help", "summarise the article", "strategies", STORY, "shorter", "clam bees"):
            ask(page, message)
        page.locator(".path summary").first.click()
        found += [f"{width} {scheme}: {violation}" for violation in violations(page)]
        page.locator(".show-all").first.click()
        found += [f"{width} {scheme}, unfolded: {violation}" for violation in violations(page)]
    assert not found, found
