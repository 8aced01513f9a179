"""Checks of the registry of ways to a professional, for whoever edits it: nobody may be sent where nobody looked.

Apart from `professionals`, which the chat needs: pydantic takes longer to import than all the safety gate does.
"""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import ValidationError

from guide.records import RouteKind
from guide.safety.helplines import ANYWHERE, countries
from guide.safety.load_toml import SafetyDataError, load_table
from guide.safety.professionals import Professionals, professionals_of
from guide.safety.registry_fields import (
    CountryOrAnywhere,
    FilledText,
    LanguageCodes,
    OneNumber,
    RegistryFile,
    SeenOn,
    SourcePage,
    WebAddress,
)
from guide.validation import Record, expected

_FILE = RegistryFile("professionals.toml", "route", "route")


class _Route(Record):
    """A way to a professional as the file must have it: every key, and what each says."""

    name: Annotated[FilledText, expected("the name of the service or directory")]
    country: CountryOrAnywhere
    kind: Annotated[RouteKind, expected(f"one of {', '.join(get_args(RouteKind))}")]
    for_whom: Annotated[FilledText, expected("for whom it is")]
    url: WebAddress
    phone: OneNumber
    cost: Annotated[FilledText, expected("what it costs, in plain words")]
    ask: Annotated[FilledText, expected("how to ask, by oneself or with a referral")]
    language: LanguageCodes
    source: SourcePage
    seen: SeenOn


class _Professionals(Record):
    route: list[_Route]


def check_professionals() -> Professionals:
    """The registry that Guide ships with, every entry checked.

    Raises:
        SafetyDataError: an entry can't be used.
    """
    return read_professionals(load_table("professionals.toml", {"route"}))


def read_professionals(raw: Mapping[str, Any]) -> Professionals:
    """The registry in a TOML document: its tables `route`.

    Raises:
        SafetyDataError: a key is missing or unknown, a value isn't what its key says, or nothing helps anywhere.
    """
    try:
        routes = _Professionals.model_validate(raw).route
    except ValidationError as error:
        raise _FILE.refusal(error, raw) from None
    for route in routes:
        if not (route.phone or route.url):
            raise _FILE.unfit(route.name, "url", route.url, "an https address, or else a phone")
        if route.country not in {*countries(), ANYWHERE}:
            raise _FILE.unfit(route.name, "country", route.country, f"a country that has help lines, or {ANYWHERE}")
    if ANYWHERE not in {route.country for route in routes}:
        raise SafetyDataError(
            f"professionals.toml has no route of the country {ANYWHERE}; people elsewhere need one that helps anywhere."
        )
    return professionals_of(raw)
