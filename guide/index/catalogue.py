"""The articles of an index at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass

from guide.articles.titles import told_apart
from guide.index.state import State


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the list of an index's articles says of one; `name` is its title, with its id where another has the same."""

    id: str
    title: str
    name: str
    author: str
    source: str
    language: str
    licence: str
    sections: int
    passages: int
    points: int


def catalogue(index: State, after: str = "", limit: int | None = None) -> tuple[CatalogueEntry, ...]:
    """An entry for each article of `index`, in its order, or for at most `limit` of those after the one of the id
    `after`; each of them is read for it.
    """
    names = article_names(index)
    return tuple(
        CatalogueEntry(
            id=article.id,
            title=article.title,
            name=names[article.id],
            author=article.author,
            source=article.source,
            language=article.language,
            licence=article.licence,
            sections=len(article.sections),
            passages=len(passages),
            points=sum(len(passage.points) for passage in passages),
        )
        for article, passages in index.entries(after, limit)
    )


def article_names(index: State) -> Mapping[str, str]:
    """Each article's name by its id: its title, with the id after it where two titles are alike. No article is read.

    The titles themselves stay as they are: passages' ids depend on them.
    """
    return index.once("article names", lambda: told_apart(index.titles))
