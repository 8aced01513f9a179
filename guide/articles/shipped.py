"""The articles that Guide comes with."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def shipped_articles() -> Path | None:
    """The folder of the articles that Guide comes with, or None where there are none.

    It is `corpus/` inside the package where that was installed from a wheel, and beside the package in a clone.
    """
    for folder in (PACKAGE / "corpus", PACKAGE.parent / "corpus"):
        if any(folder.glob("*.md")):
            return folder
    return None
