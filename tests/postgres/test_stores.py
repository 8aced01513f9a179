"""What every store does alike: the folder and the database run the same tests."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from guide.guide import Guide
from guide.index.build import build
from guide.index.catalogue import article_names, catalogue
from guide.index.index import open_index
from guide.index.state import Store
from guide.postgres.address import DatabaseAddress
from guide.postgres.store import DatabaseStore
from guide.records import Answer
from guide.store import open_store, open_writer

Build = Callable[..., DatabaseAddress]
QUESTIONS = (
    "How long does green tea steep?",
    "what goes well with milk",
    "of glass",
    "how long does it steep",
    "Which pots keep warm?",
    "rinse the pot",
    "tell me about sailing boats",
)


@pytest.fixture(params=["folder", "database"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], Store]:
    """Builds what is in a folder of articles into a store, and opens it."""
    if request.param == "folder":

        def build_folder(corpus: Path) -> Store:
            encoder = FakeEncoder()
            build([corpus], tmp_path / "index", encoder, encoder.identity)
            return open_index(tmp_path / "index")

        return build_folder
    build_there: Build = request.getfixturevalue("build_there")
    return lambda corpus: DatabaseStore(build_there(corpus))


def in_folder(corpus: Path, folder: Path) -> Store:
    encoder = FakeEncoder()
    build([corpus], folder, encoder, encoder.identity)
    return open_index(folder)


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers are alike but for the last digits of their scores."""
    return rounded(one) == rounded(other)


def rounded(answer: Answer) -> Answer:
    passages = tuple(
        replace(
            passage,
            score=round(passage.score, 3),
            points=tuple(replace(point, score=round(point.score, 3)) for point in passage.points),
        )
        for passage in answer.passages
    )
    return replace(answer, passages=passages, closest=(), confidence=round(answer.confidence, 3))


def test_it_tells_what_it_holds(built: Callable[[Path], Store], corpus: Path) -> None:
    with built(corpus).reading() as state:
        counts = state.counts
        assert (counts.articles, counts.passages, counts.points, counts.questions) == (2, 5, 9, 1)
        assert state.article_ids == ("pots", "tea")
        assert article_names(state) == {"pots": "Pots", "tea": "Tea"}
        assert set(state.authors) == {"", "Ada Leaf"}
        assert [article.id for article in state.articles] == ["pots", "tea"]
        assert [passage.id for passage in state.passages] == [
            passage.id for id in ("pots", "tea") for passage in state.passages_of(id)
        ]
        assert state.texts["pots"] == state.article("pots").text
        assert state.lexicon.counts["tea"] == 4
        assert state.passage_vectors("tea").shape == (3, 256)


def test_it_says_what_stands_in_it(built: Callable[[Path], Store], corpus: Path) -> None:
    with built(corpus).reading() as state:
        assert state.has(["tea", "coffee"]) == {"tea"}
        assert state.knows(["steep", "glass", "sail"]) == {"glass"}


def test_its_articles_and_passages_are_listed_page_by_page(built: Callable[[Path], Store], corpus: Path) -> None:
    with built(corpus).reading() as state:
        first, second = catalogue(state, limit=1), catalogue(state, after="pots", limit=1)
        listed = [(entry.id, entry.passages, entry.points) for entry in (*first, *second)]
        assert listed == [("pots", 2, 2), ("tea", 3, 7)]
        assert catalogue(state, after="tea") == ()
        pages = [*state.some_passages(0, 2), *state.some_passages(2, 2), *state.some_passages(4, 2)]
        assert pages == list(state.passages)


def test_what_is_found_out_is_found_out_once(built: Callable[[Path], Store], corpus: Path) -> None:
    store, found = built(corpus), []
    for _ in range(2):
        with store.reading() as state:
            assert state.once("thing", lambda: found.append(1) or "it") == "it"
    assert found == [1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_answers_as_the_folder_does(
    built: Callable[[Path], Store], corpus: Path, tmp_path: Path, question: str
) -> None:
    expected = Guide(in_folder(corpus, tmp_path / "expected"), FakeEncoder()).ask(question)
    assert same(Guide(built(corpus), FakeEncoder()).ask(question), expected)


def test_it_answers_from_named_articles_as_the_folder_does(
    built: Callable[[Path], Store], corpus: Path, tmp_path: Path
) -> None:
    expected = Guide(in_folder(corpus, tmp_path / "expected"), FakeEncoder()).ask("keep warm tea", articles=["tea"])
    answer = Guide(built(corpus), FakeEncoder()).ask("keep warm tea", articles=["tea"])
    assert {passage.article for passage in answer.passages} == {"tea"}
    assert same(answer, expected)


def test_its_means_and_weights_are_the_folders(built: Callable[[Path], Store], corpus: Path, tmp_path: Path) -> None:
    ids = FakeEncoder().encode(["how long does green tea steep"]).ids
    with built(corpus).reading() as state, in_folder(corpus, tmp_path / "expected").reading() as expected:
        assert np.allclose(state.mean_point, expected.mean_point, atol=1e-5)
        assert np.allclose(state.mean_question, expected.mean_question, atol=1e-3)
        assert np.array_equal(state.token_weights(ids), expected.token_weights(ids))


def test_what_is_removed_is_found_no_longer(built: Callable[[Path], Store], corpus: Path, tmp_path: Path) -> None:
    store = built(corpus)
    place = store.address if isinstance(store, DatabaseStore) else tmp_path / "index"
    open_writer(place).remove(["pots"])
    store = open_store(place)
    with store.reading() as state:
        assert (state.article_ids, state.counts.passages, state.knows(["glass"])) == (("tea",), 3, set())
    assert {passage.article for passage in Guide(store, FakeEncoder()).ask("of glass").passages} <= {"tea"}
