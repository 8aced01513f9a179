"""docs/screenshots.py: the picture on top of the README shows what Guide answers, and is small."""

import re
import struct
from pathlib import Path
from types import ModuleType

import pytest
from scripts import load_script

ROOT = Path(__file__).parents[1]
[(ALT, PICTURE)] = re.findall(r"!\[([^\]]*)\]\((docs/three-steps\.png)\)", (ROOT / "README.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def screenshots() -> ModuleType:
    return load_script(ROOT / "docs" / "screenshots.py")


@pytest.mark.model
def test_the_readmes_exchange_is_the_one_that_the_picture_shows(screenshots: ModuleType, tmp_path: Path) -> None:
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.guide import Guide
    from guide.index.build import build

    question, quoted = (" ".join(words.split()) for words in re.findall("“([^”]+)”", ALT))
    assert question == screenshots.QUESTION
    encoder = open_builder(Config())
    build([screenshots.ARTICLE], tmp_path / "index", encoder, encoder.identity, encoder.agreement)
    first = Guide.open(tmp_path / "index").ask(question).passages[0]
    assert quoted in [point.text for point in first.points]


def test_the_picture_is_as_wide_as_it_is_made_and_under_300_kilobytes(screenshots: ModuleType) -> None:
    made = (ROOT / PICTURE).read_bytes()
    assert len(made) < 300_000
    width, _ = struct.unpack(">II", made[16:24])
    assert width == screenshots.SCALE * (len(screenshots.STEPS) * (screenshots.WIDTH + 16) + 16)


def test_an_unknown_picture_is_named(screenshots: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert screenshots.main(["three-stops"]) == 2
    assert capsys.readouterr().err.startswith("There is no picture 'three-stops'; expected some of three-steps, ")
