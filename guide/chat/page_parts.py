"""What frames the conversation, as HTML: the page's head, the bar on top and the words of the first page."""

from importlib.resources import files

from markupsafe import Markup

from guide.chat.article_names import article_names_html
from guide.chat.branding import DEFAULT, Branding
from guide.chat.library import Library, example_questions
from guide.chat.passage_html import EMPTY, language_attributes
from guide.chat.render import ask_button
from guide.chat.texts import NAMED_TITLES, Greeting, Texts, all_texts, how_many_more, language_name

BOOK = Markup(
    '<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 6.5C9.5 5 6 4.5 3 4.5v13c3 0 6.5.5 9 2 '
    '2.5-1.5 6-2 9-2v-13c-3 0-6.5.5-9 2v13"/></svg>'
)
CHOICES = Markup('<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M7 12h10M10 17h4"/></svg>')
"""The signs of the way to the article and of the choice of the one to ask, where there is no room for words."""
SCRIPTS = ("connection.js", "address.js", "framed.js", "page.js", "reading.js", "aloud.js", "page_picture.js")
"""The page's own scripts, each after those that it uses as it begins."""
LOST = ("lost", "lost_kept", "lost_wait", "lost_help", "renewed", "renewed_words", "reload")
"""The words for a page that can't reach its server."""


def page_head(branding: Branding = DEFAULT, stamp: str = "") -> str:
    """What goes into the page's head: our styles and scripts, what a phone needs to know, and `stamp`, by which the
    server knows whether a page is of its own version.

    The styles stand here because Gradio rewrites the selectors of what it is given as `css`.
    """
    ours = files("guide.chat")
    scripts = "".join(f"<script>{ours.joinpath(name).read_text('utf-8')}</script>" for name in SCRIPTS)
    styles = ours.joinpath("styles.css").read_text("utf-8")
    return (
        # Of two with the same name Gradio keeps one; the script keeps it to the scheme.
        f'<meta name="theme-color" content="{branding.light.paper}">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f'<meta name="robots" content="noindex"><meta name="guide-page" content="{stamp}">'
        f"<style>{styles}{branding.styles()}</style>{scripts}"
    )


def masthead(texts: Texts) -> str:
    """The bar on top: help first, so that one Tab reaches it."""
    languages = EMPTY.join(
        Markup('<button type="button" class="name" data-language="{0}" lang="{0}">{1}</button>').format(
            language, language_name(language)
        )
        for language in all_texts()
        if language != texts.language
    )
    menu = Markup(
        '<details class="menu languages"><summary class="quiet"><span class="unseen">{}: </span>'
        '<span class="wide">{}</span>'
        '<span class="code" aria-hidden="true">{}</span></summary><div class="menu-body">{}</div></details>'
    ).format(texts["language"], language_name(texts.language), texts.language.upper(), languages)
    return str(
        Markup(
            '<div class="bar"><a class="need-help" href="#help">{help}</a>'
            '<span class="brand" data-ui-language="{language}">{title}</span>'
            '<a class="quiet to-article" href="#reading">{book}<span class="wide">{read}</span></a>{languages}'
            '<button type="button" class="leave" title="{leave_title}">{leave}</button></div>'
            # Filled in the browser, which then has nobody to ask.
            '<div id="lost" class="lost" data-lost="{lost}" data-kept="{lost_kept}" data-wait="{lost_wait}" '
            'data-help="{lost_help}" data-renewed="{renewed}" data-renewed-words="{renewed_words}" '
            'data-reload="{reload}" hidden><div role="alert"></div><details open></details></div>'
        ).format(
            **{key: texts[key] for key in LOST},
            help=texts["need_help"],
            language=texts.language,
            title=texts["title"],
            book=BOOK,
            read=texts["article"],
            languages=menu,
            leave_title=texts["leave_title"],
            leave=texts["leave"],
        )
    )


def picker(library: Library, texts: Texts, chosen: str = "") -> str:
    """The menu of the articles to ask, all or the one whose id is `chosen`; nothing where there is only one."""
    if len(library.articles) < 2:
        return ""
    return str(
        Markup(
            '<details class="menu picker{}"><summary>{}<span class="wide"><span>{}</span> '
            '<b id="article-named" dir="auto">{}</b></span></summary>'
            '<input type="hidden" id="article-asked" value="{}"><div class="menu-body">{}</div></details>'
        ).format(
            " chosen" if library.name(chosen) else "",
            CHOICES,
            texts["ask_in"],
            library.name(chosen) or texts["all_articles"],
            chosen,
            article_names_html(library, texts, "ask"),
        )
    )


def welcome(
    library: Library, texts: Texts, *, asked: bool = False, greeting: Greeting = DEFAULT.greeting, only: str = ""
) -> str:
    """What stands above the conversation: what Guide is and what to ask; once asked, nothing but the page's name.

    `greeting` is the operator's, whose title, heading and sentence stand in `texts` already; `only` is the id of the
    article to ask, if it isn't all.
    """
    if asked:
        return str(Markup('<h1 class="unseen">{}</h1>').format(texts["title"]))
    questions = greeting.examples if not only else ()
    examples = EMPTY.join(
        ask_button(question) for question in questions or example_questions(library.only(only), texts.language)
    )
    # Whatever an operator calls it, it says what it is.
    what_else = Markup('<p class="small">{}</p>').format(texts["what_it_is_short"]) if greeting.sentence else EMPTY
    return str(
        Markup(
            '<h1>{heading}</h1><p class="what">{what}</p>{what_else}'
            '<div class="examples"><h2>{examples_title}</h2><div class="asks">{examples}</div></div>'
            '<p class="small">{about} {titles}. {privacy}</p>'
        ).format(
            heading=texts["heading"],
            what=texts["what_it_is"],
            what_else=what_else,
            about=texts["about_article"],
            titles=_titles(library, texts),
            privacy=texts["privacy"],
            examples_title=texts["examples"],
            examples=examples,
        )
    )


def reminder(library: Library, texts: Texts, *, named: bool) -> Markup:
    """The line below a conversation: that this is software and no care and, if `named`, what it reads."""
    about = Markup(" {} {}.").format(texts["about_article"], _titles(library, texts)) if named else EMPTY
    return Markup('<p class="small reminder">{}{}</p>').format(texts["what_it_is_short"], about)


def _titles(library: Library, texts: Texts) -> Markup:
    """The titles of the first articles, each the way to it, and how many more there are."""
    several = len(library.articles) > 1
    first = list(library.titles.items())[:NAMED_TITLES]
    more = len(library.titles) - len(first)
    titles = Markup(", ").join(
        Markup('<a href="#{}"><cite{}>{}</cite></a>').format(
            f"source-{id}" if several else "reading", language_attributes(library.languages[id]), title
        )
        for id, title in first
    )
    return Markup("{} {}").format(titles, how_many_more(more, texts)) if more else titles
