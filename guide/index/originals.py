"""Copies of the PDFs that an index was built from, so that their pages can be shown wherever the index is. Each has the
SHA-256 of its bytes in its name.
"""

import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from guide.errors import SearchIndexError
from guide.hashing import file_sha256
from guide.index.index import Index

FOLDER = "originals"
_COPY = re.compile(r"([0-9a-f]{64})(?:-([0-9a-f]{64}))?\.pdf(?:\.part)?")
"""A copy's name: the SHA-256 of what makes the article, then that of the file."""


def keep_originals(folder: Path, sources: Mapping[str, Path]) -> None:
    """Copies the PDFs among `sources`, each by the SHA-256 of what makes its article, into the index's folder; what is
    there already, undamaged, isn't copied again.

    Raises:
        OSError: they can't be written.
    """
    for source, path in sources.items():
        if path.suffix.lower() != ".pdf" or not path.is_file():
            continue
        copy = _copy_of(folder, source)
        if copy and _is_intact(copy):
            continue
        (folder / FOLDER).mkdir(exist_ok=True)
        part = folder / FOLDER / f"{source}.pdf.part"
        shutil.copyfile(path, part)
        part.replace(part.with_name(f"{source}-{file_sha256(part)}.pdf"))


def drop_other_originals(folder: Path, sources: Mapping[str, Path]) -> None:
    """Removes the copies of files that aren't among `sources`; what can't be removed stays."""
    with suppress(OSError):
        for path in (folder / FOLDER).iterdir():
            name = _COPY.fullmatch(path.name)
            if name and (name[1] not in sources or not name[2]):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            (folder / FOLDER).rmdir()  # if nothing is left in it


def original_of(index: Index, article_id: str, folder: Path) -> Path | None:
    """The copy of the PDF of an article in the index's folder; nothing if it has none."""
    if article_id not in index.places:
        return None
    segment, number = index.places[article_id]
    return _copy_of(folder, segment.articles.metadata[number].source_sha256)


def check_original(copy: Path) -> None:
    """Does nothing if a copy is the file that the index was built from.

    Raises:
        SearchIndexError: it was changed since, or can't be read.
    """
    if not _is_intact(copy):
        raise SearchIndexError(f"{copy} isn't the file that the index was built from; run `guide build` again.")


def _copy_of(folder: Path, source: str) -> Path | None:
    return next((folder / FOLDER).glob(f"{source}-*.pdf"), None) if re.fullmatch("[0-9a-f]{64}", source) else None


def _is_intact(copy: Path) -> bool:
    name = _COPY.fullmatch(copy.name)
    try:
        return name is not None and file_sha256(copy) == name[2]
    except OSError:
        return False
