"""The bank of example messages and counter-examples, all written for this project."""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from guide.levels import Level


@dataclass(frozen=True, slots=True)
class Example:
    """A message, the level it must get (an emergency counts as a crisis here), and its kind."""

    text: str
    level: Level
    kind: str
    by: Literal["rules", "meaning"] = "rules"
    """`meaning` where the rules alone aren't expected to see it."""


def examples() -> tuple[Example, ...]:
    """Every example of `examples.jsonl`, in its order."""
    lines = files("guide.safety").joinpath("examples.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Example(**json.loads(line)) for line in lines if line)
