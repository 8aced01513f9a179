"""An operator's words and colours in a real browser, and the choice of one article of several."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import ROOT, Open, ask, served, speak
from browser.test_accessibility import AXE, violations
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

[BRANDING] = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "branding.md").read_text("utf-8"), re.DOTALL)
BOTH = "What can I do when somebody keeps their distance from me?"


@pytest.fixture(scope="module")
def branded_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over both articles of `corpus/`, branded as the documentation shows."""
    folder: Path = tmp_path_factory.mktemp("branded")
    (folder / "own.toml").write_text(BRANDING, encoding="utf-8")
    options = ("--branding", folder / "own.toml")
    with served(folder / "index", [ROOT / "corpus"], folder / "server.log", *options) as address:
        yield address


def colour(page: Page, selector: str, which: str) -> str:
    found: str = page.locator(selector).first.evaluate(f"element => getComputedStyle(element)['{which}']")
    return found


@pytest.mark.parametrize(
    ("scheme", "paper", "accent"),
    [("light", "rgb(251, 247, 240)", "rgb(122, 62, 18)"), ("dark", "rgb(27, 22, 18)", "rgb(240, 178, 122)")],
)
def test_the_page_carries_its_words_and_colours(
    branded_url: str, open_page: Open, scheme: str, paper: str, accent: str
) -> None:
    page = open_page(branded_url, color_scheme=scheme)
    expect(page).to_have_title("Calm Corner")
    expect(page.locator(".brand")).to_have_text("Calm Corner")
    expect(page.locator("h1")).to_have_text("What would you like to talk through?")
    expect(page.locator("#welcome .what")).to_contain_text("Calm Corner answers from our articles")
    expect(page.locator("#welcome .what + .small")).to_contain_text("it is software, not care")
    assert page.locator("#welcome .ask").all_inner_texts() == [
        "How do I set a boundary?",
        "Why do I pull away from people?",
    ]
    assert colour(page, "body", "backgroundColor") == paper
    assert colour(page, "#ask", "backgroundColor") == accent
    tint = page.locator("meta[name=theme-color]").get_attribute("content")
    assert tint == ("#fbf7f0" if scheme == "light" else "#1b1612")


def test_help_looks_as_it_always_does(branded_url: str, chat_url: str, open_page: Open) -> None:
    looks = []
    for address in (branded_url, chat_url):
        page = open_page(address)
        ask(page, "I want to kill myself")
        parts = (".turn .care", ".turn .care .way", ".turn .care .way.main", ".need-help")
        looks.append([(colour(page, part, "color"), colour(page, part, "backgroundColor")) for part in parts])
    assert looks[0] == looks[1]


def test_its_language_goes_before_the_browsers_and_another_can_be_chosen(branded_url: str, open_page: Open) -> None:
    page = open_page(branded_url, locale="es-IE")
    expect(page.locator(".brand")).to_have_text("Calm Corner")
    speak(page, "Español")
    expect(page.locator("h1")).to_have_text("¿Qué te preocupa?")
    expect(page.locator(".brand")).to_have_text("Rincón de calma")


def test_one_article_of_several_is_asked_and_shown(branded_url: str, open_page: Open) -> None:
    page = open_page(branded_url)
    shown = page.locator("#article .source")
    expect(shown).to_have_count(0)
    menu = page.locator("#picker summary")
    names = page.locator("#picker .name").all_text_contents()
    assert names[0] == "All articles"
    assert len(names) == 3
    for name in names[1:]:
        menu.press("Enter")
        page.locator("#picker").get_by_role("button", name=name).press("Enter")
        expect(menu).to_be_focused()
        expect(menu).to_have_text(f"Ask in {name}")
        expect(shown).to_have_count(1)
        expect(shown.locator("h2")).to_have_text(name.strip())
        turns = page.locator(".turn").count()
        ask(page, BOTH)
        turn = page.locator(".turn").nth(turns)
        expect(turn.locator(".searched")).to_contain_text(f"Searched only “{name}”")
        places = turn.locator("figcaption, .nearest a").all()
        assert places
        for place in places:
            # The section comes first, the article beside it.
            told = place.text_content() or ""
            assert [one for one in names[1:] if one in told] == [name]
    # An answer of before quotes the other article: its citation opens it all the same.
    page.locator(".turn").first.locator(".cite").first.click()
    expect(page.locator("#article .passage:target")).to_be_visible()
    # Another language draws the outline anew, and leaves the choice as it is.
    speak(page, "Español")
    expect(menu).to_have_text(f"Preguntar en {names[-1]}")
    page.locator(".contents > summary").click()
    expect(page.locator(".outline:visible")).to_have_count(1)
    expect(page.locator(".name-list a:visible")).to_have_count(2)
    menu.click()
    page.locator("#picker").get_by_role("button", name="Todos los artículos").click()
    expect(menu).to_have_text("Preguntar en Todos los artículos")
    expect(shown).to_have_count(1)


def test_with_one_article_there_is_nothing_to_choose(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    expect(page.locator("#article-asked")).to_have_count(0)
    expect(page.locator("#picker")).to_be_hidden()


@pytest.mark.skipif(not AXE.exists() and not os.environ.get("CI"), reason="axe-core isn't installed: run `npm ci`")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_with_other_colours(branded_url: str, open_page: Open, width: int, scheme: str) -> None:
    page = open_page(branded_url, width=width, color_scheme=scheme, bypass_csp=True)
    assert violations(page) == []
    ask(page, BOTH)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#picker summary").click()
    assert violations(page) == []
    box = page.locator("#picker summary").bounding_box()
    assert box is not None
    assert box["height"] >= 44
