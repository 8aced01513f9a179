"""Which folders a build takes for its index, and which it leaves alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

from guide.errors import SearchIndexError
from guide.index.build import build, build_part
from guide.index.index import MANIFEST, open_index
from guide.index.parts import BuildPart

ENCODER = FakeEncoder()
Fill = Callable[[Path], object]

OWN: dict[str, Fill] = {
    "articles": lambda folder: (folder / "tea.md").write_text("# Tea\n\nIt is hot."),
    "a website, with a manifest of its own": lambda folder: (folder / MANIFEST).write_text('{"name": "Shop"}'),
    "a folder": lambda folder: (folder / "photos").mkdir(),
}
NOBODYS: dict[str, Fill] = {
    "nothing": lambda folder: None,
    "a hidden file": lambda folder: (folder / ".gitkeep").touch(),
    "what stands in an empty volume": lambda folder: (folder / "lost+found").mkdir(),
    "copies that a stopped build has left": lambda folder: (folder / "originals").mkdir(),
    "a segment that a stopped build has left": lambda folder: (folder / "files-0123456789abcdef").mkdir(),
    "an index of an earlier version": lambda folder: (
        (folder / MANIFEST).write_text(json.dumps({"format": 1})),
        (folder / "vectors.npy").touch(),
    ),
    "a manifest that is damaged": lambda folder: ((folder / MANIFEST).write_text("{"), (folder / "x").touch()),
}


@pytest.mark.parametrize("holds", OWN)
def test_a_folder_of_other_files_is_left_alone(holds: str, corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    OWN[holds](folder)
    before = sorted(folder.iterdir())
    for run in (
        lambda: build([corpus], folder, ENCODER, ENCODER.identity),
        lambda: build_part([corpus], folder, BuildPart(1, 2), ENCODER, ENCODER.identity),
    ):
        with pytest.raises(SearchIndexError, match=r"holds other files, such as .+, and no index; name a new folder"):
            run()
        assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("holds", NOBODYS)
def test_a_folder_that_holds_nothing_of_anybodys_becomes_an_index(holds: str, corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "free"
    folder.mkdir()
    NOBODYS[holds](folder)
    build([corpus], folder, ENCODER, ENCODER.identity)
    assert open_index(folder).article_ids


def test_files_beside_an_index_are_no_hindrance(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build([corpus], folder, ENCODER, ENCODER.identity)
    (folder / "notes.txt").write_text("Built on Monday.")
    build([corpus], folder, ENCODER, ENCODER.identity)
    assert (folder / "notes.txt").read_text() == "Built on Monday."
