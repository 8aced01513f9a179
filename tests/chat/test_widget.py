"""The script for other websites: small, and with the operator's words in it."""

import json
import re

import pytest

from guide.chat.branding import DEFAULT, branding_of
from guide.chat.texts import all_texts
from guide.chat.widget import embed_script


def own(script: str) -> dict[str, str]:
    """What is put into the script."""
    found: dict[str, str] = json.loads(script[script.rindex("({") + 1 : script.rindex(")")])
    return found


@pytest.mark.parametrize("language", all_texts())
def test_it_is_under_ten_kilobytes_in_every_language(language: str) -> None:
    colours = {"accent": "#7a3e12", "paper": "#fbf7f0", "ink": "#2a211a"}
    branding = branding_of({"title": "Ñ" * 40, "colours": {"light": colours}})
    assert len(embed_script(branding, language).encode()) < 10_000


def test_it_has_the_operators_words_and_colours() -> None:
    branding = branding_of({
        "title": "</script> “Calm” {x}", "es": {"title": "Calma"}, "colours": {"light": {"accent": "#7a3e12"}}
    })  # fmt: skip
    english, spanish = own(embed_script(branding, "en")), own(embed_script(branding, "es"))
    assert english["title"] == "</script> “Calm” {x}"
    assert english["open"] == "Ask </script> “Calm” {x}"
    assert "--deep: #7a3e12;" in english["styles"]
    assert (spanish["title"], spanish["close"], spanish["language"]) == ("Calma", "Cerrar", "es")
    assert own(embed_script(DEFAULT, "en"))["title"] == "Guide"


def test_it_stores_nothing_and_asks_nobody() -> None:
    script = embed_script(DEFAULT, "en")
    assert (
        re.findall(r"localStorage|sessionStorage|indexedDB|\bcookie|\bcaches\b|\bfetch\(|XMLHttp|sendBeacon", script)
        == []
    )
    # The neutral page that is left to, and the directory of help lines.
    assert re.findall(r"https?://[\w./-]+", script) == ["https://www.wikipedia.org/", "https://findahelpline.com"]
