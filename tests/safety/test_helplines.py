"""What the help lines must hold: nobody may be sent to a number that nobody saw, or to none at all."""

import re
import subprocess
import sys
import tomllib
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.errors import QuestionError
from guide.levels import LEVELS
from guide.records import Helpline
from guide.safety.check_helplines import check_registry, read_registry
from guide.safety.helplines import (
    ANYWHERE,
    countries,
    country_code,
    country_names,
    helplines,
    read_country,
    registry,
    sms_href,
    tel_href,
)
from guide.safety.load_toml import SafetyDataError

LINES = registry().lines
DIRECTORY = "https://findahelpline.com"
MAX_AGE = timedelta(days=365)
ALARMING: tuple[Any, ...] = ("professional", "abuse", "crisis", "emergency")


def _label(line: Helpline) -> str:
    return f"{line.country} {line.name}"


def _raw() -> dict[str, Any]:
    return tomllib.loads(files("guide.safety").joinpath("helplines.toml").read_text("utf-8"))


def _too_old(line: Helpline, today: date) -> bool:
    return today - date.fromisoformat(line.seen) > MAX_AGE


# ── every entry ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("line", LINES, ids=_label)
def test_an_entry_was_seen_within_a_year(line: Helpline) -> None:
    today = date.today()
    assert not _too_old(line, today), f"{_label(line)}: look at {line.source} again and renew `seen`"
    # A clock that is a day behind another time zone's is no reason to doubt an entry.
    assert date.fromisoformat(line.seen) <= today + timedelta(days=1)


def test_the_year_is_over_after_365_days() -> None:
    line = replace(LINES[0], seen="2026-11-23")
    assert not _too_old(line, date(2027, 11, 23))
    assert _too_old(line, date(2027, 11, 24))


@pytest.mark.parametrize("line", LINES, ids=_label)
def test_an_entry_names_the_page_on_which_it_was_seen(line: Helpline) -> None:
    assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/\S*", line.source)


@pytest.mark.parametrize("line", [line for line in LINES if line.phone], ids=_label)
def test_a_phone_number_is_one_number_that_can_be_dialled(line: Helpline) -> None:
    assert re.fullmatch(r"[0-9]+(?:[ -][0-9]+)*", line.phone)
    digits = tel_href(line.phone).removeprefix("tel:")
    assert digits.isdecimal()
    assert 3 <= len(digits) <= 12


@pytest.mark.parametrize("line", [line for line in LINES if line.sms], ids=_label)
def test_a_text_number_is_one_number_and_its_word_is_a_plain_word(line: Helpline) -> None:
    assert re.fullmatch(r"sms:\d{3,12}(?:\?body=[A-Z]+)?", sms_href(line.sms, line.sms_text))


def test_no_number_of_samaritans_is_the_one_that_is_no_longer_used() -> None:
    text = files("guide.safety").joinpath("helplines.toml").read_text("utf-8")
    assert "08457909090" not in re.sub(r"\D", "", text)
    assert {line.phone for line in LINES if line.name == "Samaritans"} == {"116 123"}


@pytest.mark.parametrize(
    ("country", "purpose", "phone", "sms", "word"),
    [
        ("US", "crisis", "988", "988", ""),
        ("US", "emergency", "911", "", ""),
        ("US", "abuse", "1-800-799-7233", "88788", "START"),
        ("GB", "crisis", "116 123", "", ""),
        ("GB", "crisis", "111", "", ""),
        ("GB", "crisis", "", "85258", "SHOUT"),
        ("GB", "emergency", "999", "", ""),
        ("GB", "abuse", "0808 2000 247", "", ""),
        ("IE", "crisis", "116 123", "", ""),
        ("IE", "crisis", "", "50808", "HELLO"),
        ("IE", "crisis", "1800 247 247", "", ""),
        ("IE", "emergency", "112", "", ""),
        ("IE", "abuse", "1800 341 900", "", ""),
        ("CA", "crisis", "9-8-8", "988", ""),
        ("CA", "emergency", "911", "", ""),
        ("AU", "crisis", "13 11 14", "0477 13 11 14", ""),
        ("AU", "emergency", "000", "", ""),
        ("AU", "abuse", "1800 737 732", "0458 737 732", ""),
        ("NZ", "crisis", "1737", "1737", ""),
        ("NZ", "emergency", "111", "", ""),
        ("NZ", "abuse", "0800 733 843", "", ""),
        ("US", "poison", "1-800-222-1222", "", ""),
        ("GB", "poison", "111", "", ""),
        ("IE", "poison", "01 809 2166", "", ""),
        ("CA", "poison", "1-844-764-7669", "", ""),
        ("AU", "poison", "13 11 26", "", ""),
        ("NZ", "poison", "0800 764 766", "", ""),
        ("IE", "bereaved", "01 513 4048", "", ""),
    ],
)
def test_the_numbers_that_most_people_are_shown(country: str, purpose: str, phone: str, sms: str, word: str) -> None:
    assert (country, purpose, phone, sms, word) in {
        (line.country, line.purpose, line.phone, line.sms, line.sms_text) for line in LINES
    }


