"""What frames the conversation, as HTML: the page's head, the bar on top and the words of the first page."""

from importlib.resources import files

from markupsafe import Markup

from guide.chat.article_names import SHOWN_NAMES, article_names_html
from guide.chat.branding import DEFAULT, Branding
from guide.chat.library import Library, example_questions
from guide.chat.passage_html import EMPTY, language_attributes
from guide.chat.render import ask_button
from guide.chat.texts import NAMED_TITLES, Greeting, Texts, all_texts, how_many_more, language_name

SELECTED = Markup(" selected")
SCRIPTS = ("page.js", "reading.js", "aloud.js", "page_picture.js")
"""The page's own scripts; the first three use one another."""


def page_head(branding: Branding = DEFAULT) -> str:
    """What goes into the page's head: our styles and scripts, and what a phone needs to know.

    The styles stand here because Gradio rewrites the selectors of what it is given as `css`.
    """
    ours = files("guide.chat")
    scripts = "".join(f"<script>{ours.joinpath(name).read_text('utf-8')}</script>" for name in SCRIPTS)
    styles = ours.joinpath("styles.css").read_text("utf-8")
    return (
        # Of two with the same name Gradio keeps one; the script keeps it to the scheme.
        f'<meta name="theme-color" content="{branding.light.paper}">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        '<meta name="robots" content="noindex">'
        f"<style>{styles}{branding.styles()}</style>{scripts}"
    )


def masthead(texts: Texts) -> str:
    """The bar on top: help first, so that one Tab reaches it."""
    languages = EMPTY.join(
        Markup('<option value="{0}" lang="{0}"{1}>{2}</option>').format(
            language, SELECTED if language == texts.language else EMPTY, language_name(language)
        )
        for language in all_texts()
    )
    return str(
        Markup(
            '<div class="bar"><a class="need-help" href="#help">{help}</a>'
            '<span class="brand" data-ui-language="{language}">{title}</span>'
            '<a class="quiet to-article" href="#reading">{read}</a>'
            '<label class="language"><span class="unseen">{choose}</span>'
            '<select id="ui-language">{languages}</select></label>'
            '<button type="button" class="leave" title="{leave_title}">{leave}</button></div>'
        ).format(
            help=texts["need_help"],
            language=texts.language,
            title=texts["title"],
            read=texts["article"],
            choose=texts["language"],
            languages=languages,
            leave_title=texts["leave_title"],
            leave=texts["leave"],
        )
    )


def picker(library: Library, texts: Texts, chosen: str = "") -> str:
    """The choice of the article to ask, all or the one whose id is `chosen`; nothing where there is only one. Where
    there are many it is a folded search among their names.
    """
    if len(library.articles) < 2:
        return ""
    if len(library.articles) > SHOWN_NAMES:
        return str(
            Markup(
                '<details class="picker"><summary><span>{}</span> <b id="article-named" dir="auto">{}</b></summary>'
                '<input type="hidden" id="article-asked" value="{}">{}</details>'
            ).format(
                texts["ask_in"],
                library.name(chosen) or texts["all_articles"],
                chosen,
                article_names_html(library, texts, "ask"),
            )
        )
    options = EMPTY.join(
        Markup('<option value="{}"{}{}>{}</option>').format(
            article.id,
            language_attributes(article.language),
            SELECTED if article.id == chosen else EMPTY,
            library.name(article.id),
        )
        for article in library.articles.values()
    )
    return str(
        Markup(
            '<label class="picker"><span>{}</span><select id="article-asked">'
            '<option value="">{}</option>{}</select></label>'
        ).format(texts["ask_in"], texts["all_articles"], options)
    )


def welcome(
    library: Library, texts: Texts, *, asked: bool = False, greeting: Greeting = DEFAULT.greeting, only: str = ""
) -> str:
    """What stands above the conversation: what Guide is and what to ask, then, once asked, a line of it.

    `greeting` is the operator's, whose title, heading and sentence stand in `texts` already; `only` is the id of the
    article to ask, if it isn't all.
    """
    titles = _titles(library, texts)
    if asked:
        return str(
            Markup('<h1 class="unseen">{heading}</h1><p class="small reminder">{short} {about} {titles}.</p>').format(
                heading=texts["title"], short=texts["what_it_is_short"], about=texts["about_article"], titles=titles
            )
        )
    questions = greeting.examples if not only else ()
    examples = EMPTY.join(
        ask_button(question) for question in questions or example_questions(library.only(only).articles.values())
    )
    # Whatever an operator calls it, it says what it is.
    what_else = Markup("{} ").format(texts["what_it_is_short"]) if greeting.sentence else EMPTY
    return str(
        Markup(
            '<h1>{heading}</h1><p class="what">{what}</p><p class="small">{what_else}{about} {titles}. {privacy}</p>'
            '<div class="examples"><h2>{examples_title}</h2><div class="asks">{examples}</div></div>'
        ).format(
            heading=texts["heading"],
            what=texts["what_it_is"],
            what_else=what_else,
            about=texts["about_article"],
            titles=titles,
            privacy=texts["privacy"],
            examples_title=texts["examples"],
            examples=examples,
        )
    )


def _titles(library: Library, texts: Texts) -> Markup:
    """The titles of the first articles, each the way to it, and how many more there are."""
    several = len(library.articles) > 1
    first = list(library.articles.values())[:NAMED_TITLES]
    more = len(library.articles) - len(first)
    titles = Markup(", ").join(
        Markup('<a href="#{}"><cite{}>{}</cite></a>').format(
            f"source-{article.id}" if several else "reading", language_attributes(article.language), article.title
        )
        for article in first
    )
    return Markup("{} {}").format(titles, how_many_more(more, texts)) if more else titles
