"""Help lines by country and by what somebody needs, from the registry `helplines.toml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from guide.levels import Level
from guide.records import Helpline
from guide.safety.load_toml import SafetyDataError, load_table

ANYWHERE = "*"
"""The country of what helps in every country."""

_PURPOSES = ("emergency", "crisis", "abuse", "directory")
_ORDER: dict[Level, tuple[str, ...]] = {
    "none": (),
    "professional": ("crisis", "directory"),
    "abuse": ("abuse", "emergency", "crisis", "directory"),
    "crisis": ("crisis", "emergency", "directory"),
    "emergency": ("emergency", "crisis", "directory"),
}
_MAX_AT_PROFESSIONAL = 2  # nobody is in danger there: a few lines in reach, not a list before the answer
_SPOKEN_CODES = {"UK": "GB"}  # codes that people use for a country whose ISO code is another

_NUMBER = re.compile(r"\+?[0-9]+(?:[ -][0-9]+)*")
_LANGUAGES = re.compile(r"[a-z]{2}(?:,[a-z]{2})*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_HTTPS = re.compile(r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?")


@dataclass(frozen=True, slots=True)
class Registry:
    """Every help line, in order of preference within a country, and the English names of the countries."""

    lines: tuple[Helpline, ...]
    names: Mapping[str, str]


def helplines(country: str | None, level: Level) -> tuple[Helpline, ...]:
    """What to show at `level` to somebody in `country`, the most important first; nothing at the level `none`.

    `country` is an ISO 3166-1 alpha-2 code, in upper or lower case; `UK` is read as `GB`. Without one, or where the
    registry doesn't know it, the local emergency number is spoken of as such. An international directory ends the list.

    >>> [line.phone for line in helplines("us", "emergency")]
    ['911', '988', '']
    """
    code = country_code(country)
    shown: list[Helpline] = []
    for purpose in _ORDER[level]:
        wanted = [line for line in registry().lines if line.purpose == purpose]
        local = [line for line in wanted if line.country == code]
        shown += local or [line for line in wanted if line.country == ANYWHERE]
    if level == "professional":
        crisis = [line for line in shown if line.purpose == "crisis"][:_MAX_AT_PROFESSIONAL]
        shown = [*crisis, *(line for line in shown if line.purpose != "crisis")]
    return tuple(shown)


def countries() -> tuple[str, ...]:
    """The codes of the countries that have help lines of their own, by English name."""
    return tuple(registry().names)


def country_names() -> Mapping[str, str]:
    """The English name of every country that has help lines of its own, by code, sorted by name."""
    return registry().names


def country_code(country: str | None) -> str:
    """The code under which the registry knows `country`; empty if it doesn't.

    >>> country_code("uk"), country_code(" ie "), country_code("Atlantis"), country_code(None)
    ('GB', 'IE', '', '')
    """
    code = (country or "").strip().upper()
    code = _SPOKEN_CODES.get(code, code)
    return code if code in registry().names else ""


def tel_href(phone: str) -> str:
    """The `tel:` address of a phone number; empty for an empty one.

    >>> tel_href("1-800-799-7233"), tel_href("+41 143"), tel_href("")
    ('tel:18007997233', 'tel:+41143', '')

    Raises:
        ValueError: it isn't one number; digits out of words or of two numbers would dial somebody else.
    """
    return f"tel:{_digits(phone)}" if phone else ""


def sms_href(number: str, text: str = "") -> str:
    """The `sms:` address of a number with the word to send (RFC 5724); empty for an empty number.

    >>> sms_href("50808", "HELLO"), sms_href("988"), sms_href("")
    ('sms:50808?body=HELLO', 'sms:988', '')

    Raises:
        ValueError: it isn't one number.
    """
    if not number:
        return ""
    return f"sms:{_digits(number)}" + (f"?body={quote(text, safe='')}" if text else "")


@cache
def registry() -> Registry:
    """The registry that Guide ships with, read once.

    Raises:
        SafetyDataError: an entry can't be used.
    """
    return read_registry(load_table("helplines.toml", {"names", "helpline"}))


def read_registry(raw: Mapping[str, Any]) -> Registry:
    """The registry in a TOML document: its table `names` and its tables `helpline`.

    Raises:
        SafetyDataError: a key is missing or unknown, or a value isn't what its key says.
    """
    lines = tuple(_helpline(entry) for entry in raw["helpline"])
    names: dict[str, str] = dict(sorted(raw["names"].items(), key=lambda item: item[1]))
    if odd := sorted((names.keys() ^ {line.country for line in lines}) - {ANYWHERE}):
        raise SafetyDataError(
            f"helplines.toml has a name without a help line, or a help line without a name, for {', '.join(odd)}; "
            "each country needs both."
        )
    return Registry(lines, MappingProxyType(names))


def _helpline(entry: Mapping[str, Any]) -> Helpline:
    label = f"The help line “{entry.get('name', '?')}” in helplines.toml"
    expected = {field.name for field in fields(Helpline)}
    if odd := sorted(entry.keys() ^ expected):
        raise SafetyDataError(f"{label} lacks a key or has one that nobody expects: look at {', '.join(odd)}.")
    for key, value in entry.items():
        if not isinstance(value, str) or value != value.strip():
            raise SafetyDataError(f"{label} has {key} = {value!r}; expected text without spaces around it.")
    line = Helpline(**entry)
    for key, expectation, fine in _checks(line):
        if not fine:
            raise SafetyDataError(f"{label} has {key} = {getattr(line, key)!r}; expected {expectation}.")
    return line


def _checks(line: Helpline) -> list[tuple[str, str, bool]]:
    # Only the words “your local emergency number” have no way to reach it: it is another one in every country.
    reachable = bool(line.phone or line.sms or line.url) or (line.country, line.purpose) == (ANYWHERE, "emergency")
    return [
        ("name", "the service's name", bool(line.name)),
        ("country", "an ISO 3166-1 alpha-2 code, or *", line.country == ANYWHERE or _is(_COUNTRY, line.country)),
        ("purpose", f"one of {', '.join(_PURPOSES)}", line.purpose in _PURPOSES),
        ("phone", "one number of digits, spaces and hyphens, or nothing", not line.phone or _is(_NUMBER, line.phone)),
        ("phone", "a number, or else an sms or a url", reachable),
        ("sms", "one number of digits, spaces and hyphens, or nothing", not line.sms or _is(_NUMBER, line.sms)),
        ("sms_text", "nothing where there is no sms", bool(line.sms) or not line.sms_text),
        ("url", "an https address, or nothing", not line.url or _is(_HTTPS, line.url)),
        ("hours", "when somebody answers", bool(line.hours)),
        ("language", "ISO 639-1 codes separated by commas", _is(_LANGUAGES, line.language)),
        ("source", "the https address of the page on which the number was seen", _is(_HTTPS, line.source)),
        ("seen", "the date on which it was seen, as in 2026-11-23", _is_date(line.seen)),
    ]


def _is(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _digits(number: str) -> str:
    if not _is(_NUMBER, number):
        raise ValueError(f"{number!r} isn't one phone number of digits, spaces and hyphens")
    return re.sub(r"[ -]", "", number)