# ── every country ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("country", countries())
def test_a_country_has_a_crisis_line_for_day_and_night_and_an_emergency_number(country: str) -> None:
    here = [line for line in LINES if line.country == country]
    crisis = [line for line in here if line.purpose == "crisis"]
    assert crisis[0].hours == "24 hours, every day"  # the first is the best: it answers at three in the morning
    assert all(line.hours for line in crisis)
    assert any(line.purpose == "emergency" and line.phone for line in here)


def test_no_number_is_listed_twice_for_the_same_purpose() -> None:
    numbers = [(line.country, line.purpose, line.phone, line.sms) for line in LINES if line.phone or line.sms]
    assert len(numbers) == len(set(numbers))


def test_names_are_sorted_by_name_and_are_of_the_countries_with_lines() -> None:
    names = list(country_names().values())
    assert names == sorted(names)
    assert tuple(country_names()) == countries()
    assert set(countries()) == {line.country for line in LINES} - {ANYWHERE}
    assert country_names()["GB"] == "United Kingdom"


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("country", "level", "shown"),
    [
        ("US", "emergency", ["911", "988", ""]),
        ("US", "crisis", ["988", "911", ""]),
        ("US", "abuse", ["1-800-799-7233", "911", "988", ""]),
        ("US", "professional", ["988", ""]),
        ("GB", "professional", ["116 123", "111", ""]),  # two of three: no long list before an ordinary answer
        ("IE", "emergency", ["112", "116 123", "", "1800 247 247", ""]),
        ("CA", "abuse", ["", "911", "9-8-8", ""]),  # ShelterSafe is a map
        ("PT", "abuse", ["112", "1411", ""]),  # no abuse line could be sourced: the rest is still there
        ("US", "none", []),
    ],
)
def test_the_order_follows_the_level(country: str, level: Any, shown: list[str]) -> None:
    assert [line.phone for line in helplines(country, level)] == shown


@pytest.mark.parametrize(
    ("country", "level", "kind", "shown"),
    [
        ("US", "emergency", "medical", ["911", "1-800-222-1222"]),
        ("JP", "emergency", "medical", ["119", "110", "072-727-2499"]),
        ("NL", "emergency", "medical", ["112"]),  # its poison centre answers doctors alone
        ("XX", "emergency", "medical", [""]),
        ("IE", "professional", "bereaved", ["01 513 4048", "116 123", ""]),
        ("NO", "professional", "bereaved", ["", "116 123", ""]),
        ("GB", "professional", "bereaved", ["116 123", ""]),  # no line could be sourced: one crisis line of three
        ("XX", "professional", "bereaved", [""]),
        ("GB", "crisis", "bereaved", ["116 123", "111", "", "999", ""]),
        ("GB", "professional", "medical", ["116 123", "111", ""]),
        ("GB", "professional", "unheard of", ["116 123", "111", ""]),
    ],
)
def test_the_kind_of_what_happened_changes_the_lines(country: str, level: Any, kind: str, shown: list[str]) -> None:
    assert [line.phone for line in helplines(country, level, kind)] == shown


@pytest.mark.parametrize("country", countries())
def test_a_medical_emergency_shows_emergency_numbers_and_then_poison_lines_alone(country: str) -> None:
    purposes = [line.purpose for line in helplines(country, "emergency", "medical")]
    assert purposes[0] == "emergency"
    assert purposes == sorted(purposes)
    assert set(purposes) <= {"emergency", "poison"}


@pytest.mark.parametrize("country", countries())
def test_without_a_kind_no_line_for_poison_or_for_the_bereaved_is_shown(country: str) -> None:
    for level in ALARMING:
        assert not {line.purpose for line in helplines(country, level)} & {"poison", "bereaved"}


