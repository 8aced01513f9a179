"""The articles of an index at a glance."""

from dataclasses import dataclass

from guide.articles.titles import told_apart
from guide.index.index import Index


@dataclass(frozen=True, slots=True)
class Listed:
    """An article of an index; `name` is its title, with its id where another article has the same title."""

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


def catalogue(index: Index) -> tuple[Listed, ...]:
    """All articles of `index`, in its order; each is read."""
    names = article_names(index)
    return tuple(
        Listed(
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
        for segment in index.segments
        for article, passages in segment.entries()
    )


def article_names(index: Index) -> dict[str, str]:
    """What to call each article, by its id: its title, with the id after it where two titles are alike. None is read.

    The titles themselves stay as they are: passages' ids depend on them.
    """
    cards = (
        card for segment in index.segments for card in segment.articles.cards if card.id not in segment.deleted_ids
    )
    return told_apart({card.id: card.title for card in cards})
