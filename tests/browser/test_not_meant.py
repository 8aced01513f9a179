"""“That isn't what I meant”: pressed in the real page, with a mouse and from the keyboard."""

import pytest
from browser.conftest import QUESTION, Open, ask
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

NOT_MEANT = "That isn’t what I meant"
MESSAGE = f"I want to die. {QUESTION}"


def is_answered_kindly(page: Page, turn: str) -> None:
    """Waits until the turn is answered as an ordinary one, and the reader stands where the kind words are."""
    kindly = page.locator(f"#{turn} .kindly")
    expect(kindly).to_contain_text("Thank you for saying so.")
    expect(kindly).to_be_focused()
    expect(kindly).to_be_in_viewport()
    expect(page.locator(f"#{turn} .care")).to_have_count(0)
    expect(page.locator(f"#{turn} blockquote").first).to_be_visible()
    expect(page.locator("#conversation.asking")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 375])
def test_a_card_gives_way_to_the_answer(chat_url: str, open_page: Open, width: int) -> None:
    page = open_page(chat_url, width=width)
    ask(page, MESSAGE)
    page.locator("#turn-1").get_by_role("button", name=NOT_MEANT).click()
    is_answered_kindly(page, "turn-1")
    expect(page.locator(".turn")).to_have_count(1)
    # What plain words said stays in reach, as a banner that can't be taken back again.
    banner = page.locator("#turn-1 .care-reminder")
    expect(banner.get_by_role("link", name="Show help lines")).to_be_visible()
    expect(banner.get_by_role("button")).to_have_count(0)


def test_from_the_keyboard_the_lines_come_first_and_the_focus_is_kept(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, MESSAGE)
    passed = []
    page.locator("#turn-1 .care a").first.focus()
    for _ in range(30):
        passed.append(page.evaluate("document.activeElement.href || document.activeElement.innerText"))
        if passed[-1] == NOT_MEANT:
            break
        page.keyboard.press("Tab")
    assert passed[0].startswith("tel:")
    assert passed[-1] == NOT_MEANT
    page.keyboard.press("Enter")
    is_answered_kindly(page, "turn-1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.turn')?.id") == "turn-1"


def test_a_banner_is_taken_back_with_the_turn_that_raised_it(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, MESSAGE)
    ask(page, QUESTION)
    ask(page, "What does it mean?")
    page.locator("#turn-2 .care-reminder").get_by_role("button", name=NOT_MEANT).click()
    is_answered_kindly(page, "turn-2")
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator("#turn-1 .care")).to_have_count(1)


def test_a_card_whose_turn_is_not_the_last_gives_way_in_its_place(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, MESSAGE)
    ask(page, "Does yoga help?")
    page.locator("#turn-1").get_by_role("button", name=NOT_MEANT).press("Space")
    is_answered_kindly(page, "turn-1")
    assert [turn.get_attribute("id") for turn in page.locator(".turn").all()] == ["turn-1", "turn-2"]
    status = page.locator("#conversation [role=status]").inner_text()
    assert "Signs of emotional detachment" in status
