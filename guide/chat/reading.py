"""An article as HTML once it is opened: every passage and every point has an id, so that a citation leads to its exact
words. What stands above it is in the page from the start and holds no words of any article.
"""

from markupsafe import Markup

from guide.chat.article_names import article_names_html
from guide.chat.library import Library
from guide.chat.passage_html import EMPTY, language_attributes, passage_html
from guide.chat.render import ask_button
from guide.chat.texts import Texts
from guide.records import Article, Passage, Section
from guide.text.tags import language_alone

UNOPENED = Markup('<div id="opening" role="status"></div><div id="opened"></div>')
"""Where an article comes to stand, and what is said while it is fetched, or where it can't be."""


def article_at(place: str, library: Library) -> str:
    """The id of the article in which the HTML id `place` stands: a passage's, a section's, or the article's own; empty
    where the library has no such place (any more).
    """
    kind, _, rest = place.partition("-")
    if kind == "source":
        return rest if rest in library.articles else ""
    if kind == "section":
        article, _, number = rest.rpartition("-")
        known = library.articles.get(article)
        is_there = known and number.isdecimal() and 1 <= int(number[:9]) <= len(known.sections)
        return article if is_there else ""
    # A link may name a point of a passage as well.
    passage = library.passages.get(place.partition("-at-")[0])
    return passage.article_id if passage else ""


def render_article(article: Article, library: Library) -> Markup:
    """The whole article; nothing in it depends on the interface's language."""
    # An article that says itself who wrote it, and from what, says it better than a name alone.
    credited = any(section.role == "credit" for section in article.sections)
    named = article.author and not credited
    author = Markup('<p class="author"><bdi>{}</bdi></p>').format(article.author) if named else EMPTY
    sections = EMPTY.join(_section(article, n, section, library) for n, section in enumerate(article.sections, 1))
    return Markup(
        '<article class="source" id="source-{0}" data-article="{0}"{1} tabindex="-1"><h2>{2}</h2>{3}{4}</article>'
    ).format(article.id, language_attributes(article.language), article.title, author, sections)


def render_outline(article: Article, library: Library, texts: Texts) -> Markup:
    """The opened article's sections as links, each with the questions that it answers."""
    items = EMPTY.join(_outline_item(article, n, section, texts) for n, section in enumerate(article.sections, 1))
    title = (
        Markup('<p class="outline-title"{}>{}</p>').format(
            language_attributes(article.language), library.name(article.id)
        )
        if len(library.articles) > 1
        else EMPTY
    )
    return Markup('<div class="outline-of">{}<ul class="outline"{}>{}</ul></div>').format(
        title, language_attributes(article.language), items
    )


def render_reading_head(library: Library, texts: Texts) -> Markup:
    """What stands above the article: the way back, a search, the articles' names and room for an outline."""
    several = len(library.articles) > 1
    only = EMPTY if several else Markup(' data-only="{}"').format(next(iter(library.articles), ""))
    names = article_names_html(library, texts, "read") if several else EMPTY
    return Markup(
        '<a class="button back" href="#welcome">← {back}</a>'
        '<div class="tools" data-stamp="{edition}-{language}"{only} data-quoted="{quoted}" '
        'data-ask-about="{ask_about}" data-about="{about}" data-opening="{opening}" '
        'data-not-fetched="{failed}" data-not-searched="{not_searched}" data-again="{again}">'
        '<label class="search"><span class="unseen">{search}</span>'
        '<input id="find" type="search" placeholder="{search}" autocomplete="off" enterkeyhint="search" '
        'maxlength="200"></label><span id="found" role="status"></span></div><div id="results"></div>'
        '<details class="contents"><summary>{contents}</summary><div id="outline"></div>{names}</details>'
        '{note}<p class="small none-opened">{none_opened}</p>'
    ).format(
        edition=library.edition,
        language=texts.language,
        only=only,
        back=texts["back"],
        quoted=texts["quoted_in"],
        ask_about=texts["ask_about"],
        about=texts["ask_about_question"],
        opening=texts["opening"],
        failed=texts["not_fetched"],
        not_searched=texts["not_searched"],
        again=texts["try_again"],
        search=texts["search_articles" if several else "search_article"],
        contents=texts["contents"],
        names=names,
        note=_language_note(library, texts),
        none_opened=texts["none_opened"],
    )


def section_id(article: Article, number: int) -> str:
    """The HTML id of an article's section, counted from 1."""
    return f"section-{article.id}-{number}"


def _section(article: Article, number: int, section: Section, library: Library) -> Markup:
    # What stands before the first heading carries the article's title, which is already there.
    own = section.path != (article.title,)
    level = min(6, 2 + len(section.path))
    heading = Markup("<h{0}>{1}</h{0}>").format(level, section.path[-1]) if own else EMPTY
    passages = Markup("\n").join(
        Markup(
            '<div class="passage" id="{}" tabindex="0" role="group" data-section="{}" data-question="{}">{}</div>'
        ).format(
            passage.id,
            passage.section[-1],
            _question(passage),
            passage_html(passage, article.text, article.language, anchors=True),
        )
        for passage in library.passages_of(section, article)
    )
    return Markup('<div class="section role-{}" id="{}" tabindex="-1">{}{}</div>').format(
        section.role, section_id(article, number), heading, passages
    )


def _question(passage: Passage) -> str:
    """A question that the passage answers, if its article names one or its heading is one."""
    heading = passage.section[-1]
    return heading if heading.endswith("?") else next(iter(passage.questions), "")


def _outline_item(article: Article, number: int, section: Section, texts: Texts) -> Markup:
    link = Markup('<a href="#{}" dir="auto">{}</a>').format(section_id(article, number), section.path[-1])
    asks = EMPTY.join(ask_button(question) for question in section.questions)
    questions = (
        Markup('<details class="answers"><summary{}>{}</summary><div class="asks">{}</div></details>').format(
            language_attributes(texts.language), texts["questions_answered"], asks
        )
        if asks
        else EMPTY
    )
    return Markup('<li class="depth-{}">{}{}</li>').format(len(section.path), link, questions)


def _language_note(library: Library, texts: Texts) -> Markup:
    written = set(library.languages.values())
    foreign = sorted(language for language in written if language_alone(language) not in ("", texts.language))
    if not foreign:
        return EMPTY
    # A browser knows the languages' names in every language; without it the code stands.
    named = Markup(", ").join(Markup('<span data-language="{0}">{0}</span>').format(code) for code in foreign)
    return Markup('<p class="small">{}</p>').format(Markup.escape(texts["article_language"]).format(language=named))
