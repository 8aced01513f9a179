"""Ways to a professional: each was seen somewhere, lately, and nobody is left without one."""

import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

from guide.records import ProfessionalRoute
from guide.safety.check_professionals import check_professionals, read_professionals
from guide.safety.helplines import ANYWHERE, countries, tel_href
from guide.safety.load_toml import SafetyDataError
from guide.safety.professionals import professional_routes, professionals

ROUTES = professionals().routes
MAX_AGE = timedelta(days=365)
UNSOURCED = {"ES", "US"}
"""Countries that have help lines, of which no official or non-profit page could be seen."""


def _label(route: ProfessionalRoute) -> str:
    return f"{route.country} {route.name}"


def _raw() -> dict[str, Any]:
    return tomllib.loads(files("guide.safety").joinpath("professionals.toml").read_text("utf-8"))


def _too_old(route: ProfessionalRoute, today: date) -> bool:
    return today - date.fromisoformat(route.seen) > MAX_AGE


# ── every entry ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("route", ROUTES, ids=_label)
def test_an_entry_was_seen_within_a_year(route: ProfessionalRoute) -> None:
    today = date.today()
    assert not _too_old(route, today), f"{_label(route)}: look at {route.source} again and renew `seen`"
    # A clock that is a day behind another time zone's is no reason to doubt an entry.
    assert date.fromisoformat(route.seen) <= today + timedelta(days=1)


def test_the_year_is_over_after_365_days() -> None:
    route = replace(ROUTES[0], seen="2026-11-27")
    assert not _too_old(route, date(2027, 11, 27))
    assert _too_old(route, date(2027, 11, 28))


@pytest.mark.parametrize("route", ROUTES, ids=_label)
def test_an_entry_names_its_page_what_it_costs_and_how_to_ask(route: ProfessionalRoute) -> None:
    assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/\S*", route.source)
    assert route.cost
    assert route.ask.startswith(("Self-referral", "Referral", "Ask ", "Read "))
    assert route.phone or route.url
    assert not route.phone or 3 <= len(tel_href(route.phone).removeprefix("tel:")) <= 12


def test_no_way_is_listed_twice() -> None:
    assert len({(route.country, route.name) for route in ROUTES}) == len(ROUTES)


def test_the_sentences_for_the_first_call() -> None:
    assert professionals().first_call == (
        "“Hello, I would like an appointment with somebody I can talk to.” That is enough; you don't have to tell "
        "everything.",
        "Say in one or two sentences what is hard, how long it has been so, and what you wish for.",
        "Say whether you want to come alone, with your partner or with your family; if one of them frightens you, come "
        "alone.",
        "Ask what a session costs, whether your insurance or the state pays, and whether you pay less if you earn "
        "little.",
        "Ask how long you will wait, and what you can do until then.",
        "Ask what happens to what you tell, and who could hear of it.",
        "If it doesn't feel right after a session or two, you may say so and look for somebody else.",
    )


# ── every country ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("country", countries())
def test_a_country_with_help_lines_has_its_own_ways_or_the_international_directory(country: str) -> None:
    assert {route.country for route in professional_routes(country)} == {ANYWHERE if country in UNSOURCED else country}


@pytest.mark.parametrize("country", [None, "", "ZZ", "Atlantis", "*"])
def test_elsewhere_there_is_the_international_directory_and_how_to_ask(country: str | None) -> None:
    [anywhere] = professional_routes(country)
    assert (anywhere.country, anywhere.kind, anywhere.url) == (ANYWHERE, "directory", "https://findahelpline.com")
    assert anywhere.ask.startswith("Ask a line of your country where to find a counsellor or a psychologist near you")


@pytest.mark.parametrize(("written", "code"), [("gb", "GB"), ("UK", "GB"), (" no ", "NO")])
def test_a_code_is_read_in_any_case_and_uk_as_gb(written: str, code: str) -> None:
    assert {route.country for route in professional_routes(written)} == {code}


@pytest.mark.parametrize(
    ("country", "kinds", "phones"),
    [
        ("GB", ["public service", "couples and family"], ["", ""]),
        ("IE", ["public service"], [""]),
        ("AU", ["couples and family", "public service"], ["", ""]),
        ("DE", ["public service", "couples and family"], ["116 117", ""]),
        ("PT", ["public service"], ["808242424"]),
        ("US", ["directory"], [""]),
    ],
)
def test_what_some_countries_have(country: str, kinds: list[str], phones: list[str]) -> None:
    routes = professional_routes(country)
    assert ([route.kind for route in routes], [route.phone for route in routes]) == (kinds, phones)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_registry_that_is_shipped_passes_its_checks() -> None:
    assert check_professionals() == professionals()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("seen", "27/11/2026", "seen = '27/11/2026'; expected the date on which it was seen"),
        ("source", "", "source = ''; expected the https address of the page"),
        ("source", "http://example.org", "expected the https address of the page"),
        ("url", "javascript:alert(1)", "expected an https address, or nothing"),
        ("phone", "112 or 999", "phone = '112 or 999'; expected one number of digits, spaces and hyphens"),
        ("kind", "guru", "'guru'; expected one of public service, low cost, couples and family, directory"),
        ("cost", "", "cost = ''; expected what it costs, in plain words"),
        ("ask", "", "ask = ''; expected how to ask, by oneself or with a referral"),
        ("for_whom", "", "for_whom = ''; expected for whom it is"),
        ("name", "", "name = ''; expected the name of the service or directory"),
        ("country", "QQ", "country = 'QQ'; expected a country that has help lines, or *"),
        ("language", "English", "language = 'English'; expected ISO 639-1 codes separated by commas"),
    ],
)
def test_a_value_that_is_not_what_its_key_says_is_refused(key: str, value: object, said: str) -> None:
    raw = _raw()
    raw["route"][1][key] = value
    with pytest.raises(SafetyDataError, match=re.escape(said)):
        read_professionals(raw)


@pytest.mark.parametrize("key", list(ProfessionalRoute.__dataclass_fields__))
def test_a_missing_key_is_refused_by_name(key: str) -> None:
    raw = _raw()
    del raw["route"][1][key]
    with pytest.raises(SafetyDataError, match=f"lacks a key .* look at {key}"):
        read_professionals(raw)


def test_an_unknown_key_is_refused_by_name() -> None:
    raw = _raw()
    raw["route"][1]["fax"] = "1"
    with pytest.raises(SafetyDataError, match="has one that nobody expects: look at fax"):
        read_professionals(raw)


def test_a_way_that_leads_nowhere_is_refused() -> None:
    raw = _raw()
    raw["route"][1].update(url="", phone="")
    with pytest.raises(SafetyDataError, match="expected an https address, or else a phone"):
        read_professionals(raw)


def test_without_a_way_for_anywhere_the_registry_is_refused() -> None:
    raw = _raw()
    raw["route"] = [entry for entry in raw["route"] if entry["country"] != ANYWHERE]
    with pytest.raises(SafetyDataError, match=r"has no route of the country \*"):
        read_professionals(raw)


def test_a_card_waits_for_no_library_and_nothing_is_read_at_import() -> None:
    code = "import sys; from guide.safety.professionals import professionals as p; print(p.cache_info().currsize)"
    code += "; p(); print('pydantic' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "0\nFalse\n"
