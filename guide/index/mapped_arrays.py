"""Arrays written to files, mapped from files, and joined in memory, or in a file where memory would not do."""

import errno
import math
import mmap
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_IN_MEMORY_BYTES = 1 << 30
"""How many bytes arrays have together at most to be joined in memory; others are joined in a file."""


def concatenated(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The rows of `arrays`, one array after the other; a single array as it is.

    Raises:
        OSError: there is no room for the file in which large ones are joined.
    """
    if len(arrays) == 1:
        return arrays[0]
    if sum(array.nbytes for array in arrays) < MAX_IN_MEMORY_BYTES:
        return np.concatenate(arrays)
    shape = (sum(len(array) for array in arrays), *arrays[0].shape[1:])
    with TemporaryFile() as file:
        _take_room(file.fileno(), math.prod(shape) * arrays[0].itemsize)
        # The file has no name and lives as long as it is mapped.
        whole: NDArray[Any] = np.memmap(file, dtype=arrays[0].dtype, mode="w+", shape=shape)
    first = 0
    for array in arrays:
        whole[first : first + len(array)] = array
        first += len(array)
    return whole


def joined_offsets(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The offsets of several arrays of rows that follow one another, from the offsets of each, which begin at 0.

    >>> joined_offsets([np.array([0, 2, 3]), np.array([0, 4])]).tolist()
    [0, 2, 3, 7]
    """
    steps = [np.zeros(1, np.int64), *(np.diff(part) for part in parts)]
    return np.cumsum(np.concatenate(steps), dtype=np.int64)


def _take_room(file: int, size: int) -> None:
    """Does nothing if the file system has room for so many bytes of a file: writing to a mapped one that then has none
    would end the process.
    """
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(file, 0, size)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.EOPNOTSUPP):
            return  # a file system that can't tell
        raise OSError(error.errno, f"{error.strerror} in {gettempdir()}, for {size >> 20:,} MB") from error


@dataclass(frozen=True, slots=True)
class _Stream:
    """A file of which numpy sees nothing but this method: into a file of Python it writes by itself, and
    then doesn't say why it couldn't.
    """

    write: Callable[[bytes], int]


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Writes `array` to `path` as `np.save` does.

    Raises:
        OSError: it can't be written; the error says why.
    """
    with path.open("wb") as stream:
        np.save(_Stream(stream.write), array, allow_pickle=False)


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
