"""The Gradio page: where things stand and which event calls what."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from guide.telemetry import QUIET

# Gradio and the Hub's client read it when they are imported.
os.environ.update(QUIET)

import gradio as gr

from guide.chat.branding import DEFAULT, Branding
from guide.chat.events import (
    OPENS_SURVEY,
    SENDS_ARTICLE,
    SENDS_AS_TYPED,
    SENDS_COUNTRY,
    SENDS_COUNTRY_OF_CARD,
    SENDS_LANGUAGE,
    SENDS_QUESTION,
    SENDS_WITHDRAWAL,
    SETTLED,
)
from guide.chat.explore import render_explore
from guide.chat.handlers import Answering, Conversation
from guide.chat.library import CurrentLibrary
from guide.chat.reading import UNOPENED
from guide.chat.recall import told_of
from guide.languages.words import DEFAULT_LANGUAGE
from guide.records import Helpline

SESSION_SECONDS = 3600
"""How long the server keeps a conversation that nobody continues: as long as Gradio keeps that of a page that is gone.
A page that is still there tells it again.
"""


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
        settling = [
            page.load(on.arrive, None, [language, country, *localised, edition], **private),
            top.language(
                on.switch_language, [country, exchanges, chosen, told], [language, exchanges, *localised], **private
            ),
            articles.article(
                on.choose_article, [exchanges, language, country, told], [chosen, exchanges, first], **private
            ),
            help_holder.country(on.choose_country, None, country, **private),
        ]
        for event in settling:
            event.then(None, js=SETTLED, **private)
    return page


def _html(value: str, elem_id: str, script: str | None = None) -> Any:
    """A part of the page. Gradio puts `value` in as it is: only a component's `html_template` is run as a template."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def _kept(value: str) -> gr.Textbox:
    """What the page holds and doesn't show."""
    return gr.Textbox(value, visible=False)
