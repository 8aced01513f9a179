"""The Gradio page: where things stand and which event calls what. A handler calls `Guide.ask` and nothing else."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from inspect import signature
from typing import Any, Protocol

from guide.telemetry import QUIET

# Gradio and the Hub's client read it when they are imported.
os.environ.update(QUIET)

import gradio as gr

from guide.answering.to_json import answer_to_json, safety_to_json
from guide.chat.branding import DEFAULT, Branding
from guide.chat.download import take_along
from guide.chat.events import (
    OPENS_SURVEY,
    SENDS_ARTICLE,
    SENDS_AS_TYPED,
    SENDS_COUNTRY,
    SENDS_COUNTRY_OF_CARD,
    SENDS_LANGUAGE,
    SENDS_QUESTION,
    SENDS_WITHDRAWAL,
)
from guide.chat.explore import render_explore, render_survey
from guide.chat.help_card import help_panel
from guide.chat.library import ArticleSource, CurrentLibrary, Library
from guide.chat.page_parts import masthead, picker, reminder, welcome
from guide.chat.reading import UNOPENED, render_reading_head
from guide.chat.recall import recall, told_of
from guide.chat.render import Exchange, render_conversation
from guide.chat.texts import Texts, branded, country_for, texts_for
from guide.errors import GuideError, NotNowError
from guide.languages.words import DEFAULT_LANGUAGE
from guide.levels import is_crisis, is_danger
from guide.records import Answer, AskRequest, Helpline
from guide.request import read_request, safety_of
from guide.retrieval.passage_map import Survey
from guide.text.normalise import whole_characters

SESSION_SECONDS = 3600
"""How long the server keeps a conversation that nobody continues: as long as Gradio keeps that of a page that is gone.
A page that is still there tells it again.
"""


class Answering(ArticleSource, Protocol):
    """What the chat talks to: a `Guide`, or a queue before one."""

    def answer(self, request: AskRequest) -> Answer:
        """The answer to `request`; see `guide.guide.Guide.answer`."""

    def survey(self, answer: Answer | None = None) -> Survey:
        """Where the passages lie, and where `answer` found its own."""


class Conversation:
    """The page's handlers, over one guide. What was asked, and how, stands in the page; its answers in the browser
    session's own state, from which they may be gone: `recall` then makes them anew.
    """

    def __init__(
        self,
        guide: Answering,
        helplines: Sequence[Helpline],
        countries: Mapping[str, str],
        admit: Callable[[str], None] = lambda client: None,
        branding: Branding = DEFAULT,
        library: CurrentLibrary | None = None,
    ) -> None:
        """`admit` is asked before each question whether the client at an address may ask one. `library` is that of
        `guide`, where it is made already.
        """
        self.guide, self.helplines, self.countries, self.admit = guide, helplines, countries, admit
        self.branding = branding
        self._library = library or CurrentLibrary(guide)

    @property
    def library(self) -> Library:
        """What the guide answers from now: the articles change when their index is built anew."""
        return self._library.now

    def texts(self, language: str) -> Texts:
        """The interface's words in `language`, with the operator's own in their places."""
        return branded(texts_for(language), self.branding.greeting_in(language))

    def ask(
        self,
        question: str,
        exchanges: list[Exchange],
        country: str,
        language: str,
        article: str = "",
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles the question box: asks what is written there and empties it. `article` is the id of the only one to
        search; empty for all.
        """
        question = whole_characters(question)
        if not question.strip():
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        is_first = not exchanges
        exchanges = [*exchanges, self._exchange(Exchange(question, article=article), exchanges, country, request)]
        # What stands above gives way once.
        above = self._welcome(language, exchanges, article) if is_first else gr.skip()
        return "", exchanges, self._shown(exchanges, language), above

    def ask_pressed(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        country: str,
        language: str,
        article: str = "",
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles a button that carries its question: asks it."""
        return self.ask(str(event.question), exchanges, country, language, article, request)[1:]

    def withdraw(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        country: str,
        language: str,
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles “That isn't what I meant” on a card or a banner: asks its turn's message again, in its place, and
        hands on from now what wasn't meant. A banner speaks of earlier turns: it withdraws all of them that may have
        raised it.
        """
        number = _turn_number(event.turn, exchanges)
        if not number:
            return gr.skip(), gr.skip()
        *before, pressed = exchanges[:number]
        decided = pressed.decided
        if decided is not None and not is_danger(decided.level) and is_danger(decided.earlier):
            before = [replace(one, withdrawn=one.withdrawn or _may_have_alarmed(one)) for one in before]
        return self._asked_again(
            replace(pressed, withdrawn=True), before, exchanges[number:], country, language, request
        )

    def search_as_typed(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        country: str,
        language: str,
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles “Search it as I typed it”: asks its turn's message again, in its place, and mends no word of it."""
        number = _turn_number(event.turn, exchanges)
        if not number:
            return gr.skip(), gr.skip()
        *before, pressed = exchanges[:number]
        return self._asked_again(
            replace(pressed, as_typed=True), before, exchanges[number:], country, language, request
        )

    def _asked_again(
        self,
        asked: Exchange,
        before: list[Exchange],
        after: list[Exchange],
        country: str,
        language: str,
        request: gr.Request | None,
    ) -> tuple[Any, ...]:
        """The conversation with `asked` answered anew in its place, and what is shown of it."""
        exchanges = [*before, self._exchange(asked, before, country, request), *after]
        return exchanges, self._shown(exchanges, language, len(before) + 1)

    def with_articles(self, handler: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
        """`handler` of an event that asks, which then also hands on the articles where they have been built anew since
        the page showed them (see `renewed`), and what the page is to tell of the conversation.
        """
        takes = signature(handler).parameters

        def here(
            first: Any,
            exchanges: list[Exchange],
            country: str,
            language: str,
            article: str,
            edition: str,
            told: str,
            request: gr.Request,
        ) -> tuple[Any, ...]:
            article = article or ""  # a program may name none
            chosen = {"article": article} if "article" in takes else {}
            exchanges = self.recalled(told, exchanges, country, request)
            handled = handler(first, exchanges, country, language, **chosen, request=request)
            # Where nothing was asked, the handler has skipped it.
            now = next((part for part in handled if isinstance(part, list)), exchanges)
            return *handled, *self.renewed(edition, language, article), told_of(now)

        # Gradio tells by its type whether the first is what was written or the event, and calls it by its name.
        here.__annotations__["first"] = next(iter(takes.values())).annotation
        here.__name__ = f"{handler.__name__}_here"
        return here

    def recalled(
        self, told: str, exchanges: list[Exchange], country: str, request: gr.Request | None = None
    ) -> list[Exchange]:
        """The conversation that the page has, of which this server may hold less than the page; see `recall`."""
        return recall(told, exchanges, lambda asked, before: self._exchange(asked, before, country, request))

    def renewed(self, shown: str, language: str, article: str = "") -> tuple[Any, ...]:
        """The articles' edition, what stands above them and the choice among them, if the page shows another edition.
        The page then fetches the article that is open in it anew.
        """
        library = self.library
        if shown == str(library.edition):
            return gr.skip(), gr.skip(), gr.skip()
        texts = self.texts(language)
        return str(library.edition), str(render_reading_head(library, texts)), picker(library, texts, article)

    def arrive(self, request: gr.Request) -> tuple[Any, ...]:
        """The operator's language, else a first guess from what the browser says it speaks; and so the country.
        Location is never asked for.
        """
        spoken = request.headers.get("accept-language", "")
        language = self.branding.first_language(spoken)
        country = country_for(spoken, self.countries) or self.branding.country
        return language, country, *self.localised(language, country, [])

    def switch_language(
        self,
        event: gr.EventData,
        country: str,
        exchanges: list[Exchange],
        article: str = "",
        told: str = "",
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles the language buttons: the language chosen, the conversation, and all of the page in it."""
        language = texts_for(str(event.language)).language
        exchanges = self.recalled(told, exchanges, country, request)
        return language, exchanges, *self.localised(language, country, exchanges, article)

    def choose_country(self, event: gr.EventData) -> str:
        """Handles the choice of a country: its code, if its help lines are known."""
        code = str(event.country)
        return code if code in self.countries else ""

    def move_country(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        country: str,
        language: str,
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles the choice of a country on a help card: the country, and the card's turn with its lines."""
        number = _turn_number(event.turn, exchanges)
        if not number:
            return gr.skip(), gr.skip(), gr.skip()
        country = self.choose_country(event)
        *before, chosen = exchanges[:number]
        return country, *self._asked_again(chosen, before, exchanges[number:], country, language, request)

    def choose_article(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        language: str,
        country: str = "",
        told: str = "",
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """The article chosen, if there is one of that id, the conversation, and the first page with its examples."""
        article = str(event.article)
        article = article if article in self.library.articles else ""
        exchanges = self.recalled(told, exchanges, country, request)
        return article, exchanges, self._welcome(language, exchanges, article)

    def localised(self, language: str, country: str, exchanges: list[Exchange], article: str = "") -> tuple[Any, ...]:
        """All that depends on the interface's language, in the order of `build_page`'s `localised`."""
        texts = self.texts(language)
        return (
            masthead(texts),
            str(help_panel(self.helplines, self.countries, country, texts)),
            self._welcome(language, exchanges, article),
            self._shown(exchanges, language),
            gr.update(label=texts["question_label"], placeholder=texts["question_placeholder"]),
            gr.update(value=texts["ask"]),
            str(render_reading_head(self.library, texts)),
            str(render_explore(texts)),
            picker(self.library, texts, article),
        )

    def survey(
        self,
        exchanges: list[Exchange],
        language: str,
        country: str = "",
        told: str = "",
        request: gr.Request | None = None,
    ) -> str:
        """Handles the opening of Explore: the map and the table for the last question that was answered."""
        exchanges = self.recalled(told, exchanges, country, request)
        answers = [exchange.answer for exchange in exchanges if exchange.answer is not None]
        last = answers[-1] if answers else None
        asked = last.question if last else ""
        return str(render_survey(self.guide.survey(last), self.library, asked, self.texts(language)))

    def ask_api(
        self,
        question: str,
        history: list[Any] | None = None,
        country: str | None = None,
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """The answer to `question` after `history`, in the JSON form of `guide ask --json`; a failure too is as there:
        `error`, and `safety` with the way to help.
        """
        try:
            self.admit(_client(request))
            return answer_to_json(self.guide.answer(read_request(question, history or (), country)))
        except GuideError as error:
            return {"error": str(error), "safety": safety_to_json(safety_of(error, question, history, country))}

    def _exchange(
        self, asked: Exchange, before: Sequence[Exchange], country: str, request: gr.Request | None
    ) -> Exchange:
        """`asked`, whose question and wishes count, with its answer after the exchanges `before` it."""
        # One that is no longer there was taken out of the index meanwhile: then all are searched.
        within = self.library.name(asked.article)
        history = [exchange.turn for exchange in before]
        unanswered = replace(asked, answer=None, fault="", fault_kind="", safety=None, later=False, within="")
        try:
            self.admit(_client(request))
            made = read_request(
                asked.question,
                history,
                country or None,
                articles=[asked.article] if within else (),
                mend=not asked.as_typed,
                withdrawn=asked.withdrawn,
            )
            return replace(unanswered, answer=self.guide.answer(made), within=within)
        except GuideError as error:
            safety = safety_of(error, asked.question, history, country or None)
            return replace(
                unanswered, fault=str(error), fault_kind=error.kind, safety=safety, later=isinstance(error, NotNowError)
            )

    def _shown(self, exchanges: list[Exchange], language: str, came_in: int | None = None) -> str:
        texts = self.texts(language)
        if not exchanges:
            return ""
        decided = exchanges[-1].decided
        library, in_crisis = self.library, decided is not None and is_crisis(decided.level)
        return str(
            render_conversation(exchanges, library, texts, came_in=came_in)
            + take_along(exchanges, texts)
            + reminder(library, texts, named=not in_crisis)
        )

    def _welcome(self, language: str, exchanges: list[Exchange], article: str) -> str:
        greeting = self.branding.greeting_in(language)
        return welcome(self.library, self.texts(language), asked=bool(exchanges), greeting=greeting, only=article)


def build_page(
    guide: Answering,
    helplines: Sequence[Helpline],
    countries: Mapping[str, str],
    admit: Callable[[str], None] = lambda client: None,
    branding: Branding = DEFAULT,
    library: CurrentLibrary | None = None,
) -> gr.Blocks:
    """The chat over `guide`. `countries` maps the codes that `helplines` cover to their names."""
    on = Conversation(guide, helplines, countries, admit, branding, library)
    first_language = branding.language or DEFAULT_LANGUAGE
    texts = on.texts(first_language)
    bar, panel, greeting, _, _, _, head, _, choice = on.localised(first_language, branding.country, [])
    # Unqueued: the queue costs twenty times what the call does.
    private: Any = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}

    page = gr.Blocks(title=texts["title"], analytics_enabled=False, fill_width=True)
    with page:
        # Before the page's own events, whose functions would otherwise take its name.
        gr.events.api(on.ask_api, api_name="ask", queue=False)
        exchanges = gr.State([], time_to_live=SESSION_SECONDS)
        # The page's own, sent with each event: a server that was started anew knows nothing of it.
        country, language, chosen = _kept(branding.country), _kept(first_language), _kept("")
        edition, told = _kept(str(on.library.edition)), _kept(told_of([]))
        top = _html(bar, "masthead", SENDS_LANGUAGE)
        help_holder = _html(panel, "help-holder", SENDS_COUNTRY)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk"):
                first = _html(greeting, "welcome", SENDS_QUESTION)
                turns = _html(
                    "", "conversation", SENDS_QUESTION + SENDS_WITHDRAWAL + SENDS_AS_TYPED + SENDS_COUNTRY_OF_CARD
                )
                with gr.Row(elem_id="composer"):
                    articles = _html(choice, "picker", SENDS_ARTICLE)
                    box = gr.Textbox(
                        label=texts["question_label"],
                        placeholder=texts["question_placeholder"],
                        lines=1,
                        max_lines=6,
                        elem_id="question",
                    )
                    button = gr.Button(texts["ask"], variant="primary", elem_id="ask", scale=0)
            with gr.Column(elem_id="reading"):
                reading_head = _html(head, "reading-head", SENDS_QUESTION)
                explore = _html(str(render_explore(texts)), "explore-holder", OPENS_SURVEY)
                article = _html(str(UNOPENED), "article", SENDS_QUESTION)

        renewed = [edition, reading_head, articles]
        asked, shown = [exchanges, country, language, chosen, edition, told], [exchanges, turns, first, *renewed, told]
        box.submit(on.with_articles(on.ask), [box, *asked], [box, *shown], **private)
        button.click(on.with_articles(on.ask), [box, *asked], [box, *shown], **private)
        for source in (first, turns, reading_head, article):
            source.ask(on.with_articles(on.ask_pressed), asked, shown, **private)
        shown_again = [exchanges, turns, *renewed, told]
        turns.withdraw(on.with_articles(on.withdraw), asked, shown_again, **private)
        turns.typed(on.with_articles(on.search_as_typed), asked, shown_again, **private)
        turns.country(on.with_articles(on.move_country), asked, [country, *shown_again], **private)
        localised = [top, help_holder, first, turns, box, button, reading_head, explore, articles]
        explore.survey(on.survey, [exchanges, language, country, told], explore, **private)
        top.language(
            on.switch_language, [country, exchanges, chosen, told], [language, exchanges, *localised], **private
        )
        articles.article(on.choose_article, [exchanges, language, country, told], [chosen, exchanges, first], **private)
        help_holder.country(on.choose_country, None, country, **private)
        page.load(on.arrive, None, [language, country, *localised], **private)
        page.load(on.renewed, [edition, language, chosen], renewed, **private)
    return page


def _html(value: str, elem_id: str, script: str | None = None) -> Any:
    """A part of the page. Gradio puts `value` in as it is: only a component's `html_template` is run as a template."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def _kept(value: str) -> gr.Textbox:
    """What the page holds and doesn't show."""
    return gr.Textbox(value, visible=False)


def _turn_number(turn: object, exchanges: Sequence[Exchange]) -> int:
    """Which of `exchanges`, counted from 1, the HTML id of a turn names; 0 if none."""
    number = str(turn).removeprefix("turn-")
    return int(number) if number.isdecimal() and len(number) < 10 and 1 <= int(number) <= len(exchanges) else 0


def _may_have_alarmed(exchange: Exchange) -> bool:
    """Whether a later banner may speak of this turn: danger was seen in it, or only its words could be looked at."""
    return exchange.answer is None or is_danger(exchange.answer.safety.level)


def _client(request: gr.Request | None) -> str:
    """The address that a question came from; empty where there is none."""
    return str(request.client.host) if request and request.client else ""
