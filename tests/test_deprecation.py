"""What moved is still found where the documentation once had it, with a warning that names the new place."""

import re
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path

import pytest

MOVED = [
    ("guide.errors", "IndexFault", "guide.errors", "SearchIndexError"),
    ("guide.errors", "AnswerFault", "guide.errors", "AnswerError"),
    ("guide.build", "build", "guide.index.build", "build"),
    ("guide.build_report", "BuildReport", "guide.index.build_report", "BuildReport"),
]


@pytest.mark.parametrize(("old_home", "old", "home", "new"), MOVED)
def test_the_old_path_gives_the_same_object_and_names_the_new_one(old_home: str, old: str, home: str, new: str) -> None:
    module = import_module(old_home)
    with pytest.warns(DeprecationWarning, match=re.escape(f"{home}.{new}")) as seen:
        found = getattr(module, old)
    assert found is getattr(import_module(home), new)
    assert [str(warning.message) for warning in seen] == [
        f"{old_home}.{old} is {home}.{new} now; the old name goes in Guide 0.3."
    ]
    assert seen[0].filename == __file__, "the line to change is the one that asks for the name"


@pytest.mark.parametrize("module", sorted({old_home for old_home, *_ in MOVED}))
def test_a_name_that_never_was_is_none(module: str) -> None:
    with pytest.raises(AttributeError, match=f"^module '{module}' has no attribute 'absent'$"):
        _ = import_module(module).absent


@pytest.mark.parametrize(("home", "new"), sorted({(home, new) for *_, home, new in MOVED}))
def test_the_new_path_warns_of_nothing(home: str, new: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert getattr(import_module(home), new).__module__ == home


def test_a_program_that_imports_the_old_path_is_told_its_line(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import sys\n\nfrom guide.errors import IndexFault\n\nprint(IndexFault.__name__)\n", "utf-8")
    done = subprocess.run([sys.executable, "-W", "default", program], capture_output=True, text=True)
    assert done.stdout == "SearchIndexError\n"
    assert (
        f"{program}:3: DeprecationWarning: guide.errors.IndexFault is guide.errors.SearchIndexError now" in done.stderr
    )


def test_the_documentation_lists_what_moved() -> None:
    page = (Path(__file__).parents[1] / "docs" / "stability.md").read_text("utf-8")
    rows = re.findall(r"^\| `(guide\.[\w.]+)` \| `(guide\.[\w.]+)` \|$", page, re.MULTILINE)
    assert sorted(rows) == sorted((f"{old_home}.{old}", f"{home}.{new}") for old_home, old, home, new in MOVED)
