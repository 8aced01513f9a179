"""What a person sees without scrolling: the number to call on a phone, the answer's first line under a card.

Every card that there is, in each language, is put into the real page, which has been asked before.
"""

from collections.abc import Iterator

import pytest
from browser.conftest import QUESTION, ROOT, Open, ask
from playwright.sync_api import Page, expect

from guide.articles.passages import split
from guide.articles.read import read_article
from guide.chat.library import Library
from guide.chat.render import Exchange, render_conversation
from guide.chat.texts import all_texts
from guide.languages.words import help_languages, words_of
from guide.levels import Level
from guide.records import Answer, Assessment, Criterion, Match, QuotedPassage, QuotedPoint
from guide.safety.helplines import helplines
from guide.safety.rules import CRITERIA, CriterionId
from guide.safety.wording import card, lines_in

pytestmark = [pytest.mark.browser, pytest.mark.model]

WORDING = words_of("en")
LANGUAGES = ("en", *help_languages())
MET: list[tuple[CriterionId, ...]] = [*((name,) for name in CRITERIA), CRITERIA]
"""The criteria that a message meets: one, or all of them."""
MESSAGE = "I don't know any more what to do about all of this, and I can't talk to anybody about it. What helps?"
LONG = "So much has happened since spring, and I have told nobody of it. " * 60
CRISIS = "I want to die."

# Each turn is put in the place of the conversation and shown from its beginning, as the page does when an answer comes.
PUT = """
([name, html]) => {
  const shown = document.querySelector("#conversation .turn").parentElement;
  shown.innerHTML = html;
  shown.querySelector(".turn").scrollIntoView({ block: "start", behavior: "instant" });
  const bar = document.querySelector("#masthead").getBoundingClientRect().bottom;
  const composer = document.querySelector("#composer").getBoundingClientRect().top;
  const seen = (element) => {
    if (!element) return false;
    const range = document.createRange();
    range.selectNodeContents(element);
    const first = range.getClientRects()[0];
    return first && first.top >= bar && first.bottom <= composer;
  };
"""
PHONE = f"""{PUT}
  const line = shown.querySelector(".lines li");
  const number = line.querySelector("a[href^='tel:']") || line.querySelector(".line-name");
  const leave = document.querySelector(".leave").getBoundingClientRect();
  const close = leave.top >= 0 && leave.bottom <= innerHeight && leave.right <= innerWidth && leave.width > 40;
  return seen(number) && close ? "" : `${{name}}: ${{number.getBoundingClientRect().bottom}} > ${{composer}}`;
}}"""
DESKTOP = f"""{PUT}
  const first = shown.querySelector(".quote blockquote > *");
  const line = (element) => {{
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getClientRects()[0].bottom;
  }};
  const place = line(first) + scrollY;
  return seen(first) && place <= 900 ? "" : `${{name}}: ${{line(first)}} of ${{composer}}, ${{place}} from the top`;
}}"""


@pytest.fixture(scope="module")
def library() -> Library:
    article = read_article(ROOT / "corpus/emotional-detachment.md")
    return Library.of([article], split(article))


def turns(library: Library, *levels: Level) -> Iterator[tuple[str, str]]:
    """A turn with each card of `levels`, in each language of the card and of the page: what it is, and its HTML."""
    cards = {
        card(level, reader, language, stage, met): (level, reader, language, stage, met)
        for level in levels
        for reader in WORDING["cards"][level]
        for language in reversed(LANGUAGES)  # of cards alike, the English one names them
        for stage in ("first", "again")
        for met in MET
    }
    for words, (level, reader, language, stage, met) in cards.items():
        for country in ("IE", "US", None):
            for texts in all_texts().values():
                safety = Assessment(
                    level,
                    "other" if reader == "other" else "self",
                    language,
                    (Match("rule", 0, 4, "I do", "a reason"),),
                    criteria(library, met) if "{criteria}" in WORDING["cards"][level][reader][stage] else (),
                    words,
                    lines_in(language, helplines(country, level, reader)),
                    level if stage == "again" else "none",
                )
                exchange = Exchange(MESSAGE, answer(library, safety))
                name = f"{level} {reader} {language} {stage} {met}, in {country}, page in {texts.language}"
                yield name, str(render_conversation([exchange], library, texts))


def criteria(library: Library, met: tuple[CriterionId, ...]) -> tuple[Criterion, ...]:
    """The criteria `met`, each in the article's longest words on when to seek help: no card shows longer ones."""
    passage = next(passage for passage in library.passages.values() if passage.role == "help")
    text = library.articles[passage.article_id].text
    point = max(passage.points, key=lambda point: point.end - point.start)
    return tuple(Criterion(name, text[point.start : point.end], passage.id, point.start, point.end) for name in met)


def answer(library: Library, safety: Assessment) -> Answer:
    passage = next(passage for passage in library.passages.values() if passage.role == "body")
    text = library.articles[passage.article_id].text
    point = passage.points[0]
    quoted = QuotedPassage(
        passage.id, passage.article_id, passage.section, passage.start, passage.end, text[passage.start : passage.end],
        0.9, (QuotedPoint(point.start, point.end, text[point.start : point.end], 0.9),), passage.points, "en",
    )  # fmt: skip
    return Answer(MESSAGE, f"{MESSAGE} mended", (), True, 0.9, (), (quoted,), (), safety)


def misses(page: Page, script: str, shown: Iterator[tuple[str, str]]) -> list[str]:
    return [found for turn in shown if (found := page.evaluate(script, list(turn)))]


def test_on_a_phone_the_first_screen_of_each_card_has_a_number_and_the_way_out(
    chat_url: str, open_page: Open, library: Library
) -> None:
    page = open_page(chat_url, width=375, height=667)
    ask(page, QUESTION)
    assert misses(page, PHONE, turns(library, "emergency", "crisis", "abuse")) == []


def test_on_a_desktop_no_professional_card_pushes_the_answer_off_the_first_screen(
    chat_url: str, open_page: Open, library: Library
) -> None:
    page = open_page(chat_url, width=1280, height=900)
    ask(page, QUESTION)
    assert misses(page, DESKTOP, turns(library, "professional")) == []


@pytest.mark.parametrize("before", [(), (QUESTION,)], ids=["first", "later"])
def test_a_long_message_does_not_push_the_number_off_a_phones_first_screen(
    chat_url: str, open_page: Open, before: tuple[str, ...]
) -> None:
    page = open_page(chat_url, width=375, height=667)
    for question in before:
        ask(page, question)
    ask(page, f"{LONG}{CRISIS}")
    number = page.locator(".turn .care a[href^='tel:']").first
    expect(number).to_be_in_viewport(ratio=1)
    box, composer = number.bounding_box(), page.locator("#composer").bounding_box()
    assert box
    assert composer
    assert box["y"] + box["height"] <= composer["y"]
    expect(page.get_by_role("button", name="Quick exit")).to_be_in_viewport(ratio=1)
