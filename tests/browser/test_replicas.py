"""The chat before two servers of which each request reaches another one: any of them answers any message."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browser.conftest import Open, ask
from playwright.sync_api import expect
from web.beside import free_port, proxied, replica
from web.conftest import QUESTION, built
from web.test_replicas import UNLIMITED, in_turn

pytestmark = pytest.mark.browser

QUESTIONS = [QUESTION, "Does a warm day calm bees?", "What mirrors their keeper?", "Does cool smoke calm bees?"]


@pytest.fixture
def places(tmp_path: Path) -> Iterator[tuple[Path, list[int], ExitStack]]:
    """An index, two ports, and what ends the servers."""
    with ExitStack() as stack:
        yield built(tmp_path), [free_port(), free_port()], stack


def test_a_conversation_goes_on_at_any_server_and_after_one_is_killed(
    places: tuple[Path, list[int], ExitStack], tmp_path: Path, open_page: Open
) -> None:
    index, ports, stack = places
    servers = [stack.enter_context(replica(index, port, **UNLIMITED)) for port in ports]
    page = open_page(stack.enter_context(proxied(ports, tmp_path, in_turn)))
    page.get_by_role("link", name="Need help now?").click()
    page.select_option("#country", "US")
    page.keyboard.press("Escape")
    for number, question in enumerate(QUESTIONS, 1):
        if number == len(QUESTIONS):
            servers[0].kill()
        ask(page, question)
        expect(page.locator(".turn")).to_have_count(number)
    asked = [words.strip() for words in page.locator(".turn .asked-words").all_inner_texts()]
    assert asked == QUESTIONS
    # Each turn has its answer, those that another server gave too.
    expect(page.locator(".turn:has(.cite)")).to_have_count(len(QUESTIONS))
    # The card is that of the country that was chosen, wherever the message arrives.
    ask(page, "I want to die")
    expect(page.locator(".turn .care a[href='tel:988']")).to_be_visible()
