"""The chat in a browser: what a person sees, clicks and reaches with the keyboard."""

import re

import pytest
from browser.conftest import QUESTION, Open, ask, speak
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

WIDTHS = [1280, 768, 320]


def plain(text: str) -> str:
    """`text` as it reads, whatever stands between the lines."""
    return " ".join(text.split())


def target(page: Page) -> str:
    """The text of the element that the address names."""
    return plain(page.evaluate("document.querySelector(':target')?.innerText || ''"))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_citation_shows_exactly_the_words_it_quotes(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    ask(page, QUESTION)
    turn = page.locator(".turn").last
    quoted = plain(turn.locator("blockquote").first.inner_text())
    marked = [plain(text) for text in turn.locator("figure").first.locator("mark").all_inner_texts()]
    assert quoted
    assert marked

    turn.locator(".cite").first.click()
    page.wait_for_url(re.compile(r"#p-[0-9a-f]+"))
    assert target(page) == quoted
    passage = page.locator(":target")
    expect(passage).to_be_in_viewport()
    assert [plain(text) for text in passage.locator(".point.answers").all_inner_texts()] == marked
    marks = [
        (element.evaluate("e => getComputedStyle(e).backgroundColor"))
        for element in [page.locator(".turn mark").first, passage.locator(".point.answers").first]
    ]
    assert marks[0] == marks[1] != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("width", [768, 320])
def test_on_a_narrow_page_the_way_back_leads_to_the_same_citation(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    ask(page, QUESTION)
    link = page.locator(".turn .cite").first
    link.click()
    expect(page.locator("#reading")).to_be_visible()
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.locator("#reading")).to_be_hidden()
    expect(link).to_be_in_viewport()
    expect(link).to_be_focused()


def test_a_citation_opens_with_enter_and_escape_leads_back(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url, width=320)
    ask(page, QUESTION)
    link = page.locator(".turn .cite").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reading")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#reading")).to_be_hidden()
    expect(link).to_be_focused()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_page(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    for question in (QUESTION, "I don't want to be alive anymore", "x" * 500):
        ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_passage_can_be_linked_to(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    passage = page.locator(".passage").last
    name, words = passage.get_attribute("id"), plain(passage.inner_text())
    again = open_page(chat_url)
    again.goto("about:blank")
    again.goto(f"{chat_url}#{name}")
    expect(again.locator(f"#{name}:target")).to_be_in_viewport()
    assert target(again) == words


@pytest.mark.parametrize("width", WIDTHS)
def test_help_is_one_tab_away_and_in_view_whatever_is_scrolled(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    page.keyboard.press("Tab")
    help_link = page.get_by_role("link", name="Need help now?")
    expect(help_link).to_be_focused()
    ask(page, QUESTION)
    page.mouse.wheel(0, 3000)
    expect(help_link).to_be_in_viewport()
    page.locator(".turn .cite").first.click()
    expect(help_link).to_be_in_viewport()

    help_link.click()
    panel = page.locator("#help")
    expect(panel).to_be_visible()
    expect(panel.locator("#country")).to_have_value("IE")  # the browser speaks en-IE
    expect(panel.locator(".country-lines:visible a[href^='tel:']").first).to_be_visible()
    page.get_by_role("link", name="Close").first.click()
    expect(panel).to_be_hidden()


def test_choosing_a_country_changes_the_panel_and_the_next_card(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    page.get_by_role("link", name="Need help now?").click()
    page.select_option("#country", "US")
    expect(page.locator("#help .country-lines:visible")).to_have_attribute("data-country", "US")
    expect(page.locator("#help .country-lines:visible a[href='tel:988']").first).to_be_visible()
    page.get_by_role("link", name="Close").first.click()
    ask(page, "I don't want to be alive anymore")
    expect(page.locator(".turn .care a[href='tel:988']")).to_be_visible()


def test_a_crisis_card_stands_alone_and_its_first_line_is_on_a_phones_first_screen(
    chat_url: str, open_page: Open
) -> None:
    page = open_page(chat_url, width=320, height=640)
    ask(page, "I don't want to be alive anymore")
    turn = page.locator(".turn").last
    expect(turn.locator(".care a[href^='tel:']").first).to_be_in_viewport()
    expect(turn.locator("blockquote, .related, .says")).to_have_count(0)
    why = turn.get_by_text("Why am I seeing this?")
    why.click()
    expect(turn.locator("details.why li").first).to_be_visible()


def test_what_the_article_does_not_answer_is_said(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, "How do I bake bread?")
    turn = page.locator(".turn").last
    expect(turn.locator(".says")).to_contain_text("doesn’t answer")
    expect(turn.locator("blockquote")).to_have_count(0)


def test_examples_ask_and_go_away_and_related_questions_go_on(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    example = page.locator("#welcome button").first
    question = example.inner_text()
    example.click()
    expect(page.locator(".turn h2")).to_contain_text(question)
    expect(page.locator("#welcome button")).to_have_count(0)
    expect(page.locator("h1")).to_have_count(1)
    related = page.locator(".turn .related button").first
    question = related.inner_text()
    related.click()
    expect(page.locator(".turn h2").nth(1)).to_contain_text(question)


def test_an_answer_is_announced_once(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, QUESTION)
    status = page.locator("#conversation [role=status]")
    expect(status).to_have_count(1)
    assert "Signs of emotional detachment" in status.inner_text()


def test_the_interface_follows_the_browsers_language_and_can_be_switched(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url, locale="es-ES")
    expect(page.get_by_role("link", name="¿Necesitas ayuda?")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#reading-head")).to_contain_text("El artículo está en inglés")
    expect(page.get_by_label("Tu pregunta")).to_be_visible()
    ask(page, QUESTION)
    speak(page, "English")
    expect(page.get_by_role("link", name="Need help now?")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".turn .says")).to_contain_text("The article")
    expect(page.get_by_label("Your question")).to_be_visible()


@pytest.mark.parametrize("way", ["button", "escape"])
def test_the_quick_exit_leaves_no_way_back(chat_url: str, open_page: Open, way: str) -> None:
    neutral = "https://www.wikipedia.org/"
    page = open_page(chat_url, may_leave_to=neutral)
    left = []
    page.context.route(f"{neutral}**", lambda route: (left.append(route.request.url), route.fulfill(body="elsewhere")))
    ask(page, QUESTION)
    page.locator(".turn .cite").first.click()
    if way == "button":
        page.get_by_role("button", name="Quick exit").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url(neutral)
    page.go_back()
    assert page.url == "about:blank"


def test_two_people_never_see_each_others_conversation(chat_url: str, open_page: Open) -> None:
    one, other = open_page(chat_url), open_page(chat_url)
    ask(one, QUESTION)
    ask(other, "How do I bake bread?")
    expect(other.locator(".turn")).to_have_count(1)
    expect(one.locator(".turn")).to_have_count(1)
    one.reload()
    one.wait_for_selector("#question textarea")
    expect(one.locator(".turn")).to_have_count(0)


def test_searching_the_article_counts_and_shows_places(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    page.fill("#find", "trust")
    expect(page.locator("#found")).to_contain_text(re.compile(r"\d+ places"))
    page.fill("#find", "xylophone")
    expect(page.locator("#found")).to_have_text("Not found")


@pytest.mark.parametrize("width", WIDTHS)
def test_everything_to_press_is_large_enough(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    ask(page, QUESTION)
    ask(page, "I don't want to be alive anymore")
    page.get_by_role("link", name="Need help now?").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, select, input, textarea")]
        .filter((e) => e.checkVisibility() && !e.closest("p") && e.getBoundingClientRect().width > 1)
        .filter((e) => Math.round(e.getBoundingClientRect().height) < 44 || e.getBoundingClientRect().width < 44)
        .map((e) => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_dark_follows_the_system(chat_url: str, open_page: Open) -> None:
    colours = {
        scheme: open_page(chat_url, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert colours == {"light": "rgb(246, 244, 239)", "dark": "rgb(20, 26, 26)"}


def test_nothing_is_kept_in_the_browser(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, "a secret of mine")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "secret" not in kept
    databases = page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert databases == []


def test_the_conversation_can_be_saved_and_printed(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, QUESTION)
    quoted = page.locator(".turn blockquote").first.locator("li").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as a text file").click()
    assert download.value.suggested_filename == "guide.md"
    saved = download.value.path().read_text("utf-8")
    assert f"## {QUESTION}" in saved
    assert quoted in saved
    page.emulate_media(media="print")
    expect(page.locator(".turn blockquote").first).to_be_visible()
    expect(page.locator("#composer, #masthead, #reading")).to_have_count(3)
    assert not any(part.is_visible() for part in page.locator("#composer, #masthead, #reading").all())


def test_the_question_box_keeps_the_focus_from_question_to_question(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, QUESTION)
    page.locator(".turn .cite").first.click()
    ask(page, "Does yoga help?")
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.locator(".turn h2").last).to_be_in_viewport()
    assert page.url.endswith("#turn-2")


def test_the_sign_of_work_goes_when_the_answer_comes(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, QUESTION)
    expect(page.locator("#conversation.asking")).to_have_count(0)
    page.locator(".related button").first.click()
    page.locator(".turn").nth(1).wait_for()
    expect(page.locator("#conversation.asking")).to_have_count(0)
    page.locator("#question textarea").press("Enter")  # nothing typed
    expect(page.locator("#conversation.asking")).to_have_count(0)


def test_a_phone_can_install_it_and_nothing_keeps_one_from_zooming(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url, width=320, height=640)
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((got) => got.json())")
    assert (manifest["name"], manifest["display"]) == ("Guide", "standalone")
    kinds = page.evaluate(
        "(icons) => Promise.all(icons.map((one) => fetch(one.src).then((got) => got.headers.get('content-type'))))",
        manifest["icons"],
    )
    assert kinds == ["image/png", "image/png"]
    tint = page.locator("meta[name=theme-color]")
    expect(tint).to_have_attribute("content", "#f6f4ef")
    page.emulate_media(color_scheme="dark")
    expect(tint).to_have_attribute("content", "#141a1a")
    viewport = page.locator("meta[name=viewport]").first.get_attribute("content") or ""
    assert "width=device-width" in viewport
    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport
