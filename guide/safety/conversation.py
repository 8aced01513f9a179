"""What a conversation adds to a message: taking back, going on, growing calm, and signs that add up."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from guide.levels import is_danger
from guide.records import Turn
from guide.safety.context import search, worth_trying
from guide.safety.load_toml import load_table
from guide.safety.message import SIGNS_FOR_CRISIS, MessageAssessment
from guide.safety.normalise import Reading
from guide.safety.patterns import Pattern, compile_pattern
from guide.safety.rules import rule_book

KINDS = ("minimising", "following_up")
MAX_CONTINUATION_WORDS = {"minimising": 40, "following_up": 25}
"""The words up to which a message of each kind may be going on about an earlier one; a longer message speaks of
something of its own."""

CALM_MESSAGES = 2
"""How many ordinary messages in a row show that somebody has gone on to something else."""


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[Pattern, ...]]:
    classes = rule_book().classes
    raw = load_table("conversation.toml", set(KINDS))
    return {kind: tuple(compile_pattern(source, classes) for source in raw[kind]) for kind in KINDS}


def continues(reading: Reading) -> str:
    """`minimising` or `following_up` when a message goes on about an earlier danger; empty for one that doesn't."""
    words = {token.text for token in reading.tokens}
    for kind in KINDS:
        if len(reading.tokens) > MAX_CONTINUATION_WORDS[kind]:
            continue
        if any(worth_trying(p, words) and search(p, reading) for p in _patterns()[kind]):
            return kind
    return ""


def has_grown_calm(turns: Iterable[tuple[Turn, MessageAssessment]]) -> bool:
    """Whether the last of the person's `turns`, oldest first, were ordinary ones, so that a message such as “should I
    call him” needn't go on from a danger before them. A message in which a rule finds anything, or that had a card, is
    none, and neither is one that still went on from the danger.
    """
    calm = 0
    for turn, one in turns:
        is_marked = bool(one.found) or is_danger(turn.level or "none")
        calm = 0 if is_marked or (calm < CALM_MESSAGES and continues(one.reading)) else calm + 1
    return calm >= CALM_MESSAGES


def signs_add_up(now: MessageAssessment, earlier: Sequence[MessageAssessment]) -> bool:
    """Whether the weak signs of a message and of `earlier` ones, of different kinds and one of them in `now`, weigh
    `SIGNS_FOR_CRISIS` or more together.
    """
    if not now.signs:
        return False
    signs = {kind: weight for one in (*earlier, now) for kind, weight in one.signs.items()}
    return sum(signs.values()) >= SIGNS_FOR_CRISIS


def signs_have_added_up(messages: Iterable[MessageAssessment]) -> bool:
    """Whether at any of `messages`, oldest first, its signs and those before it add up, as in `signs_add_up`."""
    signs: dict[str, int] = {}
    for one in messages:
        signs |= one.signs
        if one.signs and sum(signs.values()) >= SIGNS_FOR_CRISIS:
            return True
    return False
