"""What rendering looks things up in: the articles and their passages by id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guide.records import Article, Passage, Section


@dataclass(frozen=True, slots=True)
class Library:
    """The articles of one index."""

    articles: Mapping[str, Article]
    passages: Mapping[str, Passage]

    @classmethod
    def of(cls, articles: Iterable[Article], passages: Iterable[Passage]) -> "Library":
        """The library of these articles and passages, in their order."""
        return cls({article.id: article for article in articles}, {passage.id: passage for passage in passages})

    def passages_of(self, section: Section, article: Article) -> list[Passage]:
        """The passages that `section` was split into."""
        return [
            passage
            for passage in self.passages.values()
            if passage.article_id == article.id and section.start <= passage.start and passage.end <= section.end
        ]


def point_anchor(passage_id: str, passage_start: int, start: int, end: int) -> str:
    """The HTML id of a point or of a table's cell: it stays the same as long as its passage does.

    >>> point_anchor("p-3f2a9c1b0d", 120, 137, 150)
    'p-3f2a9c1b0d-at-17-30'
    """
    return f"{passage_id}-at-{start - passage_start}-{end - passage_start}"


def example_questions(articles: Iterable[Article], limit: int = 4) -> list[str]:
    """Questions that the articles answer, at most one a section, spread evenly over them."""
    asked = [
        section.path[-1] if section.path[-1].endswith("?") else section.questions[0]
        for article in articles
        for section in article.sections
        if section.role != "credit" and (section.questions or section.path[-1].endswith("?"))
    ]
    unique = list(dict.fromkeys(asked))
    if len(unique) <= limit:
        return unique
    return [unique[place * len(unique) // limit] for place in range(limit)]
