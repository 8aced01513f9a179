"""The documentation: the pages, pictures and names that it names are there.

`make docs` checks headings that are linked to; pictures, the navigation and what isn't a page it passes over.
"""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
SETTINGS = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))


def prose(page: Path) -> str:
    """A page's text without its code."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)


def in_navigation(entries: list[Any]) -> list[str]:
    """The pages of the navigation, in its order."""
    names: list[str] = []
    for entry in entries:
        [value] = entry.values()
        names += [value] if isinstance(value, str) else in_navigation(value)
    return names


def test_every_page_is_in_the_navigation_once() -> None:
    assert sorted(in_navigation(SETTINGS["nav"])) == sorted(page.relative_to(DOCS).as_posix() for page in PAGES)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_picture_is_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", prose(page))
    files = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    # The site holds docs/ alone; the README is read in the repository.
    within = DOCS if page in PAGES else ROOT
    found = [(page.parent / name).resolve() for name in files]
    assert [str(path) for path in found if not (path.is_file() and path.is_relative_to(within))] == []


@pytest.mark.parametrize("name", re.findall(r"^::: ([\w.]+)$", (DOCS / "python.md").read_text("utf-8"), re.MULTILINE))
def test_every_name_of_the_api_pages_is_there(name: str) -> None:
    try:
        import_module(name)
    except ModuleNotFoundError:
        home, last = name.rsplit(".", 1)
        assert hasattr(import_module(home), last)


def test_the_site_asks_for_no_fonts_elsewhere() -> None:
    assert SETTINGS["theme"]["font"] is False
    assert not {"extra_css", "extra_javascript", "repo_url"} & set(SETTINGS)
