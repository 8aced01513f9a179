"""FAISS: which vectors are nearest to a question's, exactly while there are few, nearly while there are many.

Comparing with every vector costs 0.4 ms for ten thousand and 60 ms for a million. Beyond `FLAT_AT_MOST` a byte a
dimension is kept, which costs a third and loses next to nothing, since the best are compared again as they are. Beyond
`SCANNED_AT_MOST` the vectors are put into lists by k-means, and the nearest lists are read; `benchmarks/scale.py`
measures what that loses. That file is mapped and not read: what isn't looked at costs no memory.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32] | NDArray[np.float16]

FLAT_AT_MOST = 8_000
SCANNED_AT_MOST = 100_000
"""Lists would lose a tenth of the ten nearest of a hundred thousand for a few milliseconds."""

LISTS_PER_ROOT = 4
"""Lists for each square root of the number of vectors, as FAISS's guidelines advise."""

TRAINED_ON = 64
"""Vectors that each list's centre is found from."""

PROBED = 192
"""Lists that are read for a question: recall@10 of .985 of a million vectors."""

CHUNK = 65_536


def search_of(vectors: Vectors) -> Any:
    """The FAISS index of `vectors`, `(n, dim)` of unit length, by inner product."""
    count, dimension = vectors.shape
    if count <= FLAT_AT_MOST:
        flat = faiss.IndexFlatIP(dimension)
        flat.add(np.asarray(vectors, dtype=np.float32))
        return flat
    if count <= SCANNED_AT_MOST:
        scanned: Any = faiss.index_factory(dimension, "SQ8", faiss.METRIC_INNER_PRODUCT)
        scanned.train(np.asarray(vectors, dtype=np.float32))
        scanned.add(np.asarray(vectors, dtype=np.float32))
        return scanned
    lists = int(LISTS_PER_ROOT * count**0.5)
    search: Any = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    # Every k-th vector, so that the same vectors make the same index.
    search.train(np.ascontiguousarray(vectors[:: max(1, count // (TRAINED_ON * lists))], dtype=np.float32))
    for first in range(0, count, CHUNK):
        search.add(np.asarray(vectors[first : first + CHUNK], dtype=np.float32))
    search.nprobe = PROBED
    return search


def save_search(search: Any, path: Path) -> None:
    """Writes the index to `path`."""
    faiss.write_index(search, str(path))


def open_search(path: Path, *, mapped: bool) -> Any:
    """The index in the file `path`; `mapped` leaves its vectors there until they are looked at."""
    # A flat index's vectors are read: they are few.
    search: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP if mapped else 0)
    if isinstance(search, faiss.IndexIVF):
        search.nprobe = PROBED
    return search


def nearest(
    search: Any, vector: NDArray[np.float32], count: int, among: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """The numbers of the at most `count` vectors nearest to `vector`, `(1, dim)`; -1 where it has found fewer.

    `among`, `(n,)`, says which vectors count. Then every list is read: the few that matter may be in any.
    """
    options: Any = None
    if among is not None:
        bits = np.packbits(among, bitorder="little")
        # It keeps only an address of the bits: they live as long as this call.
        chosen: dict[str, Any] = {"sel": faiss.IDSelectorBitmap(len(among), faiss.swig_ptr(bits))}
        listed = isinstance(search, faiss.IndexIVF)
        if listed:
            chosen["nprobe"] = search.nlist
        options = (faiss.SearchParametersIVF if listed else faiss.SearchParameters)(**chosen)
    found: NDArray[np.int64] = search.search(vector, count, params=options)[1][0]
    return found


def is_flat(search: Any) -> bool:
    """Whether the index holds its vectors as they are."""
    return isinstance(search, faiss.IndexFlatIP)


def vectors_of(flat: Any) -> NDArray[np.float32]:
    """The vectors that a flat index holds, `(n, dim)`, not copied."""
    held: NDArray[np.float32] = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    return held.reshape(flat.ntotal, flat.d)
