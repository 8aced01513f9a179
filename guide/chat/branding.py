"""What an operator may change about the chat's looks and words without touching code, from one TOML file.

Nothing here reaches the safety gate, its cards or the help lines.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from guide.chat.colours import AA, DARK, LIGHT, Colours, contrast, custom_properties, rgb
from guide.chat.texts import Greeting, all_texts
from guide.errors import GuideError
from guide.safety.helplines import ANYWHERE, registry

FILE = "guide.toml"
VARIABLE = "GUIDE_BRANDING"


class BrandingError(GuideError):
    """The branding file can't be read, or says what it can't."""


LIMITS = {"title": 40, "heading": 120, "sentence": 400, "examples": 200}
"""Characters; an example's are each one's."""

MAX_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Branding:
    """The looks and words of one chat; the defaults are Guide's own."""

    greeting: Greeting = field(default_factory=Greeting)
    """In every language that has none of its own."""
    greetings: Mapping[str, Greeting] = field(default_factory=lambda: MappingProxyType({}))
    """By the interface's language, ISO 639-1."""
    light: Colours = LIGHT
    dark: Colours = DARK
    country: str = ""
    """Whose help lines are shown where neither the browser nor the person names a country, ISO 3166-1 alpha-2."""

    def greeting_in(self, language: str) -> Greeting:
        """The greeting in the interface's language."""
        return self.greetings.get(language, Greeting()).over(self.greeting)

    def styles(self) -> str:
        """CSS that gives the page the colours that aren't Guide's own; nothing is said for paper that is printed on."""
        schemes = (("light", self.light, LIGHT), ("dark", self.dark, DARK))
        return "".join(
            f"@media screen and (prefers-color-scheme: {scheme}) {{ :root {{ {custom_properties(colours)} }} }}\n"
            for scheme, colours, own in schemes
            if colours != own
        )


DEFAULT = Branding()


def find_branding(named: str | Path | None = None, environment: Mapping[str, str] = os.environ) -> Branding:
    """The branding in the file that is `named`, else in the one that `GUIDE_BRANDING` names, else in `guide.toml` of
    the working directory if there is one, else Guide's own.

    Raises:
        BrandingError: the file can't be read, or says what it can't.
    """
    if path := named or environment.get(VARIABLE):
        return read_branding(Path(path))
    return read_branding(Path(FILE)) if Path(FILE).exists() else DEFAULT


def read_branding(path: Path) -> Branding:
    """The branding in the TOML file `path`.

    Raises:
        BrandingError: it can't be read, or says what it can't.
    """
    try:
        return branding_of(tomllib.loads(path.read_text("utf-8-sig")))
    except OSError as error:
        raise BrandingError(
            f"The branding file {path} can't be read ({error.strerror}); name a TOML file, or none for Guide's looks."
        ) from None
    except UnicodeDecodeError:
        raise BrandingError(f"The branding file {path} isn't UTF-8 text; save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrandingError(f"The branding file {path} isn't TOML ({error}); see docs/branding.md.") from None
    except BrandingError as error:
        raise BrandingError(f"{path}: {error}") from None


def branding_of(table: Mapping[str, Any]) -> Branding:
    """The branding that a TOML document's table describes.

    Raises:
        BrandingError: a key is unknown, a value isn't what its key says, or two colours are too near each other.
    """
    languages = sorted(all_texts())
    _known(table, "", [*Greeting.__dataclass_fields__, "country", "colours", *languages])
    colours = _table(table, "colours")
    _known(colours, "colours.", ["light", "dark"])
    return Branding(
        greeting=_greeting(table, ""),
        greetings=MappingProxyType({one: _own_greeting(table, one) for one in languages if one in table}),
        light=_colours(colours, "light", LIGHT),
        dark=_colours(colours, "dark", DARK),
        country=_country(table),
    )


def _own_greeting(table: Mapping[str, Any], language: str) -> Greeting:
    own = _table(table, language)
    _known(own, f"{language}.", list(Greeting.__dataclass_fields__))
    return _greeting(own, f"{language}.")


def _greeting(table: Mapping[str, Any], prefix: str) -> Greeting:
    words = {key: _text(table, prefix, key) for key in ("title", "heading", "sentence")}
    return Greeting(**words, examples=_examples(table, prefix))


def _text(table: Mapping[str, Any], prefix: str, key: str) -> str:
    return _words(table[key], f"{prefix}{key}", LIMITS[key]) if key in table else ""


def _examples(table: Mapping[str, Any], prefix: str) -> tuple[str, ...]:
    if "examples" not in table:
        return ()
    found = table["examples"]
    if not isinstance(found, list) or not 1 <= len(found) <= MAX_EXAMPLES:
        raise _unfit(f"{prefix}examples", found, f"a list of 1 to {MAX_EXAMPLES} questions in quotation marks")
    return tuple(_words(one, f"{prefix}examples", LIMITS["examples"]) for one in found)


def _words(found: Any, key: str, limit: int) -> str:
    words = " ".join(found.split()) if isinstance(found, str) else ""
    if not 1 <= len(words) <= limit:
        raise _unfit(key, found, f"text of 1 to {limit} characters in quotation marks")
    return words


def _country(table: Mapping[str, Any]) -> str:
    found = table.get("country", "")
    known = registry().names.keys() - {ANYWHERE}
    if "country" in table and found not in sorted(known):
        raise _unfit("country", found, f"a country that Guide knows help lines of: {', '.join(sorted(known))}")
    return str(found)


def _colours(table: Mapping[str, Any], scheme: str, default: Colours) -> Colours:
    """The colours of a scheme, its text and its accent told apart from its paper as WCAG 2.2 asks for (AA, 1.4.3)."""
    own = _table(table, scheme, "colours.")
    prefix = f"colours.{scheme}."
    _known(own, prefix, list(Colours.__dataclass_fields__))
    colours = Colours(**{key: _colour(own, prefix, key, getattr(default, key)) for key in Colours.__dataclass_fields__})
    for key in ("ink", "accent"):
        one = getattr(colours, key)
        ratio = contrast(one, colours.paper)
        if ratio < AA:
            raise BrandingError(
                # Rounded down: 4.496 must not be called 4.5.
                f"{prefix}{key} ({one}) on {prefix}paper ({colours.paper}) has a contrast of "
                f"{int(ratio * 100) / 100}:1; expected at least {AA}:1 (WCAG AA); choose colours further apart in "
                "lightness."
            )
    return colours


def _colour(table: Mapping[str, Any], prefix: str, key: str, default: str) -> str:
    found = table.get(key, default)
    try:
        rgb(found)
    except (ValueError, TypeError):
        raise _unfit(f"{prefix}{key}", found, 'a colour such as "#1d5c57"') from None
    return str(found).lower()


def _table(table: Mapping[str, Any], key: str, prefix: str = "") -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise _unfit(f"{prefix}{key}", found, f"a table, [{prefix}{key}]")
    return found


def _known(table: Mapping[str, Any], prefix: str, keys: list[str]) -> None:
    for key in table:
        if key not in keys:
            raise BrandingError(f"There is no key {prefix}{key}; expected one of {', '.join(keys)}.")


def _unfit(key: str, found: Any, expected: str) -> BrandingError:
    shown = repr(found)
    shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
    return BrandingError(f"{key} is {shown}; expected {expected}.")
