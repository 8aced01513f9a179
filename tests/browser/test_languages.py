"""The page in each of its languages, and articles in a language of any kind."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import pytest
from browser.conftest import QUESTION, Open, ask
from browser.scripted import ScriptedGuide, scripted
from playwright.sync_api import Page, expect

from guide.chat.texts import texts_for
from guide.languages.words import languages
from guide.records import Answer, Article, AskRequest

pytestmark = [pytest.mark.browser, pytest.mark.model]

ARABIC = """---
title: النوم الهادئ
language: ar_EG
---

# النوم الهادئ

يحتاج النوم إلى وقت. يهدأ الجسم ببطء في المساء.

## ما الذي يساعد؟

Guide لا يغني عن الطبيب. غرفة مظلمة تساعد كثيرا.

- موعد ثابت للنوم
- شاي دافئ

| الوقت | العادة |
|---|---|
| المساء | القراءة |
"""


class Quoting(ScriptedGuide):
    """Quotes the article's last part, and of it what comes first."""

    def answer(self, request: AskRequest) -> Answer:
        quoted = self._quoted(self.passages[-1], 0)
        passage = replace(quoted, language=self.articles[0].language)
        answer = super().answer(replace(request, question="hi"))
        return replace(answer, question=request.question, reply="", choices=(), covered=True, passages=(passage,))


class OfNoLanguage(Quoting):
    """An article whose language was written by somebody who had something else in mind."""

    @cached_property
    def articles(self) -> tuple[Article, ...]:  # type: ignore[override]
        return tuple(replace(article, language="as it comes, <b>") for article in super().articles)


@pytest.fixture(scope="module")
def arabic_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("arabic")
    (folder / "sleep.md").write_text(ARABIC, "utf-8")
    with scripted(folder / "sleep.md", folder, Quoting) as address:
        yield address


@pytest.fixture(scope="module")
def odd_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("odd")
    (folder / "sleep.md").write_text(ARABIC, "utf-8")
    with scripted(folder / "sleep.md", folder, OfNoLanguage) as address:
        yield address


def starts_at_the_right(page: Page, element: str) -> bool:
    """Whether the first letter of `element` stands at its right edge."""
    found = page.locator(element).first.evaluate(
        """(element) => {
          const range = document.createRange();
          range.setStart(element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode(), 0);
          range.setEnd(range.startContainer, 1);
          const letter = range.getBoundingClientRect(), box = element.getBoundingClientRect();
          return box.right - letter.right < letter.left - box.left;
        }"""
    )
    return bool(found)


@pytest.mark.parametrize("width", [1280, 320])
def test_an_article_from_right_to_left_is_read_so(arabic_url: str, open_page: Open, width: int) -> None:
    page = open_page(arabic_url, width=width)
    ask(page, "النوم")
    expect(page.locator(".turn blockquote")).to_have_attribute("lang", "ar-EG")
    expect(page.locator(".turn blockquote")).to_have_attribute("dir", "rtl")
    page.locator(".turn .cite").first.click()
    expect(page.locator("#article .source")).to_have_attribute("dir", "rtl")
    expect(page.locator("#article .source")).to_have_attribute("lang", "ar-EG")
    expect(page.locator("#article h2")).to_be_visible()
    for element in ("h2", ".section h3", ".passage p", ".passage li", ".passage td"):
        assert starts_at_the_right(page, f"#article {element}"), element
    # A paragraph that begins with a name in Latin letters runs from right to left all the same.
    first = page.locator("#article .passage p", has_text="Guide").first
    assert first.evaluate("element => getComputedStyle(element).direction") == "rtl"
    # The page itself stays as it was.
    assert page.evaluate("getComputedStyle(document.querySelector('#masthead')).direction") == "ltr"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_quotation_has_its_line_where_it_begins(arabic_url: str, open_page: Open) -> None:
    page = open_page(arabic_url)
    ask(page, "النوم")
    quoted = page.locator(".turn blockquote").first
    edges = "element => [getComputedStyle(element).borderRightWidth, getComputedStyle(element).borderLeftWidth]"
    assert quoted.evaluate(edges) == ["3px", "0px"]
    assert starts_at_the_right(page, ".turn blockquote :is(p, li, td)")


def test_the_language_of_an_article_is_named_in_that_of_the_page(arabic_url: str, open_page: Open) -> None:
    page = open_page(arabic_url, locale="de-DE")
    expect(page.locator("#reading-head")).to_contain_text("Arabisch (Ägypten)")


@pytest.mark.parametrize("locale", ["en-IE", "de-DE"])
def test_no_language_of_an_article_breaks_the_page(odd_url: str, open_page: Open, locale: str) -> None:
    page = open_page(odd_url, locale=locale)
    ask(page, "النوم")
    expect(page.locator(".turn blockquote")).to_have_attribute("dir", "auto")
    page.locator(".turn .cite").first.click()
    expect(page.locator("#article .source")).to_be_visible()
    # What comes after the names of languages is done too.
    expect(page.locator("#country option[value=DE]")).to_have_text("Germany" if locale == "en-IE" else "Deutschland")


@pytest.mark.parametrize("language", languages())
def test_the_page_begins_in_the_readers_language_and_holds_together(
    arabic_url: str, open_page: Open, language: str
) -> None:
    page = open_page(arabic_url, width=320, locale=f"{language}-IE")
    texts = texts_for(language)
    expect(page.locator("#welcome h1")).to_have_text(texts["heading"])
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".languages .code")).to_have_text(language.upper())
    for element in (".need-help", ".languages > summary", ".leave"):
        expect(page.locator(f"#masthead {element}")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("#masthead .need-help").click()
    shown = page.locator("#help")
    expect(shown).to_contain_text(texts["help_intro"])
    if language != "en":
        expect(shown).not_to_contain_text("every day")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_another_language_can_be_chosen_from_the_keyboard_and_is_not_kept(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url)
    ask(page, QUESTION)
    assert page.locator(".languages button").all_text_contents() == [
        "Deutsch", "Español", "Français", "Italiano", "Nederlands", "Português",
    ]  # fmt: skip
    page.locator(".languages > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Français").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ask")).to_have_text("Demander")
    expect(page.locator(".turn .cite").first).to_contain_text("Voir dans l’article")
    expect(page.locator(".country-lines:not([hidden]) .professionals > summary")).to_contain_text("Irlande")
    expect(page.locator(".languages > summary")).to_be_focused()
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    page.reload()
    expect(page.locator("#ask")).to_have_text("Ask")


def test_a_crisis_card_stands_among_words_of_the_pages_language(chat_url: str, open_page: Open) -> None:
    page = open_page(chat_url, locale="de-DE")
    ask(page, "I want to kill myself")
    card = page.locator(".turn .care")
    expect(card.locator(".care-words").first).to_have_attribute("lang", "en")
    expect(card).to_contain_text("24 Stunden, jeden Tag")
    expect(card.locator(".way").first).to_contain_text("anrufen")
    # A card in the language of the message is wholly in it.
    ask(page, "je veux mourir")
    last = page.locator(".turn .care").last
    expect(last).to_have_attribute("lang", "fr")
    expect(last).to_contain_text("Appeler le")
    expect(last).not_to_contain_text("jeden Tag")
