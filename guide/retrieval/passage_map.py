"""All passages at a glance for one question: where their embeddings lie on a plane, and how well each fits."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guide.embedding.encoder import Encoder
from guide.index.index import Index
from guide.levels import is_crisis
from guide.records import ROLES, Assessment, Query
from guide.retrieval.retrieve import NO_HUBS, retrieve
from guide.safety.visibility import roles_shown

MapPoint = tuple[float, float]

SHOWN_AT_MOST = 2_000
"""The number of passages beyond which no map is drawn: it would be a cloud, and too much for a page."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Passages on a plane, both coordinates in 0..1, and what was asked there."""

    places: Mapping[str, MapPoint]
    """Each passage's place by its id, in the articles' order."""
    asked: MapPoint | None = None
    scores: Mapping[str, float] | None = None
    """The scores of the passages that retrieval read, by id, best first."""


def survey(
    index: Index,
    encoder: Encoder,
    searched_as: str = "",
    safety: Assessment | None = None,
    hubs: Mapping[str, float] = NO_HUBS,
) -> Survey:
    """The survey of the passages, with the question searched for if there is one, where `hubs` score less; nothing at
    crisis or emergency.
    """
    if len(index.passages) > SHOWN_AT_MOST or (safety and is_crisis(safety.level)):
        return Survey({})
    mean, axes, low, high = _plane(index)
    spread = np.maximum(high - low, 1e-9)
    at = ((index.passage_embeddings - mean) @ axes.T - low) / spread
    places = {passage.id: (float(x), float(y)) for passage, (x, y) in zip(index.passages, at, strict=True)}
    if not searched_as:
        return Survey(places)
    encoded = encoder.encode([searched_as])
    roles = roles_shown(safety) if safety else ROLES
    found = retrieve(Query(searched_as, searched_as), index, encoded, limit=len(places), roles=roles, hubs=hubs)
    x, y = np.clip(((encoded.texts[0] - mean) @ axes.T - low) / spread, -0.05, 1.05)
    return Survey(places, (float(x), float(y)), {hit.passage.id: hit.score for hit in found.hits})


def _plane(index: Index) -> tuple[NDArray[np.float32], ...]:
    """The mean of the passages' embeddings, the two directions in which they differ most (PCA), and the range there."""
    embeddings = np.asarray(index.passage_embeddings, dtype=np.float32)
    mean = embeddings.mean(axis=0)
    axes = np.linalg.svd(embeddings - mean, full_matrices=False)[2][:2]
    if len(axes) < 2:
        axes = np.vstack([axes, np.zeros((2 - len(axes), embeddings.shape[1]), np.float32)])
    # A direction may come out either way round; the same passages are always drawn the same.
    axes = axes * np.where(axes.sum(axis=1, keepdims=True) < 0, -1, 1)
    at = (embeddings - mean) @ axes.T
    return mean, axes, at.min(axis=0), at.max(axis=0)
