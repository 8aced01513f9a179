"""Arrays in files: the same rows as in memory, whether or not they were asked for beforehand."""

import mmap
from pathlib import Path

import numpy as np
import pytest

from guide.index.mapped_arrays import concatenated, mapped, prefetch

ROWS = np.arange(30_000, dtype=np.float16).reshape(10_000, 3)


def test_the_pages_of_the_rows_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    class Noted(mmap.mmap):
        def madvise(self, option: int, start: int = 0, length: int | None = None) -> None:
            assert option == mmap.MADV_WILLNEED
            assert length is not None
            asked.append((start, start + length))
            super().madvise(option, start, length)

    monkeypatch.setattr("mmap.mmap", Noted)
    np.save(tmp_path / "rows.npy", ROWS)
    array = mapped(tmp_path / "rows.npy")
    ranges = [(0, 1), (600, 1400), (9_999, 10_000)]
    # None at all, and none behind the last: nothing is asked for.
    prefetch(array, [*ranges, (5, 5), (10_000, 10_000)])
    header = (tmp_path / "rows.npy").stat().st_size - ROWS.nbytes
    wanted = [(header + first * 6, header + end * 6) for first, end in ranges]
    assert asked == [(start // mmap.PAGESIZE * mmap.PAGESIZE, end) for start, end in wanted]
    assert np.array_equal(array, ROWS)


def test_nothing_is_fetched_for_an_array_in_memory() -> None:
    prefetch(ROWS, [(0, 10_000)])
    prefetch(ROWS[5:], [(0, 9_995)])


@pytest.mark.parametrize("in_memory", [1, 1 << 30])
def test_arrays_are_joined_in_memory_or_in_a_file(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr("guide.index.mapped_arrays.MAX_IN_MEMORY_BYTES", in_memory)
    assert np.array_equal(concatenated([ROWS[:10], ROWS[10:]]), ROWS)
