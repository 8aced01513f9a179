"""What Guide asks of a corpus, wherever it is kept: a `Store` gives one `State` of it for each question.

An engine only finds candidates and says how near they are. Scores, confidence and answers are worked out by the same
code for every store.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from guide.embedding.encoder import ModelIdentity
from guide.index.question_vectors import QuestionVectors
from guide.index.token_vectors import TokenVectors
from guide.records import ROLES, Article, Entry, Passage, SectionRole
from guide.text.lexicon import Lexicon

Similarities = NDArray[np.float32]
Fact = TypeVar("Fact")

CANDIDATES = 50
"""How many passages each first stage hands over: those whose embedding is nearest, those with the nearest points, those
with most of the question's words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What candidates are looked for: passages that may matter to one of several texts."""

    texts: Sequence[str]
    vectors: Similarities
    """`(texts, dim)`: the embedding of each text."""
    roles: Collection[SectionRole] = ROLES
    """The roles of the sections that may be found."""
    articles: Collection[str] = ()
    """The ids of the articles to search; all of them without any."""
    by_points: bool = True
    by_words: bool = True
    by_questions: bool = True
    """Whether points, words, and the questions that people ask find candidates too."""


class Held(Protocol):
    """Where candidates are kept: what is read of those that are compared token by token."""

    def passage(self, place: int) -> Passage:
        """The passage of the candidate at `place`."""

    def text(self, place: int) -> str:
        """The text of the article of the candidate at `place`."""

    def tokens(self, places: Sequence[int]) -> tuple[TokenVectors, Sequence[int]]:
        """Token vectors, and in which rows of them the passages of the candidates at `places` stand."""

    def questions(self, places: Sequence[int]) -> tuple[QuestionVectors, Sequence[int]]:
        """The vectors of questions, and in which rows those of the candidates at `places` stand."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may matter to the texts that are wanted, and how near each comes; in a folder, of one segment."""

    held: Held
    passages: Similarities
    """`(candidates, texts)`: the similarity of each passage's embedding to each text."""
    points: tuple[Similarities, ...]
    """For each candidate `(points,)`: the similarity of its points to the first text."""
    best_points: Similarities
    """`(candidates, texts)`: the highest similarity of one of its points to each text."""
    lexical: Similarities
    """`(candidates, texts)`: each passage's share of each text's words."""
    questions: tuple[Similarities, ...]
    """For each candidate `(questions, texts)`: the similarity of its questions' embeddings to each text."""
    asks: bool
    """Whether people's questions are given for any passage where these were looked for, found or not."""

    @property
    def best_questions(self) -> Similarities:
        """`(candidates, texts)`: the similarity of each passage's nearest question to each of the texts; that of its
        best point where it has no question.
        """
        best = self.best_points.copy()
        for place, similarities in enumerate(self.questions):
            if len(similarities):
                best[place] = similarities.max(axis=0)
        return best


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """How much a corpus holds."""

    articles: int
    passages: int
    points: int
    questions: int = 0
    """How many questions that people ask its passages answer."""


class Facts:
    """What was found out about one state of a corpus, each thing once."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}
        self._finding = threading.RLock()

    def once(self, name: str, find: Callable[[], Fact]) -> Fact:
        """What `find` gives, found when first asked for by that name; others who ask meanwhile wait for it."""
        if name not in self._found:
            with self._finding:
                if name not in self._found:
                    self._found[name] = find()
        fact: Fact = self._found[name]
        return fact


class Store(Protocol):
    """A corpus that is kept somewhere."""

    @property
    def model(self) -> ModelIdentity:
        """The model of its embeddings."""

    def reading(self) -> "AbstractContextManager[State]":
        """The state that it is in now, for as long as a question takes."""


class State(Store, Protocol):
    """One state of a corpus: all that a question reads of it belongs together, whatever is written meanwhile. It is the
    store of itself.
    """

    @property
    def edition(self) -> str:
        """What names this state of the corpus; nothing if it never changes."""

    @property
    def counts(self) -> CorpusCounts:
        """How much it holds."""

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The ids of its articles, in its order."""

    @property
    def titles(self) -> Mapping[str, str]:
        """Each article's title by the article's id; no article is read for it."""

    @property
    def authors(self) -> Collection[str]:
        """The names of those who wrote its articles, as the articles state them."""

    @property
    def languages(self) -> Mapping[str, str]:
        """The language that each article states, by the article's id; a database reads no article for it."""

    @property
    def spoken(self) -> Collection[str]:
        """The languages that its articles are in: those that they state, and those that their words tell."""

    @property
    def roles(self) -> Collection[SectionRole]:
        """The roles that any of its passages has."""

    @property
    def articles(self) -> tuple[Article, ...]:
        """All of its articles."""

    @property
    def passages(self) -> Sequence[Passage]:
        """All of its passages, article by article in reading order."""

    @property
    def texts(self) -> Mapping[str, str]:
        """Each article's text by the article's id, read when it is asked for."""

    @property
    def lexicon(self) -> Lexicon:
        """The words of all articles, with how often each stands in them."""

    @property
    def mean_point(self) -> Similarities:
        """`(dim,)`: the mean of the embeddings of all points; it may be of some."""

    @property
    def mean_question(self) -> Similarities:
        """`(dim,)`: the mean of the embeddings of all questions that people ask; it may be of some."""

    def has(self, article_ids: Collection[str]) -> set[str]:
        """Those of these articles that it has."""

    def article(self, article_id: str) -> Article:
        """The article of that id."""

    def source_sha256(self, article_id: str) -> str:
        """The SHA-256 of what the article of that id was read from."""

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of the article of that id, in reading order."""

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, if it has one."""

    def first_of_role(self, role: SectionRole, articles: Collection[str] = ()) -> Passage | None:
        """The first passage of that role, in its order, of some articles or of all without any."""

    def entries_holding(self, text: str) -> Iterator[Entry]:
        """The articles, with their passages, in which `text` may stand whatever its case, in its order; those that are
        left out don't have it.
        """

    def passage_vectors(self, article_id: str) -> Similarities:
        """`(passages, dim)`: the embeddings of the passages of the article of that id, in reading order."""

    def knows(self, stems: Collection[str]) -> set[str]:
        """Those of these stems that stand in any passage."""

    def token_weights(self, ids: NDArray[np.int32]) -> Similarities:
        """`(tokens,)`: how much each token of the model's vocabulary tells passages apart."""

    def candidates(self, wanted: Wanted) -> Sequence[Candidates]:
        """The passages that may matter to what is wanted."""

    def entries(self, after: str = "", limit: int | None = None) -> Iterator[Entry]:
        """The articles with their passages, in its order: those after the article of the id `after`, at most `limit`
        of them.
        """

    def some_passages(self, offset: int, limit: int) -> Sequence[Passage]:
        """At most `limit` of all passages, `offset` left out first."""

    def raise_if_damaged(self) -> None:
        """Does nothing as long as what was read is what was written.

        Raises:
            SearchIndexError: something isn't.
        """

    def one_question(self) -> "AbstractContextManager[None]":
        """All that is read within is for one question: whatever is waited for is waited for only so long in all."""

    def once(self, name: str, find: Callable[[], Fact]) -> Fact:
        """What `find` makes of this state, found when first asked for by that name."""
