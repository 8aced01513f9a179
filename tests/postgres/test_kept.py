"""What questions read of passages is read once a version, and is what the database holds."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from guide.index.state import Wanted
from guide.postgres.address import DatabaseAddress
from guide.postgres.candidates import Place, read_passages
from guide.postgres.state import DatabaseState
from guide.postgres.store import DatabaseStore

Build = Callable[..., DatabaseAddress]
QUESTION = "How long does black tea steep?"


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that states run."""
    ran: list[str] = []
    run = DatabaseState._run

    def noted(state: DatabaseState, statement: Any, values: Mapping[str, Any] = {}) -> list[tuple[Any, ...]]:
        ran.append(str(statement))
        return run(state, statement, values)

    monkeypatch.setattr(DatabaseState, "_run", noted)
    return ran


def looked_for(store: DatabaseStore) -> list[np.ndarray]:
    with store.reading() as state:
        [found] = state.candidates(Wanted([QUESTION], FakeEncoder().encode([QUESTION]).texts))
        found.held.tokens(range(len(found.points)))
        found.held.questions(range(len(found.points)))
        return [found.passages, found.lexical, found.best_points, found.best_questions]


def test_a_question_that_is_asked_again_reads_no_vectors(
    build_there: Build, corpus: Path, statements: list[str]
) -> None:
    store = DatabaseStore(build_there(corpus))
    first = looked_for(store)
    assert sum("from unnest" in statement for statement in statements) == 3
    statements.clear()
    again = looked_for(store)
    assert sum("from unnest" in statement for statement in statements) == 0
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_of_an_article_that_was_replaced_nothing_old_is_taken(build_there: Build, corpus: Path) -> None:
    store = DatabaseStore(build_there(corpus))
    looked_for(store)
    (corpus / "tea.md").write_text((corpus / "tea.md").read_text().replace("Four minutes", "Black tea steeps ages"))
    replaced = looked_for(DatabaseStore(build_there(corpus)))
    assert all(np.array_equal(one, other) for one, other in zip(looked_for(store), replaced, strict=True))


def test_a_passage_is_read_as_it_was_written(build_there: Build, corpus: Path) -> None:
    with DatabaseStore(build_there(corpus)).reading() as state:
        [(_, found)] = read_passages(state._run, [Place("tea", "any", 0)], 256)
        rows = state._run("select stems, times, length from passages where article_id = 'tea' and number = 0")
        [(vector,)] = state._run("select embedding from passages where article_id = 'tea' and number = 0")
        points = state._run("select embedding from points where article_id = 'tea' and passage = 0 order by number")
        questions = state._run("select embedding from questions where article_id = 'tea' and passage = 0")
    assert [(list(found.times), list(found.times.values()), found.length)] == rows
    assert (found.points, len(questions)) == (2, 1)
    expected = np.stack([one.to_numpy() for one in (vector, *(row[0] for row in (*points, *questions)))])
    assert np.array_equal(found.vectors, expected)
