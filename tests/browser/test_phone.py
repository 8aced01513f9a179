"""The page on a phone: its first screen, what a keyboard on the screen leaves, narrow pages, large letters."""

from collections.abc import Iterator

import pytest
from browser.conftest import Open, ask, becomes_true, speak
from playwright.sync_api import Locator, Page, expect
from web.conftest import built, serving

pytestmark = pytest.mark.browser

SMALL = [(375, 667), (320, 568)]
CRISIS = "I want to kill myself"
TEA = """# Tea

Tea is a drink of leaves.

## How long does tea keep?

Tea keeps for a year in a dry and dark place.

## Is green tea bitter?

Green tea turns bitter when the water boils.
"""
POTS = """# Pots

Pots hold tea.

## Do round pots keep tea warm?

Round pots of copper keep tea warm.

## Who makes pots?

Potters make pots of clay.
"""
KEYBOARD = """
window.seen = Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0, scale: 1 });
Object.defineProperty(window, "visualViewport", { value: window.seen });
"""


@pytest.fixture(scope="module")
def two_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over two articles."""
    with serving(built(tmp_path_factory.mktemp("two"), TEA, pots=POTS), questions_per_minute=0) as address:
        yield f"{address}/"


def above_the_composer(page: Page, part: Locator) -> bool:
    """Whether all of `part` comes to be seen between the bar on top and the question box."""

    def seen() -> bool:
        box, composer = part.bounding_box(), page.locator("#composer").bounding_box()
        bar = page.locator("#masthead").bounding_box()
        assert box
        assert composer
        assert bar
        return box["y"] >= bar["y"] + bar["height"] and box["y"] + box["height"] <= composer["y"] + 11

    return becomes_true(page, seen)


def violations(page: Page) -> list[str]:
    # Skips where axe-core isn't installed.
    from browser.test_accessibility import violations

    return violations(page)


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
@pytest.mark.parametrize("locale", ["en-IE", "es-ES"])
def test_the_question_box_is_low_while_nobody_writes_in_it(
    two_url: str, open_page: Open, width: int, locale: str
) -> None:
    page = open_page(two_url, width=width, locale=locale)
    for _ in range(2):
        height = page.locator("#composer").evaluate("part => part.getBoundingClientRect().height")
        assert height <= 72
        ask(page, "Do round pots of copper keep tea warm?")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.fill("#question textarea", "a long message, " * 20)
    assert page.locator("#question textarea").evaluate("box => box.getBoundingClientRect().height") > 72


@pytest.mark.parametrize("width", [768, 375, 320])
def test_the_article_is_one_tap_away_whatever_is_scrolled(two_url: str, open_page: Open, width: int) -> None:
    page = open_page(two_url, width=width, height=667)
    way = page.get_by_role("link", name="Article", exact=True)
    expect(way).to_be_in_viewport(ratio=1)
    for _ in range(4):
        ask(page, "Do round pots of copper keep tea warm?")
    page.mouse.wheel(0, -300)
    expect(way).to_be_in_viewport(ratio=1)
    way.click()
    expect(page.locator("#reading")).to_be_visible()
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.locator("#reading")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), SMALL)
def test_examples_stand_above_the_question_box_and_the_greeting_goes_with_the_first_question(
    two_url: str, open_page: Open, width: int, height: int
) -> None:
    page = open_page(two_url, width=width, height=height)
    examples = page.locator("#welcome .ask")
    assert sorted(examples.all_inner_texts()) == [
        "Do round pots keep tea warm?", "How long does tea keep?", "Is green tea bitter?", "Who makes pots?",
    ]  # fmt: skip
    assert above_the_composer(page, examples.nth(1))
    ask(page, "Do round pots of copper keep tea warm?")
    asked = page.locator(".turn .asked").first
    assert page.locator("#welcome").evaluate("part => part.getBoundingClientRect().height") <= 16
    assert above_the_composer(page, asked)
    # What it is still stands at the end.
    expect(page.locator("#conversation .reminder")).to_contain_text("it is software, not care")


@pytest.mark.parametrize(
    ("width", "height", "locale"), [(375, 667, "en-IE"), (375, 667, "en"), (320, 568, "en-IE"), (320, 667, "es-ES")]
)
def test_a_number_to_call_is_on_the_first_screen_of_every_crisis_card(
    two_url: str, open_page: Open, width: int, height: int, locale: str
) -> None:
    page = open_page(two_url, width=width, height=height, locale=locale)
    for turn in range(3):
        ask(page, CRISIS)
        card = page.locator(".turn").nth(turn).locator(".care")
        number = card.locator("a[href^='tel:']").first
        assert above_the_composer(page, number), turn
        if turn:
            # When danger goes on, nothing but the title stands before it.
            words = card.locator(".care-words").first
            assert (words.bounding_box() or {})["y"] > (number.bounding_box() or {})["y"]
    # Of what an earlier card said already, the end stands; the rest unfolds.
    expect(card.locator(".care-words:visible")).to_have_count(1)
    card.locator(".care-more > summary").click()
    expect(card.locator(".care-words:visible")).to_have_count(2)
    assert card.locator(".lines > li").count() == page.locator(".turn").first.locator(".care .lines > li").count()


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
def test_a_card_can_be_told_the_country(two_url: str, open_page: Open, width: int) -> None:
    page = open_page(two_url, width=width, height=667, locale="en", bypass_csp=True)
    ask(page, CRISIS)
    expect(page.locator(".turn .care a[href='tel:112']")).to_be_visible()
    assert violations(page) == []
    choice = page.locator(".turn .care").get_by_label("Country")
    expect(choice).to_have_value("")
    choice.select_option("US")
    expect(page.locator(".turn .care a[href='tel:988']")).to_be_visible()
    expect(choice).to_have_value("US")
    expect(choice).to_be_focused()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#country")).to_have_value("US")
    expect(page.locator("#conversation.asking")).to_have_count(0)
    assert violations(page) == []
    ask(page, CRISIS)
    expect(page.locator("#turn-2 .care a[href='tel:988']")).to_be_visible()
    assert violations(page) == []


def test_the_languages_and_the_articles_are_menus_that_close(two_url: str, open_page: Open) -> None:
    page = open_page(two_url, width=375, height=667, bypass_csp=True)
    menus = {".languages": "Español", "#picker .menu": "Pots"}
    for menu, name in menus.items():
        summary = page.locator(f"{menu} > summary")
        summary.press("Enter")
        inside = page.locator(menu).get_by_role("button", name=name)
        expect(inside).to_be_in_viewport(ratio=1)
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(inside).to_be_hidden()
        expect(summary).to_be_focused()
        summary.click()
        page.mouse.click(5, 330)
        expect(inside).to_be_hidden()
    page.locator("#picker summary").click()
    page.locator("#picker").get_by_role("button", name="Pots").click()
    expect(page.locator("#welcome .ask")).to_have_count(2)
    ask(page, "Do round pots of copper keep tea warm?")
    expect(page.locator(".turn .searched")).to_contain_text("Searched only “Pots”")
    speak(page, "Español")
    expect(page.get_by_role("button", name="Salida rápida")).to_be_visible()


@pytest.mark.parametrize("width", [375, 320])
def test_nothing_lies_under_a_keyboard_on_the_screen(two_url: str, open_page: Open, width: int) -> None:
    page = open_page(two_url, width=width, height=667)
    page.add_init_script(KEYBOARD)
    page.reload()
    page.wait_for_selector("#question textarea")

    def covered(pixels: int, scale: float = 1) -> float:
        page.evaluate(
            "([height, scale]) => { Object.assign(seen, { height, scale }); seen.dispatchEvent(new Event('resize')); }",
            [(667 - pixels) / scale, scale],
        )
        return float(page.locator("#composer").evaluate("part => part.getBoundingClientRect().bottom"))

    assert covered(0) == 667
    assert covered(300) == 367
    page.get_by_role("link", name="Article", exact=True).click()
    back = page.get_by_role("link", name="Back to the conversation")
    assert back.evaluate("part => part.getBoundingClientRect().bottom") <= 367
    back.click()
    page.get_by_role("link", name="Need help now?").click()
    assert page.locator("#help").evaluate("part => part.getBoundingClientRect().bottom") <= 367
    # A page that is zoomed in has no keyboard.
    assert covered(0, scale=2) == 667


def test_a_browser_that_can_makes_the_page_lower_for_its_keyboard(two_url: str, open_page: Open) -> None:
    page = open_page(two_url, width=375, height=667)
    metas = page.locator("meta[name=viewport]").evaluate_all("all => all.map((one) => one.content)")
    assert "interactive-widget=resizes-content" in metas[-1]
    ask(page, "Do round pots of copper keep tea warm?")
    page.locator("#question textarea").focus()
    page.set_viewport_size({"width": 375, "height": 340})
    expect(page.locator("#composer")).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_role("button", name="Quick exit")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
@pytest.mark.parametrize("locale", ["en-IE", "es-ES"])
def test_letters_of_twice_the_size_are_read_without_scrolling_sideways(
    two_url: str, open_page: Open, width: int, locale: str
) -> None:
    page = open_page(two_url, width=width, height=667, locale=locale)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"

    def fits() -> bool:
        return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    assert fits()
    # No word of the heading is broken where a letter more would not fit.
    words = page.locator("#welcome h1").evaluate(
        """heading => {
          const text = heading.firstChild, range = document.createRange();
          return [...text.data.matchAll(/\\S+/g)].map((word) => {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            return new Set([...range.getClientRects()].map((box) => box.top)).size;
          });
        }"""
    )
    assert set(words) == {1}
    ask(page, CRISIS)
    assert fits()
    parts = "#masthead .bar > :is(a, button), #masthead summary, #composer :is(textarea, summary, #ask)"
    for part in page.locator(parts).all():
        if part.is_visible():
            expect(part).to_be_in_viewport(ratio=1)
    assert page.locator("#composer").evaluate("part => part.getBoundingClientRect().height") <= 150
    page.locator(".need-help").click()
    assert fits()
    assert page.locator("#help").evaluate("part => part.scrollWidth <= part.clientWidth")