@pytest.mark.parametrize("country", countries())
def test_the_emergency_number_comes_first_at_the_level_emergency(country: str) -> None:
    first = helplines(country, "emergency")[0]
    assert (first.purpose, first.country) == ("emergency", country)
    assert first.phone


@pytest.mark.parametrize("country", [None, "", "XX", "Atlantis", "*", "1' OR 1"])
@pytest.mark.parametrize("level", ["abuse", "crisis", "emergency"])
def test_an_unknown_country_gets_the_local_emergency_number_by_name_and_the_directory(
    country: str | None, level: Any
) -> None:
    local, directory = helplines(country, level)
    assert local.name == "Your local emergency number (112 or 911 in many countries)"
    assert (local.purpose, local.country, local.phone) == ("emergency", ANYWHERE, "")
    assert (directory.purpose, directory.url) == ("directory", DIRECTORY)


@pytest.mark.parametrize(("written", "code"), [("us", "US"), ("Gb", "GB"), ("uk", "GB"), ("UK", "GB"), (" ie ", "IE")])
def test_a_code_is_read_in_any_case_and_uk_as_gb(written: str, code: str) -> None:
    assert country_code(written) == code
    assert helplines(written, "crisis") == helplines(code, "crisis")


@pytest.mark.parametrize(
    ("written", "code"), [("us", "US"), ("Gb", "GB"), ("uk", "GB"), ("UK", "GB"), ("zz", "ZZ"), (None, None)]
)
def test_a_country_is_two_letters_or_nothing(written: str | None, code: str | None) -> None:
    assert read_country(written) == code


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Ireland", "'Ireland'"),
        ("XYZ", "'XYZ'"),
        ("", "''"),
        ("I", "'I'"),
        ("ie ", "'ie '"),
        ("IE\n", "'IE\\n'"),
        ("ÄÖ", "'ÄÖ'"),  # letters, but no code has them
        ("\ud83dE", "'�E'"),
        ("x" * 1000, f"'{'x' * 40}'"),
        (7, "a number"),
        (["IE"], "a list"),
    ],
)
def test_what_is_no_country_code_is_refused_in_one_sentence(written: object, found: str) -> None:
    with pytest.raises(QuestionError) as refusal:
        read_country(written)
    assert str(refusal.value) == f"The country is {found}; it must be a two-letter code such as US or IE, or left out."


@given(country=st.none() | st.text() | st.sampled_from(countries()), level=st.sampled_from(LEVELS))
def test_every_list_ends_with_the_directory_and_mixes_no_countries(country: str | None, level: Any) -> None:
    shown = helplines(country, level)
    if level == "none":
        assert shown == ()
        return
    assert shown[-1].url == DIRECTORY
    assert [line.purpose for line in shown].count("directory") == 1
    own = {country_code(country)} & set(countries())
    assert {line.country for line in shown} == own | {ANYWHERE}
    assert len(shown) == len(set(shown))


def test_the_generic_emergency_number_is_shown_only_where_no_number_is_known() -> None:
    for country in countries():
        for level in ALARMING:
            assert [line.purpose for line in helplines(country, level) if line.country == ANYWHERE] == ["directory"]


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("phone", "href"),
    [
        ("988", "tel:988"),
        ("9-8-8", "tel:988"),
        ("1-800-799-7233", "tel:18007997233"),
        ("0808 2000 247", "tel:08082000247"),
        ("+353 1 234 5678", "tel:+35312345678"),
        ("", ""),
    ],
)
def test_a_phone_link_holds_the_digits_alone(phone: str, href: str) -> None:
    assert tel_href(phone) == href


@pytest.mark.parametrize(
    ("number", "text", "href"),
    [
        ("50808", "HELLO", "sms:50808?body=HELLO"),
        ("0477 13 11 14", "", "sms:0477131114"),
        ("988", "I need help & now", "sms:988?body=I%20need%20help%20%26%20now"),
        ("", "HELLO", ""),
    ],
)
def test_a_text_link_holds_the_number_and_the_word(number: str, text: str, href: str) -> None:
    assert sms_href(number, text) == href


