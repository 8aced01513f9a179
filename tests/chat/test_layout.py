"""The page's handlers over a guide of our own making, and what importing and exposing cost."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from chat.conftest import answer, quote
from chat.page import read

from guide.answering.to_json import answer_to_json
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split
from guide.chat.branding import Branding
from guide.chat.events import SETTLED
from guide.chat.handlers import Conversation
from guide.chat.layout import build_page
from guide.chat.library import Library
from guide.chat.recall import told_of
from guide.chat.render import Exchange
from guide.chat.texts import Greeting
from guide.errors import QuestionError
from guide.levels import Level
from guide.records import Answer, AskRequest, Assessment, Correction, Turn
from guide.safety.helplines import registry


class OneAnswer:
    """A guide with one answer to everything, which remembers what it was asked."""

    def __init__(self, library: Library) -> None:
        self.articles, self.passages = tuple(library.articles.values()), tuple(library.passages.values())
        self.asked: list[tuple[str, list[Any], str | None]] = []
        self.searched: list[list[str]] = []
        self.withdrawn: list[bool] = []
        self.mended: list[bool] = []
        self.danger = ""
        """Which level a message that speaks of danger has, until it is withdrawn; then the level is an earlier one."""
        self.library = library

    def answer(self, request: AskRequest) -> Answer:
        question = request.question
        self.asked.append((question, list(request.history), request.country))
        self.searched.append(list(request.articles))
        self.withdrawn.append(request.withdrawn)
        self.mended.append(request.mend)
        if "fail" in question:
            error = QuestionError("The question can't be read; ask another.")
            error.safety = Assessment("crisis", "self", "en", message="Please call.")
            raise error
        level: Any = self.danger if "danger" in question and not request.withdrawn else "none"
        told = [turn for turn in request.history if "danger" in turn.content and not turn.withdrawn]
        earlier: Any = self.danger if told else "none"
        safety = Assessment(level, "self", "en", message="Card." if level != "none" else "", earlier=earlier)
        corrections = (Correction("clam", "calm"),) if request.mend and "clam" in question else ()
        quoted = quote(self.passages[0], self.library, 0)
        return answer(question, quoted, safety=safety, corrections=corrections)


@pytest.fixture
def guide(library: Library) -> OneAnswer:
    return OneAnswer(library)


@pytest.fixture
def page(guide: OneAnswer) -> Conversation:
    return Conversation(guide, registry().lines, registry().names)  # type: ignore[arg-type]


@pytest.fixture
def answered(library: Library) -> Callable[..., Turn]:
    """An earlier message as the chat hands it on: with what it was answered with."""
    first = next(iter(library.passages))

    def turn(content: str, level: Level, *, withdrawn: bool = False) -> Turn:
        quoted = () if level == "crisis" else (first,)
        return Turn("user", content, level, withdrawn=withdrawn, act="question", quoted=quoted)

    return turn


def test_a_conversation_hands_its_earlier_questions_and_the_country_on(
    guide: OneAnswer, page: Conversation, answered: Callable[..., Turn]
) -> None:
    _, exchanges, _, _ = page.ask("first?", [], "IE", "en")
    emptied, exchanges, shown, _ = page.ask("second?", exchanges, "", "en")
    assert guide.asked == [("first?", [], "IE"), ("second?", [answered("first?", "none")], None)]
    assert emptied == ""
    assert [exchange.question for exchange in exchanges] == ["first?", "second?"]
    assert shown.index("first?") < shown.index("second?")


def test_two_conversations_share_nothing(page: Conversation) -> None:
    _, one, _, _ = page.ask("mine?", [], "", "en")
    _, _, shown, _ = page.ask("yours?", [], "", "en")
    assert "mine?" not in shown
    assert len(one) == 1


def pressed(turn: str) -> Any:
    return SimpleNamespace(turn=turn)


@pytest.fixture
def talk(guide: OneAnswer, page: Conversation) -> list[Exchange]:
    """Two messages, of which the first raised a card."""
    guide.danger = "crisis"
    exchanges: list[Exchange] = []
    for question in ("of danger", "next?"):
        _, exchanges, *_ = page.ask(question, exchanges, "IE", "en")
    assert [one.decided.level for one in exchanges] == ["crisis", "none"]  # type: ignore[union-attr]
    return exchanges


def test_a_card_that_was_wrong_gives_way_to_the_answer_in_its_place(
    guide: OneAnswer, page: Conversation, answered: Callable[..., Turn], talk: list[Exchange]
) -> None:
    exchanges, shown = page.withdraw(pressed("turn-1"), talk, "IE", "en")
    assert guide.asked[-1] == ("of danger", [], "IE")
    assert guide.withdrawn == [False, False, True]
    assert [one.question for one in exchanges] == ["of danger", "next?"]
    first = read(shown).one(id="turn-1")
    assert first.all("div", class_="care") == []
    assert first.one("p", class_="kindly").text.startswith("Thank you for saying so.")
    assert first.all("blockquote")
    page.ask("third?", exchanges, "IE", "en")
    assert guide.asked[-1][1] == [answered("of danger", "none", withdrawn=True), answered("next?", "none")]


def test_a_country_chosen_on_a_card_changes_that_cards_lines_and_counts_from_then_on(
    guide: OneAnswer, page: Conversation, talk: list[Exchange]
) -> None:
    chosen = SimpleNamespace(turn="turn-1", country="US")
    country, exchanges, shown = page.move_country(chosen, talk, "IE", "en")  # type: ignore[arg-type]
    assert (country, guide.asked[-1]) == ("US", ("of danger", [], "US"))
    assert [one.question for one in exchanges] == ["of danger", "next?"]
    assert read(shown).one(id="turn-1").one("div", class_="care")
    unknown = SimpleNamespace(turn="turn-1", country="<script>")
    assert page.move_country(unknown, talk, "IE", "en")[0] == ""  # type: ignore[arg-type]
    gone = SimpleNamespace(turn="turn-9", country="US")
    assert page.move_country(gone, talk, "IE", "en")[0] == gr.skip()  # type: ignore[arg-type]


def test_below_a_conversation_stands_what_this_is_and_in_a_crisis_no_article_is_named(
    guide: OneAnswer, page: Conversation
) -> None:
    _, exchanges, shown, _ = page.ask("first?", [], "IE", "en")
    said = read(shown).one("p", class_="reminder")
    assert said.text.startswith("Guide quotes an article; it is software, not care. It reads ")
    guide.danger = "crisis"
    _, _, shown, _ = page.ask("of danger", exchanges, "IE", "en")
    assert read(shown).one("p", class_="reminder").text == "Guide quotes an article; it is software, not care."


def test_a_banner_that_was_wrong_takes_back_what_raised_it(
    guide: OneAnswer, page: Conversation, answered: Callable[..., Turn], talk: list[Exchange]
) -> None:
    assert read(page.ask("third?", talk, "", "en")[2]).one(id="turn-2").all("button", class_="not-meant")
    exchanges, shown = page.withdraw(pressed("turn-2"), talk, "", "en")
    assert guide.asked[-1] == ("next?", [answered("of danger", "crisis", withdrawn=True)], None)
    assert read(shown).one(id="turn-2").all("p", class_="care-reminder") == []
    # The card itself still stands, and can be told to be wrong.
    assert read(shown).one(id="turn-1").all("button", class_="not-meant")
    page.ask("third?", exchanges, "", "en")
    assert [turn.withdrawn for turn in guide.asked[-1][1]] == [True, True]


@pytest.mark.parametrize(("level", "taken"), [("none", True), ("professional", True), ("abuse", False)])
def test_the_button_takes_back_earlier_turns_where_a_banner_speaks_of_them(
    level: Level, taken: bool, guide: OneAnswer, page: Conversation, talk: list[Exchange]
) -> None:
    # A card on a danger speaks of its own message first; then the banner that is left can be told to be wrong as well.
    decided = Assessment(level, "self", "en", message="Card.", earlier="crisis")
    assert talk[1].answer is not None
    talk[1] = replace(talk[1], answer=replace(talk[1].answer, safety=decided))
    exchanges, _ = page.withdraw(pressed("turn-2"), talk, "", "en")
    assert [one.withdrawn for one in exchanges] == [taken, True]


def test_what_was_not_meant_is_asked_of_the_same_article_and_a_failure_says_so(two: OneAnswer) -> None:
    page = Conversation(two, registry().lines, registry().names)  # type: ignore[arg-type]
    two.danger = "abuse"
    _, exchanges, *_ = page.ask("of danger", [], "", "en", "hens")
    again, _ = page.withdraw(pressed("turn-1"), exchanges, "", "en")
    assert two.searched == [["hens"], ["hens"]]
    assert again[0].within == "Keeping hens"
    failed = [replace(exchanges[0], question="fail")]
    again, shown = page.withdraw(pressed("turn-1"), failed, "", "en")
    assert again[0].turn == Turn("user", "fail", withdrawn=True)
    assert "Please call." in shown
    assert read(shown).all("p", class_="kindly") == []


def test_a_message_is_searched_as_it_was_typed_in_its_place(guide: OneAnswer, page: Conversation) -> None:
    exchanges: list[Exchange] = []
    for question in ("clam?", "next?"):
        _, exchanges, *_ = page.ask(question, exchanges, "IE", "en")
    exchanges, shown = page.search_as_typed(pressed("turn-1"), exchanges, "IE", "en")
    assert guide.asked[-1] == ("clam?", [], "IE")
    assert guide.mended == [True, True, False]
    first, second = read(shown).all("article")
    assert first.one("p", class_="searched").text == "Searched exactly as you typed it."
    assert second.one("h2").text.endswith("next?")
    # What the person said of it before or says later of its card leaves this as it is.
    exchanges, _ = page.withdraw(pressed("turn-1"), exchanges, "", "en")
    assert (guide.mended[-1], guide.withdrawn[-1]) == (False, True)
    page.search_as_typed(pressed("turn-1"), exchanges, "", "en")
    assert (guide.mended[-1], guide.withdrawn[-1]) == (False, True)


@pytest.mark.parametrize("turn", ["turn-0", "turn-3", "turn--1", "", "turn-²", "9" * 5000, None, "<b>"])
def test_a_turn_that_is_not_there_changes_nothing(
    guide: OneAnswer, page: Conversation, talk: list[Exchange], turn: Any
) -> None:
    page.withdraw(pressed(turn), talk, "", "en")
    page.search_as_typed(pressed(turn), talk, "", "en")
    assert len(guide.asked) == 2


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
    page.ask_pressed(SimpleNamespace(question="carried?"), [], "", "en")  # type: ignore[arg-type]
    assert guide.asked[0][0] == "carried?"


def test_arriving_guesses_language_and_country_from_the_browser(page: Conversation) -> None:
    request = SimpleNamespace(headers={"accept-language": "es-ES"})
    language, country, *parts = page.arrive(request)  # type: ignore[arg-type]
    assert (language, country) == ("es", "ES")
    assert "¿Necesitas ayuda?" in parts[0]


def test_an_operators_language_comes_before_the_browsers(guide: OneAnswer) -> None:
    page = Conversation(guide, registry().lines, registry().names, branding=Branding(language="nl"))  # type: ignore[arg-type]
    language, country, *parts = page.arrive(SimpleNamespace(headers={"accept-language": "es-ES"}))  # type: ignore[arg-type]
    assert (language, country) == ("nl", "ES")
    assert "Hulp nodig?" in parts[0]
    assert 'data-ui-language="nl"' in parts[0]


def test_the_only_public_endpoint_is_ask_and_gives_the_answers_json(guide: OneAnswer, page: Conversation) -> None:
    blocks = build_page(guide, registry().lines, registry().names)  # type: ignore[arg-type]
    assert list(blocks.get_api_info()["named_endpoints"]) == ["/ask"]
    assert page.ask_api("q?", ["earlier"], "IE") == answer_to_json(guide.answer(AskRequest("q?")))
    assert guide.asked[0] == ("q?", [Turn("user", "earlier")], "IE")


def test_no_event_waits_in_the_queue(guide: OneAnswer) -> None:
    blocks = build_page(guide, registry().lines, registry().names)  # type: ignore[arg-type]
    assert [fn.name for fn in blocks.fns.values() if fn.queue] == []


def test_the_page_goes_on_after_each_event_that_others_wait_for(guide: OneAnswer) -> None:
    blocks = build_page(guide, registry().lines, registry().names)  # type: ignore[arg-type]
    names = {number: fn.name for number, fn in blocks.fns.items()}
    waited_for = [names[fn.trigger_after] for fn in blocks.fns.values() if fn.js == SETTLED and fn.trigger_after]
    assert waited_for == ["arrive", "switch_language", "choose_article", "choose_country"]


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
    event = SimpleNamespace(article=article)
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


def test_a_server_that_was_started_anew_goes_on_with_what_the_page_tells(guide: OneAnswer) -> None:
    asked: list[str] = []
    page = Conversation(guide, registry().lines, registry().names, asked.append)  # type: ignore[arg-type]
    _, exchanges, *_ = page.ask("first?", [], "IE", "en")
    _, exchanges, *_ = page.ask("second?", exchanges, "IE", "en")
    told, before = told_of(exchanges), len(guide.asked)
    here = page.with_articles(page.ask)
    emptied, now, shown, _, *renewed, tells = here("third?", [], "IE", "en", "", "an old edition", told, None)
    assert [exchange.question for exchange in now] == ["first?", "second?", "third?"]
    assert ("first?" in shown, "third?" in shown, emptied) == (True, True, "")
    assert tells == told_of(now)
    assert renewed[0] == str(page.library.edition)
    # Each counts as a question of its client, and is asked where the page says that the person is.
    assert len(asked) == 2 + 3
    assert [country for _, _, country in guide.asked[before:]] == ["IE"] * 3


def test_the_conversation_outlives_a_new_server_whatever_is_done_first(two: OneAnswer) -> None:
    page = Conversation(two, registry().lines, registry().names)  # type: ignore[arg-type]
    _, exchanges, *_ = page.ask("first?", [], "IE", "en")
    told = told_of(exchanges)
    language: Any = SimpleNamespace(language="es")
    _, kept, *parts = page.switch_language(language, "IE", [], "", told)
    assert [exchange.question for exchange in kept] == ["first?"]
    assert any("first?" in str(part) for part in parts)
    article: Any = SimpleNamespace(article="hens")
    _, kept, welcome = page.choose_article(article, [], "en", "IE", told)
    assert [exchange.question for exchange in kept] == ["first?"]
    assert 'class="examples"' not in welcome  # none above a conversation
    assert 'class="examples"' in page.choose_article(article, [], "en", "IE", told_of([]))[2]


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
