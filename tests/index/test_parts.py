"""Builds in parts: by many machines at once, stopped and gone on with, joined by an ordinary build."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from filelock import FileLock

from guide.cli import main
from guide.embedding.encoder import ModelIdentity
from guide.errors import SearchIndexError
from guide.index.build import PARTIAL_FOLDER, build, build_part
from guide.index.index import MANIFEST, open_index
from guide.index.parts import BuildPart

ROOT = Path(__file__).parents[2]
ARTICLES, PARTS = 30, 4


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"tide-{number}.md").write_text(
            f"# Tide {number}\n\nHigh water comes at {number} o'clock. The harbour fills.\n\n- Boats leave\n"
        )
    return folder


def embedded(corpus: Path, folder: Path, part: str, encoder: FakeEncoder | None = None) -> int:
    """How many articles building a part embeds."""
    encoder = encoder or FakeEncoder()
    return build_part([corpus], folder, BuildPart.read(part), encoder, encoder.identity).embedded


def joined(corpus: Path, folder: Path) -> tuple[int, int, int]:
    """How many articles the ordinary build embeds, how often it calls the encoder, and how many its index holds."""
    encoder = FakeEncoder()
    report = build([corpus], folder, encoder, encoder.identity)
    return report.embedded, encoder.calls, report.articles


def manifest(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / MANIFEST).read_text("utf-8")))


ONE_PART = """
import sys, time
from pathlib import Path
from fake_encoder import FakeEncoder
import guide.index.build
from guide.index.parts import BuildPart

guide.index.build.BATCH_POINTS = 1
class Unhurried(FakeEncoder):
    def encode(self, texts):
        time.sleep(float(sys.argv[4]))
        return super().encode(texts)
encoder = Unhurried()
corpus, folder, part = Path(sys.argv[1]), Path(sys.argv[2]), BuildPart.read(sys.argv[3])
report = guide.index.build.build_part([corpus], folder, part, encoder, encoder.identity)
print(report.articles, report.embedded)
"""


def process_of(corpus: Path, folder: Path, part: str, seconds: float = 0.0) -> subprocess.Popen[str]:
    """A process that builds a part, an article at a time, of which each takes some seconds."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, "-c", ONE_PART, str(corpus), str(folder), part, str(seconds)]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True)


