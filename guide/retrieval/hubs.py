"""Passages that resemble whatever people write: hubs, which come first for questions that they don't answer.

A table of phrases, say, shares “tell”, “talk” and “I” with most messages. In nearest-neighbour search such points are
known as hubs (Radovanović, Nanopoulos and Ivanović 2010, JMLR 11). docs/retrieval.md says what discounting them gains.
"""

from collections import defaultdict
from collections.abc import Mapping
from statistics import median

from guide.embedding.encoder import Encoder
from guide.index.state import State
from guide.records import Query
from guide.retrieval.retrieve import RERANKED, retrieve

EVERYDAY = (
    "We moved here four years ago because of a job at the harbour.",
    "My sister visits every month with her two dogs.",
    "I am 47 and I work in a bank, my wife is a nurse.",
    "He said fine and went back to his programme.",
    "On Sundays we go to church and then we have dinner at my parents' house.",
    "My mother says I worry too much, my friend says I should leave.",
    "so yesterday i told him about it and he just said ok",
    "I get up at six, I make the lunches and I drive to work.",
    "can u tell me something",
    "i dont know",
    "what should i say",
    "she didnt call today",
    "the weather here is awful",
    "i just want this week to be over",
    "nobody told me",
    "is that bad",
    "now what",
    "i tried that",
)
"""What people write whatever they ask: nothing here is a question that an article answers."""

SPREADS = 2.5
"""How many spreads above the median of all passages a hub's likeness to everyday messages lies. The spread is the
median absolute deviation, scaled to a standard deviation. Of 1.5 to 3 on development questions."""

_TO_DEVIATION = 1.4826
_LEAST_SPREAD = 0.01
_LEAST_PASSAGES = 10
"""Among fewer nothing stands out."""


def find_hubs(index: State, encoder: Encoder) -> Mapping[str, float]:
    """How much less each hub of `index` scores for it, 0..1, by its passage's id.

    It is how much more than other passages it has in common with `EVERYDAY` messages, beyond `SPREADS` spreads.
    """
    likeness: dict[str, float] = defaultdict(float)
    encoded = encoder.encode(EVERYDAY)
    for number, message in enumerate(EVERYDAY):
        hits = retrieve(Query(message, message), index, encoded.only(number), limit=RERANKED).hits
        for hit in hits:
            # Of a large index only the best are read; the others are no nearer than the last of these.
            likeness[hit.passage.id] += (hit.score - hits[-1].score) / len(EVERYDAY)
    if len(likeness) < _LEAST_PASSAGES:
        return {}
    middle = median(likeness.values())
    spread = _TO_DEVIATION * median(abs(value - middle) for value in likeness.values())
    limit = middle + SPREADS * max(spread, _LEAST_SPREAD)
    return {id: value - limit for id, value in likeness.items() if value > limit}
