"""The chat as a person uses it, at three widths."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def ask(page: Page, question: str) -> None:
    """Types a question, sends it with Enter and waits for its turn in the conversation."""
    turns = page.locator("#conversation .turn")
    before = turns.count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(turns).to_have_count(before + 1)


def plain(text: str) -> str:
    """`text` with all white space as single spaces."""
    return " ".join(text.split())


def test_a_citation_leads_to_the_exact_words_quoted(page: Page) -> None:
    ask(page, "Does yoga help?")
    turn = page.locator("#turn-1")
    quoted = turn.locator("blockquote").first
    expect(quoted.locator("mark")).to_have_text(
        "Make yoga, meditation or breathing exercises a part of your life, to keep stress manageable"
    )
    words = plain(quoted.inner_text())
    turn.locator("a.cite").first.click()
    target = page.locator("#article :target")
    expect(target).to_be_in_viewport()
    assert plain(target.inner_text()) == words
    highlighted = target.locator(".point.answers")
    expect(highlighted).to_have_text(plain(quoted.locator("mark").inner_text()))
    colour = highlighted.evaluate("element => getComputedStyle(element).backgroundColor")
    assert colour not in ("rgba(0, 0, 0, 0)", "transparent"), "the answering words are to be seen"
    assert page.evaluate("location.hash").startswith("#p-")


def test_enter_on_a_citation_does_the_same(page: Page) -> None:
    ask(page, "Does yoga help?")
    page.locator("#turn-1 a.cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#article :target")).to_be_in_viewport()


def test_a_column_of_the_table_is_highlighted_cell_by_cell(page: Page) -> None:
    ask(page, "What do healthy boundaries look like?")
    page.locator("#turn-1 a.cite").first.click()
    cells = page.locator("#article :target td:nth-child(2) .point.answers")
    expect(cells).to_have_count(4)


def test_in_a_crisis_the_way_to_help_is_all_there_is(page: Page) -> None:
    ask(page, "I don't want to be alive anymore")
    turn = page.locator("#turn-1")
    expect(turn.locator("a[href='tel:116123']").first).to_be_visible()
    expect(turn.locator("blockquote")).to_have_count(0)
    expect(turn).to_contain_text("I am software")


def test_what_the_article_does_not_answer_is_said(page: Page) -> None:
    ask(page, "How do I bake bread?")
    turn = page.locator("#turn-1")
    expect(turn).to_contain_text("bread")
    expect(turn.locator("blockquote")).to_have_count(0)


def test_help_is_one_tab_away(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Need help now?")
    page.keyboard.press("Enter")
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#help a[href^='tel:']:visible").first).to_be_in_viewport()


def test_hostile_text_is_shown_as_text(page: Page) -> None:
    hostile = '<script>alert(1)</script> ${alert(1)} {{x}} "><img src=x onerror=alert(1)>'
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    ask(page, hostile)
    expect(page.locator("#turn-1 h2")).to_contain_text("${alert(1)} {{x}}")
    assert page.locator("#turn-1 img, #turn-1 script").count() == 0
    assert dialogs == []


def test_a_question_that_cannot_be_used_says_why(page: Page) -> None:
    ask(page, "?!?")
    expect(page.locator("#turn-1 .fault")).to_contain_text("no words")


def test_nothing_is_wider_than_the_page(page: Page) -> None:
    ask(page, "What are the signs of emotional detachment?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_is_kept_in_the_browser(page: Page) -> None:
    ask(page, "Does yoga help?")
    kept = page.evaluate(
        "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"
    )
    assert "yoga" not in kept.lower()
