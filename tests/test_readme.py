"""What the README shows works as it is printed."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from guide.cli import _parser
from guide.config import Config
from guide.embedding.choose import open_builder
from guide.index.build import build

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


@pytest.mark.model
def test_the_example_in_python_runs_as_it_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [example] = [code for language, code in BLOCKS if language == "python"]
    assert len(example.strip().splitlines()) == 5
    encoder = open_builder(Config())
    build([ROOT / "corpus"], tmp_path / "index", encoder, encoder.identity, encoder.agreement)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 (our own example)
    printed = capsys.readouterr().out
    assert re.match(r"none 0\.\d+ \S", printed)


def shown(program: str) -> list[str]:
    """The commands of `program` that the README shows in its blocks, without their comments."""
    lines = [line.split("#")[0].strip() for language, code in BLOCKS if not language for line in code.splitlines()]
    return [line for line in lines if line.startswith(f"{program} ")]


@pytest.mark.parametrize("command", shown("guide"))
def test_a_command_of_guide_is_one_that_it_takes(command: str) -> None:
    _parser().parse_args(shlex.split(command)[1:])


TARGETS = sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE)))


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_of_make_is_there(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
