"""All passages at a glance for one question: where their embeddings lie on a plane, and how well each fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from guide.embedding.encoder import Encoder
from guide.index.state import State
from guide.index.vectors import EmbeddingMatrix
from guide.levels import is_crisis
from guide.records import ROLES, Assessment, Passage, Query
from guide.retrieval.retrieve import NO_HUBS, Floats, retrieve
from guide.safety.visibility import roles_shown

MapPoint = tuple[float, float]

SHOWN_AT_MOST = 2_000
"""The number of passages beyond which only those are drawn that retrieval read for a question: all would be a cloud,
and too much for a page.
"""


@dataclass(frozen=True, slots=True)
class Survey:
    """Passages on a plane, both coordinates in 0..1, and what was asked there."""

    places: Mapping[str, MapPoint]
    """Each passage's place by its id, in the articles' order."""
    asked: MapPoint | None = None
    scores: Mapping[str, float] | None = None
    """The scores of the passages that retrieval read, by id, best first."""


def survey(
    index: State,
    encoder: Encoder,
    searched_as: str = "",
    safety: Assessment | None = None,
    hubs: Mapping[str, float] = NO_HUBS,
) -> Survey:
    """The survey of the passages, with the question searched for if there is one, where `hubs` score less; nothing at
    crisis or emergency, nor of a large index before a question is asked.
    """
    count = index.counts.passages
    is_large = count > SHOWN_AT_MOST
    if (safety and is_crisis(safety.level)) or (is_large and not searched_as):
        return Survey({})
    if not searched_as:
        return Survey(_places(index.passages, _embeddings_of(index.passages, index))[0])
    encoded = encoder.encode([searched_as])
    roles = roles_shown(safety) if safety else ROLES
    query, limit = Query(searched_as, searched_as), count
    hits = retrieve(query, index, encoded, limit=limit, roles=roles, hubs=hubs).hits
    shown: Sequence[Passage] = [hit.passage for hit in hits] if is_large else index.passages
    if not shown:
        return Survey({})
    places, asked = _places(shown, _embeddings_of(shown, index), encoded.texts[0])
    return Survey(places, asked, {hit.passage.id: hit.score for hit in hits})


def _embeddings_of(passages: Sequence[Passage], index: State) -> Floats:
    """`(passages, dim)`: the embeddings of some passages of `index`."""
    by_id = {
        passage.id: vector
        for article in dict.fromkeys(passage.article_id for passage in passages)
        for passage, vector in zip(index.passages_of(article), index.passage_vectors(article), strict=True)
    }
    return np.asarray([by_id[passage.id] for passage in passages], dtype=np.float32)


def _places(
    passages: Sequence[Passage], embeddings: EmbeddingMatrix, asked: Floats | None = None
) -> tuple[dict[str, MapPoint], MapPoint | None]:
    """Where the passages of these embeddings lie on the plane, and where the embedding of what was `asked` does."""
    mean, axes, low, high = _plane(np.asarray(embeddings, dtype=np.float32))
    spread = np.maximum(high - low, 1e-9)
    at = ((embeddings - mean) @ axes.T - low) / spread
    places = {passage.id: (float(x), float(y)) for passage, (x, y) in zip(passages, at, strict=True)}
    if asked is None:
        return places, None
    x, y = np.clip(((asked - mean) @ axes.T - low) / spread, -0.05, 1.05)
    return places, (float(x), float(y))


def _plane(embeddings: Floats) -> tuple[Floats, ...]:
    """The mean of the passages' embeddings, the two directions in which they differ most (PCA), and the range there."""
    mean = embeddings.mean(axis=0)
    axes = np.linalg.svd(embeddings - mean, full_matrices=False)[2][:2]
    if len(axes) < 2:
        axes = np.vstack([axes, np.zeros((2 - len(axes), embeddings.shape[1]), np.float32)])
    # A direction may come out either way round; the same passages are always drawn the same.
    axes = axes * np.where(axes.sum(axis=1, keepdims=True) < 0, -1, 1)
    at = (embeddings - mean) @ axes.T
    return mean, axes, at.min(axis=0), at.max(axis=0)
