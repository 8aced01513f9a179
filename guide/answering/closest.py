"""Where Guide isn't sure which passage is meant: the best points of a few, instead of one passage whole."""

from collections.abc import Sequence
from dataclasses import replace

from guide.records import QuotedPassage
from guide.text.normalise import words

SURE = 0.8
"""The confidence from which one passage is shown whole. Of everyday messages that articles answer, one in four reaches
it; docs/retrieval.md says how many answers are on the first screen with it and without."""

CLOSEST_PASSAGES = 3
CLOSEST_WORDS = 90
"""How many words are shown in all at most, so that all of them are seen at once."""


def closest_of(passages: Sequence[QuotedPassage], confidence: float) -> tuple[QuotedPassage, ...]:
    """The first `CLOSEST_PASSAGES` of `passages`, each with its best point, and with further ones as long as there is
    room; nothing where the confidence says that the first one is meant, or where there is no other.
    """
    if confidence >= SURE or len(passages) < 2:
        return ()
    passages = passages[:CLOSEST_PASSAGES]
    chosen = [list(passage.points[:1]) for passage in passages]
    length = sum(len(words(point.text)) for points in chosen for point in points)
    for place in range(1, max(len(passage.points) for passage in passages)):
        for points, passage in zip(chosen, passages, strict=True):
            for point in passage.points[place : place + 1]:
                if length + len(words(point.text)) <= CLOSEST_WORDS:
                    points.append(point)
                    length += len(words(point.text))
    return tuple(replace(passage, points=tuple(points)) for passage, points in zip(passages, chosen, strict=True))
