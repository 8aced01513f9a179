"""Copies of the PDFs that an index was built from, so that their pages can be shown wherever the index is. Each has the
SHA-256 of its bytes in its name.
"""

import re
import shutil
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from guide.errors import SearchIndexError
from guide.hashing import file_sha256
from guide.index.state import State

FOLDER = "originals"
_COPY = re.compile(r"([0-9a-f]{64})(?:-([0-9a-f]{64}))?\.pdf(?:\.part)?")
"""A copy's name: the SHA-256 of what makes the article, then that of the file."""


@dataclass(frozen=True, slots=True)
class Original:
    """A PDF that an article was read from. It is no larger than what is read: 32 MB."""

    sha256: str
    content: bytes

    @classmethod
    def of(cls, path: Path) -> "Original | None":
        """That in the file `path`; nothing if it isn't a PDF.

        Raises:
            OSError: it can't be read.
        """
        if path.suffix.lower() != ".pdf":
            return None
        content = path.read_bytes()
        return cls(sha256(content).hexdigest(), content)


def keep_original(folder: Path, source: str, original: Original) -> None:
    """Writes a PDF into the index's folder, by the SHA-256 `source` of what makes its article.

    Raises:
        OSError: it can't be written.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    part = folder / FOLDER / f"{source}.pdf.part"
    part.write_bytes(original.content)
    part.replace(part.with_name(f"{source}-{original.sha256}.pdf"))


def damaged_originals(folder: Path) -> list[str]:
    """The names of the copies that aren't the files that the index was built from."""
    copies = sorted((folder / FOLDER).glob("*.pdf"))
    return [f"{FOLDER}/{copy.name}" for copy in copies if not is_intact(copy)]


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
        if copy and is_intact(copy):
            continue
        (folder / FOLDER).mkdir(exist_ok=True)
        part = folder / FOLDER / f"{source}.pdf.part"
        shutil.copyfile(path, part)
        part.replace(part.with_name(f"{source}-{file_sha256(part)}.pdf"))


def drop_other_originals(folder: Path, sources: Container[str]) -> None:
    """Removes the copies of files that aren't among `sources`; what can't be removed stays."""
    with suppress(OSError):
        for path in (folder / FOLDER).iterdir():
            name = _COPY.fullmatch(path.name)
            if name and (name[1] not in sources or not name[2]):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            (folder / FOLDER).rmdir()  # if nothing is left in it


def original_of(index: State, article_id: str, folder: Path | None) -> Path | None:
    """The copy of the PDF of an article in the index's folder; nothing if it has none."""
    if folder is None or not index.has([article_id]):
        return None
    return _copy_of(folder, index.source_sha256(article_id))


def check_original(copy: Path) -> None:
    """Does nothing if a copy is the file that the index was built from.

    Raises:
        SearchIndexError: it was changed since, or can't be read.
    """
    if not is_intact(copy):
        raise SearchIndexError(f"{copy} isn't the file that the index was built from; run `guide build` again.")


def _copy_of(folder: Path, source: str) -> Path | None:
    return next((folder / FOLDER).glob(f"{source}-*.pdf"), None) if re.fullmatch("[0-9a-f]{64}", source) else None


def is_intact(copy: Path) -> bool:
    """Whether a copy is the file that the index was built from."""
    name = _COPY.fullmatch(copy.name)
    try:
        return name is not None and file_sha256(copy) == name[2]
    except OSError:
        return False
