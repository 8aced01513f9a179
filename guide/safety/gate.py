"""The safety gate: one function decides on a message in its conversation, whichever way the message came.

A message passes once: its words are read and matched with the rules, each match is judged by its context, the
conversation and the meaning may raise the level or offer help, and the help card is worded at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from guide.levels import Level, goes_on, gravest, gravity, is_crisis, is_danger
from guide.records import Assessment, Audience, Criterion, Match, Offer, Turn
from guide.safety.classifier import Classify
from guide.safety.conversation import continues, signs_add_up, signs_have_added_up
from guide.safety.explain import words_that_weighed
from guide.safety.helplines import helplines
from guide.safety.meaning import DANGERS, Meaning, meaning_of, tells, texts_of
from guide.safety.message import MessageAssessment, assess_message, matches
from guide.safety.rules import CriterionId
from guide.safety.wording import CardStage, Reader, card, criterion_words, lines_in, offer_words

REMEMBERED = 12
"""How many earlier messages are looked at for what they mean; the rules read all of them."""
MEANT_FOR_SURE = 2
"""How many earlier messages must mean danger for it to be remembered as said in plain words would be."""


def assess(
    message: str,
    history: Sequence[Turn] = (),
    *,
    country: str | None = None,
    classify: Classify | None = None,
    withdrawn: bool = False,
) -> Assessment:
    """The level of `message` after `history` (oldest first), why, the help card's words, and what is offered quietly.

    The rules decide first. Then `classify`, where it is given, lets the meaning of the message and of the earlier ones
    raise the level, unless the rules already see a life in danger; without it the rules decide alone, and nothing but
    this package is needed. Neither the conversation nor the meaning ever lowers a level. What the assistant said isn't
    assessed. `country` is an ISO 3166-1 alpha-2 code, for the help lines.

    `withdrawn` says that the person has answered the card for this very message with “That isn't what I meant”: what
    was only meant counts no more, and what plain words say keeps help in reach as something said earlier.

    Never raises on any text; what `classify` raises is passed on.

    >>> assess("I don't want to be alive anymore").level
    'crisis'
    >>> assess("What are healthy boundaries?", [Turn("user", "I want to die")]).earlier
    'crisis'
    """
    now = assess_message(message)
    turns = [turn for turn in history if turn.role == "user"]
    read = [assess_message(turn.content) for turn in turns]
    decision = _by_rules(message, now, turns, read)
    # The model has learned from English messages; of others it knows nothing.
    if classify is not None and message.strip() and now.language == "en" and not is_crisis(decision.level):
        decision = _by_meaning(decision, message, now, turns, read, classify)
    else:
        decision = _with_earlier_meanings(
            decision, now, [turn.level or "none" for turn, _ in _without_words(turns, read)]
        )
    return _worded(_withdrawn(decision, now) if withdrawn else decision, country)


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
    """The gravest level of the earlier turns that is sure."""
    earlier_speaker: _Speaker
    matches: tuple[Match, ...] = ()
    criteria: tuple[CriterionId, ...] = ()
    offer: Level = "none"
    """The gravest level whose help there is a reason to offer."""


def _by_rules(
    message: str, now: MessageAssessment, turns: Sequence[Turn], read: Sequence[MessageAssessment]
) -> _Decision:
    standing = [one for one, turn in zip(read, turns, strict=True) if not turn.withdrawn]
    adds_up = signs_have_added_up(standing)
    earlier = gravest(["crisis" if adds_up else "none", *(one.level for one in read)])
    # Of turns that are equally grave, the latest.
    before = _Speaker.of(max(reversed(read), key=lambda one: gravity(one.level), default=now))
    level, why = now.level, matches(message, now, now.level)
    if not is_danger(level) and signs_add_up(now, standing):
        level, why = "crisis", matches(message, now, "crisis")
    going_on = gravest(["crisis" if adds_up else "none", *(one.level for one in standing)])
    if is_danger(going_on) and not is_danger(level) and (kind := continues(now.reading)):
        why = (*matches(message, now, going_on), _continuation(message, kind))
        return _Decision(going_on, before, earlier, before, why)
    if level == "professional" and not tells(now.reading):
        offer = gravest([level, now.asked_about])
        return _Decision("none", _Speaker.of(now), earlier, before, offer=offer)
    criteria = now.criteria if level == "professional" else ()
    return _Decision(level, _Speaker.of(now), earlier, before, why, criteria, now.asked_about)


def _continuation(message: str, kind: str) -> Match:
    reason = "Earlier in this conversation there were words of danger, and this message goes on from them."
    return Match(f"conversation.{kind}", 0, len(message), message, reason)


def _by_meaning(
    decision: _Decision,
    message: str,
    now: MessageAssessment,
    turns: Sequence[Turn],
    read: Sequence[MessageAssessment],
    classify: Classify,
) -> _Decision:
    before = _without_words(turns, read)
    unknown = [turn.content for turn, _ in before if turn.level is None][-REMEMBERED:]
    texts = {one: texts_of(one) for one in (*unknown, message)}
    every = list(dict.fromkeys(text for of_one in texts.values() for text in of_one))
    rows = dict(zip(every, classify(every), strict=True))

    def meant(one: str, said: MessageAssessment) -> Meaning:
        return meaning_of(texts[one], [rows[text] for text in texts[one]], said)

    known = ((turn.level, turn.content, said) for turn, said in before)
    levels = [level or (meant(one, said).level if one in texts else "none") for level, one, said in known]
    decision = _with_earlier_meanings(decision, now, levels)
    found = meant(message, now)
    decision = replace(decision, offer=gravest([decision.offer, found.offer or "none"]))
    if gravity(found.level) <= gravity(decision.level):
        return decision
    counted = DANGERS if is_danger(found.level) else (found.meant,)
    why = words_that_weighed(message, counted, found.level, classify)
    criteria = (found.criterion,) if found.meant == "professional" else ()
    speaker = _Speaker(found.reader or now.audience, now.audience, now.language)
    return replace(decision, level=found.level, speaker=speaker, matches=why, criteria=criteria)


def _without_words(turns: Sequence[Turn], read: Sequence[MessageAssessment]) -> list[tuple[Turn, MessageAssessment]]:
    """The earlier turns that say no danger in plain words, and haven't been withdrawn."""
    return [pair for pair in zip(turns, read, strict=True) if not pair[0].withdrawn and not is_danger(pair[1].level)]


