"""What rendering looks things up in: the articles and their passages by id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from guide.articles.titles import told_apart
from guide.records import Article, Passage, Section


@dataclass(frozen=True, slots=True)
class Library:
    """The articles of one index, with their passages and names, by id."""

    articles: Mapping[str, Article]
    passages: Mapping[str, Passage]
    names: Mapping[str, str] = field(default_factory=dict)
    """What to call each article: its title, told apart from others that are alike."""

    @classmethod
    def of(cls, articles: Iterable[Article], passages: Iterable[Passage]) -> "Library":
        """The library of these articles and passages, in their order."""
        by_id = {article.id: article for article in articles}
        names = told_apart({article.id: article.title for article in by_id.values()})
        return cls(by_id, {passage.id: passage for passage in passages}, names)

    def name(self, article_id: str) -> str:
        """What to call an article; nothing for one that is no longer here."""
        article = self.articles.get(article_id)
        return self.names.get(article_id, article.title) if article else ""

    def only(self, article_id: str) -> "Library":
        """The library of one of its articles, or this one if it has no such article."""
        if article_id not in self.articles:
            return self
        passages = {id: one for id, one in self.passages.items() if one.article_id == article_id}
        return Library({article_id: self.articles[article_id]}, passages, self.names)

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
