"""Asking only some of an index's articles: the same candidates as if there were no others, and names where several
answer.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.cli import main
from guide.errors import QuestionError
from guide.guide import Guide
from guide.index.build import build, index_of
from guide.index.vectors import nearest, search_of
from guide.records import Article, Query
from guide.retrieval.retrieve import Weights, retrieve

TEA = """\
---
title: Hot drinks
---
# Hot drinks

## What calms at night?

Warm milk calms at night. Black tea keeps people awake.
"""
PETS = TEA.replace("Warm milk", "A sleeping cat").replace("Black tea", "A young dog")
NIGHT = "What calms at night?"


def long_article(id: str, seed: int) -> Article:
    """More passages than are candidates, of the same few words as the others'."""
    random = np.random.default_rng(seed)
    sections = (f"## {id} {n}\n\n" + " ".join(f"w{w}" for w in random.integers(0, 40, 20)) + "." for n in range(70))
    return assemble(parse_markdown(f"# {id}\n\n" + "\n\n".join(sections)), article_id=id)


ENCODER = FakeEncoder()
LONG = [long_article(id, seed) for seed, id in enumerate(("one", "two", "three"))]
TOGETHER = index_of(LONG, ENCODER, ENCODER.identity)
ALONE = {article.id: index_of([article], ENCODER, ENCODER.identity) for article in LONG}
BY_VECTORS = Weights(passage=0.5, point=0.5, bm25=0, late_passage=0, late_point=0)
"""How rare a word is, is counted over the whole index; what counts no words finds exactly the same."""


@given(st.lists(st.integers(0, 39), min_size=1, max_size=5), st.sampled_from(sorted(ALONE)))
def test_an_article_is_searched_as_if_it_were_alone(words: list[int], article: str) -> None:
    text = " ".join(f"w{word}" for word in words)
    query, encoded = Query(text, text), ENCODER.encode([text])
    among = retrieve(query, TOGETHER, encoded, weights=BY_VECTORS, articles=[article])
    alone = retrieve(query, ALONE[article], encoded, weights=BY_VECTORS)
    assert [hit.passage.id for hit in among.hits] == [hit.passage.id for hit in alone.hits]
    assert [hit.score for hit in among.hits] == pytest.approx([hit.score for hit in alone.hits], abs=1e-6)


def test_many_vectors_are_searched_among_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.index.vectors.FLAT_AT_MOST", 1_000)
    monkeypatch.setattr("guide.index.vectors.CHUNK", 3)
    vectors = np.random.default_rng(5).normal(size=(12_000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    search, among = search_of(vectors), np.zeros(len(vectors), dtype=np.bool_)
    # Few, and most of them far from the question.
    among[::1500] = True
    chosen = np.flatnonzero(among)
    exact = chosen[np.argsort(-(vectors[chosen] @ vectors[7]), kind="stable")]
    assert nearest(search, vectors, vectors[7:8], 5, among).tolist() == exact[:5].tolist()
    assert nearest(search, vectors, vectors[7:8], 10, among).tolist() == exact.tolist()
    assert nearest(search, vectors, vectors[7:8], 10, np.zeros_like(among)).tolist() == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The index of two articles with the same title that answer the same question."""
    for name, text in (("tea", TEA), ("pets", PETS)):
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    build([tmp_path / "tea.md", tmp_path / "pets.md"], tmp_path / "index", ENCODER, ENCODER.identity)
    return tmp_path / "index"


@pytest.fixture
def guide(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Guide:
    monkeypatch.setattr("guide.guide.open_encoder", lambda *settings: ENCODER)
    return Guide.open(folder)


@pytest.mark.parametrize(
    ("articles", "answering"),
    [
        ((), {"tea", "pets"}),  # all, by default
        (("tea",), {"tea"}),
        (("pets",), {"pets"}),
        (("pets", "tea", "tea"), {"tea", "pets"}),
    ],
)
def test_the_answer_is_of_the_articles_that_were_asked(
    guide: Guide, articles: tuple[str, ...], answering: set[str]
) -> None:
    assert {passage.article for passage in guide.ask(NIGHT, articles=articles).passages} == answering


def test_an_unknown_article_is_named_and_help_comes_with_it(guide: Guide) -> None:
    with pytest.raises(QuestionError) as fault:
        guide.ask("I feel numb and hopeless all the time", articles=["tea", "coffee", "cocoa"])
    assert str(fault.value) == "The index has no article 'cocoa', 'coffee'; `guide articles` lists those it has."
    assert fault.value.safety is not None
    assert fault.value.safety.level == "professional"


def test_in_a_crisis_no_article_matters(guide: Guide) -> None:
    assert guide.ask("I want to die", articles=["no such"]).safety == guide.ask("I want to die").safety


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(guide: Guide, folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["ask", *arguments, "--index", str(folder)])
        return (code, *capsys.readouterr())

    return run


def test_the_command_names_the_articles_where_there_are_several(run: Run) -> None:
    _, out, _ = run(NIGHT)
    assert "Hot drinks (tea) › What calms at night?  (tea, characters" in out
    assert "Hot drinks (pets) › What calms at night?  (pets, characters" in out


def test_the_command_asks_the_articles_that_are_named(run: Run) -> None:
    found = json.loads(run(NIGHT, "--article", "pets", "--json")[1])
    assert {passage["article"] for passage in found["passages"]} == {"pets"}
    code, out, err = run(NIGHT, "--article", "coffee")
    assert (code, out) == (1, "")
    assert err == "guide: The index has no article 'coffee'; `guide articles` lists those it has.\n"


def test_a_batchs_row_may_name_its_articles(run: Run, tmp_path: Path) -> None:
    rows = [{"question": NIGHT, "articles": ["tea"]}, {"question": NIGHT}, {"question": NIGHT, "articles": "tea"}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    _, out, _ = run("--batch", str(tmp_path / "rows.jsonl"), "--article", "pets")
    tea, pets, fault = (json.loads(line) for line in out.splitlines())
    assert {passage["article"] for passage in tea["passages"]} == {"tea"}
    assert {passage["article"] for passage in pets["passages"]} == {"pets"}
    assert (
        fault["error"]
        == "The row's articles must be a list of articles' ids (`guide articles` lists them), not a text."
    )
