"""The documents name what is there: paths, modules, commands, targets of make; forms and workflows can be read."""

import importlib.util
import re
import shlex
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml

from guide.cli import _parser

ROOT = Path(__file__).parents[1]
# The changelog tells of what went, too.
DOCUMENTS = sorted([
    *(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / ".github").rglob("*.md"),
])  # fmt: skip
TEXTS = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in DOCUMENTS}
CONTRIBUTING = TEXTS["CONTRIBUTING.md"]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

OF_THE_PROJECT = re.compile(r"(?<![\w./-])(?:guide|tests|docs|benchmarks|deploy|corpus)/[\w./*-]*[\w*/]")


# ── every document ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_that_a_document_names_is_there(name: str) -> None:
    named = {path for path in OF_THE_PROJECT.findall(TEXTS[name]) if "NAME" not in path}
    assert [path for path in sorted(named) if not any(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_module_that_a_document_runs_is_there(name: str) -> None:
    run = [name for name in re.findall(r"python -m (guide[\w.]*)", TEXTS[name]) if "NAME" not in name]
    assert [module for module in run if importlib.util.find_spec(module.rstrip(".")) is None] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_target_of_make_that_a_document_names_is_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", TEXTS[name], re.MULTILINE)) <= targets


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", TEXTS[name])
    folder = (ROOT / name).parent
    assert [link for link in links if not (folder / link).exists()] == []


# ── CONTRIBUTING.md ──────────────────────────────────────────────────────────────────────────────────────────────────


def commands(text: str) -> list[str]:
    """The lines of the blocks of shell commands, without comments."""
    blocks = re.findall(r"^ *```bash\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    parts = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    return [shlex.join(part) for part in parts if part]


COMMANDS = commands(CONTRIBUTING)


def dev_tools() -> set[str]:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    return {re.match(r"[\w.-]+", line)[0] for line in chain(extras["dev"], extras["docs"])}


def problem(command: str) -> str:
    """Why a command wouldn't do what it says; nothing if it would."""
    program, *arguments = shlex.split(command)
    paths = [ROOT / argument for argument in arguments if "/" in argument]
    absent = ", ".join(str(path) for path in paths if not path.exists())
    if program == "make":
        done = subprocess.run(["make", "-n", *arguments], cwd=ROOT, capture_output=True, text=True)
        return done.stderr if done.returncode else ""
    if program == ".venv/bin/guide":
        try:
            _parser().parse_args(arguments)
        except SystemExit:
            return "guide doesn't take it"
        return absent
    if program == ".venv/bin/python":
        if arguments[0] == "-m":
            return "" if importlib.util.find_spec(arguments[1]) else f"no module {arguments[1]}"
        return absent
    tool = program.removeprefix(".venv/bin/")
    known = {"lint-imports": "import-linter"}.get(tool, tool) in dev_tools()
    return absent if known else f"{tool} isn't among the development tools"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_contributing_is_one_that_works(command: str) -> None:
    assert problem(command) == ""


@pytest.mark.parametrize(
    "command",
    [
        "make nothing",
        ".venv/bin/guide evaluate --nothing",
        ".venv/bin/guide evaluate tests/data/nothing.jsonl",
        ".venv/bin/python -m guide.training.nothing",
        ".venv/bin/python docs/nothing.py",
        ".venv/bin/pytest tests/nothing",
        ".venv/bin/nothing",
    ],
)
def test_a_command_that_does_not_work_is_found(command: str) -> None:
    assert problem(command)


def test_contributing_has_commands_for_each_part() -> None:
    programs = {shlex.split(command)[0] for command in COMMANDS}
    assert {"make", ".venv/bin/guide", ".venv/bin/pytest", ".venv/bin/python"} <= programs


def test_every_folder_of_guide_is_on_the_map() -> None:
    folders = {path.parent.name for path in (ROOT / "guide").glob("*/__init__.py")}
    assert {folder for folder in folders if f"| `guide/{folder}/`" not in CONTRIBUTING.replace(", `", " | `")} == set()


# ── forms and workflows ──────────────────────────────────────────────────────────────────────────────────────────────


def fields(form: Path) -> list[dict]:
    return yaml.safe_load(form.read_text("utf-8"))["body"]


@pytest.mark.parametrize("form", [form for form in FORMS if form.name != "config.yml"], ids=lambda form: form.stem)
def test_a_form_is_one_that_github_takes(form: Path) -> None:
    held = yaml.safe_load(form.read_text("utf-8"))
    assert held.keys() <= {"name", "description", "title", "labels", "assignees", "projects", "type", "body"}
    assert held["name"]
    assert held["description"]
    asked = [field for field in held["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in asked} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert all(field["attributes"]["label"] for field in asked)
    assert len({field["id"] for field in asked}) == len(asked)
    assert any(field.get("validations", {}).get("required") for field in asked)
    for field in held["body"]:
        assert field["type"] != "markdown" or field["attributes"]["value"]
        assert (field["type"] in ("dropdown", "checkboxes")) == ("options" in field["attributes"])


@pytest.mark.parametrize("form", [form for form in FORMS if form.name != "config.yml"], ids=lambda form: form.stem)
def test_every_form_asks_for_no_personal_message_first(form: Path) -> None:
    first = fields(form)[0]
    assert first["type"] == "markdown"
    assert "post no personal messages" in first["attributes"]["value"]


def test_the_form_for_the_safety_gate_names_the_way_to_help() -> None:
    [form] = [form for form in FORMS if form.stem == "safety"]
    assert "https://findahelpline.com" in fields(form)[0]["attributes"]["value"]


def test_every_command_that_a_form_names_is_taken() -> None:
    for form in FORMS:
        for command in re.findall(r"`(guide [^`]+)`", form.read_text("utf-8")):
            _parser().parse_args(shlex.split(command)[1:])


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_alone_and_pins_what_it_uses(workflow: Path) -> None:
    held = yaml.safe_load(workflow.read_text("utf-8"))
    # A job that has to write, such as one that publishes, says so itself.
    assert set(held["permissions"].values()) <= {"read"}
    used = [step["uses"] for job in held["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert [name for name in used if not re.search(r"@((release/)?v\d+|[0-9a-f]{40})$", name)] == []


def test_continuous_integration_runs_every_python_that_is_supported() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    [matrix] = [job["strategy"]["matrix"] for job in workflow["jobs"].values() if "strategy" in job]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={matrix['python'][0]}"
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert {system.split("-")[0] for system in matrix["system"]} == {"ubuntu", "macos"}
