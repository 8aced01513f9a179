"""The PDF that an article was read from, wherever its index is kept."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from guide.errors import SearchIndexError
from guide.index.originals import check_original, original_of
from guide.index.state import State


@dataclass(frozen=True, slots=True)
class KeptPdf:
    """A PDF that an index keeps."""

    name: str
    """Another one for other content."""
    opened: Callable[[], AbstractContextManager[Path]]
    """Gives its file, as long as somebody reads it; raises `SearchIndexError` if it isn't the one that was read."""


class StateWithPdfs(State, Protocol):
    """A state of a corpus that has the PDFs in itself."""

    def original_sha256(self, article_id: str) -> str:
        """The SHA-256 of the PDF that the article of that id was read from; empty if there is none."""

    def original(self, article_id: str) -> bytes:
        """That PDF."""


def pdf_in_folder(state: State, article_id: str, folder: Path) -> KeptPdf | None:
    """The copy of an article's PDF in the folder of its index; nothing if it has none."""
    copy = original_of(state, article_id, folder)
    if copy is None:
        return None

    @contextmanager
    def opened() -> Iterator[Path]:
        check_original(copy)
        yield copy

    return KeptPdf(copy.name, opened)


def pdf_in_database(
    state: StateWithPdfs, article_id: str, reading: Callable[[], AbstractContextManager[StateWithPdfs]]
) -> KeptPdf | None:
    """An article's PDF in a database, fetched when it is opened; nothing if it has none."""
    digest = state.original_sha256(article_id)
    if not digest:
        return None

    @contextmanager
    def opened() -> Iterator[Path]:
        with reading() as now:
            content = now.original(article_id)
        if sha256(content).hexdigest() != digest:
            raise SearchIndexError(
                f"The PDF of {article_id!r} isn't the file that the index was built from; remove that article and "
                "build it again."
            )
        with tempfile.TemporaryDirectory(prefix="guide-") as folder:
            path = Path(folder) / "original.pdf"
            path.write_bytes(content)
            yield path

    return KeptPdf(digest, opened)
