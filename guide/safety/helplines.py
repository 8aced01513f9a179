"""Help lines by country and by what somebody needs, from the registry `helplines.toml`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from guide.errors import QuestionError, kind_of
from guide.levels import Level
from guide.records import Helpline, Purpose
from guide.safety.load_toml import load_table
from guide.text.normalise import whole_characters

ANYWHERE = "*"
"""The country of what helps in every country."""

_ORDER: dict[Level, tuple[Purpose, ...]] = {
    "none": (),
    "professional": ("crisis", "directory"),
    "abuse": ("abuse", "emergency", "crisis", "directory"),
    "crisis": ("crisis", "emergency", "directory"),
    "emergency": ("emergency", "crisis", "directory"),
}
_ORDER_OF_KIND: dict[tuple[Level, str], tuple[Purpose, ...]] = {
    ("crisis", "violence"): ("crisis", "abuse", "emergency", "directory"),
    ("emergency", "violence"): ("emergency", "crisis", "abuse", "directory"),
    ("emergency", "medical"): ("emergency", "poison"),
    ("professional", "bereaved"): ("bereaved", "crisis", "directory"),
}
_MAX_AT_PROFESSIONAL = 2  # nobody is in danger there: a few lines in reach, not a list before the answer
_MAX_BEREAVED = 1  # the lines for those bereaved stand before them
_SPOKEN_CODES = {"UK": "GB"}  # codes that people use for a country whose ISO code is another

_CODE = re.compile("[A-Za-z]{2}")

NUMBER = r"\+?[0-9]+(?:[ -][0-9]+)*"
"""A regular expression for one telephone number."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Every help line, in order of preference within a country, and the English names of the countries."""

    lines: tuple[Helpline, ...]
    names: Mapping[str, str]


def helplines(country: str | None, level: Level, kind: str = "") -> tuple[Helpline, ...]:
    """What to show at `level` to somebody in `country`, the most important first; nothing at the level `none`.

    `country` is an ISO 3166-1 alpha-2 code, in upper or lower case; `UK` is read as `GB`. Without one, or where the
    registry doesn't know it, the local emergency number is spoken of as such. An international directory ends the list.

    `kind` says more of what happened: `medical` at the level `emergency` gives the emergency numbers and the poison
    lines and nothing else, `bereaved` at the level `professional` the lines for those bereaved by suicide, one crisis
    line and the directory, `violence` at the levels `crisis` and `emergency` the lines for who is hurt by somebody as
    well. Any other kind changes nothing.

    >>> [line.phone for line in helplines("us", "emergency")]
    ['911', '988', '']
    >>> [line.phone for line in helplines("us", "emergency", "medical")]
    ['911', '1-800-222-1222']
    >>> [line.phone for line in helplines("us", "crisis", "violence")]
    ['988', '1-800-799-7233', '911', '']
    """
    code = country_code(country)
    shown: list[Helpline] = []
    for purpose in _ORDER_OF_KIND.get((level, kind), _ORDER[level]):
        wanted = [line for line in registry().lines if line.purpose == purpose]
        local = [line for line in wanted if line.country == code]
        shown += local or [line for line in wanted if line.country == ANYWHERE]
    if level == "professional":
        most = _MAX_BEREAVED if kind == "bereaved" else _MAX_AT_PROFESSIONAL
        too_many = [line for line in shown if line.purpose == "crisis"][most:]
        shown = [line for line in shown if line not in too_many]
    return tuple(shown)


def line_offered(lines: Sequence[Helpline]) -> Helpline | None:
    """The one of `lines` that a quiet offer names: the first that can be called or opened; None if none can.

    >>> line_offered(helplines("IE", "crisis")).phone, line_offered(helplines(None, "crisis")).url
    ('116 123', 'https://findahelpline.com')
    """
    return next((line for line in lines if line.phone or line.url), None)


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


def read_country(written: object) -> str | None:
    """The ISO 3166-1 alpha-2 code that somebody wrote, in upper case, `GB` for `UK`; None where nothing was said.

    Every door reads the country with it. A code of which no help line is known is a country all the same.

    >>> read_country("ie"), read_country("uk"), read_country("ZZ"), read_country(None)
    ('IE', 'GB', 'ZZ', None)

    Raises:
        QuestionError: it isn't two letters.
    """
    if written is None:
        return None
    if not isinstance(written, str) or not _CODE.fullmatch(written):
        found = repr(whole_characters(written[:40])) if isinstance(written, str) else kind_of(written)
        raise QuestionError(f"The country is {found}; it must be a two-letter code such as US or IE, or left out.")
    return _SPOKEN_CODES.get(written.upper(), written.upper())


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

    It is read as it is: a help card waits for it, and `check_registry` has looked at it before.
    """
    return registry_of(load_table("helplines.toml", {"names", "helpline"}))


def registry_of(raw: Mapping[str, Any]) -> Registry:
    """The registry in a TOML document that is as it must be: its tables `helpline`, and its table `names` by name."""
    lines = tuple(Helpline(**entry) for entry in raw["helpline"])
    return Registry(lines, MappingProxyType(dict(sorted(raw["names"].items(), key=lambda item: item[1]))))


def _digits(number: str) -> str:
    if not re.fullmatch(NUMBER, number):
        raise ValueError(f"{number!r} isn't one phone number of digits, spaces and hyphens")
    return re.sub(r"[ -]", "", number)
