"""FAISS: which vectors are nearest to a question's, exactly while there are few, nearly while there are many.

Comparing with every vector costs .6 ms for ten thousand and 100 ms for a million. Beyond `FLAT_AT_MOST` four dimensions
are kept in four bits, compared by the processor's table look-ups (André, Kermarrec and Le Scouarnec 2015, doi
10.14778/2856318.2856324): .06 ms for ten thousand, 4 ms for a million. What is found so is compared again as it is, and
of the ten nearest next to none are lost (`benchmarks/scale.py`). Lists by k-means, of which only the nearest are read,
took 1 ms for a million, but minutes to build, and lost more.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

EmbeddingMatrix = NDArray[np.float32] | NDArray[np.float16]
"""Embeddings, `(n, dim)`, each of unit length."""

FLAT_AT_MOST = 8_000
"""How many vectors at most are kept and compared as they are; more are kept as codes too."""

DIMENSIONS_PER_CODE = 4
"""How many dimensions make one code of four bits: recall@10 of .99 of a million vectors, in 48 MB; three would be .999,
in 64.
"""

MAX_TRAINING_VECTORS = 65_536
"""How many vectors at most the codes are found from."""

CHUNK = 65_536
"""How many vectors are added or compared at a time, so that not all are in memory in single precision."""


def search_of(vectors: EmbeddingMatrix) -> Any:
    """The FAISS index of `vectors`, `(n, dim)` of unit length, by inner product."""
    count, dimension = vectors.shape
    if count <= FLAT_AT_MOST:
        flat = faiss.IndexFlatIP(dimension)
        flat.add(np.asarray(vectors, dtype=np.float32))
        return flat
    codes = f"PQ{dimension // DIMENSIONS_PER_CODE}x4fs"
    search: Any = faiss.index_factory(dimension, codes, faiss.METRIC_INNER_PRODUCT)
    # Every k-th vector, so that the same vectors make the same index.
    search.train(np.ascontiguousarray(vectors[:: -(-count // MAX_TRAINING_VECTORS)], dtype=np.float32))
    for first in range(0, count, CHUNK):
        search.add(np.asarray(vectors[first : first + CHUNK], dtype=np.float32))
    return search


def save_search(search: Any, path: Path) -> None:
    """Writes the FAISS index `search` to `path`.

    Raises:
        OSError: it can't be written.
    """
    # FAISS itself writes without saying that the last of it couldn't be.
    path.write_bytes(faiss.serialize_index(search).data)


def open_search(path: Path) -> Any:
    """The FAISS index in the file `path`."""
    return faiss.read_index(str(path))


def nearest(
    search: Any,
    vectors: EmbeddingMatrix,
    vector: NDArray[np.float32],
    count: int,
    among: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """The numbers of the at most `count` of `vectors` nearest to `vector`, `(1, dim)`, by their index `search`; -1
    where it has found fewer. Of those that `among`, `(n,)`, names, each is compared as it is.
    """
    if not len(vectors):
        return np.zeros(0, dtype=np.int64)
    if among is None:
        found: NDArray[np.int64] = search.search(vector, min(count, len(vectors)))[1][0]
        return found
    numbers = np.flatnonzero(among)
    similar = [
        np.asarray(vectors[numbers[first : first + CHUNK]], dtype=np.float32) @ vector[0]
        for first in range(0, len(numbers), CHUNK)
    ]
    return numbers[np.argsort(-np.concatenate([*similar, np.zeros(0)]), kind="stable")[:count]]


def is_flat(search: Any) -> bool:
    """Whether the FAISS index `search` holds its vectors as they are."""
    return isinstance(search, faiss.IndexFlatIP)


def vectors_of(flat: Any) -> NDArray[np.float32]:
    """The vectors that a flat index holds, `(n, dim)`, not copied."""
    if not flat.ntotal:
        return np.zeros((0, flat.d), dtype=np.float32)
    held: NDArray[np.float32] = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    return held.reshape(flat.ntotal, flat.d)
