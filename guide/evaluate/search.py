"""The stages of a search, each of which can be left out, and a search through those that are left."""

from collections.abc import Collection as Ids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from guide.embedding.encoder import Encoded, Encoder
from guide.index.state import State
from guide.query.resolve import resolve
from guide.records import Query
from guide.request import HistoryEntry, read_history
from guide.retrieval.hubs import find_hubs
from guide.retrieval.retrieve import WEIGHTS, Retrieval, Weights, retrieve
from guide.safety.classifier import Classify
from guide.text.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Stages:
    """Which stages take part; by default all, as shipped."""

    weights: Weights = WEIGHTS
    mend: bool = True
    """Whether misspelt words are mended."""
    follow: bool = True
    """Whether earlier messages are read."""


SHIPPED = Stages()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the earlier turns of its conversation, oldest first; a text is one of the person's."""

    question: str
    history: tuple[HistoryEntry, ...] = ()


@dataclass(frozen=True)
class Collection:
    """What is searched, with the encoder of what is asked."""

    index: State
    encoder: Encoder

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that misspelt ones are mended to."""
        return Lexicon.of(article.text for article in self.index.articles)

    @cached_property
    def hubs(self) -> Mapping[str, float]:
        """The passages that resemble whatever people write, and how much less they score for it."""
        return find_hubs(self.index, self.encoder)

    def resolve(self, asked: Asked, stages: Stages = SHIPPED) -> Query:
        """The query that is searched for when `asked` is asked."""
        history = read_history(asked.history) if stages.follow else ()
        return resolve(asked.question, history, lexicon=self.lexicon, mend=stages.mend)

    def search(
        self,
        query: Query,
        encoded: Encoded,
        stages: Stages = SHIPPED,
        *,
        limit: int = 5,
        articles: Ids[str] = (),
    ) -> Retrieval:
        """At most `limit` passages for `query`, whose texts are `encoded`, alone; `articles` are the ids of those to
        search, all of them without any.
        """
        return retrieve(
            query, self.index, encoded, limit=limit, weights=stages.weights, articles=articles, hubs=self.hubs
        )


class Remembering:
    """An encoder that embeds the same texts only once, for questions that are asked again and again."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Encoded] = {}

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts`."""
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._encoder.encode(texts)
        return self._known[key]


class RememberingGate:
    """The safety gate's model, which reads each text only once, for messages that are sent again and again."""

    def __init__(self, classify: Classify) -> None:
        self._classify = classify
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """As `Classify`."""
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known |= dict(zip(new, self._classify(new), strict=True))
        return np.stack([self._known[text] for text in texts])
