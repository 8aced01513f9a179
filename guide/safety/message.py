"""What one message says by itself, without its conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from guide.levels import Level, gravest, gravity, is_danger
from guide.records import Audience, Match, Turn
from guide.safety.context import DroppedReason, RuleMatch
from guide.safety.match_rules import find
from guide.safety.normalise import Reading
from guide.safety.rules import BEREAVED, CRITERIA, CriterionId, Rule
from guide.safety.wording import Reader, language_of
from guide.text.language import foreign_languages

SIGNS_FOR_CRISIS = 3
"""The sum of weights from which weak signs of different kinds are taken as a crisis, in one message or over several."""

ABOUT: tuple[DroppedReason, ...] = (
    "said of nobody in particular",
    "asked about as a subject",
    "fiction, news, study or work",
)
"""The reasons for which a match doesn't count because it is spoken of as a subject."""

VIOLENCE_NOW = "violence_now"
"""The subtype of rules on violence that is happening: an emergency, and abuse as well."""

_READERS: dict[str, Reader] = {
    VIOLENCE_NOW: "violence",
    "harm_others": "harm",
    "voices": "harm",
    "perpetrator": "perpetrator",
    "medical": "medical",
}


@dataclass(frozen=True, slots=True)
class MessageAssessment:
    """What one message says by itself."""

    level: Level
    audience: Audience
    reader: Reader
    language: str
    reading: Reading
    found: tuple[RuleMatch, ...]
    """The rules' matches that their context lets stand, in the order of the message."""
    criteria: tuple[CriterionId, ...]
    asked_about: Level = "none"
    """The gravest level of what it speaks of as a subject: asked in general, or of fiction, news, study or work."""

    @property
    def signs(self) -> dict[str, int]:
        """The weight of each kind of weak sign in the message, by the kind."""
        return {f.rule.subtype: f.rule.weight for f in self.found if f.rule.level == "sign"}

    @property
    def abuse_reader(self) -> Reader | None:
        """Whom a card on the abuse speaks to that the message tells of, whatever else it tells; None without any."""
        told = [f for f in self.found if _level(f) == "abuse" or f.rule.subtype == VIOLENCE_NOW]
        if not told:
            return None
        audience = _audience(told)
        reader = _reader(told, audience)
        return audience if reader == "violence" else reader


def assess_message(message: str) -> MessageAssessment:
    """What the rules say of `message` by itself, without its conversation; never raises on any text."""
    reading, every = find(message)
    found = tuple(sorted((f for f in every if not f.dropped), key=lambda f: (f.first, -f.last)))
    level = gravest([_level(f) for f in found])
    criteria = tuple(name for name in CRITERIA if any(f.rule.criterion == name for f in found))
    signs = {f.rule.subtype: f.rule.weight for f in found if f.rule.level == "sign"}
    if not is_danger(level) and sum(signs.values()) >= SIGNS_FOR_CRISIS:
        level = "crisis"
    deciding = [f for f in found if _level(f) == level]
    if level != "professional" or any(f.rule.subtype == BEREAVED for f in deciding):
        # Grief after a suicide meets no criterion.
        criteria = ()
    audience = _audience(deciding or list(found))
    of_rules = [f.rule.language for f in found if is_danger(_level(f))]
    language = language_of(of_rules, reading) if found else _language_told(message)
    about = gravest([_level(f) for f in every if f.dropped in ABOUT])
    return MessageAssessment(level, audience, _reader(deciding, audience), language, reading, found, criteria, about)


def since_danger(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns of `history` after the person's last one that tells of danger, in plain words or as was decided on it;
    all of them where none does. A turn that was taken back is an ordinary one.
    """

    def tells_of_danger(turn: Turn) -> bool:
        if turn.role != "user" or turn.withdrawn:
            return False
        return is_danger(turn.level or "none") or is_danger(assess_message(turn.content).level)

    last = next((place for place in reversed(range(len(history))) if tells_of_danger(history[place])), -1)
    return tuple(history[last + 1 :])


def _language_told(message: str) -> str:
    """The language that the words of `message` tell; English if they tell none."""
    try:
        return next(iter(foreign_languages(message)), "en")
    except Exception:  # a card in English is better than none, whatever is wrong with the model of languages
        return "en"


def matches(message: str, one: MessageAssessment, level: Level) -> tuple[Match, ...]:
    """The matches that explain a level: those of that level or graver, else the signs that add up to it.

    Of matches of one rule that overlap, the longest stands for all.
    """
    least = gravity(level)
    wanted = [f for f in one.found if level != "none" and gravity(_level(f)) >= least]
    wanted = wanted or [f for f in one.found if f.rule.level == "sign" and is_danger(level)]
    chosen: list[RuleMatch] = []
    for f in sorted(wanted, key=lambda f: (f.first - f.last, f.first)):
        if not any(f.rule is other.rule and f.first <= other.last and other.first <= f.last for other in chosen):
            chosen.append(f)
    chosen.sort(key=lambda f: (-gravity(_level(f)), f.first))
    return tuple(_match(message, f, one.reading) for f in chosen)


def _match(message: str, found: RuleMatch, reading: Reading) -> Match:
    start, end = reading.tokens[found.first].start, reading.tokens[found.last].end
    return Match(found.rule.id, start, end, message[start:end], found.rule.reason)


def _level(found: RuleMatch) -> Level:
    rule: Rule = found.rule
    if rule.level == "sign":
        return "none"
    return "emergency" if found.near and rule.level == "crisis" else rule.level


def _audience(deciding: Sequence[RuleMatch]) -> Audience:
    """`other` when what matched is said of somebody else and nothing of it of the writer."""
    others = [f for f in deciding if f.whom == "other"]
    mine = [f for f in deciding if f.whom == "self" and f.rule.subject == "self"]
    covered = all(any(o.first <= f.last and f.first <= o.last for o in others) for f in mine)
    return "other" if others and covered else "self"


def _reader(deciding: Sequence[RuleMatch], audience: Audience) -> Reader:
    kinds = {f.rule.subtype for f in deciding}
    if BEREAVED in kinds:
        return "bereaved"
    for subtype, reader in _READERS.items():
        if kinds == {subtype}:
            return reader
    return audience
