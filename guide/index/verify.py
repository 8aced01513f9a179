"""Whether files are what was written: small ones are read when an index is opened, large ones while it is used."""

from collections.abc import Mapping
from pathlib import Path
from threading import Thread

from guide.errors import SearchIndexError
from guide.hashing import file_sha256

BACKGROUND_BYTES = 64 << 20
"""How many bytes a file has at least to be checked in the background: reading 64 MB takes about 0.1 s."""


class IntegrityCheck:
    """The check of an index's files against their SHA-256, which may go on while the index is used."""

    def __init__(
        self, folder: Path | None = None, files: Mapping[Path, str] | None = None, *, large: bool = True
    ) -> None:
        """Checks the small ones of `files`, which lie in `folder`, at once; large ones in the background, if at all.

        Raises:
            SearchIndexError: a file is missing, or a small one isn't what was written.
        """
        self._folder, self._fault = folder, ""
        sizes = {path: self._size(path) for path in files or ()}
        hashes = dict(files or {})
        for path in sizes:
            if sizes[path] < BACKGROUND_BYTES:
                self._compare(path, hashes[path])
                self.raise_if_damaged()
        later = {path: hashes[path] for path in sizes if sizes[path] >= BACKGROUND_BYTES}
        if large and later:
            Thread(target=self._compare_all, args=(later,), daemon=True, name="check").start()

    def raise_if_damaged(self) -> None:
        """Does nothing as long as no file was found damaged.

        Raises:
            SearchIndexError: a file isn't what was written.
        """
        if self._fault:
            raise SearchIndexError(self._fault)

    def _compare_all(self, files: Mapping[Path, str]) -> None:
        for path, digest in files.items():
            self._compare(path, digest)

    def _compare(self, path: Path, digest: str) -> None:
        try:
            damaged = file_sha256(path) != digest
        except FileNotFoundError:
            # A newer index has taken its place; what is mapped stays as it was.
            return
        except OSError as error:
            self._fault = f"The index in {self._folder} can't be read ({error.strerror}); run `guide build` again."
            return
        if damaged:
            name = path.name
            self._fault = (
                f"The index in {self._folder} is damaged: {name} isn't what was built; run `guide build` again."
            )

    def _size(self, path: Path) -> int:
        try:
            return path.stat().st_size
        except OSError:
            raise SearchIndexError(
                f"The index in {self._folder} lacks its file {path.name}; run `guide build` again."
            ) from None
