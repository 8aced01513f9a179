"""The safety gate: one function decides on a message in its conversation, whichever way the message came.

A message passes once: its words are read and matched with the rules, each match is judged by its context, the
conversation and the meaning may raise the level or offer help, and the help card is worded at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guide.levels import Level, goes_on, gravest, gravity, is_crisis, is_danger
from guide.records import Assessment, Audience, Criterion, Match, Offer, Turn
from guide.safety.classifier import Classify
from guide.safety.conversation import continues, has_grown_calm, signs_add_up, signs_have_added_up
from guide.safety.explain import words_that_weighed
from guide.safety.helplines import helplines
from guide.safety.meaning import DANGERS, Meaning, meaning_of, tells, texts_of
from guide.safety.message import MessageAssessment, assess_message, matches
from guide.safety.rules import CriterionId
from guide.safety.wording import CardStage, Reader, card, criterion_words, lines_in, offer_words, reminder_words

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
class _Earlier:
    """What is sure of the earlier turns."""

    level: Level = "none"
    """The gravest level."""
    has_abuse: bool = False
    """Whether they told of abuse, be it the gravest or not."""
    told: tuple[tuple[Level, _Speaker], ...] = ()
    """What of it stands, gravest first, and whom it concerns: what is taken back is remembered but not spoken of."""

    def with_danger(self, level: Level, speaker: _Speaker) -> "_Earlier":
        """What is sure if a danger of this `level` is as well: the first told of its kind, and graver than others."""
        kind = _kind(level, speaker)
        known = [one for one in self.told if _kind(*one) == kind]
        if any(gravity(before) >= gravity(level) for before, _ in known):
            return self
        told = [*(one for one in self.told if one not in known), (level, speaker)]
        told.sort(key=lambda one: -gravity(one[0]))
        return _Earlier(gravest([self.level, level]), self.has_abuse or kind == "abuse", tuple(told))


def _kind(level: Level, speaker: _Speaker) -> Literal["abuse", "crisis"]:
    """Which danger it is: what another does to somebody, or any other."""
    return "abuse" if level == "abuse" or speaker.reader == "violence" else "crisis"


@dataclass(frozen=True, slots=True)
class _Decision:
    """What has been decided so far."""

    level: Level
    speaker: _Speaker
    earlier: _Earlier
    matches: tuple[Match, ...] = ()
    criteria: tuple[CriterionId, ...] = ()
    offer: Level = "none"
    """The gravest level whose help there is a reason to offer."""
    tells_of_abuse: bool = False
    """Whether plain words of the message tell of abuse, whatever else they tell."""


def _by_rules(
    message: str, now: MessageAssessment, turns: Sequence[Turn], read: Sequence[MessageAssessment]
) -> _Decision:
    standing = [(turn, one) for turn, one in zip(turns, read, strict=True) if not turn.withdrawn]
    before = [one for _, one in standing]
    earlier = _earlier(before, read)
    level, why = now.level, matches(message, now, now.level)
    if not is_danger(level) and signs_add_up(now, before):
        level, why = "crisis", matches(message, now, "crisis")
    decision = _Decision(level, _Speaker.of(now), earlier, why, (), now.asked_about, now.abuse_reader is not None)
    going_on = _going_on(earlier, standing)
    if going_on and not is_danger(level) and (kind := continues(now.reading)):
        why = (*matches(message, now, going_on[0]), _continuation(message, kind))
        return replace(decision, level=going_on[0], speaker=going_on[1], matches=why, offer="none")
    if level == "professional" and not tells(now.reading):
        return replace(decision, level="none", matches=(), offer=gravest([level, now.asked_about]))
    return replace(decision, criteria=now.criteria if level == "professional" else ())


def _earlier(standing: Sequence[MessageAssessment], read: Sequence[MessageAssessment]) -> _Earlier:
    """What the rules say of all earlier messages, `read`, and of those of them that weren't taken back."""
    adds_up: Level = "crisis" if signs_have_added_up(standing) else "none"
    told = _Earlier()
    level = gravest([adds_up, *(one.level for one in standing)])
    if is_danger(level):
        # Of turns that are equally grave, the latest.
        told = told.with_danger(level, _Speaker.of(max(reversed(standing), key=lambda one: gravity(one.level))))
    if abuse := next((one for one in reversed(standing) if one.abuse_reader), None):
        reader = abuse.abuse_reader or "self"
        told = told.with_danger("abuse", _Speaker(reader, abuse.audience, abuse.language))
    every = gravest([adds_up, *(one.level for one in read)])
    return replace(told, level=every, has_abuse=any(one.abuse_reader for one in read))


