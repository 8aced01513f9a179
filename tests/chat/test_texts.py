"""The interface's languages, and the first guesses from what a browser says it speaks."""

import re
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
        ("de", "en", "DE"),  # a language at home in one country, and one we don't speak
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


def test_every_language_fills_in_the_same_places() -> None:
    english = all_texts()["en"].strings
    for texts in all_texts().values():
        for key, words in texts.strings.items():
            assert words.strip() == words != "", key
            assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", english[key])), key


def test_every_string_is_used() -> None:
    rooms = (guide.chat.__path__[0], guide.web.__path__[0])
    code = "".join(path.read_text("utf-8") for room in rooms for path in Path(room).glob("*.py"))
    # Followed by a level, a purpose, a degree, a criterion or a reason.
    made = ("care_", "purpose_", "says_", "sheet_", "held_back_")
    unused = [key for key in all_texts()["en"].strings if f'"{key}"' not in code and f"'{key}'" not in code]
    assert [key for key in unused if not key.startswith(made)] == []
