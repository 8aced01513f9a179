"""The safety level of a message within its conversation, and what to show because of it."""

from collections.abc import Sequence

from guide.records import LEVELS, Assessment, Criterion, Level, Match, Turn
from guide.safety.conversation import continues
from guide.safety.helplines import helplines
from guide.safety.message import SIGNS_FOR_CRISIS, MessageAssessment, assess_message, gravest, matches, serious
from guide.safety.wording import Stage, card, criterion_words


def assess(message: str, history: Sequence[Turn] = (), *, country: str | None = None) -> Assessment:
    """The level, why, and the help card's words. Needs no model, index or network, and never raises on any text.

    `history` holds the earlier turns, oldest first; what the assistant said isn't assessed. `country` is an ISO 3166-1
    alpha-2 code. The conversation may raise a level, never lower it.

    >>> assess("I don't want to be alive anymore").level
    'crisis'
    >>> assess("What are healthy boundaries?", [Turn("user", "I want to die")]).earlier
    'crisis'
    """
    now = assess_message(message)
    turns = [assess_message(turn.content) for turn in history if turn.role == "user"]
    before = _before(turns)
    level, speaker, why = now.level, now, matches(message, now, now.level)
    if not serious(level) and _signs_add_up(now, turns):
        level, why = "crisis", matches(message, now, "crisis")
    if serious(before) and not serious(level) and (kind := continues(now.reading)):
        level, speaker = before, _gravest_turn(turns, now)
        why = (*matches(message, now, before), *_continued(message, kind))
    stage: Stage = "again" if serious(level) and LEVELS.index(before) >= LEVELS.index(level) else "first"
    text = card(level, speaker.reader, speaker.language, stage, now.criteria)
    shown = level
    if serious(before) and not serious(level):
        shown, speaker = before, _gravest_turn(turns, now)
        banner = card(before, speaker.reader, speaker.language, "banner")
        text = f"{banner}\n\n{text}" if text else banner
    criteria = tuple(Criterion(name, criterion_words(name)) for name in now.criteria) if level == "professional" else ()
    audience = speaker.audience if level != "none" else now.audience
    return Assessment(level, audience, speaker.language, why, criteria, text, helplines(country, shown), before)


def _before(turns: Sequence[MessageAssessment]) -> Level:
    """The gravest level of the earlier turns, each with those before it."""
    levels = [turn.level for turn in turns]
    levels += ["crisis" for i, turn in enumerate(turns) if _signs_add_up(turn, turns[:i])]
    return gravest(levels)


def _signs_add_up(now: MessageAssessment, turns: Sequence[MessageAssessment]) -> bool:
    """Whether weak signs of different kinds, one of them new, add up to a crisis."""
    signs = {kind: weight for one in (*turns, now) for kind, weight in one.signs.items()}
    return bool(now.signs) and sum(signs.values()) >= SIGNS_FOR_CRISIS


def _gravest_turn(turns: Sequence[MessageAssessment], now: MessageAssessment) -> MessageAssessment:
    """The latest of the gravest turns."""
    return max(reversed(turns), key=lambda turn: LEVELS.index(turn.level), default=now)


def _continued(message: str, kind: str) -> tuple[Match, ...]:
    reason = "Earlier in this conversation there were words of danger, and this message goes on from them."
    return (Match(f"conversation.{kind}", 0, len(message), message, reason),)
