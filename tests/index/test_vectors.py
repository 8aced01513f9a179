"""Many vectors are searched nearly as if each had been compared."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from guide.index.vectors import is_flat, nearest, open_search, save_search, search_of, vectors_of


def vectors(count: int, dimension: int = 384) -> np.ndarray:
    """Unit vectors around 64 centres, as passages lie around subjects; most of their length lies in few directions, as
    that of sentence embeddings does.
    """
    random = np.random.default_rng(7)
    scale = (1 + np.arange(dimension)) ** -0.35
    centres = random.normal(size=(64, dimension)) * scale
    turned = np.linalg.qr(random.normal(size=(dimension, dimension)))[0]
    found = (centres[random.integers(0, 64, count)] + random.normal(size=(count, dimension)) * scale) @ turned
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_few_are_compared_exactly_and_held_as_they_are(tmp_path: Path) -> None:
    few = vectors(100)
    search = search_of(few)
    assert is_flat(search)
    save_search(search, tmp_path / "few.faiss")
    opened = open_search(tmp_path / "few.faiss")
    assert np.array_equal(vectors_of(opened), few)
    scores, rows = opened.search(few[:5], 1)
    assert rows[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert scores[:, 0] == pytest.approx([1] * 5)


def test_many_are_found_nearly_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.index.vectors.FLAT_AT_MOST", 1_000)
    many = vectors(20_000)
    search = search_of(many)
    assert not is_flat(search)
    save_search(search, tmp_path / "many.faiss")
    questions = vectors(50)
    exact = np.argsort(-(questions @ many.T), axis=1)[:, :10]
    # More than are wanted: retrieval compares what is found again, with the vectors as they are.
    opened = open_search(tmp_path / "many.faiss")
    found = np.array([nearest(opened, many, question[None], 160) for question in questions])
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact.tolist(), found.tolist(), strict=True)])
    assert recall >= 0.95


def test_some_are_kept_in_codes_and_found_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as with very many, small enough to be run at once."""
    some = vectors(2_000, 32)
    monkeypatch.setattr("guide.index.vectors.FLAT_AT_MOST", 2_000)
    assert is_flat(search_of(some))
    monkeypatch.setattr("guide.index.vectors.FLAT_AT_MOST", 1_999)
    monkeypatch.setattr("guide.index.vectors.MAX_TRAINING_VECTORS", 1_000)
    monkeypatch.setattr("guide.index.vectors.CHUNK", 300)
    search = search_of(some)
    assert (is_flat(search), search.ntotal, search.d) == (False, 2_000, 32)
    assert search.metric_type == faiss.METRIC_INNER_PRODUCT
    # A code of four bits for four dimensions.
    assert (search.pq.M, search.pq.nbits) == (8, 4)
    # Each added once: the nearest to a vector is itself, or one that its codes can't tell from it.
    found = np.array([nearest(search, some, vector[None], 100) for vector in some[::40]])
    assert found.shape == (50, 100)
    assert np.mean([row in numbers for row, numbers in zip(range(0, 2_000, 40), found.tolist(), strict=True)]) >= 0.95
    for name in ("one.faiss", "two.faiss"):
        save_search(search_of(some), tmp_path / name)
    assert (tmp_path / "one.faiss").read_bytes() == (tmp_path / "two.faiss").read_bytes()


def test_no_more_are_asked_for_than_there_are() -> None:
    few = vectors(3, 8)
    search = search_of(few)
    assert nearest(search, few, few[1:2], 10).tolist()[0] == 1
    assert sorted(nearest(search, few, few[1:2], 10).tolist()) == [0, 1, 2]
    assert nearest(search, few, few[1:2], 2).shape == (2,)
