"""Whether an index in a folder is whole, and what it holds."""

from dataclasses import dataclass
from pathlib import Path

from guide.embedding.encoder import ModelIdentity
from guide.hashing import file_sha256
from guide.index.index import open_index, read_manifest
from guide.index.originals import damaged_originals
from guide.index.recipe import index_recipe, recipe_changes
from guide.index.state import CorpusCounts


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """What was found out about an index."""

    counts: CorpusCounts
    model: ModelIdentity
    recipe_changes: tuple[str, ...]
    """In what the way it was built differs from today's, in words for people."""
    problems: tuple[str, ...] = ()
    """Each a sentence that says what isn't as it should be and what to run; none where it is whole."""


def check_folder(folder: Path) -> IndexCheck:
    """What the index in `folder` holds, every file of it read and compared with what was written.

    Raises:
        SearchIndexError: there is no index, it is of another version, or so damaged that it can't be opened.
    """
    index = open_index(folder, check_large=False)
    damaged = [
        name
        for segment in read_manifest(folder)["segments"]
        for name, digest in segment["files"].items()
        if file_sha256(folder / segment["folder"] / name) != digest
    ]
    damaged += damaged_originals(folder)
    return IndexCheck(
        counts=index.counts,
        model=index.model,
        recipe_changes=recipe_changes(index.recipe, index_recipe()),
        problems=tuple(f"{name} isn't what was built; run `guide build` again." for name in damaged),
    )
