"""What of an article may be shown to somebody, given what the safety gate decided."""

from typing import Literal

from guide.levels import is_crisis, is_danger
from guide.records import ROLES, Assessment, Passage, SectionRole


def roles_shown(safety: Assessment) -> frozenset[SectionRole]:
    """The roles of the sections that may be shown to somebody in the situation that `safety` describes.

    Advice on opening up to a partner can put a person in danger whom that partner hurts, and tips are no answer to
    somebody who wishes to die; so advice stays back for the rest of such a conversation.
    """
    if is_crisis(safety.level):
        return frozenset()
    if is_danger(safety.level):
        return frozenset({"help"})
    if is_danger(safety.earlier):
        return frozenset(ROLES) - {"advice"}
    return frozenset(ROLES)


def held_back_because(safety: Assessment) -> Literal["", "crisis", "abuse", "earlier"]:
    """Why `roles_shown` leaves out some roles: somebody's life may be in danger, somebody is being hurt, or danger was
    told of earlier; empty where it leaves out none.
    """
    if is_crisis(safety.level):
        return "crisis"
    if is_danger(safety.level):
        return "abuse"
    return "earlier" if is_danger(safety.earlier) else ""


def may_show(passage: Passage, safety: Assessment) -> bool:
    """Whether `passage` may be shown to somebody in the situation that `safety` describes."""
    return passage.role in roles_shown(safety)
