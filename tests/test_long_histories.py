"""A long history is answered in time that grows with its length, and no faster: steps are counted, not seconds.

Twice as long a history may take twice the further steps. Were each turn compared with every other, it would take four
times as many.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from starlette.testclient import TestClient

import guide.answering.searcher
import guide.guide
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index
from guide.records import Answer
from guide.web.application import web_app
from guide.web.reloading import ReloadingGuide
from guide.web.settings import WebSettings

ARTICLE = Path(__file__).parent / "data" / "sleeping-badly.txt"
TURNS = (50, 100, 200)
CHARACTERS = (25_000, 50_000, 100_000)

Entry = str | dict[str, str]
History = list[Entry]

MOST = 2.5
"""How often more steps the second doubling may take than the first: 2 where they grow with the length, 4 where with its
square."""


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of one article."""
    folder = tmp_path_factory.mktemp("long") / "index"
    encoder = FakeEncoder()
    build([ARTICLE], folder, encoder, encoder.identity)
    return folder


@pytest.fixture
def understood(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The messages that `understand` was asked about."""
    asked: list[str] = []
    understand = guide.guide.understand

    def counted(message: str, *rest: Any, **more: Any) -> Any:
        asked.append(message)
        return understand(message, *rest, **more)

    for module in (guide.guide, guide.answering.searcher):
        monkeypatch.setattr(module, "understand", counted)
    return asked


class AtOnce:
    """An executor that does what it is given at once, in its caller's thread: all of it is counted."""

    def submit(self, call: Callable[[], Any]) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(call())
        except Exception as error:
            done.set_exception(error)
        return done


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is searched beside the safety gate's decision."""
    monkeypatch.setattr(guide.guide, "_BESIDE", AtOnce())


def steps(call: Callable[[], object]) -> int:
    """How many functions `call` calls, written in Python or in C."""
    count = 0

    def counted(frame: FrameType, event: str, what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        call()
    finally:
        sys.setprofile(before)
    return count


# ── histories ────────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(turns: int) -> History:
    return [f"How does light number {turn} keep somebody awake?" for turn in range(turns)]


def leaning(turns: int) -> History:
    """Each message leans on the ones before it."""
    said = ("And why is that so?", "The second one", "What about him?", "tell me more", "yes")
    return ["What wakes people at night?", *(said[turn % len(said)] for turn in range(turns - 1))]


def of_both(turns: int) -> History:
    """The person and Guide in turns, as a program keeps them."""
    roles, said = ("user", "assistant"), ("Does coffee number {} matter?", "- Coffee {}\n- Late light {}\n- Noise {}")
    return [{"role": roles[turn % 2], "content": said[turn % 2].replace("{}", str(turn))} for turn in range(turns)]


def of_guide(turns: int) -> History:
    return [
        {"role": "assistant", "content": f"Light number {turn} tells the body that it is day."} for turn in range(turns)
    ]


def empty(turns: int) -> History:
    return [("", " ", "\n", "Why do people wake?")[turn % 4] for turn in range(turns)]


def heavy(turns: int) -> History:
    """Each message has a weak sign of danger, which may add up over a conversation."""
    said = ("I feel so alone.", "I am a burden to everybody.", "I gave my cat away.", "I can't sleep.")
    return [said[turn % len(said)] for turn in range(turns)]


HISTORIES = (plain, leaning, of_both, of_guide, empty, heavy)
LAST = "and what about the second one?"
"""A message for which what was said before has to be read."""


def grows_with(lengths: Sequence[int], work: Callable[[int], int]) -> None:
    """Asserts that what `work` takes grows with the length."""
    work(lengths[0] // 10)  # what is loaded once, is loaded
    short, middle, long = (work(length) for length in lengths)
    # A tenth of the whole is no growth: what is read up to a bound, in which any length may end.
    assert long - middle <= max(MOST * (middle - short), long / 10), (short, middle, long)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_the_steps_of_an_answer_grow_with_the_turns(
    history: Callable[[int], History], index: Path, encoder: FakeEncoder
) -> None:
    over = Guide(open_index(index), encoder)
    grows_with(TURNS, lambda turns: steps(lambda: over.ask(LAST, history(turns))))


TEXTS = {
    "sentences": "It was late again. ",
    "one word": "a",
    "questions": "Why? ",
    "brackets": "(((",
    "lines": "- so\n",
    "blanks": " \t",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_steps_of_an_answer_grow_with_the_characters(text: str, index: Path, encoder: FakeEncoder) -> None:
    over = Guide(open_index(index), encoder)

    def work(characters: int) -> int:
        said = (text * characters)[:characters]
        history: History = [said, {"role": "assistant", "content": said}, "How does light matter?"]
        return steps(lambda: over.ask(LAST, history))

    grows_with(CHARACTERS, work)


# ── what is embedded and understood ──────────────────────────────────────────────────────────────────────────────────

Ask = Callable[[str, History], object]


@pytest.fixture(params=["Guide.ask", "REST"])
def ask(request: pytest.FixtureRequest, index: Path, encoder: FakeEncoder) -> Ask:
    """Asks at one of the doors; what it gives is an answer."""
    if request.param == "Guide.ask":
        over = Guide(open_index(index), encoder)

        def answer(question: str, history: History) -> object:
            given = over.ask(question, history)
            assert isinstance(given, Answer)
            return given

        return answer
    settings = WebSettings(questions_per_minute=0)
    app = web_app(ReloadingGuide(index, lambda folder: Guide(open_index(folder), encoder)), settings, chat=False)
    client = TestClient(app)

    def posted(question: str, history: History) -> object:
        found = client.post("/v1/ask", json={"question": question, "history": history})
        assert (found.status_code, found.json()["question"]) == (200, question)
        return found.json()

    return posted


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_no_turn_is_embedded_or_understood_again_and_again(
    history: Callable[[int], History], ask: Ask, encoder: FakeEncoder, understood: list[str]
) -> None:
    encoder.texts.clear()
    ask(LAST, history(TURNS[-1]))
    assert 1 <= len(encoder.texts) <= TURNS[-1] + 10
    assert 1 <= len(understood) <= TURNS[-1] + 10


def test_a_history_of_a_hundred_thousand_characters_is_answered(ask: Ask, encoder: FakeEncoder) -> None:
    said = "It was late again, and he said nothing. " * 2_500
    assert len(said) == 100_000
    encoder.texts.clear()
    ask(LAST, [said, {"role": "assistant", "content": said}, ""])
    assert sum(map(len, encoder.texts)) <= 10_000, "no more of it is embedded than a question may have"
