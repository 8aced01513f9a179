"""Articles that are fetched when somebody opens them: by a citation, a link, a name or a search."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Open, ask, is_ready
from fake_encoder import FakeEncoder
from playwright.sync_api import Page, Route, expect
from web.conftest import built, serving
from web.test_chat_server import send

from guide.chat.article_names import SHOWN_NAMES
from guide.index.build import build

pytestmark = pytest.mark.browser

MANY = SHOWN_NAMES + 10
QUESTION = "Do round pots of copper keep tea warm?"
QUOTED = "Round pots of copper keep tea warm."
ASKED = 17
"""The number of the article that answers."""

FETCH = "**/chat/article"


def article(number: int) -> str:
    padding = "\n\n".join(f"## Part {part}\n\nNothing much stands here, {number}." for part in range(12))
    words = f"{QUOTED} More on {number}." if number == ASKED else "A whistle sounds at noon."
    return f"# Kettle {number}\n\nIt whistles.\n\n{padding}\n\n## Pots\n\n{words}\n"


@pytest.fixture(scope="module")
def many_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over many articles."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(MANY):
        (folder / f"kettle-{number}.md").write_text(article(number), encoding="utf-8")
    build([folder], folder / "index", FakeEncoder(), FakeEncoder().identity)
    with serving(folder / "index", questions_per_minute=0) as address:
        yield f"{address}/"


def cite(page: Page) -> str:
    """The place that the first citation of the last answer leads to."""
    return page.locator(".turn").last.locator(".cite").first.get_attribute("href") or ""


@pytest.mark.parametrize("width", [1280, 320])
def test_no_article_is_there_before_a_citation_opens_it(many_url: str, open_page: Open, width: int) -> None:
    page = open_page(many_url, width=width)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/chat/" in request.url else None)
    expect(page.locator("#article .source")).to_have_count(0)
    assert "It whistles" not in page.content()
    ask(page, QUESTION)
    assert fetched == []
    link = page.locator(".turn .cite").first
    link.focus()
    page.keyboard.press("Enter")
    passage = page.locator("#article .passage:target")
    expect(passage).to_be_in_viewport()
    expect(passage).to_be_focused()
    expect(passage).to_contain_text(QUOTED)
    assert f"#{passage.get_attribute('id')}" == cite(page)
    assert passage.locator(".point.answers").all_inner_texts() == [QUOTED]
    expect(page.locator("#article .source")).to_have_count(1)
    expect(page.locator("#opening")).to_have_text("")
    assert fetched == [f"{many_url}chat/article"]
    # What is there isn't fetched again.
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    link.click()
    expect(passage).to_be_in_viewport()
    assert len(fetched) == 1


@pytest.mark.parametrize("width", [1280, 320])
def test_a_citations_address_opens_its_article_in_another_page(many_url: str, open_page: Open, width: int) -> None:
    page = open_page(many_url, width=width)
    ask(page, QUESTION)
    place = cite(page)
    page.goto("about:blank")
    page.goto(f"{many_url}{place}")
    is_ready(page, "IE")
    expect(page.locator(f"{place}:target")).to_be_in_viewport()
    page.get_by_label("Language").select_option("es", force=True)
    expect(page.locator("#find")).to_have_attribute("placeholder", "Buscar en todos los artículos")
    # Drawn anew in the other language, it is as it was.
    expect(page.locator(f"{place}:target")).to_be_in_viewport()
    expect(page.locator("#outline .outline")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 320])
def test_an_article_that_cannot_be_fetched_says_so_and_can_be_tried_again(
    many_url: str, open_page: Open, width: int
) -> None:
    page = open_page(many_url, width=width)
    ask(page, QUESTION)
    page.route(FETCH, lambda route: route.abort())
    page.locator(".turn .cite").first.click()
    says = page.locator("#opening")
    expect(says).to_contain_text("The article couldn’t be fetched.")
    expect(says).to_be_in_viewport()
    expect(says).to_have_attribute("role", "status")
    page.unroute(FETCH)
    busy = json.dumps({"error": "These are too many requests from one place; try again in 2 s."})
    page.route(FETCH, lambda route: route.fulfill(status=429, content_type="application/json", body=busy))
    says.get_by_role("button", name="Try again").click()
    expect(says).to_contain_text("These are too many requests from one place; try again in 2 s.")
    page.unroute(FETCH)
    says.get_by_role("button", name="Try again").click()
    expect(page.locator("#article .passage:target .answers")).to_have_text(QUOTED)
    expect(says).to_have_text("")


def test_who_goes_on_meanwhile_is_not_called_back(many_url: str, open_page: Open) -> None:
    page = open_page(many_url, width=320)
    ask(page, QUESTION)
    held: list[Route] = []
    page.route(FETCH, lambda route: held.append(route))
    page.locator(".turn .cite").first.click()
    expect(page.locator("#opening")).to_have_text("Opening the article …")
    expect(page.locator("#reading")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#reading")).to_be_hidden()
    expect(page.locator(".turn .cite").first).to_be_focused()
    assert len(held) == 1
    ask(page, QUESTION)
    expect(page.locator("#reading")).to_be_hidden()
    assert page.url.endswith("#turn-2")


def test_words_are_found_in_all_articles_and_open_where_they_stand(many_url: str, open_page: Open) -> None:
    page = open_page(many_url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if "/find" in request.url else None)
    page.locator("#find").press_sequentially("more on 17", delay=5)
    expect(page.locator("#found")).to_have_text("1 place")
    assert [json.loads(one)["words"] for one in asked] == ["more on 17"]  # once, not with each letter
    place = page.locator("#results a")
    expect(place.locator("mark")).to_have_text("More on 17")
    place.click()
    expect(page.locator("#article .passage:target")).to_contain_text("More on 17")
    assert page.evaluate("CSS.highlights.get('found').size") == 1
    page.fill("#find", "xylophone")
    expect(page.locator("#found")).to_have_text("Not found")
    page.route("**/chat/find", lambda route: route.abort())
    page.fill("#find", "pots")
    expect(page.locator("#found")).to_contain_text("The articles couldn’t be searched.")
    page.unroute("**/chat/find")
    page.locator("#found").get_by_role("button", name="Try again").click()
    expect(page.locator("#found")).to_have_text(f"{MANY} places")


def test_after_a_crisis_a_search_quotes_nothing(many_url: str, open_page: Open) -> None:
    page = open_page(many_url)
    ask(page, "I want to kill myself")
    page.fill("#find", "pots")
    expect(page.locator("#found")).to_contain_text("Guide quotes no article here")
    expect(page.locator("#results a")).to_have_count(0)
    page.fill("#find", "I want to die")
    expect(page.locator("#results .care-crisis .lines").first).to_be_visible()


def test_one_of_many_articles_is_found_by_its_name_opened_and_asked_alone(many_url: str, open_page: Open) -> None:
    page = open_page(many_url)
    page.locator(".contents > summary").click()
    contents = page.locator(".contents")
    expect(contents.locator(".name-list li")).to_have_count(SHOWN_NAMES)
    expect(contents.get_by_role("status")).to_contain_text(f"And {MANY - SHOWN_NAMES} more")
    contents.get_by_label("Part of an article’s name").fill("kettle 27")
    expect(contents.locator(".name-list li")).to_have_count(1)
    contents.get_by_role("link", name="Kettle 27").click()
    expect(page.locator("#article h2")).to_have_text("Kettle 27")
    expect(page.locator("#source-kettle-27:target")).to_be_in_viewport()

    folded = page.locator("#picker summary")
    expect(folded).to_contain_text("All articles")
    folded.focus()
    page.keyboard.press("Enter")
    page.locator("#picker").get_by_label("Part of an article’s name").fill("21")
    name = page.locator("#picker").get_by_role("button", name="Kettle 21")
    name.focus()
    page.keyboard.press("Enter")
    expect(folded).to_be_focused()
    expect(folded).to_contain_text("Kettle 21")
    expect(page.locator("#article h2")).to_have_text("Kettle 21")
    ask(page, QUESTION)
    expect(page.locator(".turn .searched")).to_contain_text("Searched only “Kettle 21”")


def test_an_article_that_is_no_longer_there_is_said_to_be_gone(tmp_path: Path, open_page: Open) -> None:
    with serving(built(tmp_path, kettle=article(ASKED)), questions_per_minute=0) as address:
        page = open_page(f"{address}/")
        ask(page, QUESTION)
        page.locator(".turn .cite").first.click()
        expect(page.locator("#article h2")).to_have_text(f"Kettle {ASKED}")
        old = send(address, "GET", "/health")[2]
        (tmp_path / "kettle.md").unlink()
        build([tmp_path], tmp_path / "index", FakeEncoder(), FakeEncoder().identity)
        until = time.monotonic() + 30
        while send(address, "GET", "/health")[2] == old:
            assert time.monotonic() < until
            time.sleep(0.05)
        # With the next answer the page learns of it.
        ask(page, QUESTION)
        says = page.locator("#opening")
        expect(says).to_have_text("This is no longer in the articles: they have changed since.")
        expect(page.locator("#article .source")).to_have_count(0)
        page.locator(".turn").first.locator(".cite").first.click()
        expect(says).to_have_text("This is no longer in the articles: they have changed since.")
        expect(says.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_while_somebody_reads(many_url: str, open_page: Open, width: int) -> None:
    # Skips where axe-core isn't installed.
    from browser.test_accessibility import violations

    page = open_page(many_url, width=width, bypass_csp=True)
    assert violations(page) == []
    page.locator("#picker summary").click()
    assert violations(page) == []
    page.locator("#picker summary").click()
    ask(page, QUESTION)
    page.route(FETCH, lambda route: route.abort())
    page.locator(".turn .cite").first.click()
    page.get_by_role("button", name="Try again").wait_for()
    assert violations(page) == []
    page.unroute(FETCH)
    page.get_by_role("button", name="Try again").click()
    page.locator(":target").wait_for()
    page.fill("#find", "pots")
    expect(page.locator("#found")).to_contain_text(re.compile(r"\d+ places"))
    page.locator(".contents > summary").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
