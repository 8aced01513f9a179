"""The files of the languages: which there are, and what stands in one. docs/languages.md says how to add one."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

DEFAULT_LANGUAGE = "en"
"""The language that is spoken where another has nothing."""


@cache
def languages() -> tuple[str, ...]:
    """The languages in which all of Guide speaks, by ISO 639-1 code, sorted."""
    return tuple(sorted(_files(_folder())))


@cache
def help_languages() -> tuple[str, ...]:
    """The languages other than English in which there are help cards, by ISO 639-1 code, sorted: the others of
    `languages`, and those that have nothing else.
    """
    return tuple(sorted({*languages(), *_files(_folder() / "help_only")} - {DEFAULT_LANGUAGE}))


@cache
def words_of(language: str) -> Mapping[str, Any]:
    """What stands in the file of `language`, read once and as it is: a help card waits for it, and the tests look at
    every file.

    Raises:
        KeyError: there is no such file.
    """
    found = _files(_folder()) | _files(_folder() / "help_only")
    return MappingProxyType(tomllib.loads(found[language].read_text(encoding="utf-8")))


def _folder() -> Traversable:
    return files("guide.languages")


def _files(folder: Traversable) -> dict[str, Traversable]:
    return {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
