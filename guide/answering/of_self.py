"""Whoever tells of themselves gets the signs in themselves before those in a partner."""

from dataclasses import replace

from guide.conversation.topics import whose_signs
from guide.retrieval.retrieve import Retrieval

AS_NEAR = 0.9
"""The share of the best passage's score from which on another one is about as near: the same signs, told of somebody
else, seldom lie further apart.
"""


def own_signs_first(found: Retrieval) -> Retrieval:
    """`found`, a passage on one's own signs in the first place, where one on somebody else's stands there and no more
    than a little nearer.
    """
    if not found.hits or whose_signs(found.hits[0].passage) != "other":
        return found
    enough = AS_NEAR * found.hits[0].score
    own = next((hit for hit in found.hits if hit.score >= enough and whose_signs(hit.passage) == "self"), None)
    return replace(found, hits=(own, *(hit for hit in found.hits if hit is not own))) if own else found
