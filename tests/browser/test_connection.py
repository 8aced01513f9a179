"""A page whose server goes away and comes back: the conversation stays, what was sent goes once, help is in reach."""

from collections.abc import Iterator

import pytest
from browser.conftest import Open, ask, is_ready, speak
from browser.restarting import Restarting
from playwright.sync_api import Page, Route, expect
from web.conftest import built

pytestmark = pytest.mark.browser

FIRST, SECOND = "What calms bees?", "Does a warm day calm bees?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarting]:
    folder = tmp_path_factory.mktemp("restarting")
    server = Restarting(built(folder), folder / "server.log")
    yield server
    server.stop()


@pytest.fixture
def page(server: Restarting, open_page: Open) -> Page:
    server.start()
    return open_page(server.address)


def send(page: Page, question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")


def asked(page: Page) -> list[str]:
    return [words.strip() for words in page.locator(".turn .asked-words").all_inner_texts()]


def test_a_question_under_a_restart_waits_and_is_answered_once_in_the_same_conversation(
    server: Restarting, page: Page
) -> None:
    ask(page, FIRST)
    page.evaluate("window.same = true")
    server.stop()
    send(page, SECOND)
    notice = page.locator("#lost")
    expect(notice).to_contain_text("The connection to Guide is lost.")
    expect(notice).to_contain_text("kept in this page and is sent once")
    expect(notice.locator("a[href='tel:112']").first).to_be_visible()  # the browser speaks en-IE
    expect(page.locator("#question textarea")).to_have_value(SECOND)
    page.keyboard.press("Enter")
    page.click("#ask")
    server.start()
    page.locator(".turn").nth(1).wait_for()
    expect(notice).to_be_hidden()
    expect(page.locator("#question textarea")).to_have_value("")
    page.wait_for_timeout(500)
    assert asked(page) == [FIRST, SECOND]
    ask(page, "third?")
    assert asked(page) == [FIRST, SECOND, "third?"]
    assert page.evaluate("window.same")


def test_a_laptop_that_slept_goes_on_where_it_was(page: Page) -> None:
    ask(page, FIRST)
    notice = page.locator("#lost")
    page.context.set_offline(True)
    expect(notice).to_contain_text("this page tries again by itself")
    expect(notice.locator("a[href='tel:112']").first).to_be_visible()
    send(page, SECOND)
    expect(notice).to_contain_text("kept in this page and is sent once")
    page.context.set_offline(False)
    page.locator(".turn").nth(1).wait_for()
    expect(notice).to_be_hidden()
    assert asked(page) == [FIRST, SECOND]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark"), (320, "light")])
def test_what_a_page_without_its_server_shows_fits_and_can_be_folded(
    server: Restarting, open_page: Open, width: int, scheme: str
) -> None:
    from browser.test_accessibility import violations

    server.start()
    page = open_page(server.address, width=width, height=667, color_scheme=scheme, bypass_csp=True)
    page.context.set_offline(True)
    call = page.locator("#lost a[href='tel:112']").first
    expect(call).to_be_in_viewport()
    expect(page.locator("#question textarea")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []
    page.locator("#lost summary").click()
    expect(call).to_be_hidden()
    expect(page.locator("#lost")).to_contain_text("The connection to Guide is lost.")


def test_the_lines_are_those_of_the_country_that_is_chosen(page: Page) -> None:
    page.context.set_offline(True)
    notice = page.locator("#lost")
    expect(notice.locator("a[href='tel:112']").first).to_be_visible()
    page.get_by_role("link", name="Need help now?").click()
    page.select_option("#country", "US")
    expect(notice.locator("a[href='tel:988']").first).to_be_attached()
    expect(notice.locator("a[href='tel:112']")).to_have_count(0)
    page.context.set_offline(False)
    expect(notice).to_be_hidden()
    ask(page, "I want to die")
    expect(page.locator(".turn .care a[href='tel:988']")).to_be_visible()


def test_an_answer_that_was_lost_on_its_way_is_in_the_conversation_once(page: Page) -> None:
    ask(page, FIRST)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().text())  # the server has answered
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/gradio_api/run/predict", lose)
    send(page, SECOND)
    page.locator(".turn").nth(1).wait_for()
    assert SECOND in lost[0]
    assert asked(page) == [FIRST, SECOND]


@pytest.mark.parametrize("status", [502, 504])
def test_a_proxy_whose_server_is_away_is_a_lost_connection(page: Page, status: int) -> None:
    page.route("**/gradio_api/run/predict", lambda route: route.fulfill(status=status, body="Bad Gateway"), times=1)
    send(page, FIRST)
    page.locator(".turn").first.wait_for()
    assert asked(page) == [FIRST]


def test_language_and_country_outlive_a_restart(server: Restarting, page: Page) -> None:
    speak(page, "Español")
    expect(page.get_by_label("Tu pregunta")).to_be_visible()
    page.locator("#masthead .need-help").click()
    page.select_option("#country", "US")
    page.keyboard.press("Escape")
    ask(page, FIRST)
    server.stop()
    server.start()
    ask(page, "quiero morir")
    expect(page.locator(".turn .care a[href='tel:988']")).to_be_visible()
    expect(page.locator(".turn").first).to_contain_text("Ver en el artículo")
    # Nobody asks between the restart and the change of language.
    server.stop()
    server.start()
    speak(page, "English")
    expect(page.get_by_label("Your question")).to_be_visible()
    assert asked(page) == [FIRST, "quiero morir"]


def test_a_page_of_an_earlier_version_says_so_and_stays_readable(server: Restarting, page: Page) -> None:
    ask(page, FIRST)
    server.stop()
    server.start("--another-page")
    send(page, SECOND)
    notice = page.locator("#lost")
    expect(notice).to_contain_text("Guide has a new version.")
    expect(notice.locator("a[href='tel:112']").first).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value(SECOND)
    assert asked(page) == [FIRST]
    notice.get_by_role("button").click()
    is_ready(page, "IE")
    ask(page, SECOND)
    assert asked(page) == [SECOND]
    server.stop()
