"""What the page shows, in the interface's language: the parts around a conversation, and the conversation itself."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from guide.telemetry import QUIET

# Gradio and the Hub's client read it when they are imported.
os.environ.update(QUIET)

import gradio as gr

from guide.chat.branding import DEFAULT, Branding
from guide.chat.download import take_along
from guide.chat.explore import render_explore
from guide.chat.helpline_html import help_panel
from guide.chat.library import CurrentLibrary, Library
from guide.chat.page_parts import masthead, picker, reminder, welcome
from guide.chat.reading import render_reading_head
from guide.chat.render import Exchange, render_conversation
from guide.chat.texts import Texts, branded, country_for, texts_for
from guide.levels import is_crisis
from guide.records import Helpline


class Interface:
    """The page's parts as they are shown now, over the articles that there are now."""

    def __init__(
        self,
        library: CurrentLibrary,
        helplines: Sequence[Helpline],
        countries: Mapping[str, str],
        branding: Branding = DEFAULT,
    ) -> None:
        """`countries` maps the codes that `helplines` cover to their names."""
        self.helplines, self.countries, self.branding = helplines, countries, branding
        self._library = library

    @property
    def library(self) -> Library:
        """What the guide answers from now: the articles change when their index is built anew."""
        return self._library.now

    def texts(self, language: str) -> Texts:
        """The interface's words in `language`, with the operator's own in their places."""
        return branded(texts_for(language), self.branding.greeting_in(language))

    def arrive(self, request: gr.Request) -> tuple[Any, ...]:
        """The operator's language, else a first guess from what the browser says it speaks; and so the country; then
        the page in it and the edition of the articles that it shows. Location is never asked for.
        """
        spoken = request.headers.get("accept-language", "")
        language = self.branding.first_language(spoken)
        country = country_for(spoken, self.countries) or self.branding.country
        return language, country, *self.localised(language, country, []), str(self.library.edition)

    def choose_country(self, event: gr.EventData) -> str:
        """Handles the choice of a country: its code, if its help lines are known."""
        code = str(event.country)
        return code if code in self.countries else ""

    def renewed(self, shown: str, language: str, article: str = "") -> tuple[Any, ...]:
        """The articles' edition, what stands above them and the choice among them, if the page shows another edition.
        The page then fetches the article that is open in it anew.
        """
        library = self.library
        if shown == str(library.edition):
            return gr.skip(), gr.skip(), gr.skip()
        texts = self.texts(language)
        return str(library.edition), str(render_reading_head(library, texts)), picker(library, texts, article)

    def localised(self, language: str, country: str, exchanges: list[Exchange], article: str = "") -> tuple[Any, ...]:
        """All that depends on the interface's language, in the order of `build_page`'s `localised`."""
        texts = self.texts(language)
        return (
            masthead(texts),
            str(help_panel(self.helplines, self.countries, country, texts)),
            self.welcome(language, exchanges, article),
            self.shown(exchanges, language),
            gr.update(label=texts["question_label"], placeholder=texts["question_placeholder"]),
            gr.update(value=texts["ask"]),
            str(render_reading_head(self.library, texts)),
            str(render_explore(texts)),
            picker(self.library, texts, article),
        )

    def shown(self, exchanges: list[Exchange], language: str, came_in: int | None = None) -> str:
        """The conversation, and what stands below it; `came_in` as in `render_conversation`."""
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

    def welcome(self, language: str, exchanges: list[Exchange], article: str) -> str:
        """What stands above the conversation; `article` is the id of the one to ask, empty for all."""
        greeting = self.branding.greeting_in(language)
        return welcome(self.library, self.texts(language), asked=bool(exchanges), greeting=greeting, only=article)
