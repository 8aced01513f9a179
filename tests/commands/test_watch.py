"""`guide build --watch` as a process: what it builds anew, what it says, and how it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
from filelock import FileLock
from project_files import ROOT
from web.alone import alone
from web.test_life import post, served

from guide.articles.watch import looks
from guide.index.index import open_index

WITH_FAKE_ENCODER = """
import sys
from fake_encoder import FakeEncoder
import guide.embedding.choose
from guide.cli import main

guide.embedding.choose.open_builder = lambda *settings: FakeEncoder()
sys.exit(main(sys.argv[1:]))
"""
SECONDS = 30
"""How long a line is waited for: far more than it takes."""


class Watching:
    """A process that watches, and the lines that it has printed on both streams since they were last asked for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()
        while "Watching" not in self.line():
            pass

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        return self._lines.get(timeout=SECONDS)

    def stop(self) -> tuple[int, list[str]]:
        """The exit code after Ctrl-C, and what was printed that nobody asked for."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(SECONDS)
        return code, [self._lines.get() for _ in range(self._lines.qsize())]


Start = Callable[..., Watching]


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> Iterator[Watching]:
    # A shell that runs the tests in its background has them ignore Ctrl-C, and so would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        signal.signal(signal.SIGINT, before)
        try:
            yield Watching(process)
        finally:
            process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder / "tea.md", "Green tea is mild.")
    write(folder / "mint.md", "Mint cools the throat.")
    return folder


def write(file: Path, sentence: str) -> None:
    """Saves an article as many editors do: beside, then in place of the old one."""
    beside = file.with_name(f".{file.name}.tmp")
    beside.write_text(f"# {file.stem}\n\n{sentence}\n")
    beside.replace(file)


@contextmanager
def watching(index: Path | str, *sources: Path) -> Iterator[Watching]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "GUIDE_GATE": "rules"}
    command = [sys.executable, "-c", WITH_FAKE_ENCODER, "build", *map(str, sources), "--watch", "--index", str(index)]
    with started(command, environment) as process:
        yield process


def texts(index: Path) -> str:
    return "\n".join(article.text for article in open_index(index).articles)


def test_what_changes_is_built_anew_in_an_index_within_the_folder(folder: Path) -> None:
    index = folder / "index"
    with watching(index, folder) as build:
        write(folder / "tea.md", "Black tea is strong.")
        assert build.line() == "tea.md changed: 2 articles, 2 passages; 1 article embedded anew."
        assert "Black tea" in texts(index)
        assert "Green tea" not in texts(index)

        (folder / "tea.md").rename(folder / "chai.md")
        assert build.line() == "chai.md added, tea.md removed: 2 articles, 2 passages; 1 article embedded anew."
        assert set(open_index(index).article_ids) == {"chai", "mint"}

        (folder / "mint.questions.jsonl").write_text('{"words": "Mint cools", "question": "sore throat?"}\n')
        assert build.line() == "mint.questions.jsonl added: 2 articles, 2 passages; 1 article embedded anew."

        (folder / "notes.log").write_text("no article")
        (folder / "mint.md").write_text("")
        assert build.line() == "mint.md changed: 2 articles, 2 passages; 0 articles embedded anew."
        assert build.line().endswith("is empty; an article needs at least a title and a paragraph. "
                                     "The article stays in the index as it was read before.")  # fmt: skip
        assert "Mint cools" in texts(index)

        (folder / "mint.md").unlink()
        assert build.line().startswith("mint.md removed, mint.questions.jsonl removed: 1 article, 1 passage;")
        assert "Mint" not in texts(index)

        (folder / "chai.md").unlink()
        assert build.line() == (
            "guide: No article is left, and an index needs one: the last ones stay in it and are answered from until "
            "there is another. If their words must be gone now, stop the server and delete the index."
        )
        assert "chai" in open_index(index).article_ids
        write(folder / "sage.md", "Sage is bitter.")
        assert build.line() == "sage.md added: 1 article, 1 passage; 1 article embedded anew."
        # Ctrl-C is how it ends: nothing is said, and nothing was built that didn't change.
        assert build.stop() == (130, [])


def test_many_changes_at_once_are_one_build(folder: Path, tmp_path: Path) -> None:
    with watching(tmp_path / "index", folder) as build:
        for number in range(200):
            write(folder / f"herb-{number:03}.md", f"Herb {number} is green.")
            time.sleep(0.002)
        assert build.line() == (
            "herb-000.md added, herb-001.md added, herb-002.md added, 197 more changed: "
            "202 articles, 202 passages; 200 articles embedded anew."
        )
        assert build.stop() == (130, [])


def test_of_named_files_a_removed_one_goes_and_a_new_neighbour_is_none(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with watching(index, folder / "tea.md", folder / "mint.md") as build:
        write(folder / "sage.md", "Sage is bitter.")
        (folder / "mint.md").unlink()
        assert build.line() == "mint.md removed: 1 article, 1 passage; 0 articles embedded anew."
        write(folder / "tea.md", "Black tea is strong.")
        assert build.line().startswith("tea.md changed: 1 article")
        assert "Black tea" in texts(index)
        assert build.stop() == (130, [])


def test_what_another_build_holds_up_is_built_once_it_ended(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with watching(index, folder) as build:
        with FileLock(index / ".lock"):
            write(folder / "tea.md", "Black tea is strong.")
            assert re.match("guide: Another build is writing to .*index; wait", build.line())
            time.sleep(6)  # a look and more; it is said once
        assert build.line() == "tea.md changed: 2 articles, 2 passages; 1 article embedded anew."
        assert build.stop() == (130, [])


def test_a_folder_that_is_made_anew_is_found_again(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with watching(index, folder) as build:
        folder.rename(tmp_path / "old")
        assert build.line().startswith("guide: No article is left")
        folder.mkdir()
        write(folder / "sage.md", "Sage is bitter.")
        assert build.line() == "sage.md added: 1 article, 1 passage; 1 article embedded anew."
        assert build.stop() == (130, [])


def test_a_folder_that_is_gone_before_it_is_watched_is_looked_for(tmp_path: Path) -> None:
    looked = looks([tmp_path / "none" / "tea.md"])
    next(looked)
    next(looked)
    (tmp_path / "none").mkdir()
    next(looked)


@pytest.mark.model
def test_a_removed_file_is_gone_from_a_running_servers_answers(folder: Path, tmp_path: Path) -> None:
    environment, index = alone(tmp_path), tmp_path / "index"
    asked = {"question": "What cools the throat?"}
    command = [sys.executable, "-m", "guide", "build", str(folder), "--watch", "--index", str(index)]
    with started(command, environment) as build, served(tmp_path, environment, index) as (address, _):
        assert "Mint cools the throat" in post(address, "/v1/ask", asked)
        write(folder / "tea.md", "Sage tea cools the throat.")
        assert build.line().startswith("tea.md changed")
        (folder / "mint.md").unlink()
        assert build.line().startswith("mint.md removed")
        until = time.monotonic() + 3  # the server looks every second
        while "Mint cools" in post(address, "/v1/ask", asked):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert "Sage tea cools the throat" in post(address, "/v1/ask", asked)
        shown = post(address, "/v1/ask", asked | {"history": ["Does mint help?"]})
        assert "Mint cools" not in shown
        assert build.stop() == (130, [])
