"""Arrays in files: the same rows as in memory, whether or not they were asked for beforehand."""

from pathlib import Path

import numpy as np
import pytest

from guide.arrays import concatenated, mapped, prefetch

ROWS = np.arange(30_000, dtype=np.float16).reshape(10_000, 3)


def test_rows_that_were_fetched_beforehand_are_those_of_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", ROWS)
    array = mapped(tmp_path / "rows.npy")
    # The first row, none, a page's border and the last row: the ranges that could leave the file.
    prefetch(array, [(0, 1), (5, 5), (600, 1400), (9_999, 10_000)])
    assert type(array) is np.ndarray
    assert np.array_equal(array, ROWS)


def test_nothing_is_fetched_for_an_array_in_memory() -> None:
    prefetch(ROWS, [(0, 10_000)])
    prefetch(ROWS[5:], [(0, 9_995)])


@pytest.mark.parametrize("in_memory", [1, 1 << 30])
def test_arrays_are_joined_in_memory_or_in_a_file(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr("guide.arrays.IN_MEMORY", in_memory)
    assert np.array_equal(concatenated([ROWS[:10], ROWS[10:]]), ROWS)
