"""Whether a folder may become an index, or is somebody's own."""

import json
from pathlib import Path

from guide.errors import SearchIndexError
from guide.index.index import MANIFEST, SEGMENT_PREFIX
from guide.index.originals import FOLDER

_NOBODYS = (FOLDER, "lost+found")
"""What a build that was stopped may have left beside hidden files, and what stands in an empty volume."""


def raise_if_others(folder: Path) -> None:
    """Does nothing where `folder` is absent, empty or an index. Hidden files don't count.

    Raises:
        SearchIndexError: it holds files of somebody's own, and no index.
    """
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return  # it is absent, or whoever writes to it says what is wrong
    if any(name.startswith(SEGMENT_PREFIX) for name in names) or _has_manifest(folder):
        return
    others = [name for name in names if not name.startswith(".") and name not in _NOBODYS]
    if others:
        raise SearchIndexError(
            f"{folder} holds other files, such as {others[0]}, and no index; name a new folder or an empty one with "
            "--index."
        )


def _has_manifest(folder: Path) -> bool:
    """Whether `folder` holds the manifest of an index, of any version, or one that can't be read any more; that of a
    website, which has the same name, says no format.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return (folder / MANIFEST).is_file()
    return isinstance(manifest, dict) and "format" in manifest
