"""The interface's languages, and the first guesses from what a browser says it speaks."""

from pathlib import Path

import pytest

import guide.chat
import guide.web
from guide.chat.texts import all_texts, country_for, language_for

KNOWN = {"IE", "US", "DE", "GB"}


@pytest.mark.parametrize(
    ("header", "language", "country"),
    [
        ("en-IE,en;q=0.9", "en", "IE"),
        ("es-MX,es;q=0.9", "es", ""),  # a country without lines of its own isn't guessed
        ("de", "de", "DE"),  # a language at home in one country
        ("ja", "en", ""),  # and one that the page doesn't speak
        ("en", "en", ""),  # spoken in many countries: no guess
        ("fr;q=0.1, en-GB;q=0.9", "en", "GB"),  # the weights decide, not the order
        ("zh-Hant-TW, en-US;q=0.5", "en", "US"),  # a script between language and region
        ("en-us", "en", "US"),
        ("", "en", ""),
        ("*", "en", ""),
        ("en;q=nonsense,;;,-", "en", ""),
        ("x" * 100_000, "en", ""),
    ],
)
def test_first_guesses(header: str, language: str, country: str) -> None:
    assert language_for(header) == language
    assert country_for(header, KNOWN) == country


def test_every_string_is_used() -> None:
    rooms = (guide.chat.__path__[0], guide.web.__path__[0])
    code = "".join(path.read_text("utf-8") for room in rooms for path in Path(room).glob("*.py"))
    # Followed by a level, a purpose, a degree, a criterion or a reason.
    made = ("care_", "purpose_", "says_", "sheet_", "held_back_", "why_", "first_call_", "fault_")
    unused = [key for key in all_texts()["en"].strings if f'"{key}"' not in code and f"'{key}'" not in code]
    assert [key for key in unused if not key.startswith(made)] == []