def test_parts_that_are_built_at_once_make_the_same_index_as_one_build(corpus: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    processes = [process_of(corpus, shared, f"{number}/{PARTS}") for number in range(1, PARTS + 1)]
    counts = [[int(word) for word in process.communicate(timeout=120)[0].split()] for process in processes]
    assert [process.returncode for process in processes] == [0] * PARTS
    assert sum(articles for articles, _ in counts) == ARTICLES
    assert all(articles == now > 0 for articles, now in counts)
    assert not (shared / MANIFEST).exists()
    assert joined(corpus, shared) == (0, 0, ARTICLES)
    assert not (shared / PARTIAL_FOLDER).exists()
    joined(corpus, tmp_path / "alone")
    assert manifest(shared) == manifest(tmp_path / "alone")


def test_parts_that_were_built_in_folders_of_their_own_are_joined_by_copying(corpus: Path, tmp_path: Path) -> None:
    for number in range(1, PARTS + 1):
        machine = tmp_path / f"machine-{number}"
        embedded(corpus, machine, f"{number}/{PARTS}")
        shutil.copytree(machine / PARTIAL_FOLDER, tmp_path / "all" / PARTIAL_FOLDER, dirs_exist_ok=True)
    assert joined(corpus, tmp_path / "all") == (0, 0, ARTICLES)


def test_a_part_that_was_killed_goes_on_where_it_stopped(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    killed = process_of(corpus, folder, "1/2", seconds=0.05)
    for _ in range(1200):
        done = len(list(folder.glob(f"{PARTIAL_FOLDER}/*/{MANIFEST}")))
        if done >= 3:
            break
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    kept = len(list(folder.glob(f"{PARTIAL_FOLDER}/*/{MANIFEST}")))
    again = process_of(corpus, folder, "1/2")
    articles, now = (int(word) for word in again.communicate(timeout=120)[0].split())
    assert 3 <= kept < articles
    assert now == articles - kept


def test_a_part_that_is_built_again_embeds_nothing_again(corpus: Path, tmp_path: Path) -> None:
    folder, encoder = tmp_path / "index", FakeEncoder()
    first = embedded(corpus, folder, "2/4")
    assert first > 0
    assert (embedded(corpus, folder, "2/4", encoder), encoder.calls) == (0, 0)
    # Nor if it is cut otherwise: all of the fourth part of eight that it holds is there already.
    assert embedded(corpus, folder, "2/8") + embedded(corpus, folder, "6/8") == 0


def test_what_is_in_the_index_is_not_embedded_for_a_part(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    joined(corpus, folder)
    (corpus / "tide-3.md").write_text("# Tide 3\n\nSlack water at noon.\n")
    assert sum(embedded(corpus, folder, f"{number}/3") for number in (1, 2, 3)) == 1
    assert joined(corpus, folder) == (0, 0, ARTICLES)


def test_a_part_that_is_missing_is_embedded_when_they_are_joined(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    there = sum(embedded(corpus, folder, f"{number}/4") for number in (1, 2, 4))
    assert joined(corpus, folder)[::2] == (ARTICLES - there, ARTICLES)


def test_what_another_model_embedded_is_not_taken_over(corpus: Path, tmp_path: Path) -> None:
    folder, encoder = tmp_path / "index", FakeEncoder()
    build_part([corpus], folder, BuildPart(1, 1), encoder, ModelIdentity("another", "0" * 64))
    assert joined(corpus, folder)[::2] == (ARTICLES, ARTICLES)


def test_the_same_part_twice_at_once_is_refused(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    embedded(corpus, folder, "1/2")
    with FileLock(folder / PARTIAL_FOLDER / "1-of-2.lock"):
        with pytest.raises(SearchIndexError, match=r"Part 1/2 is being built in .* already; build another one"):
            embedded(corpus, folder, "1/2")
        assert embedded(corpus, folder, "2/2") > 0


def test_joining_leaves_what_is_there_of_a_part_that_is_being_built(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    there = embedded(corpus, folder, "1/2")
    with FileLock(folder / PARTIAL_FOLDER / "2-of-2.lock"):
        assert joined(corpus, folder)[0] == ARTICLES - there
        assert (folder / PARTIAL_FOLDER).is_dir()
    joined(corpus, folder)
    assert not (folder / PARTIAL_FOLDER).exists()
    assert len(open_index(folder).article_ids) == ARTICLES


def test_names_that_are_nearly_the_same_are_told_apart_as_in_one_build(corpus: Path, tmp_path: Path) -> None:
    (corpus / "tide 1.md").write_text("# Another\n\nLow water at dusk.\n")
    folder = tmp_path / "index"
    for number in (1, 2, 3, 4, 5):
        embedded(corpus, folder, f"{number}/5")
    assert joined(corpus, folder) == (0, 0, ARTICLES + 1)


def test_an_article_that_cannot_be_read_is_named_by_its_part(corpus: Path, tmp_path: Path) -> None:
    (corpus / "empty.md").write_text("")
    encoder = FakeEncoder()
    reports = [build_part([corpus], tmp_path / "i", BuildPart(n, 2), encoder, encoder.identity) for n in (1, 2)]
    assert [skipped.path.name for report in reports for skipped in report.skipped] == ["empty.md"]


def test_a_folder_that_cannot_be_written_is_named(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SearchIndexError, match="can't be written"):
        embedded(corpus, tmp_path / "file", "1/2")


@pytest.mark.parametrize("written", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4", "1/99999", "１/2", "1/2/3", ""])
def test_what_is_no_part_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="must be a part such as 1/4"):
        BuildPart.read(written)


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command builds with an encoder that needs no model."""
    monkeypatch.setattr("guide.embedding.choose.open_builder", lambda config: FakeEncoder())
    monkeypatch.setattr("guide.conversation.act_meaning.open_act_model", lambda: None)
    monkeypatch.setattr("guide.safety.choose.open_classifier", lambda: None)


@pytest.mark.usefixtures("no_model")
def test_the_command_says_what_a_part_was_and_what_comes_next(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus / "empty.md").write_text("")
    codes = [
        main(["build", str(corpus), "--part", f"{number}/2", "--index", str(tmp_path / "i")]) for number in (1, 2, 2)
    ]
    printed = capsys.readouterr().out
    assert sorted(codes[:2]) == [0, 1]
    assert printed.count("Skipped, 1 file:") == 1 + codes[2]
    assert f"{tmp_path / 'i'}: part 2/2: " in printed
    assert ", 0 embedded now. Once all parts are there, the same command without --part makes the index." in printed
    assert main(["build", str(corpus), "--index", str(tmp_path / "i")]) == 1
    assert "0 articles embedded anew" in capsys.readouterr().out


@pytest.mark.parametrize("other", ["--watch", "--expand", "--exactly"])
def test_a_part_goes_with_nothing_that_is_about_all_articles(
    other: str, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_LLM_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("GUIDE_LLM_MODEL", "none")
    assert main(["build", str(corpus), "--part", "1/2", other]) == 1
    assert f"embeds a share of the articles, so {other} doesn't go with it; leave one out." in capsys.readouterr().err
