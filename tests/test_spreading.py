"""Tests are spread over processes by rooms, and one that measures time runs alone."""

import threading
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from remembering import OncePerText
from spreading import FIRST, Turns, room

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("test", "together"),
    [
        ("tests/safety/test_rules.py::test_rule[a::b]", "tests/safety"),
        ("tests/browser/test_chat.py::test_x", "tests/browser/test_chat.py"),
        ("tests/test_mcp.py::test_x", "tests/test_mcp.py"),
        ("guide/text/stems.py::guide.text.stems.stem", "guide/text"),
    ],
)
def test_a_folders_tests_stay_together(test: str, together: str) -> None:
    assert room(test) == together


def test_the_rooms_that_begin_are_there() -> None:
    assert [folder for folder in FIRST if not (ROOT / folder).is_dir()] == []


def test_who_runs_alone_waits_for_the_others_and_lets_nobody_begin(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    first, alone, last = Turns(tmp_path), Turns(tmp_path), Turns(tmp_path)
    ran: list[str] = []

    def run(turns: Turns, name: str, *, by_itself: bool) -> threading.Thread:
        def body() -> None:
            with turns.take(alone=by_itself):
                ran.append(name)

        thread = threading.Thread(target=body)
        thread.start()
        thread.join(0.2)
        return thread

    with first.take(alone=False):
        # Side by side.
        run(last, "beside", by_itself=False).join()
        waiting = [run(alone, "alone", by_itself=True), run(last, "after", by_itself=False)]
        assert ran == ["beside"]
    for thread in waiting:
        thread.join()
    assert ran == ["beside", "alone", "after"]


def test_each_text_is_embedded_once_and_as_it_is() -> None:
    fake, once = FakeEncoder(), OncePerText(FakeEncoder())
    for texts in (["a b", "c", "a b"], ["c", "", "d e f"], []):
        expected, found = fake.encode(texts), once.encode(texts)
        for name in ("texts", "tokens", "ids", "spans", "starts"):
            assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name
    assert once._encoder.texts == ["a b", "c", "", "d e f"]
