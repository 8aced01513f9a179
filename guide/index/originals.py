"""Copies of the PDFs that an index was built from, so that their pages can be shown wherever the index is."""

import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from guide.index.state import State

FOLDER = "originals"
_COPY = re.compile(r"[0-9a-f]{64}\.pdf(?:\.part)?")


def keep_originals(folder: Path, sources: Mapping[str, Path]) -> None:
    """Copies the PDFs among `sources`, each by the SHA-256 of what makes its article, into the index's folder; what is
    there already isn't copied again.

    Raises:
        OSError: they can't be written.
    """
    for source, path in sources.items():
        copy = _place(folder, source)
        if path.suffix.lower() != ".pdf" or copy.exists() or not path.is_file():
            continue
        copy.parent.mkdir(exist_ok=True)
        part = copy.with_suffix(".pdf.part")
        shutil.copyfile(path, part)
        part.replace(copy)


def drop_other_originals(folder: Path, sources: Mapping[str, Path]) -> None:
    """Removes the copies of files that aren't among `sources`; what can't be removed stays."""
    with suppress(OSError):
        for path in (folder / FOLDER).iterdir():
            if _COPY.fullmatch(path.name) and path.stem not in sources:
                path.unlink(missing_ok=True)
        with suppress(OSError):
            (folder / FOLDER).rmdir()  # if nothing is left in it


def original_of(index: State, article_id: str, folder: Path | None) -> Path | None:
    """The copy of the PDF of an article in the index's folder; nothing if it has none."""
    if folder is None or not index.has([article_id]):
        return None
    copy = _place(folder, index.source_sha256(article_id))
    return copy if copy.is_file() else None


def _place(folder: Path, source: str) -> Path:
    return folder / FOLDER / f"{source}.pdf"
