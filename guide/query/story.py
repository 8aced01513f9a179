"""A story → the texts that have a say, beside its question, in what answers it."""

from collections.abc import Sequence

from guide.records import QueryPart

STORY_WEIGHT = 1.0
"""How much all that a story tells counts against its question's 1."""

EVERYDAY_WEIGHT = -0.75
"""How much what any story tells counts against a passage, against the question and the story together."""

EVERYDAY = (
    "We moved here four years ago because of a job at the harbour.",
    "My sister visits every month with her two dogs.",
    "I am 47 and I work in a bank, my wife is a nurse.",
    "He said fine and went back to his programme.",
    "On Sundays we go to church and then we have dinner at my parents' house.",
    "My mother says I worry too much, my friend says I should leave.",
    "so yesterday i told him about it and he just said ok",
    "I get up at six, I make the lunches and I drive to work.",
)
"""What people tell of themselves whatever they ask. Some passages, a table of sayings above all, resemble anything told
in the first person: how much a passage resembles these says nothing about the question.
"""


def parts_of_story(stretches: Sequence[str]) -> tuple[QueryPart, ...]:
    """The parts of a query for a story told in these `stretches`; none without a story.

    >>> parts_of_story(["My wife and I hardly talk."])[0]
    QueryPart(text='My wife and I hardly talk.', weight=1.0)
    """
    if not stretches:
        return ()
    told = [QueryPart(stretch, STORY_WEIGHT / len(stretches)) for stretch in stretches]
    against = EVERYDAY_WEIGHT * (1 + STORY_WEIGHT) / len(EVERYDAY)
    return (*told, *(QueryPart(sentence, against) for sentence in EVERYDAY))
