"""How near a message is to what the articles of an index are about, whatever passage may answer it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guide.index.state import State

NEAREST_POINTS = 30
NEAREST_QUESTIONS = 10
"""How many of the points and questions nearest to a message tell whether it is about the subject: one may be near by
chance."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a message is to the subject of the articles, as mean similarities of embeddings, -1..1. Where people's
    questions are given for no article, points stand in for them.
    """

    points: float
    """To the `NEAREST_POINTS` points nearest to it."""
    all_points: float
    """To all points."""
    questions: float
    """To the `NEAREST_QUESTIONS` questions nearest to it."""
    all_questions: float
    """To all questions."""


NOWHERE = Nearness(0.0, 0.0, 0.0, 0.0)
"""The nearness to an index in which nothing was found."""


def nearness(
    index: State, vector: NDArray[np.float32], points: NDArray[np.float32], questions: NDArray[np.float32]
) -> Nearness:
    """How near the message of the embedding `vector`, `(dim,)`, is to the subject of the index's articles. `points` and
    `questions` are its similarities to those that were found for it, in any order, the nearest among them.
    """
    by_points = _mean_of_best(points, NEAREST_POINTS), float(index.mean_point @ vector)
    if not len(questions):
        return Nearness(*by_points, _mean_of_best(points, NEAREST_QUESTIONS), by_points[1])
    return Nearness(*by_points, _mean_of_best(questions, NEAREST_QUESTIONS), float(index.mean_question @ vector))


def _mean_of_best(similarities: NDArray[np.float32], count: int) -> float:
    if not len(similarities):
        return 0.0
    return float(np.sort(similarities)[-count:].mean())
