"""What the page's events call. A handler asks the guide, and decides nothing itself."""

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
from guide.chat.explore import render_survey
from guide.chat.interface import Interface
from guide.chat.library import ArticleSource, CurrentLibrary
from guide.chat.recall import recall, told_of
from guide.chat.render import Exchange
from guide.chat.texts import texts_for
from guide.errors import GuideError, NotNowError
from guide.levels import is_danger
from guide.records import Answer, AskRequest, Helpline
from guide.request import read_request, safety_of
from guide.retrieval.passage_map import Survey
from guide.text.normalise import whole_characters


class Answering(ArticleSource, Protocol):
    """What the chat talks to: a `Guide`, or a queue before one."""

    def answer(self, request: AskRequest) -> Answer:
        """The answer to `request`; see `guide.guide.Guide.answer`."""

    def survey(self, answer: Answer | None = None) -> Survey:
        """Where the passages lie, and where `answer` found its own."""


class Conversation(Interface):
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
        super().__init__(library or CurrentLibrary(guide), helplines, countries, branding)
        self.guide, self.admit = guide, admit

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
        above = self.welcome(language, exchanges, article) if is_first else gr.skip()
        return "", exchanges, self.shown(exchanges, language), above

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
        return self._ask_again(event, exchanges, _not_meant, country, language, request)

    def search_as_typed(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        country: str,
        language: str,
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles “Search it as I typed it”: asks its turn's message again, in its place, and mends no word of it."""
        return self._ask_again(event, exchanges, _meant_as_typed, country, language, request)

    def move_country(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        country: str,
        language: str,
        request: gr.Request | None = None,
    ) -> tuple[Any, ...]:
        """Handles the choice of a country on a help card: the country, and the card's turn with its lines."""
        country = self.choose_country(event)
        again, shown = self._ask_again(event, exchanges, _meant_as_before, country, language, request)
        return (country if isinstance(again, list) else gr.skip()), again, shown

    def _ask_again(
        self,
        event: gr.EventData,
        exchanges: list[Exchange],
        meant: Callable[[Exchange, list[Exchange]], tuple[Exchange, list[Exchange]]],
        country: str,
        language: str,
        request: gr.Request | None,
    ) -> tuple[Any, Any]:
        """The conversation with the turn that `event` names answered anew in its place, and what is shown of it.
        `meant` gives it and those before it as they are meant now.
        """
        number = _turn_number(event.turn, exchanges)
        if not number:
            return gr.skip(), gr.skip()
        asked, before = meant(exchanges[number - 1], exchanges[: number - 1])
        exchanges = [*before, self._exchange(asked, before, country, request), *exchanges[number:]]
        return exchanges, self.shown(exchanges, language, number)

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
        return article, exchanges, self.welcome(language, exchanges, article)

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


def _turn_number(turn: object, exchanges: Sequence[Exchange]) -> int:
    """Which of `exchanges`, counted from 1, the HTML id of a turn names; 0 if none."""
    number = str(turn).removeprefix("turn-")
    return int(number) if number.isdecimal() and len(number) < 10 and 1 <= int(number) <= len(exchanges) else 0


def _not_meant(pressed: Exchange, before: list[Exchange]) -> tuple[Exchange, list[Exchange]]:
    decided = pressed.decided
    if decided is not None and not is_danger(decided.level) and is_danger(decided.earlier):
        before = [replace(one, withdrawn=one.withdrawn or _may_have_alarmed(one)) for one in before]
    return replace(pressed, withdrawn=True), before


def _meant_as_typed(pressed: Exchange, before: list[Exchange]) -> tuple[Exchange, list[Exchange]]:
    return replace(pressed, as_typed=True), before


def _meant_as_before(pressed: Exchange, before: list[Exchange]) -> tuple[Exchange, list[Exchange]]:
    return pressed, before


def _may_have_alarmed(exchange: Exchange) -> bool:
    """Whether a later banner may speak of this turn: danger was seen in it, or only its words could be looked at."""
    return exchange.answer is None or is_danger(exchange.answer.safety.level)


def _client(request: gr.Request | None) -> str:
    """The address that a question came from; empty where there is none."""
    return str(request.client.host) if request and request.client else ""
