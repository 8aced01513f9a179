"""The page's handlers over a guide of our own making, and what importing and exposing cost."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from chat.conftest import answer, quote
from chat.page import read

from guide.answering.to_json import answer_to_json
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split
from guide.chat.branding import Branding
from guide.chat.layout import Conversation, build_page
from guide.chat.library import Library
from guide.chat.texts import Greeting
from guide.errors import QuestionError
from guide.records import Answer, AskRequest, Assessment, Turn
from guide.safety.helplines import registry


class OneAnswer:
    """A guide with one answer to everything, which remembers what it was asked."""

    def __init__(self, library: Library) -> None:
        self.articles, self.passages = tuple(library.articles.values()), tuple(library.passages.values())
        self.asked: list[tuple[str, list[Any], str | None]] = []
        self.searched: list[list[str]] = []
        self.library = library

    def answer(self, request: AskRequest) -> Answer:
        question = request.question
        self.asked.append((question, list(request.history), request.country))
        self.searched.append(list(request.articles))
        if "fail" in question:
            error = QuestionError("The question can't be read; ask another.")
            error.safety = Assessment("crisis", "self", "en", message="Please call.")
            raise error
        return answer(question, quote(self.passages[0], self.library, 0))


@pytest.fixture
def guide(library: Library) -> OneAnswer:
    return OneAnswer(library)


@pytest.fixture
def page(guide: OneAnswer) -> Conversation:
    return Conversation(guide, registry().lines, registry().names)  # type: ignore[arg-type]


def test_a_conversation_hands_its_earlier_questions_and_the_country_on(guide: OneAnswer, page: Conversation) -> None:
    _, exchanges, _, _ = page.ask("first?", [], "IE", "en")
    emptied, exchanges, shown, _ = page.ask("second?", exchanges, "", "en")
    assert guide.asked == [("first?", [], "IE"), ("second?", [Turn("user", "first?", "none")], None)]
    assert emptied == ""
    assert [exchange.question for exchange in exchanges] == ["first?", "second?"]
    assert shown.index("first?") < shown.index("second?")


def test_two_conversations_share_nothing(page: Conversation) -> None:
    _, one, _, _ = page.ask("mine?", [], "", "en")
    _, _, shown, _ = page.ask("yours?", [], "", "en")
    assert "mine?" not in shown
    assert len(one) == 1


def test_a_failure_is_a_turn_with_its_sentence_and_its_help_card(page: Conversation) -> None:
    _, exchanges, shown, _ = page.ask("fail", [], "", "en")
    assert "The question can&#39;t be read; ask another." in shown
    assert "Please call." in shown
    assert exchanges[0].answer is None


def test_the_examples_go_away_once_asked(page: Conversation) -> None:
    assert "data-ask" in page.localised("en", "", [])[2]
    assert "data-ask" not in page.ask("q?", [], "", "en")[3]


def test_a_blank_question_changes_nothing(guide: OneAnswer, page: Conversation) -> None:
    page.ask("  \n ", [], "", "en")
    assert guide.asked == []


def test_a_button_asks_the_question_it_carries(guide: OneAnswer, page: Conversation) -> None:
    page.ask_pressed(SimpleNamespace(_data={"question": "carried?"}), [], "", "en")  # type: ignore[arg-type]
    assert guide.asked[0][0] == "carried?"


def test_arriving_guesses_language_and_country_from_the_browser(page: Conversation) -> None:
    request = SimpleNamespace(headers={"accept-language": "es-ES"})
    language, country, *parts = page.arrive(request)  # type: ignore[arg-type]
    assert (language, country) == ("es", "ES")
    assert "¿Necesitas ayuda?" in parts[0]


def test_the_only_public_endpoint_is_ask_and_gives_the_answers_json(guide: OneAnswer, page: Conversation) -> None:
    blocks = build_page(guide, registry().lines, registry().names)  # type: ignore[arg-type]
    assert list(blocks.get_api_info()["named_endpoints"]) == ["/ask"]
    assert page.ask_api("q?", ["earlier"], "IE") == answer_to_json(guide.answer(AskRequest("q?")))
    assert guide.asked[0] == ("q?", [Turn("user", "earlier")], "IE")


def test_no_event_waits_in_the_queue(guide: OneAnswer) -> None:
    blocks = build_page(guide, registry().lines, registry().names)  # type: ignore[arg-type]
    assert [fn.name for fn in blocks.fns.values() if fn.queue] == []


def test_importing_the_chat_imports_no_gradio() -> None:
    code = "import sys, guide.chat, guide.web.serve; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


TWO = ("Keeping bees calm", "Keeping hens")


def library_of_two() -> Library:
    """The library of two articles."""
    entries = [assemble(parse_markdown(f"# {title}\n\nText on it."), article_id=title[8:12]) for title in TWO]
    return Library.of(entries, [passage for article in entries for passage in split(article)])


@pytest.fixture
def two() -> OneAnswer:
    return OneAnswer(library_of_two())


def chosen(page: Conversation, article: str) -> str:
    event = SimpleNamespace(_data={"article": article})
    return str(page.choose_article(event, [], "en")[0])  # type: ignore[arg-type]


def test_the_article_chosen_is_the_only_one_searched_and_the_answer_says_so(two: OneAnswer) -> None:
    page = Conversation(two, registry().lines, registry().names)  # type: ignore[arg-type]
    hens = chosen(page, "hens")
    _, exchanges, shown, _ = page.ask("q?", [], "", "en", hens)
    assert two.searched == [["hens"]]
    assert exchanges[0].within == "Keeping hens"
    assert "Searched only “<bdi>Keeping hens</bdi>”" in shown
    _, _, shown, _ = page.ask("q?", [], "", "en", chosen(page, ""))
    assert two.searched[1] == []
    assert "Searched only" not in shown


@pytest.mark.parametrize("article", ["no such", "<b>", "0"])
def test_an_article_that_is_not_there_is_not_chosen(two: OneAnswer, article: str) -> None:
    page = Conversation(two, registry().lines, registry().names)  # type: ignore[arg-type]
    assert chosen(page, article) == ""
    # One that was taken out of the index after it was chosen.
    page.ask("q?", [], "", "en", article)
    assert two.searched == [[]]


def test_an_operators_words_stand_in_the_page_and_its_country_where_none_is_named(guide: OneAnswer) -> None:
    own = Branding(
        greeting=Greeting("Calm <b>", "What & why?", "We quote bees.", ("Do bees sleep?",)),
        greetings={"es": Greeting(heading="¿Qué?")},
        country="IE",
    )
    page = Conversation(guide, registry().lines, registry().names, branding=own)  # type: ignore[arg-type]
    _, country, bar, _, first, *_ = page.arrive(SimpleNamespace(headers={}))  # type: ignore[arg-type]
    assert country == "IE"
    assert ">Calm &lt;b&gt;</span>" in bar
    assert "<h1>What &amp; why?</h1>" in first
    assert "it is software, not care" in first
    assert [button.attributes["data-ask"] for button in read(first).all("button")] == ["Do bees sleep?"]
    _, country, _, _, first, *_ = page.arrive(SimpleNamespace(headers={"accept-language": "es-ES"}))  # type: ignore[arg-type]
    assert country == "ES"
    assert "<h1>¿Qué?</h1>" in first
    assert "Calm &lt;b&gt;" in page.ask("q?", [], "", "en")[3]
