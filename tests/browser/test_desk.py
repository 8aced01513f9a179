"""The article beside the conversation goes along with the answers, unless somebody reads there."""

from collections.abc import Iterator

import pytest
from browser.conftest import Open, ask
from playwright.sync_api import Page, expect
from web.conftest import built, serving

pytestmark = pytest.mark.browser

PARTS = "\n\n".join(
    f"## Part {part}\n\nNothing much stands here, {part}. It goes on for a while." for part in range(30)
)
POTS = "Round pots of copper keep tea warm."
CUPS = "Thin cups of glass break in winter."
TEXT = f"# Kettles\n\nThey whistle.\n\n{PARTS}\n\n## Pots\n\n{POTS}\n\n{PARTS}\n\n## Cups\n\n{CUPS}\n\n{PARTS}\n"
ASKS_POTS, ASKS_CUPS = "Do round pots of copper keep tea warm?", "Do thin cups of glass break in winter?"


@pytest.fixture(scope="module")
def kettle_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over two long articles."""
    folder = built(tmp_path_factory.mktemp("kettles"), TEXT, spoons="# Spoons\n\nThey stir soup.\n")
    with serving(folder, questions_per_minute=0) as address:
        yield f"{address}/"


def shown(page: Page) -> str:
    """The words of the passage that the article has gone to, all of it in view."""
    passage = page.locator("#article .passage.quoted")
    expect(passage).to_be_in_viewport(ratio=1)
    return passage.inner_text()


def test_with_each_answer_the_article_goes_to_the_quoted_words_and_the_focus_stays(
    kettle_url: str, open_page: Open
) -> None:
    page = open_page(kettle_url, height=900)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/chat/article" in request.url else None)
    for question, words in ((ASKS_POTS, POTS), (ASKS_CUPS, CUPS), (ASKS_POTS, POTS)):
        ask(page, question)
        assert shown(page) == words
        expect(page.locator("#article .passage.quoted")).to_have_count(1)
        expect(page.locator("#question textarea")).to_be_focused()
        expect(page.locator(".turn h2").last).to_be_in_viewport()
        assert "#" not in page.url
        # It looks like what a citation leads to.
        colours = page.locator(".turn").last.locator("blockquote").first, page.locator("#article .passage.quoted")
        assert colours[1].evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert len(fetched) == 1


def test_who_reads_in_the_article_meanwhile_is_left_there(kettle_url: str, open_page: Open) -> None:
    page = open_page(kettle_url, height=900)
    ask(page, ASKS_POTS)
    assert shown(page) == POTS
    place = "document.querySelector('#reading').scrollTop"
    # The answer is a while on its way, and the person scrolls in the article.
    page.fill("#question textarea", ASKS_CUPS)
    page.evaluate("guidePage.asking()")
    page.mouse.move(1000, 500)
    before = page.evaluate(place)
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"before => {place} < before", arg=before)
    before = page.evaluate(place)
    page.evaluate("guideReading.beside(document.querySelector('.turn .cite[data-points]'))")
    page.wait_for_timeout(200)
    assert page.evaluate(place) == before
    # Whoever asks again goes along again.
    ask(page, ASKS_CUPS)
    assert shown(page) == CUPS
    # Nor is somebody moved who is in the article's search.
    page.locator("#find").focus()
    before = page.evaluate(place)
    page.evaluate("guidePage.asking(); guideReading.beside(document.querySelector('.turn .cite[data-points]'))")
    page.wait_for_timeout(200)
    assert page.evaluate(place) == before


def test_beside_a_crisis_the_article_stays_as_it_is(kettle_url: str, open_page: Open) -> None:
    page = open_page(kettle_url, height=900)
    ask(page, "I want to kill myself")
    expect(page.locator(".care-crisis, .care-emergency")).to_be_visible()
    expect(page.locator("#article .source")).to_have_count(0)


@pytest.mark.parametrize("width", [768, 375])
def test_where_the_article_is_a_drawer_it_stays_shut(kettle_url: str, open_page: Open, width: int) -> None:
    page = open_page(kettle_url, width=width)
    ask(page, ASKS_POTS)
    expect(page.locator("#reading")).to_be_hidden()
    expect(page.locator("#article .source")).to_have_count(0)
