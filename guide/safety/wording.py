"""The words of the help cards: the English ones from `wording.toml`, those of other languages from `wording/`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from guide.levels import Level, is_crisis
from guide.records import Helpline, Offer
from guide.safety.load_toml import load_table
from guide.safety.normalise import Reading, folded

CardStage = Literal["first", "again", "banner"]
Reader = Literal["self", "other", "violence", "harm", "perpetrator", "medical", "bereaved"]
"""Whom a card speaks to: `violence` is somebody in danger from another, `harm` somebody who might hurt another,
`perpetrator` somebody who has, `medical` somebody with a medical emergency or a poisoning before them, `bereaved`
somebody who lost another to suicide."""

RIGHT_TO_LEFT = frozenset(("ar",))
"""The languages of cards that are written from right to left."""


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
    """The strings around the card, by their keys in the chat's `texts.toml`."""
    terms: Mapping[str, str]
    """Names and hours of help lines, by the English ones."""


@lru_cache(maxsize=1)
def _wording() -> dict[str, Any]:
    return load_table("wording.toml", {"cards", "offers", "criteria", "criteria_sentence", "reply"})


@cache
def card_languages() -> tuple[str, ...]:
    """The ISO 639-1 codes of the languages other than English in which there are cards, sorted."""
    folder = files("guide.safety").joinpath("wording")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def translation(language: str) -> Translation | None:
    """The card in `language`; None for English, and for a language that has none."""
    if language not in card_languages():
        return None
    raw = load_table(f"wording/{language}.toml", set(Translation.__slots__))
    telling = frozenset(folded(word) for word in raw["telling_words"])
    card, labels, terms = (MappingProxyType(raw[name]) for name in ("card", "labels", "terms"))
    return Translation(telling, raw["only_english"], raw["offer_lines"], card, labels, terms)


def card(level: Level, reader: Reader, language: str, stage: CardStage, criteria: Sequence[str] = ()) -> str:
    """The card's full wording, paragraphs apart by an empty line; nothing at the level `none`."""
    if level == "none":
        return ""
    text = _translated(level, language, stage) if reader == "self" else None
    if text is None:
        cards = _wording()["cards"][level]
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
    offers = _wording()["offers"]
    return str(offers.get(language, offers["en"])[level])


def _translated(level: Level, language: str, stage: CardStage) -> str | None:
    found = translation(language)
    if found is None or level == "professional":
        return None
    if is_crisis(level):
        return found.card[level if stage == "first" else stage]
    return found.card[level if stage == "first" else f"{level}_{stage}"]


def card_labels(language: str) -> Mapping[str, str]:
    """The strings around a card in `language`, by their keys in the chat's `texts.toml`; none for English."""
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
    return f"\u2066{number}\u2069" if language in RIGHT_TO_LEFT else number


def only_english(language: str) -> str:
    """What is said to a message in `language`, which Guide doesn't understand: in that language, or in English."""
    found = translation(language)
    return found.only_english if found else str(_wording()["reply"]["only_english"])


def language_of_reply(reply: str) -> str:
    """The language in which `only_english` gave this reply.

    >>> language_of_reply(only_english("pl")), language_of_reply(only_english("fi"))
    ('pl', 'en')
    """
    return next((language for language in card_languages() if only_english(language) == reply), "en")


def offer_lines(language: str) -> str:
    """The sentence that leads from there to the help lines."""
    found = translation(language)
    return found.offer_lines if found else str(_wording()["reply"]["offer_lines"])


def criteria_paragraph(criteria: Sequence[str], reader: Reader) -> str:
    """The sentence that names the criteria met."""
    sentence = _wording()["criteria_sentence"]["other" if reader == "other" else "self"]
    return f"{sentence} {'; '.join(criterion_words(name) for name in criteria)}."


def criterion_words(name: str) -> str:
    """A criterion in our own words, for where no article names it."""
    return str(_wording()["criteria"][name])


def language_of(languages: Sequence[str], reading: Reading) -> str:
    """The language of a message: among those of the rules it matches, the one with most telling words; else English."""
    others = sorted({language for language in languages if language != "en"})
    words = [token.text for token in reading.tokens]

    def told(language: str) -> int:
        found = translation(language)
        return sum(word in found.telling_words for word in words) if found else 0

    return max(others, key=told, default="en")
