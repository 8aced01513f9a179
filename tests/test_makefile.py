"""`make run` says what it is doing, from the first second to the address of the chat."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PIP = """\
#!/bin/sh
case "$*" in *torch*) sleep {torch}; exit {torch_code};; *) exit {rest_code};; esac
"""


def made(
    folder: Path, *, torch: float = 0, torch_code: int = 0, rest_code: int = 0
) -> "subprocess.CompletedProcess[str]":
    """What `make run` does in a folder whose environment has a pip and a guide that only say that they ran."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    (programs / "pip").write_text(PIP.format(torch=torch, torch_code=torch_code, rest_code=rest_code))
    (programs / "guide").write_text('#!/bin/sh\necho "[guide $*]"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    return run(folder)


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """`make run` there, as if no other make had begun these tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", "run"], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(autouse=True)
def _needs_make() -> None:
    if shutil.which("make") is None:
        pytest.skip("there is no make")


def test_each_step_is_told_before_it_is_done(tmp_path: Path) -> None:
    done = made(tmp_path, torch=6)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Setting up Guide in .venv: once, for a minute or a few; about 3 GB of disk.",
        "1 of 2: torch, which runs the model.",
        ".",
        "2 of 2: all that constraints.txt pins.",
        "",
        "Building the index of corpus/; what hasn't changed since is taken over.",
        ".venv/bin/guide build",
        "[guide build]",
        "Opening the chat; it takes some seconds to load the model.",
        ".venv/bin/guide serve",
        "[guide serve]",
    ]
    assert run(tmp_path).stdout.startswith("Building the index")


def test_without_the_small_torch_the_default_one_is_taken(tmp_path: Path) -> None:
    done = made(tmp_path, torch_code=1)
    assert done.returncode == 0
    assert "the default build comes with the rest." in done.stdout


def test_what_cannot_be_installed_ends_it(tmp_path: Path) -> None:
    done = made(tmp_path, rest_code=3)
    assert done.returncode != 0
    assert "[guide" not in done.stdout
    assert not (tmp_path / ".venv" / ".ready").exists()
