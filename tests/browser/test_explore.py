"""Explore in a browser: the map and the table, what can be done with a passage, and the sheet for a professional."""

import pytest
from browser.conftest import QUESTION, Open, ask
from playwright.sync_api import Locator, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

WIDTHS = [1280, 768, 320]


def reading(page, width: int) -> None:
    """Opens the article where it is a drawer."""
    if width < 1000:
        page.locator(".turn .cite").first.click()


def tools_of(passage: Locator) -> Locator:
    """The tools beside a passage."""
    return passage.locator("xpath=following-sibling::*[1][contains(@class, 'passage-tools')]")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_map_shows_the_question_and_opens_passages(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    ask(page, QUESTION)
    reading(page, width)
    page.locator("#explore > summary").click()
    expect(page.locator(".map svg")).to_be_visible()
    assert page.locator(".map svg a").count() == page.locator("#article .passage").count()
    assert page.locator(".map .ring").count() == 3
    expect(page.locator(".map .asked-here")).to_be_visible()
    best = page.locator(".scores tbody tr").first.locator("a")
    assert best.get_attribute("href") == page.locator(".turn .cite").first.get_attribute("href")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    dot = page.locator(".map svg a").nth(4)
    dot.focus()
    page.keyboard.press("Enter")
    passage = page.locator(f"#article {dot.get_attribute('href')}")
    expect(passage).to_be_in_viewport()
    assert page.url.endswith(dot.get_attribute("href") or "no address")


def test_the_map_is_drawn_anew_for_the_next_question(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    page.locator("#explore > summary").click()
    expect(page.locator(".map svg")).to_be_visible()
    assert page.locator(".scores").count() == 0
    ask(page, QUESTION)
    expect(page.locator(".map")).to_have_count(0)
    page.locator("#explore > summary").click()
    expect(page.locator(".scores caption")).to_contain_text(QUESTION)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_passage_tells_which_answers_quoted_it_and_can_be_asked_about(
    chat_url: str, open_page: Open, width: int
) -> None:
    page = open_page(chat_url, width=width)
    ask(page, QUESTION)
    link = page.locator(".turn .cite").first
    passage = page.locator(f"#article {link.get_attribute('href')}")
    link.click()
    passage.focus()
    quoted = tools_of(passage).get_by_role("link", name="Quoted in answer 1")
    expect(quoted).to_be_visible()
    about = tools_of(passage).get_by_role("button", name="Ask about this")
    expect(about).to_be_visible()
    question = about.get_attribute("data-ask") or ""
    about.click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn .asked").last).to_contain_text(question)


def test_tools_come_on_hover_and_lead_back_to_the_answer(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, QUESTION)
    passage = page.locator(f"#article {page.locator('.turn .cite').first.get_attribute('href')}")
    passage.scroll_into_view_if_needed()
    passage.hover()
    quoted = tools_of(passage).get_by_role("link", name="Quoted in answer 1")
    quoted.click()
    expect(page.locator("#turn-1")).to_be_in_viewport()
    other = page.locator("#article .passage").last
    other.hover()
    expect(page.locator(".passage-tools")).to_have_count(1)
    expect(tools_of(other)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_sheet_is_filled_in_and_printed_in_the_page(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    ask(page, "I've felt numb and hopeless for months")
    page.locator("#sheet > summary").click()
    expect(page.locator("#sheet-numbness")).to_be_checked()
    box = page.locator("#sheet-skills")
    box.check()
    page.locator("#sheet textarea").fill("It began after the move.")
    page.evaluate("window.print = () => { window.printed = document.body.className; }")
    page.locator(".print-sheet").click()
    assert "printing-sheet" in page.evaluate("window.printed")
    expect(box).to_be_checked()
    heights = [row.bounding_box()["height"] for row in page.locator("#sheet .tick").all()]
    assert min(heights) >= 44


def test_a_crisis_offers_neither_map_nor_sheet(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, "I want to kill myself")
    assert page.locator("#sheet").count() == 0
    page.locator("#explore > summary").click()
    expect(page.locator("#explore")).to_contain_text("There is nothing to show for this.")
