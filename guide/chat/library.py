"""What rendering looks things up in: the articles and their passages by id."""

import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

from guide.articles.titles import told_apart
from guide.records import Article, Passage, Section, SectionRole
from guide.text.tags import language_alone

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Library:
    """The articles of one index, with their passages and names, by id."""

    articles: Mapping[str, Article]
    passages: Mapping[str, Passage]
    names: Mapping[str, str] = field(default_factory=dict)
    """What to call each article: its title, told apart from others that are alike."""
    edition: int = 0
    """A number that no other edition of the articles has, those of other runs of the program included."""

    @classmethod
    def of(cls, articles: Iterable[Article], passages: Iterable[Passage], edition: int = 0) -> "Library":
        """The library of these articles and passages, in their order."""
        by_id = {article.id: article for article in articles}
        names = told_apart({article.id: article.title for article in by_id.values()})
        return cls(by_id, {passage.id: passage for passage in passages}, names, edition)

    @cached_property
    def by_article(self) -> Mapping[str, Sequence[Passage]]:
        """Each article's passages in reading order, by the article's id."""
        found: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.passages.values():
            found[passage.article_id].append(passage)
        return found

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Each article's title by its id, in the articles' order."""
        return {id: article.title for id, article in self.articles.items()}

    @cached_property
    def roles(self) -> frozenset[SectionRole]:
        """The roles that any of its passages has."""
        return frozenset(passage.role for passage in self.passages.values())

    @cached_property
    def languages(self) -> Mapping[str, str]:
        """The language in which each article is written, by its id."""
        return {id: article.language for id, article in self.articles.items()}

    def name(self, article_id: str) -> str:
        """What to call an article; nothing for one that is no longer here."""
        return self.names.get(article_id, self.titles.get(article_id, "")) if article_id in self.titles else ""

    def asked(self, article_ids: Sequence[str]) -> Sequence[Sequence[str]]:
        """For each of these articles that has any, a question of each section that answers one."""
        asked = (questions_of(self.articles[id]) for id in article_ids)
        return [questions for questions in asked if questions]

    def cited(self, passage_ids: Iterable[str]) -> Mapping[str, Passage]:
        """Those of these passages that are here, by id: what a citation can lead to."""
        return {id: self.passages[id] for id in passage_ids if id in self.passages}

    def entries_holding(self, words: str) -> Iterator[tuple[Article, Sequence[Passage]]]:
        """The articles, with their passages, in which `words` may stand; those that are left out don't have them."""
        return ((article, self.by_article.get(article.id, ())) for article in self.articles.values())

    def only(self, article_id: str) -> "Library":
        """The library of one of its articles, or this one if it has no such article."""
        if article_id not in self.articles:
            return self
        passages = {passage.id: passage for passage in self.by_article.get(article_id, ())}
        return Library({article_id: self.articles[article_id]}, passages, self.names, self.edition)

    def passages_of(self, section: Section, article: Article) -> Sequence[Passage]:
        """The passages that `section` was split into."""
        passages = self.by_article.get(article.id, ())
        first = bisect_left(passages, section.start, key=lambda passage: passage.start)
        end = bisect_left(passages, section.end, lo=first, key=lambda passage: passage.start)
        return passages[first:end]


class ArticleSource(Protocol):
    """What has articles, such as a guide: other ones once their index has been built anew."""

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles that answers come from."""

    @property
    def passages(self) -> Sequence[Passage]:
        """All passages of the articles, in reading order."""


class CurrentLibrary:
    """The library of what a source has now, made once for each edition of its articles."""

    def __init__(self, source: ArticleSource) -> None:
        self._source = source
        self._making = threading.Lock()
        self._articles = source.articles
        self._library = Library.of(self._articles, source.passages, time.time_ns())

    @property
    def now(self) -> Library:
        """The library of the articles that there are now."""
        with self._making:
            if self._source.articles is not self._articles:
                self._articles = self._source.articles
                self._library = Library.of(self._articles, self._source.passages, self._library.edition + 1)
            return self._library


def point_anchor(passage_id: str, passage_start: int, start: int, end: int) -> str:
    """The HTML id of a point or of a table's cell: it stays the same as long as its passage does.

    >>> point_anchor("p-3f2a9c1b0d", 120, 137, 150)
    'p-3f2a9c1b0d-at-17-30'
    """
    return f"{passage_id}-at-{start - passage_start}-{end - passage_start}"


LOOKED_AT = 50
"""How many articles are looked at for questions to begin with."""


def questions_of(article: Article) -> list[str]:
    """A question of each section that answers one, from its heading or the front matter."""
    return [
        section.path[-1] if section.path[-1].endswith("?") else section.questions[0]
        for section in article.sections
        if section.role != "credit" and (section.questions or section.path[-1].endswith("?"))
    ]


def example_questions(library: Library, language: str, limit: int = 4) -> list[str]:
    """Questions that the articles in `language` answer, at most one a section, from as many articles as can be; from
    articles in other languages where none is in that one. Of many articles some are looked at, spread over all.
    """
    every = list(library.titles)
    own = [id for id in every if language_alone(library.languages[id]) == language]
    asking = library.asked(_spread(own, LOOKED_AT)) or library.asked(_spread(every, LOOKED_AT))
    chosen = _spread(asking, limit)
    # Each article in turn gives one more, until there are enough.
    counts = Counter(number % len(chosen) for number in range(limit)) if chosen else Counter()
    found = [question for number, asked in enumerate(chosen) for question in _spread(asked, counts[number])]
    more = (question for asked in chosen for question in asked)
    return list(dict.fromkeys((*found, *more)))[:limit]


def _spread(items: Sequence[_Item], limit: int) -> list[_Item]:
    """At most `limit` of the items, spread evenly over them."""
    if len(items) <= limit:
        return list(items)
    return [items[place * len(items) // limit] for place in range(limit)]
