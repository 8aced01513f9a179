"""Arrays joined in memory, or in a file where memory would not do."""

from collections.abc import Sequence
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
