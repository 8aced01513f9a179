"""An article and questions full of markup show as text in a real browser, and nothing in them runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Open, ask, served
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

HOSTILE = [
    "<script>alert(1)</script>",
    "${alert(1)}",
    "{{x}}",
    '"><img src=x onerror=alert(1)>',
    "{{#each value}}{{this}}{{/each}}",
    "\u202egnidaer thgir\u202c",
]

ARTICLE = "Bees $X\n\nBees $X are calm.\n\nWhat Calms $X Bees?\n\n• Cool smoke $X helps\n• A warm day $X helps\n"


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over an article with every hostile text in its title, headings and points."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    articles = [folder / f"bees-{number}.txt" for number in range(len(HOSTILE))]
    for path, text in zip(articles, HOSTILE, strict=True):
        path.write_text(ARTICLE.replace("$X", text), encoding="utf-8")
    with served(folder / "index", articles, folder / "server.log") as address:
        yield address


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(hostile_url: str, open_page: Open, text: str) -> None:
    page = open_page(hostile_url)  # fails on any dialog, script error or outside request
    page.locator(".contents > summary").click()
    page.locator(".name-list a", has_text=f"Bees {text}").click()
    expect(page.locator("#article")).to_contain_text(f"Bees {text} are calm.")
    expect(page.locator("#article h2", has_text=text)).to_have_count(1)
    ask(page, f"What calms {text} bees?")
    expect(page.locator(".turn h2")).to_contain_text(f"What calms {text} bees?")
    for index in range(page.locator(".turn .cite").count()):
        page.locator(".turn .cite").nth(index).dispatch_event("click")
    assert page.locator("#article script, #article img, .turn script, .turn img").count() == 0
