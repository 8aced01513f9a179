"""Arrays joined in memory, or in a file where memory would not do; and mapped from files."""

import mmap
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

IN_MEMORY = 1 << 30
"""Bytes from which arrays are joined in a file."""


def concatenated(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The rows of `arrays`, one array after the other; a single array as it is."""
    if len(arrays) == 1:
        return arrays[0]
    if sum(array.nbytes for array in arrays) < IN_MEMORY:
        return np.concatenate(arrays)
    shape = (sum(len(array) for array in arrays), *arrays[0].shape[1:])
    with TemporaryFile() as file:
        # The file has no name and lives as long as it is mapped.
        whole: NDArray[Any] = np.memmap(file, dtype=arrays[0].dtype, mode="w+", shape=shape)
    first = 0
    for array in arrays:
        whole[first : first + len(array)] = array
        first += len(array)
    return whole


def mapped(path: Path) -> NDArray[Any]:
    """The array in the file `path`, of which only what is looked at is read."""
    # A plain array over the mapped file: slicing numpy's own kind costs ten times as much.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def prefetch(array: NDArray[Any], ranges: Iterable[tuple[int, int]]) -> None:
    """Tells the system which rows of a mapped array will be read, so that it fetches them together and not one after
    the other; nothing of an array in memory.
    """
    source = array.base
    if (
        not isinstance(source, np.memmap)
        or not isinstance(source.base, mmap.mmap)
        or not hasattr(source.base, "madvise")
    ):
        return
    begins = source.offset % mmap.ALLOCATIONGRANULARITY
    for first, end in ranges:
        if first == end:
            continue  # behind the last row there may be no page
        start = (begins + first * array.strides[0]) // mmap.PAGESIZE * mmap.PAGESIZE
        source.base.madvise(mmap.MADV_WILLNEED, start, begins + end * array.strides[0] - start)
