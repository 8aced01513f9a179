"""An operator's own looks and words: what the file may say, what becomes of it, and what it can't reach."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.chat.branding import DEFAULT, Branding, BrandingError, branding_of, find_branding, read_branding
from guide.chat.colours import AA, AA_EDGE, DARK, LIGHT, Colours, contrast, palette
from guide.chat.texts import Greeting, all_texts

ROOT = Path(__file__).parents[2]
[EXAMPLE] = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "branding.md").read_text("utf-8"), re.DOTALL)


def test_the_documented_example_is_valid_and_has_every_key() -> None:
    table = tomllib.loads(EXAMPLE)
    branding = branding_of(table)
    greeting = set(Greeting.__dataclass_fields__)
    assert table.keys() == greeting | {"country", "language", "colours"} | all_texts().keys()
    assert table["es"].keys() == greeting
    assert {scheme: set(keys) for scheme, keys in table["colours"].items()} == {
        "light": set(Colours.__dataclass_fields__),
        "dark": set(Colours.__dataclass_fields__),
    }
    assert branding.greeting.title == "Calm Corner"
    assert branding.light == Colours(accent="#7a3e12", paper="#fbf7f0", ink="#2a211a")
    assert branding.country == "IE"
    assert branding.language == "en"


def test_a_languages_own_words_go_before_those_for_all() -> None:
    branding = branding_of({"title": "Calm", "heading": "Hello", "es": {"heading": "Hola", "examples": ["¿Qué?"]}})
    assert branding.greeting_in("en") == Greeting("Calm", "Hello")
    assert branding.greeting_in("es") == Greeting("Calm", "Hola", "", ("¿Qué?",))


def test_its_language_goes_before_the_browsers() -> None:
    assert branding_of({"language": "es"}).first_language("en-IE") == "es"
    assert branding_of({}).first_language("es-MX") == "es"


@pytest.mark.parametrize("written", ["de", "de_AT", "DE-de", " de "])
def test_the_language_is_read_however_it_is_written(written: str) -> None:
    assert branding_of({"language": written}).language == "de"


def test_nothing_said_changes_nothing() -> None:
    assert branding_of({}) == DEFAULT == Branding()
    assert DEFAULT.styles() == ""


def test_the_default_colours_are_those_of_the_styles() -> None:
    styles = (ROOT / "guide" / "chat" / "styles.css").read_text("utf-8")
    light, dark = re.findall(r"--paper: (#\w+);.*?--ink: (#\w+);.*?--deep: (#\w+);", styles, re.DOTALL)[:2]
    assert light == (LIGHT.paper, LIGHT.ink, LIGHT.accent)
    assert dark == (DARK.paper, DARK.ink, DARK.accent)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"titel": "Calm"}, "There is no key titel; expected one of title, heading, sentence, examples, country, "),
        ({"fi": {"title": "Rauha"}}, "There is no key fi; "),  # a language that the interface doesn't speak
        ({"es": {"country": "ES"}}, "There is no key es.country; expected one of title, heading, sentence, examples."),
        ({"colours": {"red": "#ff0000"}}, "There is no key colours.red; expected one of light, dark."),
        ({"colours": {"light": {"text": "#000000"}}}, "There is no key colours.light.text; expected one of accent, "),
        ({"helplines": []}, "There is no key helplines; "),  # what keeps people safe isn't a matter of looks
        ({"title": 7}, "title is 7; expected text of 1 to 40 characters in quotation marks."),
        ({"title": "  "}, "title is '  '; expected text of 1 to 40 characters"),
        ({"title": "x" * 41}, f"title is '{'x' * 41}'; expected text of 1 to 40 characters"),
        ({"es": {"heading": True}}, "es.heading is True; expected text of 1 to 120 characters"),
        ({"es": "Hola"}, "es is 'Hola'; expected a table, [es]."),
        ({"colours": {"dark": "black"}}, "colours.dark is 'black'; expected a table, [colours.dark]."),
        ({"examples": "Why?"}, "examples is 'Why?'; expected a list of 1 to 8 questions in quotation marks."),
        ({"examples": []}, "examples is []; expected a list of 1 to 8 questions"),
        ({"examples": ["Why?"] * 9}, "expected a list of 1 to 8 questions"),
        ({"examples": ["Why?", 3]}, "Entry 2 of the examples is 3; expected text of 1 to 200 characters"),
        ({"country": "Atlantis"}, "country is 'Atlantis'; expected a country that Guide knows help lines of: AT, AU,"),
        ({"country": ["IE"]}, "country is ['IE']; expected a country"),
        ({"country": "*"}, "country is '*'; expected a country"),
        ({"country": ""}, "country is ''; expected a country"),
        ({"language": "fi"}, "language is 'fi'; expected a language of the interface: de, en, es, fr, it, nl, pt."),
        ({"language": "<b>"}, "language is '<b>'; expected a language"),
        ({"language": 7}, "language is 7; expected a language"),
        ({"colours": {"light": {"ink": "red"}}}, "colours.light.ink is 'red'; expected a colour such as \"#1d5c57\"."),
        ({"colours": {"light": {"ink": "#abc"}}}, "colours.light.ink is '#abc'; expected a colour"),
        ({"colours": {"light": {"ink": 0}}}, "colours.light.ink is 0; expected a colour"),
        ({"colours": {"light": {"ink": "#000000\n"}}}, "colours.light.ink is '#000000\\n'; expected a colour"),
        (
            {"colours": {"light": {"accent": "#777777", "paper": "#ffffff"}}},
            "colours.light.accent (#777777) on colours.light.paper (#ffffff) has a contrast of 4.47:1; expected at "
            "least 4.5:1 (WCAG AA);",
        ),
        (
            {"colours": {"dark": {"paper": "#ffffff"}}},
            "colours.dark.ink (#e7ece9) on colours.dark.paper (#ffffff) has a contrast of 1.19:1;",
        ),
    ],
)
def test_what_cannot_be_used_is_named(table: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BrandingError) as fault:
        branding_of(table)
    assert sentence in str(fault.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"title = ", "isn't TOML (Invalid value (at end of document)); see docs/branding.md."),
        (b"title = 'caf\xe9'", "isn't UTF-8 text; save it as UTF-8."),
        (None, "can't be read (No such file or directory); name a TOML file"),
        (b"title = 3", "guide.toml: title is 3; expected text"),
    ],
    ids=["not TOML", "Latin-1", "missing", "a wrong value"],
)
def test_a_file_that_cannot_be_used_is_named(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "guide.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BrandingError, match=r"guide\.toml") as fault:
        read_branding(path)
    assert sentence in str(fault.value)


def test_the_file_named_goes_before_the_variables_and_that_before_the_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_branding(None, {}) == DEFAULT
    for name in ("guide", "variable", "named"):
        Path(f"{name}.toml").write_text(f'title = "{name}"', encoding="utf-8")
    assert find_branding(None, {}).greeting.title == "guide"
    assert find_branding(None, {"GUIDE_BRANDING": "variable.toml"}).greeting.title == "variable"
    assert find_branding("named.toml", {"GUIDE_BRANDING": "variable.toml"}).greeting.title == "named"


colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colours, colours, colours)
def test_whatever_is_taken_can_be_read(accent: str, paper: str, ink: str) -> None:
    try:
        own = branding_of({"colours": {"light": {"accent": accent, "paper": paper, "ink": ink}}}).light
    except BrandingError:
        assert min(contrast(ink, paper), contrast(accent, paper)) < AA
        return
    made = palette(own)
    for ground in ("paper", "sheet", "tint"):
        assert min(contrast(made[text], made[ground]) for text in ("ink", "soft", "deep")) >= AA
        assert contrast(made["edge"], made[ground]) >= AA_EDGE
    assert contrast(made["ink"], made["here"]) >= AA
    assert min(contrast(made["on-deep"], made[button]) for button in ("deep", "deeper")) >= AA


def test_only_the_schemes_that_differ_are_styled_and_only_on_screens() -> None:
    styles = branding_of({"colours": {"dark": {"accent": "#ffd9a0"}}}).styles()
    assert styles.startswith("@media screen and (prefers-color-scheme: dark) { :root { --paper: #141a1a; ")
    assert "--deep: #ffd9a0;" in styles
    assert "light" not in styles


def test_the_colours_of_help_are_out_of_reach() -> None:
    styles = (ROOT / "guide" / "chat" / "styles.css").read_text("utf-8")
    made = palette(LIGHT)
    assert not [name for name in made if name.startswith("care")]
    help_rules = re.findall(
        r"^\.gradio-container [^{\n]*(?:\.care|\.lines|\.need-help|\.help-panel|\.country)[^{]*{[^}]*}", styles, re.M
    )
    assert len(help_rules) > 15
    shared = (".leave", ".button,", "summary", ".quiet")
    used = {
        name
        for rule in help_rules
        if not any(other in rule.partition("{")[0] for other in shared)
        for name in re.findall(r"var\(--([\w-]+)\)", rule)
    }
    assert used & made.keys() == set()
