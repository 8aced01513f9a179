"""What a message means, by the gate's own model: wording that no rule knows.

The message is looked at as a whole and sentence by sentence. Each level is raised from the probability on that
`python -m guide.training.fit_gate` chose for it: so many alarms in a thousand ordinary messages and no more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from math import log2
from typing import TYPE_CHECKING, Literal
from unicodedata import category

from guide.levels import Level
from guide.records import Offer
from guide.safety.classifier import MEANINGS
from guide.safety.context import Surroundings
from guide.safety.load_toml import SafetyDataError, load_table
from guide.safety.match_rules import find, readable
from guide.safety.message import MessageAssessment
from guide.safety.normalise import STOP, Reading
from guide.safety.rules import CRITERIA, CriterionId, rule_book
from guide.safety.wording import Reader
from guide.text.sentences import message_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Meant = Literal["medical", "danger_now", "crisis", "abuse", "bereaved", "professional"]
"""What the model can raise a level for, the gravest first."""

LEVELS_MEANT: Mapping[str, Level] = {
    "medical": "emergency",
    "danger_now": "emergency",
    "crisis": "crisis",
    "abuse": "abuse",
    "bereaved": "professional",
    "professional": "professional",
}
"""The level of each thing that a message can mean."""

LIMITS = "gate_limits.json"
"""The file in this package that holds the limits."""
DANGERS: tuple[Meant, ...] = ("medical", "danger_now", "crisis", "abuse")
"""What is danger of all that can be meant."""

LEAST_WORDS, MOST_SENTENCES = 3, 20
FEW_SENTENCES = 7
"""Up to so many sentences, the message as a whole counts by itself; so it does where some may not be looked at."""

_ONLY_LOST = frozenset(
    """
    i we me do not dont know knows no idea clue sure where how what which when to from with start starting begin
    beginning at all even really honestly just now here there this that it is are am so tbh anymore any more first
    have has a the my and but or of on can cant you one should would go quite about
    """.split()
)
"""The words of which a message consists that only says that somebody doesn't know where to begin: it names nothing that
they would like to learn.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """The probabilities from which on a meaning counts."""

    card: Mapping[str, float]
    """For a card: of `danger`, the sum of all `DANGERS`; of `medical` and `danger_now`, for an emergency; of `bereaved`
    and of `professional`."""
    offer: Mapping[str, float]
    """For a quiet line: of `danger`, of `about` and of `professional`."""
    sentence_margin: float
    """How many times the odds must double for a sentence alone, for each doubling of the number of sentences: each is a
    chance to be wrong."""
    agreement: float
    """How sure of danger a sentence must be for the whole to count, where there are more than `FEW_SENTENCES`: a long
    story sounds like danger by its length alone, and danger shows in a sentence."""


@cache
def limits() -> Limits:
    """The limits that were fitted with the model, read once.

    Raises:
        SafetyDataError: the file is missing or damaged.
    """
    try:
        raw = json.loads(files("guide.safety").joinpath(LIMITS).read_text(encoding="utf-8"))
        return Limits(raw["card"], raw["offer"], raw["sentence_margin"], raw["agreement"])
    except (OSError, ValueError, KeyError) as fault:
        raise SafetyDataError(
            f"{LIMITS} can't be read ({fault}); make it anew: python -m guide.training.fit_gate"
        ) from fault


def as_the_model_reads(message: str) -> str:
    """A message as the model reads it: in plain words, without emoji."""
    return " ".join("".join(one for one in readable(message) if category(one) != "So").split())


