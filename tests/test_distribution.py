"""The distribution: what the sdist and the wheel hold, what they say of themselves, and that the wheel alone is enough;
also Guide started from other folders than that of a clone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.parser import Parser
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
import yaml
from project_files import ROOT, project_files

import guide
from guide.cli import main, what_is_missing

METADATA = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE", "top_level.txt"}
START_SECONDS = 120
"""A cold start loads the model and Gradio; a slow machine may take long, and nothing here measures time."""

# Settings of a shell that make one Python find what another wouldn't.
CLEAN = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "GUIDE_", "GRADIO_"))}
CLEAN |= {"HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a command does in `folder`, run as by a person without any settings."""
    return subprocess.run(command, cwd=folder, env=CLEAN, capture_output=True, text=True)


def built(hook: str, source: Path, folder: Path) -> Path:
    """What a hook of the build backend makes of `source`: the path of an sdist, a wheel or an editable wheel."""
    program = f"from setuptools import build_meta; print(build_meta.{hook}({str(folder)!r}))"
    done = run(sys.executable, "-c", program, folder=source)
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone whose folder is called `guide`, as the package is."""
    folder = tmp_path_factory.mktemp("above") / "guide"
    for path in project_files():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return folder


@pytest.fixture(scope="module")
def sdist(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("build_sdist", clone, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sdist as `python -m build` does."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        # Python before 3.11.4 knows no filter; the archive is our own.
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # noqa: S202
    return built("build_wheel", folder / sdist.name.removesuffix(".tar.gz"), folder)


def environment(folder: Path, *paths: Path) -> Path:
    """The Python of a new environment that has the libraries of this one, and `paths`, but not its Guide."""
    venv.create(folder, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    lines = [*paths, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    (packages / "libraries.pth").write_text("".join(f"{line}\n" for line in dict.fromkeys(map(str, lines))), "utf-8")
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment's commands in which Guide is installed from its wheel alone."""
    python = environment(tmp_path_factory.mktemp("installed"))
    pip = ["pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    done = run(sys.executable, "-m", *pip, folder=wheel.parent)
    assert done.returncode == 0, done.stderr
    return python.parent


# ── what is in it ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_wheel_holds_the_package_and_the_articles_and_nothing_else(wheel: Path) -> None:
    names = [path.relative_to(ROOT).as_posix() for path in project_files()]
    expected = {name for name in names if name.startswith("guide/")}
    expected |= {f"guide/{name}" for name in names if name.startswith("corpus/")}
    assert {Path(name).suffix for name in expected} >= {".py", ".typed", *".toml .jsonl .npz .txt .css .js .md".split()}
    information = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    with ZipFile(wheel) as archive:
        assert sorted(archive.namelist()) == sorted(expected | {f"{information}/{name}" for name in METADATA})


def test_the_sdist_holds_every_file_of_the_project(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        held = {member.name.partition("/")[2] for member in archive if member.isfile()}
    made = {name for name in held if name.startswith("quoted_guide.egg-info/")} | {"PKG-INFO", "setup.cfg"}
    assert sorted(held - made) == sorted(path.relative_to(ROOT).as_posix() for path in project_files())


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def said(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


def test_it_says_what_it_is_called_and_that_it_may_be_uploaded(said: Message) -> None:
    assert said["Name"] == "quoted-guide"
    assert said["License-Expression"] == "Apache-2.0"
    assert said["Description-Content-Type"] == "text/markdown"
    assert said.get_payload().strip() == (ROOT / "README.md").read_text("utf-8").strip()
    assert not [line for line in said.get_all("Classifier") if line.startswith("Private")]


def test_each_python_it_names_is_one_that_it_needs_at_least(said: Message) -> None:
    versions = re.findall(r"Python :: (3\.\d+)$", "\n".join(said.get_all("Classifier")), re.MULTILINE)
    assert versions == ["3.11", "3.12", "3.13", "3.14"]
    assert said["Requires-Python"] == f">={versions[0]}"


def test_there_is_one_version(said: Message) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in settings["project"], "guide/__init__.py has it; setuptools reads it there"
    assert said["Version"] == guide.__version__
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = [heading.split()[0].strip("[]") for heading in headings if not re.search(r"(?i)unreleased", heading)]
    assert released[:1] in ([], [guide.__version__]), "the newest release in CHANGELOG.md is another than __version__"


def test_each_extra_that_a_sentence_names_is_one_there_is() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    named, unknown = 0, []
    for path in project_files():
        if path.suffix not in (".md", ".py", ".toml", ".txt", ".yml", "") or path == Path(__file__):
            continue
        for line in path.read_text("utf-8").splitlines():
            for what, wanted in re.findall(r"pip install (?:\S+ )*?'?([\w.-]+)\[([\w,]+)\]", line):
                if what in (".", "guide", "quoted-guide"):
                    named += 1
                    if what == "guide" or set(wanted.split(",")) - set(extras):
                        unknown.append(f"{path.relative_to(ROOT)}: {what}[{wanted}]")
    assert unknown == []
    assert named >= 5


# ── installed from the wheel alone ───────────────────────────────────────────────────────────────────────────────────


@contextmanager
def serving(*command: str | Path, folder: Path, log: Path) -> Iterator[str]:
    """The address that a command in `folder` serves the chat at; its output goes to `log`."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, env=CLEAN, stdout=output, stderr=output)
    try:
        for _ in range(START_SECONDS * 10):
            if ready := re.search(r"Guide is ready: (\S+)", log.read_text("utf-8")):
                yield ready[1]
                return
            try:
                code = server.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"the chat ended with code {code}:\n{log.read_text('utf-8')}")
        pytest.fail(f"the chat didn't answer within {START_SECONDS} s:\n{log.read_text('utf-8')}")
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def folder_with_index(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was empty before `guide build` was run in it."""
    folder = tmp_path_factory.mktemp("empty")
    done = run(installed / "guide", "build", folder=folder)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert re.fullmatch(
        r"There is no folder corpus here; building the articles that come with Guide, in .*/guide/corpus\.", first
    )
    assert second.startswith("index: 2 articles, ")
    return folder


def test_the_package_comes_from_the_wheel_and_says_so(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "python", "-c", "import guide; print(guide.__file__, guide.__version__)", folder=tmp_path)
    where, version = done.stdout.split()
    assert Path(where).is_relative_to(installed.parent)
    assert version == guide.__version__


@pytest.mark.model
def test_build_and_ask_work_in_an_empty_folder(installed: Path, folder_with_index: Path) -> None:
    done = run(installed / "guide", "ask", "What are the signs?", "--json", folder=folder_with_index)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["passages"][0]["article"] == "emotional-detachment"


@pytest.mark.model
def test_serve_works_there_too(installed: Path, folder_with_index: Path, tmp_path: Path) -> None:
    command = installed / "guide", "serve"
    with serving(*command, folder=folder_with_index, log=tmp_path / "log") as address:
        with urlopen(address) as page:  # noqa: S310 (our own address)
            assert b"What would you like to understand?" in page.read()
        with urlopen(f"{address}v1/passages") as listed:  # noqa: S310
            assert json.load(listed)["count"] > 30


@pytest.mark.parametrize("command", [["ask", "What are the signs?"], ["serve"], ["passages"]])
def test_without_an_index_one_sentence_says_what_to_run(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(command) == 1
    sentence = "guide: There is no index in index; build one with `guide build --index index`.\n"
    assert capsys.readouterr().err == sentence


# ── what is built where no article is named ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with nothing in it; commands take a fake encoder for the real one."""
    from fake_encoder import FakeEncoder

    for place in ("guide.embedding.choose.open_builder", "guide.guide.open_encoder"):
        monkeypatch.setattr(place, lambda *settings: FakeEncoder())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def articles(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The ids of the articles in the current folder's index."""
    capsys.readouterr()
    assert main(["articles", "--json"]) == 0
    return [article["id"] for article in json.loads(capsys.readouterr().out)]


OWN = "# Tea\n\nTea is made of leaves that hot water stands on for some minutes.\n"
SHIPPED = ["emotional-detachment", "healthy-boundaries"]


def test_a_folder_called_corpus_comes_first(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "corpus").mkdir()
    (empty / "corpus" / "tea.md").write_text(OWN, "utf-8")
    assert main(["build"]) == 0
    assert capsys.readouterr().out.startswith("index: 1 article,")
    assert articles(capsys) == ["tea"]


def test_an_empty_folder_called_corpus_is_no_reason_to_take_other_articles(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty / "corpus").mkdir()
    assert main(["build"]) == 1
    assert "The folder corpus holds no article" in capsys.readouterr().err


def test_the_articles_of_guide_never_take_the_place_of_others(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "tea.md").write_text(OWN, "utf-8")
    assert main(["build", "tea.md"]) == 0
    assert main(["build"]) == 1
    assert "index holds other articles than those that come with Guide; name the articles" in capsys.readouterr().err
    assert articles(capsys) == ["tea"]
    assert main(["build", "--index", "another"]) == 0


def test_the_articles_of_guide_can_be_built_again(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [main(["build"]), main(["build"])] == [0, 0]
    assert articles(capsys) == SHIPPED
    (empty / "index" / "manifest.json").write_text("{", "utf-8")
    assert main(["build"]) == 0, "a damaged index holds nothing to lose"
    assert articles(capsys) == SHIPPED


def test_where_there_are_none_a_sentence_says_what_to_name(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("guide.articles.shipped.PACKAGE", empty / "elsewhere" / "guide")
    assert main(["build"]) == 1
    assert capsys.readouterr().err == (
        "guide: There is no folder corpus here, and this installation of Guide brings no articles; name some: "
        "`guide build ARTICLE`.\n"
    )


# ── started from other folders ───────────────────────────────────────────────────────────────────────────────────────

ASSESS = ["assess", "--rules", "--json", "I want to kill myself"]


@pytest.fixture(scope="module")
def editable(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which the clone is installed as by `pip install -e`."""
    folder = tmp_path_factory.mktemp("editable")
    with ZipFile(built("build_editable", clone, folder)) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".pth")]
        line = archive.read(name).decode().strip()
    return environment(folder / "environment", Path(line))


def test_an_editable_install_is_a_plain_entry_of_the_path(editable: Path, clone: Path) -> None:
    [path, *_] = next(editable.parents[1].glob("lib/python*/site-packages/libraries.pth")).read_text().splitlines()
    assert Path(path) == clone


@pytest.mark.parametrize("place", [".", "..", "../.."])
def test_an_installed_clone_is_found_from_every_folder(editable: Path, clone: Path, place: str) -> None:
    folder = clone / place
    program = "from guide import Guide, __file__; print(__file__)"
    done = run(editable, "-c", program, folder=folder)
    assert (Path(done.stdout.strip()), done.stderr) == (clone / "guide" / "__init__.py", "")
    done = run(editable, "-m", "guide", *ASSESS, folder=folder)
    assert json.loads(done.stdout)["level"] == "crisis", done.stderr


@pytest.mark.parametrize(("place", "named"), [(".", "guide"), ("..", "guide/guide"), ("guide", ".")])
def test_the_folder_of_the_package_can_be_run(clone: Path, place: str, named: str) -> None:
    done = run(sys.executable, named, *ASSESS, folder=clone / place)
    assert done.stderr == ""
    assert json.loads(done.stdout)["level"] == "crisis"


@pytest.mark.model
def test_the_app_of_a_clone_starts_from_the_folder_above(clone: Path, tmp_path: Path) -> None:
    with (
        serving(sys.executable, "guide/app.py", folder=clone.parent, log=tmp_path / "log") as address,
        urlopen(f"{address}health") as health,  # noqa: S310 (our own address)
    ):
        assert health.status == 200
    assert (clone / "index" / "manifest.json").is_file()
    assert [path.name for path in clone.parent.iterdir()] == ["guide"]


@pytest.mark.parametrize("arguments", [["guide/app.py"], ["guide/guide", "ask", "What are the signs?"]])
def test_a_library_that_is_absent_is_named_with_what_to_run(clone: Path, arguments: list[str]) -> None:
    # `-S` leaves out the site packages, so that no library is there.
    done = run(sys.executable, "-S", *arguments, folder=clone.parent)
    assert done.returncode == 1
    assert re.fullmatch(
        r"guide: Guide needs \w+, which isn't installed; run `pip install quoted-guide`, "
        r"or `pip install \.` in the folder of a clone\.\n",
        done.stderr,
    )


def test_a_module_of_guide_itself_that_is_absent_is_a_fault_of_ours() -> None:
    with pytest.raises(ModuleNotFoundError, match="absent"):
        what_is_missing(ModuleNotFoundError("No module named 'guide.absent'", name="guide.absent"))


# ── how it is released ───────────────────────────────────────────────────────────────────────────────────────────────

RELEASE = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))


def test_a_release_runs_only_what_is_pinned_by_its_commit() -> None:
    used = [step["uses"] for job in RELEASE["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name)] == []


def test_each_job_of_a_release_may_do_only_what_it_needs() -> None:
    assert RELEASE["permissions"] == {}
    assert {name: job["permissions"] for name, job in RELEASE["jobs"].items() if "permissions" in job} == {
        "build": {"contents": "read"},
        "publish": {"id-token": "write"},
        "release": {"contents": "write"},
    }
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")


def test_nothing_is_published_before_the_wheel_was_tried() -> None:
    needs = {name: job.get("needs") for name, job in RELEASE["jobs"].items()}
    assert needs == {"build": None, "try": "build", "publish": "try", "release": "publish"}
    tried = " ".join(step.get("run", "") for step in RELEASE["jobs"]["try"]["steps"])
    assert re.search(r"pip install dist/\*\.whl guide build guide ask ", tried)
