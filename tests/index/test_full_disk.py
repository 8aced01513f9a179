"""What can't be written: the sentence names the cause, nothing of the build stays, and the old index answers on."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder

from guide.errors import SearchIndexError
from guide.guide import Guide
from guide.index.build import PARTIAL_FOLDER, build
from guide.index.index import MANIFEST, open_index
from guide.index.mapped_arrays import concatenated
from guide.index.segment import LAYOUT

COLD = "# Tea\n\n" + "It is cold, and stays so.\n\n" * 40
FULL, QUOTA = "No space left on device", "Disk quota exceeded"


def built(corpus: Path, index: Path) -> None:
    encoder = FakeEncoder()
    build([corpus], index, encoder, encoder.identity)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def answer(index: Path) -> str:
    return Guide(open_index(index), FakeEncoder()).ask("Is green tea mild?").passages[0].text


# ── errors at each thing that is written ─────────────────────────────────────────────────────────────────────────────

Fail = Callable[..., Any]
WRITES: dict[str, Callable[[pytest.MonkeyPatch, Fail], None]] = {
    "the articles": lambda patch, fail: patch.setattr("guide.index.segment.write_entries", fail),
    "an array": lambda patch, fail: patch.setattr("guide.index.mapped_arrays.np.save", fail),
    "a FAISS index": lambda patch, fail: patch.setattr("guide.index.segment.save_search", fail),
    "a text": lambda patch, fail: patch.setattr("pathlib.Path.write_text", fail),
    "the manifest": lambda patch, fail: patch.setattr("guide.index.index.Index._manifest", fail),
    "the folder's new name": lambda patch, fail: patch.setattr("pathlib.Path.rename", fail),
    "the manifest's new name": lambda patch, fail: patch.setattr("pathlib.Path.replace", fail),
    "the lock": lambda patch, fail: patch.setattr("guide.index.build.FileLock", fail),
}


@pytest.mark.parametrize(("number", "cause"), [(errno.ENOSPC, FULL), (errno.EDQUOT, QUOTA)])
@pytest.mark.parametrize("what", WRITES)
def test_an_error_while_writing_is_named_and_leaves_all_as_it_was(
    what: str, number: int, cause: str, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    built(corpus, index)
    before = contents(index)
    (corpus / "tea.md").write_text(COLD)

    def fail(*arguments: object, **named: object) -> None:
        raise OSError(number, os.strerror(number))

    for folder in (index, tmp_path / "new"):
        with monkeypatch.context() as patch:
            WRITES[what](patch, fail)
            with pytest.raises(SearchIndexError) as caught:
                built(corpus, folder)
        assert str(caught.value) == (
            f"The index in {folder} can't be written ({cause}); free some space, or name a folder that can, with "
            "--index. What was there before is as it was."
        )
    assert contents(index) == before
    assert answer(index) == "It is mild."
    assert not (tmp_path / "new").exists()
    built(corpus, index)
    assert "stays so" in open_index(index).texts["tea"]


def test_an_error_without_a_name_is_told_in_its_own_words(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("800 requested and 12 written")

    monkeypatch.setattr("guide.index.segment.save_array", fail)
    with pytest.raises(SearchIndexError, match=r"can't be written \(800 requested and 12 written\); free some space"):
        built(corpus, tmp_path / "index")


@pytest.mark.parametrize("interrupted", ["pathlib.Path.replace", "guide.index.segment.save_search"])
def test_an_interrupted_build_leaves_nothing_behind(
    interrupted: str, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    built(corpus, index)
    before = contents(index)
    (corpus / "tea.md").write_text(COLD)

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    for folder in (index, tmp_path / "new"):
        with monkeypatch.context() as patch:
            patch.setattr(interrupted, interrupt)
            with pytest.raises(KeyboardInterrupt):
                built(corpus, folder)
    assert contents(index) == before
    assert not (tmp_path / "new").exists()


def test_interrupted_once_the_manifest_is_replaced_the_new_index_stays(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    built(corpus, index)
    (corpus / "tea.md").write_text(COLD)
    replace = Path.replace

    def replace_and_interrupt(path: Path, target: Path) -> None:
        replace(path, target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", replace_and_interrupt)
        with pytest.raises(KeyboardInterrupt):
            built(corpus, index)
    assert "stays so" in open_index(index).texts["tea"]


def test_what_is_left_of_an_earlier_build_is_no_error(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    built(corpus, index)
    (corpus / "tea.md").write_text(COLD)
    (index / ".building-1.json").write_text("{")

    def fail(path: Path, **named: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", fail)
        built(corpus, index)
    assert "stays so" in open_index(index).texts["tea"]


def test_what_was_embedded_stays_when_the_disk_is_full_at_the_end(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.index.build.BATCH_POINTS", 1)

    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, FULL)

    with monkeypatch.context() as patch:
        patch.setattr("guide.index.build._merged", fail)
        with pytest.raises(SearchIndexError, match=FULL):
            built(corpus, tmp_path / "index")
    assert {path.name for path in (tmp_path / "index").iterdir()} == {".lock", PARTIAL_FOLDER}
    again = FakeEncoder()
    assert build([corpus], tmp_path / "index", again, again.identity).embedded == 0
    assert again.calls == 0


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="the system can't take room for a file beforehand")
def test_no_room_to_join_large_arrays_is_an_error_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    def full(file: int, offset: int, size: int) -> None:
        assert (offset, size) == (0, 2 * 100 * 8)
        raise OSError(errno.ENOSPC, FULL)

    monkeypatch.setattr("guide.index.mapped_arrays.MAX_IN_MEMORY_BYTES", 1)
    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(OSError, match=f"{FULL} in .*, for 0 MB"):
        concatenated([np.ones(100), np.ones(100)])


# ── places that can't be written ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("below", ["", "/below"], ids=["there", "above"])
def test_a_file_where_the_folder_should_be(below: str, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a letter")
    with pytest.raises(
        SearchIndexError, match=r"can't be written \(a file stands where the folder should be\); name another folder"
    ):
        built(corpus, tmp_path / f"index{below}")
    assert (tmp_path / "index").read_text() == "a letter"


READ_ONLY = """
import os, sys
from pathlib import Path
from fake_encoder import FakeEncoder
from guide.errors import GuideError
from guide.index.build import build
encoder = FakeEncoder()
if os.geteuid() == 0:
    os.seteuid(65534)  # for root every folder can be written
