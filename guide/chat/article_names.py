"""The names of articles as HTML, to open one or to ask it alone: a few at a time, found by a part of a name."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.chat.library import Library
from guide.chat.passage_html import EMPTY, language_attributes
from guide.chat.texts import Texts

SHOWN_NAMES = 20
"""How many names are listed at once; beyond, a field finds the others."""

NamesFor = Literal["read", "ask"]
"""What a press on a name does: it opens the article, or makes it the only one that is asked."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What was looked for, as a list, and what is said of it in words: how much there is, or that there is nothing."""

    says: str
    html: Markup


def article_names_html(library: Library, texts: Texts, purpose: NamesFor) -> Markup:
    """The first names, and a field that finds the others where there are more."""
    field = (
        Markup(
            '<label class="search"><span class="unseen">{0}</span><input type="search" class="find-name" '
            'placeholder="{0}" autocomplete="off" maxlength="200"></label>'
        ).format(texts["find_article"])
        if len(library.articles) > SHOWN_NAMES
        else EMPTY
    )
    first = names_found("", library, texts, purpose)
    return Markup(
        '<div class="names" data-for="{}">{}<ul class="name-list">{}</ul><p class="small" role="status">{}</p></div>'
    ).format(purpose, field, first.html, first.says)


def names_found(written: str, library: Library, texts: Texts, purpose: NamesFor) -> Listing:
    """The names that hold every word of what was `written`, those that begin with it first, and how many more do."""
    found = _matching(written, library)
    items = EMPTY.join(_name(article, library, purpose) for article in found[:SHOWN_NAMES])
    if not found:
        said = texts["matches_none"]
    elif len(found) > SHOWN_NAMES:
        said = texts["more_articles"].format(count=len(found) - SHOWN_NAMES)
    else:
        said = ""
    everything = (
        Markup('<li><button type="button" class="name" data-choose="">{}</button></li>').format(texts["all_articles"])
        if purpose == "ask"
        else EMPTY
    )
    return Listing(said, everything + items)


def _matching(written: str, library: Library) -> list[str]:
    words = written.casefold().split()
    names = {article: library.name(article) for article in library.titles}
    found = [article for article, name in names.items() if all(word in name.casefold() for word in words)]
    beginning = " ".join(words)
    return sorted(found, key=lambda article: not names[article].casefold().startswith(beginning))


def _name(article: str, library: Library, purpose: NamesFor) -> Markup:
    if purpose == "read":
        shape = Markup('<li><a href="#source-{}"{}>{}</a></li>')
    else:
        shape = Markup('<li><button type="button" class="name" data-choose="{}"{}>{}</button></li>')
    return shape.format(article, language_attributes(library.languages[article]), library.name(article))
