"""The articles as HTML: every passage and every point has an id, so that a citation leads to its exact words."""

from collections.abc import Sequence

from markupsafe import Markup

from guide.chat.library import Library
from guide.chat.passage_html import EMPTY, passage_html
from guide.chat.render import ask_button
from guide.chat.texts import Texts
from guide.records import Article, Passage, Section


def render_articles(library: Library) -> Markup:
    """All articles, one after the other; nothing in it depends on the interface's language."""
    return EMPTY.join(_article(article, library) for article in library.articles.values())


def render_reading_head(library: Library, texts: Texts) -> Markup:
    """What stands above the articles: the way back, a search, the outline."""
    outline = EMPTY.join(_outline(article, library, texts) for article in library.articles.values())
    return Markup(
        '<a class="button back" href="#welcome">← {back}</a>'
        '<div class="tools" data-quoted="{quoted}" data-ask-about="{ask_about}" data-about="{about}">'
        '<label class="search"><span class="unseen">{search}</span>'
        '<input id="find" type="search" placeholder="{search}" autocomplete="off" enterkeyhint="search"></label>'
        '<span id="found" role="status" data-none="{none}" data-one="{one}" data-many="{many}"></span></div>'
        '<details class="contents"><summary>{contents}</summary>{outline}</details>{note}'
    ).format(
        back=texts["back"],
        quoted=texts["quoted_in"],
        ask_about=texts["ask_about"],
        about=texts["ask_about_question"],
        search=texts["search_article"],
        none=texts["matches_none"],
        one=texts["matches_one"],
        many=texts["matches_many"],
        note=_language_note(list(library.articles.values()), texts),
        contents=texts["contents"],
        outline=outline,
    )


def section_id(article: Article, number: int) -> str:
    """The HTML id of an article's section, counted from 1."""
    return f"section-{article.id}-{number}"


def _article(article: Article, library: Library) -> Markup:
    # An article that says itself who wrote it, and from what, says it better than a name alone.
    credited = any(section.role == "credit" for section in article.sections)
    named = article.author and not credited
    author = Markup('<p class="author"><bdi>{}</bdi></p>').format(article.author) if named else EMPTY
    sections = EMPTY.join(_section(article, n, section, library) for n, section in enumerate(article.sections, 1))
    return Markup('<article class="source" data-article="{}" lang="{}"><h2 dir="auto">{}</h2>{}{}</article>').format(
        article.id, article.language, article.title, author, sections
    )


def _section(article: Article, number: int, section: Section, library: Library) -> Markup:
    # What stands before the first heading carries the article's title, which is already there.
    own = section.path != (article.title,)
    level = min(6, 2 + len(section.path))
    heading = Markup('<h{0} dir="auto">{1}</h{0}>').format(level, section.path[-1]) if own else EMPTY
    passages = Markup("\n").join(
        Markup(
            '<div class="passage" id="{}" tabindex="0" role="group" data-section="{}" data-question="{}">{}</div>'
        ).format(
            passage.id,
            passage.section[-1],
            _question(passage),
            passage_html(passage, article.text, anchors=True),
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


def _outline(article: Article, library: Library, texts: Texts) -> Markup:
    items = EMPTY.join(_outline_item(article, n, section, texts) for n, section in enumerate(article.sections, 1))
    return Markup(
        '<div class="outline-of" data-article="{3}"><p class="outline-title" lang="{0}" dir="auto">{1}</p>'
        '<ul class="outline" lang="{0}">{2}</ul></div>'
    ).format(article.language, library.name(article.id), items, article.id)


def _outline_item(article: Article, number: int, section: Section, texts: Texts) -> Markup:
    link = Markup('<a href="#{}" dir="auto">{}</a>').format(section_id(article, number), section.path[-1])
    asks = EMPTY.join(ask_button(question) for question in section.questions)
    questions = (
        Markup('<details class="answers"><summary lang="{}">{}</summary><div class="asks">{}</div></details>').format(
            texts.language, texts["questions_answered"], asks
        )
        if asks
        else EMPTY
    )
    return Markup('<li class="depth-{}">{}{}</li>').format(len(section.path), link, questions)


def _language_note(articles: Sequence[Article], texts: Texts) -> Markup:
    foreign = sorted({article.language for article in articles} - {texts.language})
    if not foreign:
        return EMPTY
    # A browser knows the languages' names in every language; without it the code stands.
    named = Markup(", ").join(Markup('<span data-language="{0}">{0}</span>').format(code) for code in foreign)
    return Markup('<p class="small">{}</p>').format(Markup.escape(texts["article_language"]).format(language=named))
