"""What of an article may be shown to somebody, and what of a conversation is searched with, given what the safety gate
decided.
"""

from collections.abc import Sequence
from typing import Literal

from guide.levels import is_crisis, is_danger
from guide.records import ROLES, Assessment, Passage, SectionRole, Turn
from guide.safety.message import since_danger


def roles_shown(safety: Assessment) -> frozenset[SectionRole]:
    """The roles of the sections that may be shown to somebody in the situation that `safety` describes.

    Advice on opening up to a partner can put a person in danger whom that partner hurts, and tips are no answer to
    somebody who wishes to die; so advice stays back for the rest of such a conversation. A section on when to seek
    help says of its reader what is wrong with them: to somebody who is hurt it reads as blame.
    """
    if is_danger(safety.level):
        return frozenset()
    if knows_of_abuse(safety):
        return frozenset(ROLES) - {"advice", "help"}
    if is_danger(safety.earlier):
        return frozenset(ROLES) - {"advice"}
    return frozenset(ROLES)


def knows_of_abuse(safety: Assessment) -> bool:
    """Whether abuse is told of, now or in earlier turns."""
    return "abuse" in (safety.level, safety.earlier, safety.also_earlier)


def held_back_because(safety: Assessment) -> Literal["", "crisis", "abuse", "earlier", "taken_back"]:
    """Why `roles_shown` leaves out some roles: somebody's life may be in danger, somebody is being hurt, or danger was
    told of earlier, and perhaps taken back since; empty where it leaves out none.
    """
    if is_crisis(safety.level):
        return "crisis"
    if is_danger(safety.level):
        return "abuse"
    if safety.taken_back:
        return "taken_back"
    return "earlier" if is_danger(safety.earlier) else ""


def may_show(passage: Passage, safety: Assessment) -> bool:
    """Whether `passage` may be shown to somebody in the situation that `safety` describes."""
    return passage.role in roles_shown(safety)


def turns_searched(history: Sequence[Turn], safety: Assessment) -> tuple[Turn, ...]:
    """The turns of `history` that a search may go on from: what told of danger is no topic, and nothing is searched for
    with its words.
    """
    return since_danger(history) if is_danger(safety.earlier) else tuple(history)
