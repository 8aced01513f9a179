"""The words of the help cards, from the files of the languages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Literal

from guide.languages.words import DEFAULT_LANGUAGE, help_languages, words_of
from guide.levels import Level, is_crisis
from guide.records import Helpline, Offer
from guide.safety.normalise import Reading, folded
from guide.text.tags import direction

CardStage = Literal["first", "again", "banner"]
Reader = Literal["self", "other", "violence", "harm", "perpetrator", "medical", "bereaved"]
"""Whom a card speaks to: `violence` is somebody in danger from another, `harm` somebody who might hurt another,
`perpetrator` somebody who has, `medical` somebody with a medical emergency or a poisoning before them, `bereaved`
somebody who lost another to suicide."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A help card, and what stands around it, in a language other than English."""

    telling_words: frozenset[str]
    """Words that tell the language from others in which a rule holds too, as the rules read them."""
    only_english: str
    """Says that Guide understands English only."""
    offer_lines: str
    """Leads over to the help lines."""
    card: Mapping[str, str]
    labels: Mapping[str, str]
    """The strings of the page in this language: all of them, or those that stand around a card."""
    terms: Mapping[str, str]
    """Names and hours of help lines, by the English ones."""


@cache
def translation(language: str) -> Translation | None:
    """The card in `language`; None for English, and for a language that has none."""
    if language not in help_languages():
        return None
    raw = words_of(language)
    telling = frozenset(folded(word) for word in raw["telling_words"])
    card, labels, terms = (MappingProxyType(raw[name]) for name in ("card", "page", "terms"))
    return Translation(telling, raw["only_english"], raw["offer_lines"], card, labels, terms)


def card(level: Level, reader: Reader, language: str, stage: CardStage, criteria: Sequence[str] = ()) -> str:
    """The card's full wording, paragraphs apart by an empty line; nothing at the level `none`."""
    if level == "none":
        return ""
    text = _translated(level, language, stage) if reader == "self" else None
    if text is None:
        cards = words_of(DEFAULT_LANGUAGE)["cards"][level]
        text = cards.get(reader, cards["self"])[stage]
    words = text.strip()
    if "{criteria}" in words:
        words = words.replace("{criteria}", criteria_paragraph(criteria, reader))
    return words


def offer_words(level: Offer, language: str) -> str:
    """The quiet line that offers the help of `level` under an answer, in `language` where it is written in it and else
    in English; nothing without an offer.
    """
    if not level:
        return ""
    own = words_of(language) if language in help_languages() else {}
    return str(own.get("offers", words_of(DEFAULT_LANGUAGE)["offers"])[level])


def reminder_words(language: str) -> tuple[str, str]:
    """The quiet line that stays when a danger told of was taken back, and its language: `language` where the line is
    written in it, else English. It says nothing of what was told.
    """
    own = card_labels(language).get("care_earlier")
    return (own, language) if own else (str(words_of(DEFAULT_LANGUAGE)["page"]["care_earlier"]), DEFAULT_LANGUAGE)


def _translated(level: Level, language: str, stage: CardStage) -> str | None:
    found = translation(language)
    if found is None or level == "professional":
        return None
    if is_crisis(level):
        return found.card[level if stage == "first" else stage]
    return found.card[level if stage == "first" else f"{level}_{stage}"]


def card_labels(language: str) -> Mapping[str, str]:
    """The strings of the page that stand around a card in `language`, by their keys; none for English."""
    found = translation(language)
    return found.labels if found else {}


def lines_in(language: str, lines: Iterable[Helpline]) -> tuple[Helpline, ...]:
    """The help lines with hours and general names, such as “Emergency services”, in `language`, where it has them."""
    found = translation(language)
    terms = found.terms if found else {}
    return tuple(
        replace(line, name=terms.get(line.name, line.name), hours=terms.get(line.hours, line.hours)) for line in lines
    )


def left_to_right(number: str, language: str) -> str:
    r"""A phone number as it is to stand within words of `language`: among words that run from right to left it is kept
    together, since its groups would change places there.

    >>> left_to_right("116 123", "de"), left_to_right("116 123", "ar")
    ('116 123', '\u2066116 123\u2069')
    """
    return f"\u2066{number}\u2069" if direction(language) == "rtl" else number


def only_english(language: str) -> str:
    """What is said to a message in `language`, which Guide doesn't understand: in that language, or in English."""
    found = translation(language)
    return found.only_english if found else str(words_of(DEFAULT_LANGUAGE)["only_english"])


def language_of_reply(reply: str) -> str:
    """The language in which `only_english` gave this reply.

    >>> language_of_reply(only_english("pl")), language_of_reply(only_english("fi"))
    ('pl', 'en')
    """
    return next((language for language in help_languages() if only_english(language) == reply), "en")


def offer_lines(language: str) -> str:
    """The sentence that leads from there to the help lines."""
    found = translation(language)
    return found.offer_lines if found else str(words_of(DEFAULT_LANGUAGE)["offer_lines"])


def criteria_paragraph(criteria: Sequence[str], reader: Reader) -> str:
    """The sentence that names the criteria met."""
    sentence = words_of(DEFAULT_LANGUAGE)["criteria_sentence"]["other" if reader == "other" else "self"]
    return f"{sentence} {'; '.join(criterion_words(name) for name in criteria)}."


def criterion_words(name: str) -> str:
    """A criterion in our own words, for where no article names it."""
    return str(words_of(DEFAULT_LANGUAGE)["criteria"][name])


def language_of(languages: Sequence[str], reading: Reading) -> str:
    """The language of a message: among those of the rules it matches, the one with most telling words; else English."""
    others = sorted({language for language in languages if language != "en"})
    words = [token.text for token in reading.tokens]

    def told(language: str) -> int:
        found = translation(language)
        return sum(word in found.telling_words for word in words) if found else 0

    return max(others, key=told, default="en")
