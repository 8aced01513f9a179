"""A story → the texts that have a say, beside its question, in what answers it."""

from collections.abc import Sequence

from guide.records import QueryPart

STORY_WEIGHT = 1.0
"""How much all that a story tells counts against its question's 1."""


def parts_of_story(stretches: Sequence[str]) -> tuple[QueryPart, ...]:
    """The parts of a query for a story told in these `stretches`; none without a story.

    >>> parts_of_story(["My wife and I hardly talk."])
    (QueryPart(text='My wife and I hardly talk.', weight=1.0),)
    """
    return tuple(QueryPart(stretch, STORY_WEIGHT / len(stretches)) for stretch in stretches)
