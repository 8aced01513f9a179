"""Names that moved: the old import path still works, and warns."""

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def moved(module: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a module some of whose `names` moved: each with the full path of where it is now.

    Whoever asks for one gets the object itself, and a `DeprecationWarning` that names the new path.
    docs/stability.md says how long an old path stays.
    """

    def get(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        home, new = names[name].rsplit(".", 1)
        warnings.warn(
            f"{module}.{name} is {names[name]} now; the old name goes in Guide 0.3.",
            DeprecationWarning,
            stacklevel=2,
        )
        return getattr(import_module(home), new)

    return get
