"""docs/rooms.py: the picture and the table of the rooms are those of the code, and what it draws is true."""

import re
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from scripts import load_script

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def rooms() -> ModuleType:
    return load_script(ROOT / "docs" / "rooms.py")


def test_the_picture_is_the_one_that_the_code_draws(rooms: ModuleType) -> None:
    drawn = rooms.draw(rooms.read_imports())
    assert drawn == rooms.PICTURE.read_text("utf-8"), "docs/rooms.svg is out of date; run python docs/rooms.py"


def test_the_table_is_the_one_that_the_code_gives(rooms: ModuleType) -> None:
    page = rooms.PAGE.read_text("utf-8")
    written = rooms.with_table(page, rooms.table(rooms.read_imports()))
    assert written == page, "the table of docs/architecture.md is out of date; run python docs/rooms.py"


def test_every_folder_and_module_of_guide_is_a_room(rooms: ModuleType) -> None:
    paths = (ROOT / "guide").iterdir()
    there = {path.stem for path in paths if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert set(rooms.read_imports()) == there - {"__init__"}


def test_what_a_module_imports_is_read(rooms: ModuleType) -> None:
    imports = rooms.read_imports()
    assert imports["cli"] >= {"commands", "errors"}
    assert imports["levels"] == frozenset()
    assert all(room not in below for room, below in imports.items())


NET = {
    "web": frozenset({"guide", "records"}),
    "fit": frozenset({"index"}),
    "guide": frozenset({"index", "records"}),
    "index": frozenset({"records"}),
    "records": frozenset(),
}


def test_what_nobody_imports_stands_just_above_what_it_imports(rooms: ModuleType) -> None:
    assert rooms.rows_of(NET) == (("web",), ("fit", "guide"), ("index",), ("records",))


def test_imports_in_a_circle_are_named(rooms: ModuleType) -> None:
    with pytest.raises(ValueError, match="in a circle among guide, index"):
        rooms.rows_of({**NET, "index": frozenset({"guide"})})


def test_an_arrow_is_left_out_only_where_others_lead_there(rooms: ModuleType) -> None:
    left = rooms.without_detours(NET)
    assert left == {
        "web": frozenset({"guide"}),
        "fit": frozenset({"index"}),
        "guide": frozenset({"index"}),
        "index": frozenset({"records"}),
        "records": frozenset(),
    }


def test_arrows_run_downwards_and_boxes_never_overlap(rooms: ModuleType) -> None:
    picture = ElementTree.fromstring(rooms.draw(rooms.read_imports()))  # noqa: S314 (our own picture)
    for path in picture.findall(f"{SVG}path"):
        ends = [int(number) for number in re.findall(r"-?\d+", path.get("d"))]
        assert ends[1] < ends[-1], path.get("d")
    boxes = [box for group in picture.findall(f"{SVG}g") for box in group.findall(f"{SVG}rect")]
    spans = sorted((int(box.get("y")), int(box.get("x")), int(box.get("width"))) for box in boxes)
    assert len(spans) == len(rooms.read_imports())
    for (y, x, width), (next_y, next_x, _) in pairwise(spans):
        assert y < next_y or x + width < next_x


def test_a_long_arrow_passes_beside_the_boxes_of_the_rows_between(rooms: ModuleType) -> None:
    net = {"a": frozenset({"b", "d"}), "b": frozenset({"c"}), "c": frozenset(), "d": frozenset(), "e": frozenset({"d"})}
    rows, ways = rooms.laid_out((("a",), ("b", "e"), ("c", "d")), net)
    assert ("a", "a>d@1", "d") in ways
    place = rooms.places(rows)
    assert all(abs(place["a>d@1"] - place[room]) > rooms.BOX // 2 for room in ("b", "e"))


def test_doctests(rooms: ModuleType) -> None:
    import doctest

    assert doctest.testmod(rooms).attempted == 3
    assert doctest.testmod(rooms).failed == 0
