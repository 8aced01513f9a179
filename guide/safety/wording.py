"""The words of the help cards, from `wording.toml`."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from guide.levels import Level, is_crisis
from guide.safety.load_toml import load_table
from guide.safety.normalise import Reading

CardStage = Literal["first", "again", "banner"]
Reader = Literal["self", "other", "violence", "harm", "perpetrator"]
"""Whom a card speaks to: `violence` is somebody in danger from another, `harm` somebody who might hurt another,
`perpetrator` somebody who has."""


@lru_cache(maxsize=1)
def _wording() -> dict[str, Any]:
    return load_table("wording.toml", {"cards", "criteria", "criteria_sentence", "telling_words", "languages"})


def card(level: Level, reader: Reader, language: str, stage: CardStage, criteria: Sequence[str] = ()) -> str:
    """The card's full wording, paragraphs apart by an empty line; nothing at the level `none`."""
    if level == "none":
        return ""
    translated = _wording()["languages"].get(language, {})
    text: str | None = None
    if is_crisis(level) and reader == "self":
        text = translated.get(level if stage == "first" else "again")
    if text is None:
        cards = _wording()["cards"][level]
        text = cards.get(reader, cards["self"])[stage]
    words = text.strip()
    if "{criteria}" in words:
        words = words.replace("{criteria}", criteria_paragraph(criteria, reader))
    return words


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
    telling = _wording()["telling_words"]
    return max(others, key=lambda name: sum(word in telling.get(name, ()) for word in words), default="en")
