"""Reading aloud, over a browser whose voices and whose speaking are the test's."""

import json

import pytest
from browser.conftest import QUESTION, Open, ask
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

VOICES = """(voices) => {
  window.heard = [];
  window.stopped = 0;
  window.voicesFound = voices;
  class Utterance { constructor(text) { this.text = text; } }
  const speech = new EventTarget();
  speech.getVoices = () => window.voicesFound;
  speech.speak = (utterance) => window.heard.push(utterance);
  speech.cancel = () => { window.stopped += 1; };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Utterance });
}"""
OWN = {"lang": "en-GB", "localService": True, "name": "own", "default": False}
IRISH = {"lang": "en_IE", "localService": True, "name": "irish", "default": False}
REMOTE = {"lang": "en-US", "localService": False, "name": "remote", "default": True}
GERMAN = {"lang": "de-DE", "localService": True, "name": "german", "default": True}
READ, STOP = "Read aloud", "Stop reading aloud"


def opened(open_page: Open, address: str, *voices: dict[str, object], **options: object) -> Page:
    """The page in a browser with these voices."""
    page = open_page(address, **options)
    page.context.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.reload()
    page.wait_for_function("document.querySelector('#country')?.value === 'IE'")
    return page


def heard(page: Page) -> list[str]:
    return list(page.evaluate("window.heard.map((one) => one.text)"))


def test_the_quoted_words_are_read_by_a_voice_of_the_device_and_nothing_else(chat_url: str, open_page: Open) -> None:
    page = opened(open_page, chat_url, REMOTE, GERMAN, OWN, IRISH)
    ask(page, QUESTION)
    page.get_by_role("button", name=READ).click()
    shown = [words.strip() for words in page.locator(".turn .quote blockquote :is(p, li, td, th)").all_inner_texts()]
    assert heard(page) == [" ".join(words.split()) for words in shown if words]
    assert page.evaluate("[...new Set(window.heard.map((one) => one.voice.name))]") == ["own"]
    assert page.evaluate("[...new Set(window.heard.map((one) => one.lang))]") == ["en-GB"]


def test_a_card_is_read_first_with_the_numbers_to_call(chat_url: str, open_page: Open) -> None:
    page = opened(open_page, chat_url, OWN)
    ask(page, "I feel numb all the time. What are the signs of emotional detachment?")
    page.get_by_role("button", name=READ).click()
    words = heard(page)
    assert words[0] == page.locator(".turn .care > h3").inner_text()
    assert words[-1] in " ".join((page.locator(".turn blockquote:visible").last.text_content() or "").split())
    # Folded words aren't read, nor is what only stands around the words.
    for furniture in ("Show in the article", "That isn’t what I meant", "Why am I seeing this?", "You could also ask"):
        assert not any(furniture in one for one in words)
    ask(page, "I want to kill myself")
    page.locator(".turn").last.get_by_role("button", name=READ).click()
    words = heard(page)[len(words) :]
    assert words[0] == "You don’t have to carry this alone"
    assert words[1].startswith("Please call, text or chat with a crisis line now.")
    assert "Call 116 123" in words
    assert not any("Website" in one or " – " in one for one in words)


def test_a_second_press_stops_it(chat_url: str, open_page: Open) -> None:
    page = opened(open_page, chat_url, OWN)
    ask(page, QUESTION)
    button = page.get_by_role("button", name=READ)
    button.focus()
    page.keyboard.press("Enter")
    stop = page.get_by_role("button", name=STOP)
    expect(stop).to_be_focused()
    before = page.evaluate("window.stopped")
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    assert page.evaluate("window.stopped") == before + 1
    # At its end it says so by itself.
    button.click()
    page.evaluate("window.heard.at(-1).onend()")
    expect(button).to_be_visible()


def test_a_new_question_stops_it(chat_url: str, open_page: Open) -> None:
    page = opened(open_page, chat_url, OWN)
    ask(page, QUESTION)
    page.get_by_role("button", name=READ).click()
    before = page.evaluate("window.stopped")
    ask(page, "What causes it?")
    assert page.evaluate("window.stopped") == before + 1
    expect(page.get_by_role("button", name=READ)).to_have_count(2)
    # So does reading another answer.
    page.get_by_role("button", name=READ).first.click()
    page.get_by_role("button", name=READ).click()
    expect(page.get_by_role("button", name=STOP)).to_have_count(1)
    assert page.evaluate("window.stopped") == before + 2


@pytest.mark.parametrize("by_keys", [False, True])
def test_leaving_stops_it(chat_url: str, open_page: Open, by_keys: bool) -> None:
    page = opened(open_page, chat_url, OWN, may_leave_to="https://www.wikipedia.org/")
    page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="", content_type="text/html"))
    stopped: list[str] = []
    page.on("console", lambda message: stopped.append(message.text))
    ask(page, QUESTION)
    page.get_by_role("button", name=READ).click()
    page.evaluate("() => { speechSynthesis.cancel = () => console.log('stopped'); }")
    if by_keys:
        for _ in range(3):
            page.keyboard.press("Escape")
    else:
        page.locator(".leave").click()
    page.wait_for_url("https://www.wikipedia.org/**")
    assert stopped == ["stopped"]


@pytest.mark.parametrize("voices", [[], [REMOTE], [GERMAN]])
def test_without_a_voice_of_the_device_for_its_words_there_is_no_button(
    chat_url: str, open_page: Open, voices: list[dict[str, object]]
) -> None:
    page = opened(open_page, chat_url, *voices)
    ask(page, QUESTION)
    expect(page.locator(".turn .cite").first).to_be_visible()
    expect(page.locator(".read-aloud")).to_be_hidden()
    # Voices that come later count.
    page.evaluate(
        f"window.voicesFound = {json.dumps([OWN])}; speechSynthesis.dispatchEvent(new Event('voiceschanged'))"
    )
    expect(page.get_by_role("button", name=READ)).to_be_visible()


def test_the_browsers_own_voices_break_nothing(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, QUESTION)
    expect(page.locator(".turn .cite").first).to_be_visible()