def texts_of(message: str) -> tuple[str, ...]:
    """What is to be looked at of a message, in plain words: the whole, then its sentences where it has several."""
    plain = as_the_model_reads(message)
    parts = [part for part in message_sentences(plain, quoted=False) if len(part.split()) >= LEAST_WORDS]
    return (plain, *parts[-MOST_SENTENCES:]) if len(parts) > 1 else (plain,)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means."""

    meant: Meant | Literal["none"]
    """The gravest thing that is sure enough for a card."""
    offer: Offer
    """The level whose help there is a reason to offer; empty where there is none."""
    criterion: CriterionId
    """The help-seeking criterion that it comes closest to."""
    reader: Reader | None = None
    """Whom the card speaks to, where the meaning tells."""

    @property
    def level(self) -> Level:
        """The level of what is meant."""
        return LEVELS_MEANT.get(self.meant, "none")


def meaning_of(
    texts: Sequence[str], rows: "Sequence[NDArray[np.float32]] | NDArray[np.float32]", said: MessageAssessment
) -> Meaning:
    """What a message means, given what the gate's model makes of `texts_of` it: a row for each text, as `Classify`.

    `said` is what the rules say of it: a card on abuse needs a word of violence, threat, force, control or fear.
    """
    import numpy as np

    found = np.asarray(rows, dtype=np.float32)
    scores = {name: found[:, column] for column, name in enumerate(MEANINGS)}
    danger = np.sum([scores[name] for name in DANGERS], axis=0)
    criterion = CRITERIA[int(found[0, len(MEANINGS) :].argmax())]
    surest = _surest(danger, len(texts), limits().card["danger"])
    if surest is not None and speaks_of_somebody(said.reading) and not speaks_in_figures(said.reading):
        meant: Meant = max(DANGERS, key=lambda name: float(scores[name][surest]))
        if meant in ("medical", "danger_now") and scores[meant][surest] < limits().card[meant]:
            meant = "abuse" if scores["abuse"][surest] > scores["crisis"][surest] else "crisis"
        if meant != "abuse" or has_abuse_words(said.reading):
            return Meaning(meant, "", criterion, _reader(meant, scores, surest))
        return Meaning("none", "abuse", criterion)
    offer = _offer(scores, danger)
    if scores["bereaved"][0] >= limits().card["bereaved"]:
        return Meaning("bereaved", offer, criterion, "bereaved")
    if scores["professional"][0] >= limits().card["professional"] and tells(said.reading):
        if criterion == "skills" and only_says_lost(said.reading):
            # Half of what the criterion asks for doesn't meet it: help is offered, and no criterion quoted.
            return Meaning("none", offer or "professional", criterion)
        return Meaning("professional", offer, criterion)
    return Meaning("none", offer, criterion)


def has_abuse_words(reading: Reading) -> bool:
    """Whether a message speaks of violence, threat, force, control, fear or insults in so many words."""
    whole, prefixes = _abuse_words()
    return any(token.text in whole or token.text.startswith(prefixes) for token in reading.tokens)


def speaks_in_figures(reading: Reading) -> bool:
    """Whether a message uses a figure of speech that the rules' context knows: the model takes many for their literal
    sense.
    """
    return bool(Surroundings(reading, rule_book().context).spans("figures"))


def speaks_of_somebody(reading: Reading) -> bool:
    """Whether a message names the writer or somebody else at all, and isn't a command or a question on a thing."""
    cues = rule_book().context
    return not cues.people.isdisjoint(token.text for token in reading.tokens)


def tells(reading: Reading) -> bool:
    """Whether a message tells of the writer or of somebody close, and doesn't only ask: a criterion is met by a person,
    not by a topic.
    """
    cues = rule_book().context
    for stop, tokens in groupby(reading.tokens, key=lambda token: token.text == STOP):
        words = [token.text for token in tokens]
        if not stop and words[0] not in cues.questions and not cues.people.isdisjoint(words):
            return True
    return False


def tells_of_people(message: str) -> bool:
    """Whether `message` tells of the writer or of somebody close, as `tells` does of what has been read."""
    return tells(find(message)[0])


def only_says_lost(reading: Reading) -> bool:
    """Whether a message says that somebody doesn't know where to begin, and nothing of what with."""
    return all(token.text == STOP or token.text in _ONLY_LOST for token in reading.tokens)


def _surest(danger: "NDArray[np.float32]", count: int, limit: float) -> int | None:
    """Which text is sure enough of danger: the whole if it is and, in a long story, a sentence agrees; else the surest
    sentence, of which more is asked.
    """
    by_itself = not FEW_SENTENCES < count - 1 < MOST_SENTENCES
    if danger[0] >= limit and (by_itself or float(danger[1:].max()) >= limits().agreement):
        return 0
    # On the scale of log-odds, where being twice as sure is a step of its own.
    odds = limit / (1 - limit) * 2 ** (limits().sentence_margin * log2(max(2, count - 1)))
    if count > 1 and float(danger[1:].max()) >= odds / (1 + odds):
        return int(danger[1:].argmax()) + 1
    return None


def _offer(scores: "Mapping[str, NDArray[np.float32]]", danger: "NDArray[np.float32]") -> Offer:
    """The gravest level whose help there is a reason to offer, by the message as a whole."""
    if danger[0] >= limits().offer["danger"] or scores["about"][0] >= limits().offer["about"]:
        return "abuse" if scores["abuse"][0] > scores["crisis"][0] else "crisis"
    return "professional" if scores["professional"][0] >= limits().offer["professional"] else ""


def _reader(meant: Meant, scores: "Mapping[str, NDArray[np.float32]]", text: int) -> Reader | None:
    if meant == "medical":
        return "medical"
    if meant == "danger_now" and scores["abuse"][text] > scores["crisis"][text]:
        return "violence"
    return None


@cache
def _abuse_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """The words of `abuse_words.toml`: whole ones, and beginnings."""
    kinds = load_table("abuse_words.toml", {"violence", "threat", "force", "control", "fear", "insults"})
    every = {word for words in kinds.values() for word in words}
    prefixes = tuple(sorted(word[:-1] for word in every if word.endswith("*")))
    return frozenset(word for word in every if not word.endswith("*")), prefixes
