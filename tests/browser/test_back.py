"""The browser's own way back: it closes what was opened over the conversation, and leads nowhere after a quick exit."""

from collections.abc import Iterator

import pytest
from browser.conftest import Open, ask
from playwright.sync_api import Page, expect
from web.conftest import QUESTION, built, serving

pytestmark = pytest.mark.browser

NEUTRAL = "https://www.wikipedia.org/"


@pytest.fixture(scope="module")
def bees_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(built(tmp_path_factory.mktemp("bees")), questions_per_minute=0) as address:
        yield f"{address}/"


def opened(open_page: Open, address: str, **options: object) -> Page:
    """A page with an answer, to which the browser came from an empty one."""
    page = open_page(address, **options)
    ask(page, QUESTION)
    return page


@pytest.mark.parametrize("width", [1280, 375])
def test_back_closes_the_article_and_keeps_the_conversation(bees_url: str, open_page: Open, width: int) -> None:
    page = opened(open_page, bees_url, width=width)
    link = page.locator(".turn .cite").first
    link.click()
    expect(page.locator("#article .passage:target")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#article .passage:target")).to_have_count(0)
    if width < 1000:
        expect(page.locator("#reading")).to_be_hidden()
    expect(link).to_be_focused()
    expect(page.locator(".turn")).to_have_count(1)
    # As often as it is opened, and after a second citation the first isn't opened again.
    page.locator(".turn details summary").first.click()
    link.click()
    page.evaluate("document.querySelectorAll('.turn .cite')[1].click()")
    expect(page.locator("#article .passage:target")).to_have_count(1)
    page.go_back()
    expect(page.locator("#article .passage:target")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    ask(page, "Does smoke calm bees?")
    expect(page.locator(".turn")).to_have_count(2)


@pytest.mark.parametrize("closed", ["by its link", "by Escape", "by an answer"])
def test_what_was_closed_otherwise_takes_no_step_back(bees_url: str, open_page: Open, closed: str) -> None:
    page = opened(open_page, bees_url, width=375)
    page.locator(".turn .cite").first.click()
    expect(page.locator("#reading")).to_be_visible()
    if closed == "by its link":
        page.get_by_role("link", name="Back to the conversation").click()
    elif closed == "by Escape":
        page.keyboard.press("Escape")
    else:
        page.locator("#article .passage").first.wait_for()
        page.evaluate("document.querySelector('#article .passage').click()")
        page.locator("#article .ask").first.click()
        page.locator(".turn").nth(1).wait_for()
    expect(page.locator("#reading")).to_be_hidden()
    page.go_back()
    assert page.url == "about:blank"


def test_forward_opens_again_what_back_has_closed(bees_url: str, open_page: Open) -> None:
    page = opened(open_page, bees_url, width=375)
    page.locator(".turn .cite").first.click()
    page.go_back()
    expect(page.locator("#reading")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#article .passage:target")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#reading")).to_be_hidden()


def test_forward_goes_on_with_an_article_that_back_has_broken_off(bees_url: str, open_page: Open) -> None:
    page = opened(open_page, bees_url, width=375)
    page.route("**/chat/article", lambda _: None)  # it doesn't come
    with page.expect_request("**/chat/article"):
        page.locator(".turn .cite").first.click()
    expect(page.locator("#reading")).to_be_visible()
    page.go_back()
    expect(page.locator("#reading")).to_be_hidden()
    page.unroute("**/chat/article")
    page.go_forward()
    expect(page.locator("#article .passage:target")).to_be_in_viewport()


def test_back_closes_the_help_lines(bees_url: str, open_page: Open) -> None:
    page = opened(open_page, bees_url, width=375)
    page.get_by_role("link", name="Need help now?").click()
    expect(page.locator("#help")).to_be_visible()
    page.go_back()
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize("opens", [True, False])
def test_after_a_quick_exit_no_back_leads_here(bees_url: str, open_page: Open, opens: bool) -> None:
    page = opened(open_page, bees_url, width=375, may_leave_to=NEUTRAL)
    page.context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="elsewhere"))
    if opens:
        page.locator(".turn .cite").first.click()
        expect(page.locator("#reading")).to_be_visible()
    page.get_by_role("button", name="Quick exit").click()
    page.wait_for_url(NEUTRAL)
    page.go_back()
    assert page.url == "about:blank"
