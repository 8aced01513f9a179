"""The safety gate's data files, read strictly: a key that nobody expects is a mistake, not something to pass over."""

import tomllib
from importlib.resources import files
from typing import Any

from guide.errors import GuideError


class SafetyDataError(GuideError):
    """A data file of the safety gate can't be used."""


def load_table(name: str, keys: set[str]) -> dict[str, Any]:
    """The table in `guide/safety/<name>`, which must hold exactly these keys.

    Raises:
        SafetyDataError: a key is missing or unknown.
    """
    raw = tomllib.loads(files("guide.safety").joinpath(name).read_text(encoding="utf-8"))
    if raw.keys() != keys:
        odd = sorted(raw.keys() ^ keys)
        raise SafetyDataError(f"{name} has the keys {sorted(raw)}; expected {sorted(keys)}: look at {', '.join(odd)}.")
    return raw


def rule_files() -> list[str]:
    """The names of the rule files, in order."""
    folder = files("guide.safety").joinpath("rules")
    return sorted(f"rules/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".toml"))
