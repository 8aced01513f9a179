"""What the chat's page fetches while somebody reads: an article, places in all articles, articles' names.

All are POST: what is read or looked for stands in no address, which a proxy might write down.
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from guide.chat.article_names import NamesFor, names_found
from guide.chat.find import MOST_CHARACTERS, find_words
from guide.chat.library import CurrentLibrary
from guide.chat.reading import article_at, render_article, render_outline
from guide.chat.texts import texts_for
from guide.records import ROLES, SectionRole
from guide.request import assess_words
from guide.validation import Record, WholeText, expected
from guide.web.responses import Json, refusal

_Words = Annotated[
    WholeText, Field(max_length=MOST_CHARACTERS), expected(f"a text of at most {MOST_CHARACTERS} characters")
]
_Id = Annotated[WholeText, Field(max_length=500), expected("a text of at most 500 characters")]


class OpenBody(Record):
    """What is to be opened: the HTML id of a place in an article."""

    place: _Id
    language: _Id = ""


class FindBody(Record):
    """Words to look for, in the article of an id or in all, and where the page stands."""

    words: _Words
    article: _Id = ""
    language: _Id = ""
    country: _Id = ""
    roles: list[SectionRole] = Field(list(ROLES), max_length=len(ROLES))
    """The roles of the sections that may be shown after what was said in the conversation."""


class NamesBody(Record):
    """A part of an article's name, and what the names are for."""

    words: _Words
    purpose: NamesFor
    language: _Id = ""


def reading_routes(library: CurrentLibrary) -> APIRouter:
    """The routes over what `library` holds now."""
    router = APIRouter(prefix="/chat", include_in_schema=False)

    @router.post("/article")
    def article(asked: OpenBody) -> Response:
        """The article in which a place stands, whole, and its outline."""
        texts, now = texts_for(asked.language), library.now
        id = article_at(asked.place, now)
        one = now.only(id) if id else now
        found = one.articles.get(id)
        if found is None:
            return refusal(404, texts["no_longer_there"])
        html, outline = render_article(found, one), render_outline(found, now, texts)
        return Json({"article": found.id, "html": html, "outline": outline})

    @router.post("/find")
    def find(asked: FindBody) -> Response:
        """The places where words stand, or the way to help where they speak of danger."""
        safety = assess_words(asked.words, (), asked.country or None)
        found = find_words(asked.words, library.now, texts_for(asked.language), safety, asked.roles, asked.article)
        return Json({"says": found.says, "html": found.html})

    @router.post("/names")
    def names(asked: NamesBody) -> Response:
        """The names of articles that hold some words."""
        found = names_found(asked.words, library.now, texts_for(asked.language), asked.purpose)
        return Json({"says": found.says, "html": found.html})

    return router
