"""The safety gate: one function decides on a message in its conversation, whichever way the message came.

A message passes once: its words are read and matched with the rules, each match is judged by its context, the
conversation and the meaning may raise the level, and the help card is worded at the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guide.levels import Level, gravest, gravity, is_crisis, is_danger
from guide.records import Assessment, Audience, Criterion, Match, Turn
from guide.safety.conversation import continues, signs_add_up
from guide.safety.helplines import helplines
from guide.safety.message import MessageAssessment, assess_message, matches
from guide.safety.rules import CriterionId
from guide.safety.similarity import Meaning, meaning_of, texts_of
from guide.safety.wording import CardStage, Reader, card, criterion_words, lines_in

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Gives the embeddings of texts by all-MiniLM-L6-v2, for which the gate's model of meaning was fitted: `(texts, 384)`,
unit length."""

REMEMBERED = 12
"""How many earlier messages are looked at for what they mean; the rules read all of them."""


def assess(
    message: str, history: Sequence[Turn] = (), *, country: str | None = None, embed: Embed | None = None
) -> Assessment:
    """The level of `message` after `history` (oldest first), why, and the help card's words.

    The rules decide first. Then `embed`, where it is given, lets the meaning of the message and of the earlier ones
    raise the level, unless the rules already see a life in danger; without it the rules decide alone, and nothing but
    this package is needed. Neither the conversation nor the meaning ever lowers a level. What the assistant said isn't
    assessed. `country` is an ISO 3166-1 alpha-2 code, for the help lines.

    Never raises on any text; what `embed` raises is passed on.

    >>> assess("I don't want to be alive anymore").level
    'crisis'
    >>> assess("What are healthy boundaries?", [Turn("user", "I want to die")]).earlier
    'crisis'
    """
    now = assess_message(message)
    turns = [turn for turn in history if turn.role == "user"]
    decision = _by_rules(message, now, turns)
    if embed is not None and not is_crisis(decision.level) and message.strip():
        decision = _by_meaning(decision, message, now, turns, embed)
    return _worded(decision, country)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Whom a card speaks to, and in which language."""

    reader: Reader
    audience: Audience
    language: str

    @classmethod
    def of(cls, one: MessageAssessment) -> "_Speaker":
        return cls(one.reader, one.audience, one.language)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What has been decided so far."""

    level: Level
    speaker: _Speaker
    earlier: Level
    """The gravest level of the earlier turns."""
    earlier_speaker: _Speaker
    matches: tuple[Match, ...] = ()
    criteria: tuple[CriterionId, ...] = ()


def _by_rules(message: str, now: MessageAssessment, turns: Sequence[Turn]) -> _Decision:
    read = [assess_message(turn.content) for turn in turns]
    adds_up = any(signs_add_up(one, read[:number]) for number, one in enumerate(read))
    in_words = gravest(["crisis" if adds_up else "none", *(one.level for one in read)])
    # Of turns that are equally grave, the latest.
    gravest_turn = _Speaker.of(max(reversed(read), key=lambda one: gravity(one.level), default=now))
    earlier = gravest([in_words, *(turn.level or "none" for turn in turns)])
    before = gravest_turn if earlier == in_words else _Speaker.of(now)
    level, why = now.level, matches(message, now, now.level)
    if not is_danger(level) and signs_add_up(now, read):
        level, why = "crisis", matches(message, now, "crisis")
    if is_danger(in_words) and not is_danger(level) and (kind := continues(now.reading)):
        why = (*matches(message, now, in_words), _continuation(message, kind))
        return _Decision(in_words, gravest_turn, earlier, before, why)
    criteria = now.criteria if level == "professional" else ()
    return _Decision(level, _Speaker.of(now), earlier, before, why, criteria)


def _continuation(message: str, kind: str) -> Match:
    reason = "Earlier in this conversation there were words of danger, and this message goes on from them."
    return Match(f"conversation.{kind}", 0, len(message), message, reason)


def _by_meaning(
    decision: _Decision, message: str, now: MessageAssessment, turns: Sequence[Turn], embed: Embed
) -> _Decision:
    unread = [turn.content for turn in turns if turn.level is None][-REMEMBERED:]
    texts = {one: texts_of(one) for one in (*unread, message)}
    every = list(dict.fromkeys(text for of_one in texts.values() for text in of_one))
    rows = dict(zip(every, embed(every), strict=True))

    def meant(one: str, *, above: Level) -> Meaning | None:
        return meaning_of(texts[one], [rows[text] for text in texts[one]], above=above)

    before = gravest(found.level for one in unread if (found := meant(one, above="none")))
    if is_danger(before) and gravity(before) > gravity(decision.earlier):
        decision = replace(decision, earlier=before, earlier_speaker=_Speaker.of(now))
    raised = meant(message, above=decision.level)
    if raised is None:
        return decision
    reason = "The message as a whole is close in meaning to examples of this kind."
    why = (Match(f"meaning.{raised.level}", 0, len(message), message, reason),)
    criteria = (raised.criterion,) if raised.level == "professional" else ()
    speaker = _Speaker(now.audience, now.audience, now.language)
    return replace(decision, level=raised.level, speaker=speaker, matches=why, criteria=criteria)


def _worded(decision: _Decision, country: str | None) -> Assessment:
    level, earlier = decision.level, decision.earlier
    stage: CardStage = "again" if is_danger(level) and gravity(earlier) >= gravity(level) else "first"
    words = card(level, decision.speaker.reader, decision.speaker.language, stage, decision.criteria)
    language, shown = decision.speaker.language, level
    if is_danger(earlier) and not is_danger(level):
        before = decision.earlier_speaker
        words = f"{card(earlier, before.reader, before.language, 'banner')}\n\n{words}".strip()
        shown, language = earlier, before.language
    criteria = tuple(Criterion(name, criterion_words(name)) for name in decision.criteria)
    lines = lines_in(language, helplines(country, shown))
    return Assessment(level, decision.speaker.audience, language, decision.matches, criteria, words, lines, earlier)
