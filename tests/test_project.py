"""The project as a whole: what importing it does, what it pins, and that its papers agree with its code."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from pathlib import Path

import pytest
from project_files import project_files

ROOT = Path(__file__).parent.parent
HEAVY = set("faiss gradio numpy onnxruntime openai rich scipy sentence_transformers sklearn torch transformers".split())
"""Modules that take time to import; nothing needs them before a question is asked."""

OUT_OF_PLACE = {
    r"\.\./shared\b": "a folder beside the checkout, which a clone doesn't have",
    r"(?<![\w.~-])/(?:home|root|work|Users)/\w": "a path of one machine",
    r"(?i)\bissue #?\d": "the number of an issue, which tells a reader nothing",
    r"(?m)^(?:<<<<<<<|>>>>>>>) ": "a conflict that wasn't resolved",
}
"""What no file of the project holds, and why."""


def run_python(*arguments: str, folder: Path) -> str:
    """What Python prints when it runs in `folder`, as a person without any settings would run it."""
    environment = {"HOME": str(folder), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def normal(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(line: str) -> str:
    """The name in a requirement: `PyYAML>=6.0` → `pyyaml`."""
    return normal(re.match(r"[\w.-]+", line)[0])


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@cache
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


# ── importing ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "statement",
    [
        "import guide",
        "import guide.cli",
        "from guide.safety import assess; assess('I feel numb')",
    ],
)
def test_nothing_heavy_is_loaded_and_nothing_is_done(statement: str, tmp_path: Path) -> None:
    report = (
        "import json, logging, os, sys, threading; before = dict(os.environ)\n"
        f"{statement}\n"
        "print(json.dumps({'modules': sorted(sys.modules), 'threads': threading.active_count(),"
        " 'handlers': len(logging.root.handlers), 'environment': dict(os.environ) == before}))"
    )
    seen = json.loads(run_python("-c", report, folder=tmp_path))
    assert "guide" in seen["modules"]
    assert HEAVY.isdisjoint(seen["modules"])
    assert (seen["threads"], seen["handlers"], seen["environment"]) == (1, 0, True)
    assert list(tmp_path.rglob("*")) == []


def test_public_names_are_there_and_no_others(tmp_path: Path) -> None:
    statement = "import guide; print(all(getattr(guide, name) for name in guide.__all__)); guide.absent"
    with pytest.raises(AssertionError, match="module 'guide' has no attribute 'absent'"):
        run_python("-c", statement, folder=tmp_path)
    assert run_python("-c", statement.removesuffix("; guide.absent"), folder=tmp_path) == "True\n"


# ── dependencies ─────────────────────────────────────────────────────────────────────────────────────────────────────


def pins() -> dict[str, str]:
    """Each pinned distribution with its version."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def test_every_direct_dependency_is_pinned() -> None:
    extras = project()["optional-dependencies"].values()
    direct = {requirement(line) for lines in [project()["dependencies"], *extras] for line in lines}
    assert direct - {normal(name) for name in pins()} == set()


def test_pins_are_exact_sorted_and_without_local_builds() -> None:
    names = list(pins())
    assert names == sorted(names, key=str.lower)
    release = re.compile(r"\d+(\.\d+)*((\.post|rc|a|b)\d+)?")
    assert [version for version in pins().values() if not release.fullmatch(version)] == []


def test_every_imported_distribution_is_a_direct_dependency() -> None:
    # What belongs to an extra says so in one sentence where it is missing.
    extras = [project()["optional-dependencies"][name] for name in project()["optional-dependencies"] if name != "dev"]
    declared = {requirement(line) for lines in [project()["dependencies"], *extras] for line in lines}
    known = packages_distributions()
    undeclared = set()
    for path in (ROOT / "guide").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names.append(node.module)
            for name in {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"guide"}:
                if declared.isdisjoint(map(normal, known.get(name, []))):
                    undeclared.add((path.name, name))
    assert undeclared == set()


def test_every_folder_of_modules_is_a_package_and_so_is_installed() -> None:
    folders = {path.parent for path in (ROOT / "guide").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


# ── papers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_names_the_two_commands(command: str) -> None:
    assert re.search(rf"^\s*{command}\b|`{command}`", readme(), re.MULTILINE)


def test_readme_documents_every_command_and_option(tmp_path: Path) -> None:
    shown = run_python("-m", "guide", "--help", folder=tmp_path)
    commands = re.findall(r"^ {4}([a-z]+)(?: {2}|$)", shown, re.MULTILINE)
    assert {"ask", "build", "passages", "serve"} <= set(commands)
    absent = [command for command in commands if f"guide {command}" not in readme()]
    for command in commands:
        shown = run_python("-m", "guide", command, "--help", folder=tmp_path)
        options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", shown, re.MULTILINE)
        absent += [f"{command} {option}" for option in options if option != "--help" and option not in readme()]
    assert absent == []


def test_every_target_that_readme_and_ci_name_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = re.findall(r"(?m)(?:^\s*|`)make ([a-z]+)", readme() + (ROOT / ".ci" / "run").read_text("utf-8"))
    assert {"lint", "run", "test"} <= set(named) <= targets


@pytest.mark.parametrize("pattern", OUT_OF_PLACE)
def test_no_file_names_what_is_out_of_place(pattern: str) -> None:
    found = []
    for path in project_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # an image
        name = path.relative_to(ROOT)
        found += [f"{name} has {match[0]!r}, {OUT_OF_PLACE[pattern]}" for match in re.finditer(pattern, text)]
    assert found == []


def test_licence_is_the_one_declared() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert project()["license"] == "Apache-2.0"
    assert text.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_notice_goes_with_what_is_installed() -> None:
    named = project()["license-files"]
    assert [name for name in named if not (ROOT / name).is_file()] == []
    copied = (ROOT / "Dockerfile").read_text("utf-8")
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert [name for name in named if not re.search(rf"^COPY .*\b{name}\b", copied, re.MULTILINE)] == []
    assert [name for name in named if f"!{name}" not in ignored] == []
    # Whose words are in guide/text/english_words.txt.gz.
    owners = ("Wolf Garbe", "mmb L", "Tyler Barrus", "Google Books Ngram", "Kevin Atkinson", "Princeton University")
    assert [owner for owner in owners if owner not in (ROOT / "NOTICE").read_text("utf-8")] == []


STRONG_COPYLEFT = re.compile(r"\b(?:AGPL|SSPL|GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)
ANOTHER_OFFERED = re.compile(r"\bOR\b|;")


def licence(name: str) -> str:
    """What an installed package says of its licence: the expression, else the field, else the classifiers."""
    told = metadata(name)
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License")]
    text = told.get("License-Expression") or told.get("License") or ""
    return text.splitlines()[0] if text.strip() else "; ".join(classifiers)


def test_no_dependency_asks_for_its_own_licence() -> None:
    told = {name: licence(name) for name in pins() if is_installed(name)}
    assert len(told) > 100
    assert {
        name: said for name, said in told.items() if STRONG_COPYLEFT.search(said) and not ANOTHER_OFFERED.search(said)
    } == {}
    assert [name for name, said in told.items() if not said] == []


def is_installed(name: str) -> bool:
    try:
        return bool(metadata(name))
    except PackageNotFoundError:
        return False