@pytest.mark.parametrize(
    "phone",
    [
        "112 or 999",  # run together it would dial 112999
        "0800 1110111 / 0800 1110222",
        "1800RESPECT",
        "++1 800",
        "javascript:alert(1)",
        "988;ext=1",
        "٩٨٨",  # digits to Python, not to a telephone
        " ",
    ],
)
def test_what_is_not_one_number_never_becomes_a_link(phone: str) -> None:
    with pytest.raises(ValueError, match="isn't one phone number"):
        tel_href(phone)
    with pytest.raises(ValueError, match="isn't one phone number"):
        sms_href(phone)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("seen", "23/11/2026", "seen = '23/11/2026'; expected the date on which it was seen"),
        ("seen", "20261123", "seen = '20261123'; expected the date on which it was seen"),
        ("seen", "", "seen = ''; expected the date on which it was seen"),
        ("source", "http://example.org/help", "expected the https address of the page on which the number was seen"),
        ("source", "", "source = ''; expected the https address"),
        ("url", "http://example.org", "url = 'http://example.org'; expected an https address, or nothing"),
        ("url", "javascript:alert(1)", "expected an https address, or nothing"),
        ("url", "https://", "expected an https address, or nothing"),
        ("url", "https://[", "expected an https address, or nothing"),
        ("phone", "112 or 999", "phone = '112 or 999'; expected one number of digits, spaces and hyphens"),
        ("sms", "TEXT 1737", "sms = 'TEXT 1737'; expected one number of digits, spaces and hyphens"),
        ("country", "usa", "country = 'usa'; expected an ISO 3166-1 alpha-2 code"),
        ("purpose", "suicide", "'suicide'; expected one of emergency, crisis, abuse, poison, bereaved, directory"),
        ("language", "English", "language = 'English'; expected ISO 639-1 codes separated by commas"),
        ("hours", "", "hours = ''; expected when somebody answers"),
        ("name", "", "name = ''; expected the service's name"),
        ("name", " Lifeline", "name = ' Lifeline'; expected text without spaces around it"),
        ("phone", 988, "phone = 988; expected text without spaces around it"),
    ],
)
def test_a_value_that_is_not_what_its_key_says_is_refused(key: str, value: object, said: str) -> None:
    raw = _raw()
    raw["helpline"][2][key] = value
    with pytest.raises(SafetyDataError, match=re.escape(said)):
        read_registry(raw)


def test_the_registry_that_is_shipped_passes_its_checks() -> None:
    assert check_registry() == registry()


def test_an_unknown_table_is_refused_by_name() -> None:
    with pytest.raises(SafetyDataError, match="There is no key helpines; expected one of names, helpline"):
        read_registry(_raw() | {"helpines": []})


def test_an_unknown_key_is_refused_by_name() -> None:
    raw = _raw()
    raw["helpline"][0]["telephone"] = "988"
    with pytest.raises(SafetyDataError, match="has one that nobody expects: look at telephone"):
        read_registry(raw)


@pytest.mark.parametrize("key", list(Helpline.__dataclass_fields__))
def test_a_missing_key_is_refused_by_name(key: str) -> None:
    raw = _raw()
    del raw["helpline"][0][key]
    with pytest.raises(SafetyDataError, match=f"lacks a key .* look at {key}"):
        read_registry(raw)


def test_a_line_that_cannot_be_reached_is_refused() -> None:
    raw = _raw()
    line = next(entry for entry in raw["helpline"] if entry["country"] == "US")
    line.update(phone="", sms="", sms_text="", url="")
    with pytest.raises(SafetyDataError, match="expected a number, or else an sms or a url"):
        read_registry(raw)


def test_a_word_to_text_without_a_number_to_text_it_to_is_refused() -> None:
    raw = _raw()
    raw["helpline"][0].update(sms="", sms_text="HELLO")
    with pytest.raises(SafetyDataError, match="sms_text = 'HELLO'; expected nothing where there is no sms"):
        read_registry(raw)


@pytest.mark.parametrize("change", ["a name without a line", "a line without a name"])
def test_a_country_needs_a_name_and_a_line(change: str) -> None:
    raw = deepcopy(_raw())
    if change == "a name without a line":
        raw["names"]["QQ"] = "Nowhere"
    else:
        raw["helpline"][2]["country"] = "QQ"
        raw["helpline"][2]["purpose"] = "crisis"
    with pytest.raises(SafetyDataError, match="QQ; each country needs both"):
        read_registry(raw)


def test_a_help_card_waits_for_no_library() -> None:
    code = "import guide.cli, guide.guide, sys; from guide.safety.helplines import registry; registry()"
    code += "; print('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_nothing_is_read_at_import() -> None:
    code = "from guide.safety.helplines import registry; print(registry.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "0\n"
