"""The chat as a conversation in a browser: one tap sends a choice, brief answers, folded messages, the way as typed."""

import pytest
from browser.conftest import Open, ask
from browser.scripted import STORY, STRATEGIES
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WIDTHS = [1280, 320]


@pytest.mark.parametrize("width", WIDTHS)
def test_one_tap_sends_a_choice_and_so_does_the_keyboard(scripted_url: str, open_page: Open, width: int) -> None:
    page = open_page(scripted_url, width=width)
    ask(page, "help")
    choices = page.get_by_role("group", name="What you could say").get_by_role("button")
    assert choices.count() == 3
    for choice in choices.all():
        box = choice.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    page.get_by_role("button", name="It’s about me").click()
    expect(page.locator("#turn-2 h2")).to_have_text("You wrote: I feel distant")
    page.locator("#turn-1").get_by_role("button", name="It’s about somebody").press("Enter")
    expect(page.locator("#turn-3 h2")).to_have_text("You wrote: My partner is distant")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_first_page_gives_way_as_soon_as_something_is_asked(scripted_url: str, open_page: Open) -> None:
    page = open_page(scripted_url)
    expect(page.locator("#welcome h1")).to_be_visible()
    page.evaluate("guidePage.asking()")
    expect(page.locator("#welcome")).to_be_hidden()
    ask(page, "hi")
    expect(page.locator("#conversation .reminder")).to_be_visible()
    expect(page.locator("#welcome .what")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("message", "count"), [("summarise the article", 10), ("strategies", STRATEGIES)])
def test_a_brief_overview_is_all_in_view_and_cited(
    scripted_url: str, open_page: Open, width: int, message: str, count: int
) -> None:
    page = open_page(scripted_url, width=width)
    ask(page, message)
    turn = page.locator(".turn").last
    points = turn.locator(".points li")
    assert points.count() == turn.locator("figcaption").count() >= count
    assert all(point.is_visible() for point in points.all())
    expect(turn.locator("details.more")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    words = points.nth(2).locator("blockquote").inner_text()
    points.nth(2).locator(".cite").click()
    expect(page.locator(":target .point.answers")).to_have_text(words)


def test_a_sections_whole_path_unfolds_from_the_keyboard(scripted_url: str, open_page: Open) -> None:
    page = open_page(scripted_url)
    ask(page, "strategies")
    caption = page.locator(".turn figcaption").first
    expect(caption.locator("p")).to_be_hidden()
    caption.locator("summary").press("Enter")
    part, own = (
        "Dealing with emotional detachment: strategies that help",
        "1. Find out what you feel, and acknowledge it",
    )
    expect(caption.locator("p")).to_have_text(f"{part} › {own}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_message_is_folded_after_six_lines_and_shown_on_demand(
    scripted_url: str, open_page: Open, width: int
) -> None:
    page = open_page(scripted_url, width=width)
    ask(page, STORY)
    asked = page.locator("#turn-1 .asked")
    lines = "e => Math.round(e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight))"
    assert asked.locator(".asked-words").evaluate(lines) == 6
    folded = asked.bounding_box()
    page.get_by_role("button", name="Show all of it").press("Enter")
    less = page.get_by_role("button", name="Show less")
    expect(less).to_be_focused()
    expect(less).to_have_attribute("aria-expanded", "true")
    opened = asked.bounding_box()
    assert folded
    assert opened
    assert opened["height"] > folded["height"]
    less.click()
    assert asked.locator(".asked-words").evaluate(lines) == 6
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_message_that_fits_has_nothing_to_unfold(scripted_url: str, open_page: Open) -> None:
    page = open_page(scripted_url)
    ask(page, STORY[:200])
    expect(page.locator("#turn-1 .show-all")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 640})
    expect(page.locator("#turn-1 .show-all")).to_be_visible()


def test_parts_of_a_long_message_are_one_tap_away(scripted_url: str, open_page: Open) -> None:
    page = open_page(scripted_url)
    ask(page, STORY)
    expect(page.locator(".you-write")).to_have_text("You write: “What am I supposed to do?”")
    page.get_by_role("button", name="I also sleep badly.").click()
    expect(page.locator("#turn-2 h2")).to_contain_text("I also sleep badly.")


def test_a_mended_word_can_be_searched_as_it_was_typed(scripted_url: str, open_page: Open) -> None:
    page = open_page(scripted_url)
    ask(page, "clam bees")
    ask(page, "hi")
    line = page.locator("#turn-1 .searched")
    expect(line).to_contain_text("Read “clam” as “calm”.")
    line.get_by_role("button", name="Search it as I typed it").press("Enter")
    expect(line).to_have_text("Searched exactly as you typed it.")
    expect(line).to_be_focused()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator("#conversation")).not_to_contain_text("what nobody reads")


def test_what_is_announced_is_the_reply_and_then_the_words_that_answer(scripted_url: str, open_page: Open) -> None:
    page = open_page(scripted_url)
    ask(page, "help")
    status = page.locator("#conversation [role=status]")
    expect(status).to_have_text("Is this about you, or about somebody you love?")
    ask(page, "summarise the article")
    expect(status).to_contain_text("This is the article in short, a sentence of each part. The article says, under")
