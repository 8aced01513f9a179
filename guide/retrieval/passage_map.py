"""All passages at a glance: where their embeddings lie on a plane or, once something is asked, how well each fits."""

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

SHOWN_AT_MOST = 200
"""The number of passages beyond which none are drawn before something is asked: all would be a cloud."""

NEAREST_SHOWN = 40
"""How many passages are drawn around a question, those that fit it best: of a large library no more are ranked."""

INNERMOST, APART = 0.25, 0.1
"""How far from the question the best passage is drawn, and how far any two are apart at least, as parts of the radius:
room for their marks.
"""
TURNS = np.radians([0, *(sign * degrees for degrees in range(4, 181, 4) for sign in (1, -1))])
"""By how much a passage may be turned about the question to find room, least first."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Passages on a plane, both coordinates in 0..1, and what was asked there."""

    places: Mapping[str, MapPoint]
    """Each passage's place by its id: in the articles' order or, around a question, best first."""
    asked: MapPoint | None = None
    """Where the question is drawn: nearer to a passage, the better that fits."""
    scores: Mapping[str, float] | None = None
    """The scores of the passages that retrieval read, by id, best first."""


def survey(
    index: State,
    encoder: Encoder,
    searched_as: str = "",
    safety: Assessment | None = None,
    hubs: Mapping[str, float] = NO_HUBS,
) -> Survey:
    """The survey of the passages or, if something is searched for, of those that fit best, where `hubs` count less;
    nothing at crisis or emergency, nor of a large index before a question is asked.
    """
    count = index.counts.passages
    is_large = count > SHOWN_AT_MOST
    if (safety and is_crisis(safety.level)) or (is_large and not searched_as):
        return Survey({})
    if not searched_as:
        return Survey(_places(index.passages, _embeddings_of(index.passages, index)))
    encoded = encoder.encode([searched_as])
    roles = roles_shown(safety) if safety else ROLES
    query, limit = Query(searched_as, searched_as), count
    hits = retrieve(query, index, encoded, limit=limit, roles=roles, hubs=hubs).hits
    if not hits:
        return Survey({})
    shown = [hit.passage for hit in hits[:NEAREST_SHOWN]]
    places = _around(_embeddings_of(shown, index))
    by_id = {passage.id: place for passage, place in zip(shown, places, strict=True)}
    return Survey(by_id, (0.5, 0.5), {hit.passage.id: hit.score for hit in hits})


def _embeddings_of(passages: Sequence[Passage], index: State) -> Floats:
    """`(passages, dim)`: the embeddings of some passages of `index`."""
    by_id = {
        passage.id: vector
        for article in dict.fromkeys(passage.article_id for passage in passages)
        for passage, vector in zip(index.passages_of(article), index.passage_vectors(article), strict=True)
    }
    return np.asarray([by_id[passage.id] for passage in passages], dtype=np.float32)


def _places(passages: Sequence[Passage], embeddings: EmbeddingMatrix) -> dict[str, MapPoint]:
    """Where the passages of these embeddings lie on the plane in which they differ most, by id."""
    at = _on_plane(np.asarray(embeddings, dtype=np.float32))
    low, high = at.min(axis=0), at.max(axis=0)
    at = (at - low) / np.maximum(high - low, 1e-9)
    return {passage.id: (float(x), float(y)) for passage, (x, y) in zip(passages, at, strict=True)}


def _around(embeddings: Floats) -> list[MapPoint]:
    """Where to draw passages, best first, about a question in the middle: the farther away, the worse one fits, and
    those in one direction are close in meaning. A passage whose place is taken is turned about the question.
    """
    count = len(embeddings)
    at = _on_plane(embeddings)
    # In the order of their directions, but with equal room: meanings crowd in some directions.
    directions = np.empty(count)
    directions[np.argsort(np.arctan2(at[:, 1], at[:, 0]), kind="stable")] = np.arange(count) * 2 * np.pi / count
    radii = INNERMOST + (1 - INNERMOST) * np.sqrt(np.arange(count) / max(count - 1, 1))
    placed = np.empty((0, 2))
    for radius, direction in zip(radii, directions, strict=True):
        turned = direction + TURNS
        tries = radius * np.stack([np.cos(turned), np.sin(turned)], axis=1)
        room = np.linalg.norm(tries[:, None] - placed, axis=2).min(axis=1, initial=np.inf)
        fitting = np.flatnonzero(room >= APART)
        best = fitting[0] if fitting.size else int(room.argmax())
        placed = np.vstack([placed, tries[best]])
    return [(float(x), float(y)) for x, y in 0.5 + placed / 2]


def _on_plane(embeddings: Floats) -> Floats:
    """`(passages, 2)`: where the embeddings lie in the two directions in which they differ most (PCA)."""
    centred = embeddings - embeddings.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    if len(axes) < 2:
        axes = np.vstack([axes, np.zeros((2 - len(axes), embeddings.shape[1]), np.float32)])
    # A direction may come out either way round; the same passages are always drawn the same.
    axes = axes * np.where(axes.sum(axis=1, keepdims=True) < 0, -1, 1)
    return np.asarray(centred @ axes.T)
