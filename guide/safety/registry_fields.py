"""What a field of the registries of help must hold, and what is said of an entry that can't be used, for the checks of
whoever edits them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from guide.safety.helplines import ANYWHERE, NUMBER
from guide.safety.load_toml import SafetyDataError
from guide.validation import expected, first_fault, shown

_HTTPS = r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?"


def _date(written: str) -> str:
    if date.fromisoformat(written).isoformat() != written:
        raise ValueError
    return written


PlainText = Annotated[str, Field(pattern=r"^(?:\S(?:[^\n]*\S)?)?$"), expected("text without spaces around it")]
"""One line without spaces around it; it may be empty."""

FilledText = Annotated[PlainText, Field(min_length=1)]
"""One line that says something."""

CountryOrAnywhere = Annotated[
    PlainText, Field(pattern=r"^(?:[A-Z]{2}|\*)$"), expected(f"an ISO 3166-1 alpha-2 code, or {ANYWHERE}")
]

OneNumber = Annotated[
    PlainText, Field(pattern=f"^(?:{NUMBER})?$"), expected("one number of digits, spaces and hyphens, or nothing")
]
"""One telephone number, or nothing."""

WebAddress = Annotated[PlainText, Field(pattern=f"^(?:{_HTTPS})?$"), expected("an https address, or nothing")]

LanguageCodes = Annotated[
    PlainText, Field(pattern="^[a-z]{2}(?:,[a-z]{2})*$"), expected("ISO 639-1 codes separated by commas")
]

SourcePage = Annotated[
    PlainText, Field(pattern=f"^{_HTTPS}$"), expected("the https address of the page on which the number was seen")
]

SeenOn = Annotated[PlainText, AfterValidator(_date), expected("the date on which it was seen, as in 2026-11-23")]


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """A registry's file, by which its entries are named when one can't be used."""

    name: str
    table: str
    """The name of its tables, one for each entry."""
    entry: str
    """What an entry is, in words."""

    def refusal(self, error: ValidationError, raw: Mapping[str, Any]) -> SafetyDataError:
        """The refusal of the document `raw` for the first fault that was found in it."""
        fault = first_fault(error)
        match fault.place:
            case (self.table, int(number), str(key)):
                name = str(raw[self.table][number].get("name", "?"))
                if fault.problem == "unfit":
                    return self.unfit(name, key, fault.found, fault.expected)
                return SafetyDataError(
                    f"{self._label(name)} lacks a key or has one that nobody expects: look at {key}."
                )
        return SafetyDataError(f"{self.name}: {fault.sentence()}")

    def unfit(self, name: str, key: str, found: object, expected: str) -> SafetyDataError:
        """The refusal of the entry `name` for the value of one key."""
        return SafetyDataError(f"{self._label(name)} has {key} = {shown(found)}; expected {expected}.")

    def _label(self, name: str) -> str:
        return f"The {self.entry} “{name}” in {self.name}"
