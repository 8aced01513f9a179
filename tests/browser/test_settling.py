"""What is asked or chosen before the page's first event is answered, or while a choice is: it waits and counts."""

from collections.abc import Callable, Iterator

import pytest
from browser.conftest import QUESTION, speak
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser

DANGER = "I want to die"
BOX = "#question textarea"


class Held:
    """Answers of the server that reach the page when `release` is called: the first, and those after it that are to be
    held too.
    """

    def __init__(self, page: Page) -> None:
        self.sent: list[str] = []
        self._routes: list[Route] = []
        self._holds = True
        page.route("**/gradio_api/run/predict", self._take)

    def hold(self) -> None:
        """Has the next answers wait."""
        self._holds = True

    def release(self) -> None:
        """Lets all answers come from now on."""
        self._holds = False
        for route in self._routes:
            route.continue_()
        self._routes.clear()

    def lose(self) -> None:
        """Breaks the connection of those that wait."""
        self._holds = False
        for route in self._routes:
            route.abort("connectionreset")
        self._routes.clear()

    def _take(self, route: Route) -> None:
        self.sent.append(route.request.post_data or "")
        if self._holds:
            self._routes.append(route)
        else:
            route.continue_()


Opening = Callable[..., tuple[Page, Held]]


@pytest.fixture
def opening(browser: Browser, scripted_url: str) -> Iterator[Opening]:
    """Opens the chat, whose first event has no answer yet."""
    contexts = []

    def opened(locale: str = "en-IE", address: str = scripted_url) -> tuple[Page, Held]:
        contexts.append(browser.new_context(locale=locale, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        held = Held(page)
        with page.expect_request("**/gradio_api/run/predict"):
            page.goto(address)
        page.wait_for_selector(BOX)
        return page, held

    yield opened
    for context in contexts:
        context.close()


def asked(page: Page) -> list[str]:
    return [words.strip() for words in page.locator(".turn .asked-words").all_inner_texts()]


def questions_in(held: Held, words: str) -> int:
    """How often the page has sent `words` as a question that is to be asked."""
    return sum(f'"{words}"' in sent for sent in held.sent)


def test_a_question_before_the_first_answer_waits_and_is_sent_once(opening: Opening) -> None:
    page, held = opening()
    page.fill(BOX, QUESTION)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.click("#ask")
    page.wait_for_timeout(300)
    assert questions_in(held, QUESTION) == 0
    expect(page.locator(BOX)).to_have_value(QUESTION)
    held.release()
    page.locator(".turn").wait_for()
    expect(page.locator(BOX)).to_have_value("")
    page.wait_for_timeout(500)
    assert asked(page) == [QUESTION]
    assert questions_in(held, QUESTION) == 1
    expect(page.locator("#welcome .examples")).to_have_count(0)
    # And the page goes on.
    page.fill(BOX, "hi")
    page.keyboard.press("Enter")
    page.locator(".turn").nth(1).wait_for()
    assert asked(page) == [QUESTION, "hi"]


def test_a_question_in_danger_that_waited_gets_the_lines_of_the_browsers_country(
    opening: Opening, chat_url: str
) -> None:
    page, held = opening(address=chat_url)
    page.fill(BOX, DANGER)
    page.click("#ask")
    held.release()
    expect(page.locator(".turn .care a[href='tel:112']").first).to_be_visible()  # the browser speaks en-IE
    assert asked(page) == [DANGER]


def test_an_example_that_is_pressed_at_once_is_asked_though_it_is_drawn_anew(opening: Opening) -> None:
    page, held = opening("es-ES")
    example = page.locator("#welcome [data-ask]").first
    question = example.get_attribute("data-ask") or ""
    example.click()
    page.locator("#welcome [data-ask]").nth(1).evaluate("button => button.click()")
    held.release()
    page.locator(".turn").wait_for()
    page.wait_for_timeout(500)
    assert asked(page) == [question]
    expect(page.get_by_label("Tu pregunta")).to_be_visible()


def test_what_is_chosen_at_once_stays_chosen_and_the_question_comes_after_it(opening: Opening) -> None:
    page, held = opening()
    page.locator("#masthead .need-help").click()
    page.select_option("#country", "US")
    page.keyboard.press("Escape")
    page.fill(BOX, QUESTION)
    page.keyboard.press("Enter")
    speak(page, "Deutsch")
    page.wait_for_timeout(300)
    assert len(held.sent) == 1
    held.release()
    page.locator(".turn").wait_for()
    page.wait_for_timeout(500)
    assert asked(page) == [QUESTION]
    expect(page.get_by_label("Deine Frage")).to_be_visible()
    expect(page.locator(".turn")).to_contain_text("Im Artikel")
    expect(page.locator("#country")).to_have_value("US")
    expect(page.locator(".country-lines[data-country=US]")).to_have_count(1)
    assert page.locator(".country-lines:not([hidden])").get_attribute("data-country") == "US"


def test_a_question_under_a_change_of_language_waits_for_it(opening: Opening) -> None:
    page, held = opening()
    held.release()
    expect(page.locator("#country")).to_have_value("IE")
    held.hold()
    speak(page, "Deutsch")
    page.fill(BOX, QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert questions_in(held, QUESTION) == 0
    held.release()
    page.locator(".turn").wait_for()
    page.wait_for_timeout(500)
    assert asked(page) == [QUESTION]
    expect(page.get_by_label("Deine Frage")).to_be_visible()


def test_a_question_before_a_first_answer_that_is_lost_goes_out_once_it_has_come(opening: Opening) -> None:
    page, held = opening()
    page.fill(BOX, QUESTION)
    page.keyboard.press("Enter")
    held.lose()
    page.locator(".turn").wait_for()
    page.wait_for_timeout(500)
    assert asked(page) == [QUESTION]
    assert questions_in(held, QUESTION) == 1
