"""How to find a psychologist, a counsellor, or a couples' or family therapist: the registry `professionals.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from guide.languages.words import DEFAULT_LANGUAGE, words_of
from guide.records import ProfessionalRoute
from guide.safety.helplines import ANYWHERE, country_code
from guide.safety.load_toml import load_table

FIRST_CALL_SENTENCES = 7


@dataclass(frozen=True, slots=True)
class Professionals:
    """Every way to a professional, in order of preference within a country."""

    routes: tuple[ProfessionalRoute, ...]

    @property
    def first_call(self) -> tuple[str, ...]:
        """What to say on the first call, in English."""
        return first_call(words_of(DEFAULT_LANGUAGE)["page"])


def professional_routes(country: str | None) -> tuple[ProfessionalRoute, ...]:
    """The ways to find a professional in `country`, the best first; the international directory where none is known.

    `country` is an ISO 3166-1 alpha-2 code, in upper or lower case; `UK` is read as `GB`.

    >>> [route.name for route in professional_routes("no")]
    ['Familievernkontor (family counselling offices)']
    >>> [route.url for route in professional_routes("Atlantis")]
    ['https://findahelpline.com']
    """
    code, routes = country_code(country), professionals().routes
    own = tuple(route for route in routes if route.country == code)
    return own or tuple(route for route in routes if route.country == ANYWHERE)


@cache
def professionals() -> Professionals:
    """The registry that Guide ships with, read once; `check_professionals` has looked at it before."""
    return professionals_of(load_table("professionals.toml", {"route"}))


def professionals_of(raw: Mapping[str, Any]) -> Professionals:
    """The registry in a TOML document that is as it must be: its tables `route`."""
    return Professionals(tuple(ProfessionalRoute(**entry) for entry in raw["route"]))


def first_call(strings: Mapping[str, str]) -> tuple[str, ...]:
    """What to say on the first call to a professional, of the page's strings in a language."""
    return tuple(strings[f"first_call_{number}"] for number in range(1, FIRST_CALL_SENTENCES + 1))
