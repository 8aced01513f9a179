"""The floor below which conversations may not fall, on messages of our own over the shipped article."""

from collections import Counter
from pathlib import Path

import pytest

from guide.articles.read import read_article
from guide.config import Config
from guide.embedding.choose import open_builder
from guide.evaluate.conversations import MessageRow, act_figures, answer_figures, ask_messages, conversation_figures
from guide.evaluate.gold import holds_gold, one_line
from guide.evaluate.loaders import read_everyday
from guide.guide import Guide
from guide.index.build import build

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = ROOT / "corpus" / "emotional-detachment.md"
MESSAGES = read_everyday(ROOT / "tests" / "data" / "everyday_conversation.jsonl")

AT_LEAST = {
    "acts understood": 0.90,
    "vague messages asked back": 0.93,
}
AT_MOST = {"content taken for an act": 0.02}
ACTS_AT_LEAST = {"other_language": 0.99}
KINDS_AT_LEAST = {
    # kind: first passage, one of three, points, first screen, covered
    "all": (0.60, 0.85, 0.47, 0.62, 0.90),
    "everyday": (0.60, 0.87, 0.48, 0.65, 0.92),
    "followup": (0.64, 0.89, 0.49, 0.64, 0.91),
    "longstory": (0.62, 0.75, 0.50, 0.50, 0.67),
    "trap": (0.45, 0.75, 0.35, 0.55, 0.95),
}
"""A little below what `guide evaluate tests/data/everyday_conversation.jsonl` prints over the shipped article."""


def test_the_answers_are_the_articles_own_words() -> None:
    text = one_line(read_article(ARTICLE).text)
    assert [(row.id, gold) for row in MESSAGES for gold in row.gold if not holds_gold(text, [gold])] == []


def test_there_are_enough_messages_of_each_kind() -> None:
    assert [row.id for row in MESSAGES] == [f"c{number:03}" for number in range(1, len(MESSAGES) + 1)]
    assert Counter(row.kind for row in MESSAGES) == {
        "act": 190, "followup": 80, "everyday": 60, "trap": 40, "vague": 30, "longstory": 24,
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[MessageRow, ...]:
    folder = tmp_path_factory.mktemp("talked") / "index"
    encoder = open_builder(Config())
    build([ARTICLE], folder, encoder, encoder.identity)
    return ask_messages(MESSAGES, Guide.open(folder, Config()))


@pytest.mark.model
def test_acts_are_understood_no_worse_than_the_floor(rows: tuple[MessageRow, ...]) -> None:
    found = {name: share.value for name, share in conversation_figures(rows).items()}
    assert {name: found[name] for name, floor in AT_LEAST.items() if found[name] < floor} == {}
    assert {name: found[name] for name, most in AT_MOST.items() if found[name] > most} == {}
    acts = {act: share.value for act, share in act_figures(rows).items()}
    assert {act: acts[act] for act, floor in ACTS_AT_LEAST.items() if acts[act] < floor} == {}


@pytest.mark.model
@pytest.mark.parametrize("kind", KINDS_AT_LEAST)
def test_what_is_asked_is_found_no_worse_than_the_floor(kind: str, rows: tuple[MessageRow, ...]) -> None:
    floors = zip(
        ("first passage", "one of three", "points", "first screen", "covered"), KINDS_AT_LEAST[kind], strict=True
    )
    found = answer_figures(rows)[kind]
    assert {name: found[name].value for name, floor in floors if found[name].value < floor} == {}
