"""What an operator may change about the chat's looks and words without touching code, from one TOML file.

Nothing here reaches the safety gate, its cards or the help lines.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, ValidationError, WrapValidator, create_model

from guide.chat.colours import AA, DARK, LIGHT, Colours, contrast, custom_properties, rgb
from guide.chat.texts import Greeting, all_texts, language_for
from guide.errors import GuideError
from guide.safety.helplines import ANYWHERE, registry
from guide.text.tags import language_alone
from guide.validation import Record, UnfitError, expected, first_fault

FILE = "guide.toml"
VARIABLE = "GUIDE_BRANDING"


class BrandingError(GuideError):
    """The branding file can't be read, or says what it can't."""


MAX_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Branding:
    """The looks and words of one chat; the defaults are Guide's own."""

    greeting: Greeting = field(default_factory=Greeting)
    """The greeting in every language for which `greetings` has none."""
    greetings: Mapping[str, Greeting] = field(default_factory=lambda: MappingProxyType({}))
    """Greetings by the interface's language, ISO 639-1."""
    light: Colours = LIGHT
    dark: Colours = DARK
    country: str = ""
    """Whose help lines are shown where neither the browser nor the person names a country, ISO 3166-1 alpha-2."""
    language: str = ""
    """The interface's language until the person chooses another, ISO 639-1; empty for the browser's."""

    def first_language(self, accept_language: str) -> str:
        """The language in which a browser with this `Accept-Language` header is greeted."""
        return self.language or language_for(accept_language)

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
    try:
        file = _file().model_validate(table)
    except ValidationError as error:
        raise BrandingError(first_fault(error).sentence()) from None
    own = {language: getattr(file, language) for language in all_texts()}
    return Branding(
        greeting=file.greeting(),
        greetings=MappingProxyType({language: words.greeting() for language, words in own.items() if words}),
        light=_colours("light", LIGHT, file.colours.light),
        dark=_colours("dark", DARK, file.colours.dark),
        country=file.country,
        language=file.language,
    )


def _words(limit: int) -> tuple[AfterValidator, WrapValidator]:
    """What one line of text may be, its blanks made one."""

    def check(found: str) -> str:
        words = " ".join(found.split())
        if not 1 <= len(words) <= limit:
            raise ValueError
        return words

    return AfterValidator(check), expected(f"text of 1 to {limit} characters in quotation marks")


class _Greeting(Record):
    title: Annotated[str, *_words(40)] = ""
    heading: Annotated[str, *_words(120)] = ""
    sentence: Annotated[str, *_words(400)] = ""
    examples: Annotated[
        list[Annotated[str, *_words(200)]],
        Field(min_length=1, max_length=MAX_EXAMPLES),
        expected(f"a list of 1 to {MAX_EXAMPLES} questions in quotation marks"),
    ] = Field([])

    def greeting(self) -> Greeting:
        return Greeting(self.title, self.heading, self.sentence, tuple(self.examples))


def _lower(colour: str) -> str:
    rgb(colour)
    return colour.lower()


_Colour = Annotated[str, AfterValidator(_lower), expected('a colour such as "#1d5c57"')]


class _Scheme(Record):
    """What is said of a scheme's colours; those that aren't stay Guide's own."""

    accent: _Colour = ""
    paper: _Colour = ""
    ink: _Colour = ""


class _Schemes(Record):
    light: Annotated[_Scheme, expected("a table, [colours.light]")] = _Scheme()
    dark: Annotated[_Scheme, expected("a table, [colours.dark]")] = _Scheme()


def _known_country(found: Any) -> str:
    known = sorted(registry().names.keys() - {ANYWHERE})
    if found not in known:
        raise UnfitError(f"a country that Guide knows help lines of: {', '.join(known)}")
    return str(found)


def _known_language(found: Any) -> str:
    language = language_alone(found) if isinstance(found, str) else ""
    if language not in all_texts():
        raise UnfitError(f"a language of the interface: {', '.join(all_texts())}")
    return language


class _File(_Greeting):
    country: Annotated[str, PlainValidator(_known_country)] = ""
    language: Annotated[str, PlainValidator(_known_language)] = ""
    colours: Annotated[_Schemes, expected("a table, [colours]")] = _Schemes()


@cache
def _file() -> type[_File]:
    """What the file may say: also a table for each language of the interface."""
    languages: dict[str, Any] = {
        language: (Annotated[_Greeting | None, expected(f"a table, [{language}]")], None)
        for language in sorted(all_texts())
    }
    return create_model("_FileInLanguages", __base__=_File, **languages)


def _colours(scheme: str, default: Colours, said: _Scheme) -> Colours:
    """The colours of a scheme, its text and its accent told apart from its paper as WCAG 2.2 asks for (AA, 1.4.3)."""
    colours = replace(default, **said.model_dump(exclude_unset=True))
    for key in ("ink", "accent"):
        one = getattr(colours, key)
        ratio = contrast(one, colours.paper)
        if ratio < AA:
            raise BrandingError(
                # Rounded down: 4.496 must not be called 4.5.
                f"colours.{scheme}.{key} ({one}) on colours.{scheme}.paper ({colours.paper}) has a contrast of "
                f"{int(ratio * 100) / 100}:1; expected at least {AA}:1 (WCAG AA); choose colours further apart in "
                "lightness."
            )
    return colours