try:
    build([Path(sys.argv[1])], Path(sys.argv[2]), encoder, encoder.identity)
except GuideError as error:
    print(error)
"""


def test_a_folder_that_may_not_be_written(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    built(corpus, index)
    before = contents(index)
    (corpus / "tea.md").write_text(COLD)
    for folder in (*tmp_path.parents[:3], tmp_path, corpus):
        folder.chmod(folder.stat().st_mode | 0o055)
    index.chmod(0o555)
    try:
        done = run(READ_ONLY, corpus, index)
    finally:
        index.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert (
        f"The index in {index} can't be written (Permission denied); free some space, or name a folder" in done.stdout
    )
    assert contents(index) == before


# ── a disk that is full indeed ───────────────────────────────────────────────────────────────────────────────────────

SMALL_DISK = """
import shutil, subprocess, sys
from pathlib import Path
from fake_encoder import FakeEncoder
from guide.errors import GuideError
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index

corpus, changed, disk = map(Path, sys.argv[1:])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)

def built(source, index):
    encoder = FakeEncoder()
    build([source], index, encoder, encoder.identity)

def names():
    return sorted(str(path.relative_to(disk)) for path in disk.rglob("*") if path.name != "filler")

for index, expected in ((disk / "old", "It is mild."), (disk / "new", "")):
    if expected:
        built(corpus, index)
    before = names()
    for pages in range(1000):
        filler = disk / "filler"
        filler.unlink(missing_ok=True)
        with filler.open("wb") as stream:
            stream.write(bytes(shutil.disk_usage(disk).free - 4096 * pages))
        try:
            built(changed, index)
        except GuideError as error:
            cause = "No space left on device"
            assert str(error).startswith(f"The index in {index} can't be written ({cause}); free some space"), error
            assert names() == before, (pages, set(names()) ^ set(before))
        else:
            break
        if expected:
            guide = Guide(open_index(index), FakeEncoder())
            assert guide.ask("Is green tea mild?").passages[0].text == expected
    assert pages > 20, pages
    assert "stays so" in open_index(index).texts["tea"]
    filler.unlink()
    print(index.name, pages)
"""
"""Builds on a disk with room for no page, then for one more each time, until a build succeeds."""


def run(script: str, *arguments: Path, within: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [*within, sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_on_a_small_disk_a_build_succeeds_or_changes_nothing(corpus: Path, tmp_path: Path) -> None:
    # A mount that no other process sees, and that ends with this one.
    within = ("unshare", "--mount", *(() if os.geteuid() == 0 else ("--user", "--map-root-user")))
    allowed = shutil.which("unshare") and run(
        "import subprocess, sys; subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', sys.argv[1]], check=True)",
        tmp_path,
        within=within,
    )
    if not allowed or allowed.returncode:
        pytest.skip("a file system can't be mounted here")
    changed = Path(shutil.copytree(corpus, tmp_path / "changed"))
    (changed / "tea.md").write_text(COLD)
    (tmp_path / "disk").mkdir()
    done = run(SMALL_DISK, corpus, changed, tmp_path / "disk", within=within)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["old", "new"]


LIMITED = """
import resource, sys
from pathlib import Path
from fake_encoder import FakeEncoder
from guide.index.build import build
from guide.errors import GuideError
encoder = FakeEncoder()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    build([Path(sys.argv[1])], Path(sys.argv[2]), encoder, encoder.identity)
except GuideError as error:
    print(error)
"""
"""A build that may write no file of more than so many bytes."""


@pytest.mark.parametrize("limit", ["10", "2000", "20000"])
def test_a_limit_on_the_size_of_files_leaves_the_old_index(limit: str, corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    built(corpus, index)
    before = contents(index)
    assert max(len(content) for name, content in before.items() if name != MANIFEST) > 2000
    assert LAYOUT.token_vectors in {Path(name).name for name in before}
    (corpus / "tea.md").write_text(COLD)
    done = run(LIMITED, corpus, index, Path(limit))
    assert done.returncode == 0, done.stderr
    assert "can't be written (File too large)" in done.stdout
    assert contents(index) == before
