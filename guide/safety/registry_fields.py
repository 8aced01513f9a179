"""What a field of the registries of help must hold, for the checks of whoever edits them."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from guide.safety.helplines import ANYWHERE, NUMBER
from guide.validation import expected

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
