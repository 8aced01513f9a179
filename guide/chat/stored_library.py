"""The library of a store that has too much to be held: what is light is read once, the rest when it is looked up."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from guide.articles.titles import told_apart
from guide.chat.library import CurrentLibrary, Library, questions_of
from guide.errors import GuideError
from guide.index.state import State
from guide.records import Article, Passage, SectionRole

log = logging.getLogger("guide.chat")

ReadState = Callable[[], AbstractContextManager[State]]
"""Gives the state that a corpus is in now."""


class Readable(Protocol):
    """What can be read, such as a guide."""

    def reading(self) -> AbstractContextManager[State]:
        """The one state that its corpus is in now."""


@dataclass(frozen=True, eq=False)
class StoredLibrary(Library):
    """Titles, names, languages and roles as they were when it was made; articles and passages as they are now.

    While the store is away, what an answer is shown with is left out (`asked`, `cited`), and what is opened or looked
    for raises `SearchIndexError`.
    """

    reading: ReadState = field(kw_only=True)
    titles: Mapping[str, str] = field(kw_only=True)
    languages: Mapping[str, str] = field(kw_only=True)
    roles: frozenset[SectionRole] = field(kw_only=True)
    _asked: dict[str, list[str]] = field(default_factory=dict, kw_only=True)

    @classmethod
    def over(cls, reading: ReadState, edition: int) -> Self:
        """The library of what can be read now."""
        with reading() as state:
            titles, languages = dict(state.titles), dict(state.languages)
            return cls(
                _StoredArticles(reading, titles),
                _StoredPassages(reading, state.counts.passages),
                told_apart(titles),
                edition,
                reading=reading,
                titles=titles,
                languages=languages,
                roles=frozenset(state.roles),
            )

    def __eq__(self, other: object) -> bool:
        return self is other  # comparing what two editions hold would read all of both

    __hash__ = object.__hash__

    def only(self, article_id: str) -> Library:
        """The library of one of its articles, read whole, or this one if it has no such article."""
        with self.reading() as state:
            if not state.has([article_id]):
                return self
            article, passages = state.article(article_id), state.passages_of(article_id)
        return Library({article_id: article}, {one.id: one for one in passages}, self.names, self.edition)

    def asked(self, article_ids: Sequence[str]) -> Sequence[Sequence[str]]:
        """For each of these articles that has any, a question of each section that answers one; each is read once."""
        try:
            if unread := [id for id in article_ids if id not in self._asked]:
                with self.reading() as state:
                    here = state.has(unread)
                    self._asked.update({id: questions_of(state.article(id)) if id in here else [] for id in unread})
        except GuideError as error:
            log.warning("No examples are shown: %s", error)
        return [questions for id in article_ids if (questions := self._asked.get(id))]

    def cited(self, passage_ids: Iterable[str]) -> Mapping[str, Passage]:
        """Those of these passages that are here, by id; none while that can't be read."""
        wanted = dict.fromkeys(passage_ids)
        if not wanted:
            return {}
        try:
            with self.reading() as state:
                return {id: passage for id in wanted if (passage := state.passage(id))}
        except GuideError as error:
            log.warning("No passage is shown: %s", error)
            return {}

    def entries_holding(self, words: str) -> Iterator[tuple[Article, Sequence[Passage]]]:
        """The articles, with their passages, in which `words` may stand, read as they are asked for."""
        with self.reading() as state:
            yield from state.entries_holding(words)


class _StoredArticles(Mapping[str, Article]):
    """The articles by their ids, each read when it is looked up."""

    def __init__(self, reading: ReadState, titles: Mapping[str, str]) -> None:
        self._reading, self._titles = reading, titles

    def __getitem__(self, article_id: str) -> Article:
        with self._reading() as state:
            if not state.has([article_id]):
                raise KeyError(article_id)
            return state.article(article_id)

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._titles

    def __iter__(self) -> Iterator[str]:
        return iter(self._titles)

    def __len__(self) -> int:
        return len(self._titles)


class _StoredPassages(Mapping[str, Passage]):
    """The passages by their ids, each read when it is looked up."""

    def __init__(self, reading: ReadState, count: int) -> None:
        self._reading, self._count = reading, count

    def __getitem__(self, passage_id: str) -> Passage:
        with self._reading() as state:
            found = state.passage(passage_id)
        if found is None:
            raise KeyError(passage_id)
        return found

    def __iter__(self) -> Iterator[str]:
        with self._reading() as state:
            yield from (passage.id for _, passages in state.entries() for passage in passages)

    def __len__(self) -> int:
        return self._count


class CurrentStoredLibrary(CurrentLibrary):
    """The library of what a store has now, made once for each of its editions; while it is away, the last one."""

    def __init__(self, guide: Readable, edition: Callable[[], str]) -> None:
        """`edition` names the edition that there is now, without asking the store.

        Raises:
            SearchIndexError: the store can't be read.
        """
        super().__init__(_Nothing())
        self._guide, self._edition_now = guide, edition
        self._edition = edition()
        self._library: Library = StoredLibrary.over(guide.reading, self._library.edition)

    @property
    def now(self) -> Library:
        """The library of what there is now, or was when it could last be read."""
        with self._making:
            if (edition := self._edition_now()) != self._edition:
                try:
                    self._library = StoredLibrary.over(self._guide.reading, self._library.edition + 1)
                    self._edition = edition
                except GuideError as error:
                    log.warning("What has changed isn't shown yet: %s", error)
            return self._library


class _Nothing:
    """No articles."""

    articles: tuple[Article, ...] = ()
    passages: Sequence[Any] = ()