def _going_on(earlier: _Earlier, standing: Sequence[tuple[Turn, MessageAssessment]]) -> tuple[Level, _Speaker] | None:
    """The danger that a message may go on from, and whom it concerns. A crisis is none any more once ordinary messages
    have followed: then it is remembered, and no card.
    """
    crises = [one for one in earlier.told if one[0] == "crisis"]
    lapsed = crises if crises and has_grown_calm(standing) else []
    return next((one for one in earlier.told if one not in lapsed), None)


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
    if len(dangers) < MEANT_FOR_SURE:
        return replace(decision, offer=gravest([decision.offer, *dangers]))
    speaker = _Speaker(now.audience, now.audience, now.language)
    earlier = decision.earlier.with_danger(gravest(dangers), speaker)
    if "abuse" in dangers:
        earlier = earlier.with_danger("abuse", speaker)
    return replace(decision, earlier=earlier)


def _withdrawn(decision: _Decision, now: MessageAssessment) -> _Decision:
    """`decision` on a message that wasn't meant so: nothing of it stays but help within reach for its plain words."""
    before = decision.earlier
    level = gravest([before.level, now.level]) if is_danger(now.level) else before.level
    earlier = replace(before, level=level, has_abuse=before.has_abuse or decision.tells_of_abuse)
    return replace(decision, level="none", earlier=earlier, matches=(), criteria=(), offer="none")


def _worded(decision: _Decision, country: str | None) -> Assessment:
    level, earlier, speaker = decision.level, decision.earlier, decision.speaker
    also: Level = "abuse" if earlier.has_abuse and earlier.level != "abuse" else "none"
    stage: CardStage = "again" if goes_on(level, earlier.level, also) else "first"
    words = card(level, speaker.reader, speaker.language, stage, decision.criteria)
    language, shown = speaker.language, level
    if is_danger(level):
        words = "\n\n".join([words, *_other_dangers(decision)])
    elif is_danger(earlier.level):
        banner, language = _banner(decision)
        words, shown = f"{banner}\n\n{words}".strip(), earlier.level
    offer = _offer(decision)
    criteria = tuple(Criterion(name, criterion_words(name)) for name in decision.criteria)
    lines = lines_in(language, helplines(country, offer or shown, _kind_of_lines(decision, shown)))
    return Assessment(
        level,
        speaker.audience,
        language,
        decision.matches,
        criteria,
        words,
        lines,
        earlier.level,
        also,
        is_danger(earlier.level) and not earlier.told,
        offer,
        offer_words(offer, language) if offer else "",
    )


def _other_dangers(decision: _Decision) -> list[str]:
    """What a card says of earlier dangers of another kind than its own, in its language."""
    speaker = decision.speaker
    if speaker.reader == "medical":
        return []
    own = _kind(decision.level, speaker)
    others = [one for one in decision.earlier.told if _kind(*one) != own]
    return [card(level, before.reader, speaker.language, "banner") for level, before in others]


def _banner(decision: _Decision) -> tuple[str, str]:
    """What stands above an answer after danger, and in which language: the gravest danger's, as far as it is known."""
    told = decision.earlier.told
    if not told:
        return reminder_words(decision.speaker.language)
    language = told[0][1].language
    return "\n\n".join(card(level, before.reader, language, "banner") for level, before in told), language


def _kind_of_lines(decision: _Decision, shown: Level) -> str:
    """The kind of the lines that are within reach at the level `shown`: also those on violence where it was told of."""
    reader = decision.speaker.reader if shown == decision.level else ""
    in_reach = decision.earlier.has_abuse or decision.tells_of_abuse or decision.offer == "abuse"
    return "violence" if in_reach and is_danger(shown) and reader != "medical" else reader


def _offer(decision: _Decision) -> Offer:
    """What is offered in a quiet line: nothing beside a card, or beside a reminder of an earlier danger."""
    level = decision.offer
    if level == "none" or decision.level != "none" or is_danger(decision.earlier.level):
        return ""
    return "crisis" if level == "emergency" else level
