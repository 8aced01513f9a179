"""The picture of a quotation's page: drawn when asked for, by keyboard too, named for who doesn't see it."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser.conftest import Open, ask
from browser.scripted import scripted
from playwright.sync_api import Request, expect
from sample_files import pdf_of

from guide.guide import Guide
from guide.levels import is_crisis
from guide.records import Answer, AskRequest

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WATER = "Water is boiled first, and cooled a little before it is poured."


class SureGuide(Guide):
    """Quotes the first passage that it finds, unless there is danger."""

    def answer(self, request: AskRequest) -> Answer:
        answer = super().answer(request)
        if is_crisis(answer.safety.level):
            return answer
        return replace(answer, covered=True, brief=False, closest=(), reply="", passages=answer.passages[:1])


@pytest.fixture(scope="module")
def pdf_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a chat over a PDF, and the folder of its index."""
    folder = tmp_path_factory.mktemp("pdf")
    tea = folder / "tea.pdf"
    tea.write_bytes(
        pdf_of(
            ("h1", "Tea"),
            ("h2", "Keeping tea"),
            ("p", "Tea keeps for a year in a dry and dark place."),
            ("page", ""),
            ("h2", "Water"),
            ("p", WATER),
        )
    )
    with scripted(tea, folder, SureGuide) as address:
        yield address, folder / "index"


def test_the_page_is_drawn_when_it_is_asked_for(pdf_chat: tuple[str, Path], open_page: Open) -> None:
    page = open_page(pdf_chat[0])
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/chat/page" in request.url else None)
    ask(page, "Is the water boiled first and cooled a little?")
    expect(page.locator(".turn .of-page")).to_have_text("page 2")
    control = page.locator(".turn .page-picture summary")
    expect(control).to_have_text("Show page 2")
    assert asked == []
    control.focus()
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name="Page 2 of “Tea” as a picture, the quoted words marked")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalHeight") >= 1_400
    assert picture.evaluate("image => image.getBoundingClientRect().right <= innerWidth")
    assert [(request.method, request.url.partition("?")[2]) for request in asked] == [("POST", "")]
    # Folded and unfolded again it is there already.
    control.click()
    control.click()
    expect(picture).to_be_visible()
    assert len(asked) == 1
    if AXE.exists() or os.environ.get("CI"):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []


def test_in_a_crisis_there_is_no_picture_to_ask_for(pdf_chat: tuple[str, Path], open_page: Open) -> None:
    page = open_page(pdf_chat[0])
    ask(page, "I want to kill myself, and the water is boiled first")
    expect(page.locator(".turn .care-crisis, .turn .care-emergency").first).to_be_visible()
    assert page.locator(".turn .page-picture, .turn blockquote").count() == 0


def test_a_page_that_cannot_be_drawn_is_said_in_a_sentence(pdf_chat: tuple[str, Path], open_page: Open) -> None:
    [original] = (pdf_chat[1] / "originals").iterdir()
    whole = original.read_bytes()
    page = open_page(pdf_chat[0], width=360)
    ask(page, "Does tea keep for a year in a dry and dark place?")
    control = page.locator(".turn .page-picture summary")
    original.write_bytes(whole[:200])
    try:
        control.click()
        expect(page.get_by_text("This page isn’t shown: the file has changed since it was read.")).to_be_visible()
    finally:
        original.write_bytes(whole)
    control.click()
    control.click()
    expect(page.locator(".turn .page-picture img")).to_be_visible()
