"""Many vectors are searched nearly as if each had been compared."""

from pathlib import Path

import numpy as np
import pytest

from guide.vector_search import is_flat, open_search, save_search, search_of, vectors_of


def vectors(count: int, dimension: int = 16) -> np.ndarray:
    """Unit vectors around 64 centres, as passages lie around subjects."""
    random = np.random.default_rng(7)
    centres = random.normal(size=(64, dimension))
    found = centres[random.integers(0, 64, count)] + 0.5 * random.normal(size=(count, dimension))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_few_are_compared_exactly_and_held_as_they_are(tmp_path: Path) -> None:
    few = vectors(100)
    search = search_of(few)
    assert is_flat(search)
    save_search(search, tmp_path / "few.faiss")
    opened = open_search(tmp_path / "few.faiss", mapped=False)
    assert np.array_equal(vectors_of(opened), few)
    scores, rows = opened.search(few[:5], 1)
    assert rows[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert scores[:, 0] == pytest.approx([1] * 5)


@pytest.mark.parametrize("scanned", [1_000, 100_000])
def test_many_are_found_nearly_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scanned: int) -> None:
    monkeypatch.setattr("guide.vector_search.FLAT_AT_MOST", 1_000)
    monkeypatch.setattr("guide.vector_search.SCANNED_AT_MOST", scanned)
    many = vectors(20_000)
    search = search_of(many)
    assert not is_flat(search)
    save_search(search, tmp_path / "many.faiss")
    questions = vectors(50)
    exact = np.argsort(-(questions @ many.T), axis=1)[:, :10]
    # More than are wanted: retrieval compares what is found again, with the vectors as they are.
    _, found = open_search(tmp_path / "many.faiss", mapped=True).search(questions, 40)
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact.tolist(), found.tolist(), strict=True)])
    assert recall >= 0.95