def _with_earlier_meanings(decision: _Decision, now: MessageAssessment, meant: Sequence[Level]) -> _Decision:
    """`decision` with what earlier messages meant without saying it: once, help is offered; more often, it is sure."""
    dangers = [level for level in meant if is_danger(level)]
    level = gravest(dangers)
    if len(dangers) < MEANT_FOR_SURE or gravity(level) <= gravity(decision.earlier):
        return replace(decision, offer=gravest([decision.offer, level]))
    return replace(decision, earlier=level, earlier_speaker=_Speaker(now.audience, now.audience, now.language))


def _withdrawn(decision: _Decision, now: MessageAssessment) -> _Decision:
    """`decision` on a message that wasn't meant so: nothing of it stays but the reminder that plain words leave."""
    kept = replace(decision, level="none", matches=(), criteria=(), offer="none")
    if is_danger(now.level) and gravity(now.level) > gravity(decision.earlier):
        return replace(kept, earlier=now.level, earlier_speaker=_Speaker.of(now))
    return kept


def _worded(decision: _Decision, country: str | None) -> Assessment:
    level, earlier = decision.level, decision.earlier
    stage: CardStage = "again" if goes_on(level, earlier) else "first"
    speaker = decision.speaker
    words = card(level, speaker.reader, speaker.language, stage, decision.criteria)
    language, shown = speaker.language, level
    if is_danger(earlier) and not is_danger(level):
        before = decision.earlier_speaker
        words = f"{card(earlier, before.reader, before.language, 'banner')}\n\n{words}".strip()
        shown, language = earlier, before.language
    offer = _offer(decision)
    criteria = tuple(Criterion(name, criterion_words(name)) for name in decision.criteria)
    lines = lines_in(language, helplines(country, offer or shown, speaker.reader if shown == level else ""))
    return Assessment(
        level,
        speaker.audience,
        language,
        decision.matches,
        criteria,
        words,
        lines,
        earlier,
        offer,
        offer_words(offer, language) if offer else "",
    )


def _offer(decision: _Decision) -> Offer:
    """What is offered in a quiet line: nothing beside a card, or beside a reminder of an earlier danger."""
    level = decision.offer
    if level == "none" or decision.level != "none" or is_danger(decision.earlier):
        return ""
    return "crisis" if level == "emergency" else level
