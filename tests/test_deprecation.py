"""What moved is still found where the documentation once had it, with a warning that names the new place."""

import re
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

from guide.records import Turn
from guide.safety import assess

MOVED = [
    ("guide.errors", "IndexFault", "guide.errors", "SearchIndexError"),
    ("guide.errors", "AnswerFault", "guide.errors", "AnswerError"),
    ("guide.build", "build", "guide.index.build", "build"),
    ("guide.build_report", "BuildReport", "guide.index.build_report", "BuildReport"),
    ("guide.safety.assess", "assess", "guide.safety.gate", "assess"),
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


def test_the_old_module_of_the_gate_leaves_its_name_to_the_function() -> None:
    code = "import guide.safety.assess; from guide.safety import assess; print(assess('I want to die').level)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "crisis\n"


def test_the_gate_with_an_encoder_is_the_gate_with_what_it_embeds(fake_encoder: FakeEncoder) -> None:
    from guide.safety.whole import assess_whole

    with pytest.warns(DeprecationWarning, match=re.escape("guide.safety.gate.assess now, with classify for encoder")):
        found = assess_whole("I want to die", [Turn("user", "Hello.")], encoder=fake_encoder, country="IE")
    assert found == assess("I want to die", [Turn("user", "Hello.")], country="IE")
