"""A guide that follows its index: while a new one is built it serves the old one, then the new one."""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from guide.chat.library import CurrentLibrary
from guide.chat.stored_library import CurrentStoredLibrary
from guide.errors import GuideError, SearchIndexError
from guide.guide import Guide
from guide.index.index import MANIFEST
from guide.index.state import State
from guide.postgres.address import DatabaseAddress
from guide.records import Article, Passage
from guide.store import IndexLocation
from guide.web.kept_pdf import KeptPdf, StateWithPdfs, pdf_in_database, pdf_in_folder

LOOK_SECONDS = 1.0

log = logging.getLogger("guide.web")


@dataclass(frozen=True, slots=True)
class IndexSnapshot:
    """A guide over one built index, and what its manifest says."""

    guide: Guide
    manifest_sha256: str
    counts: dict[str, int]


class ReloadingGuide:
    """The guide over the index that is in `folder` now, once `follow` was called."""

    def __init__(self, folder: Path, opened: Callable[[Path], Guide] = Guide.open) -> None:
        """`opened` opens the first one; later ones take its model over.

        Raises:
            SearchIndexError: there is no index, or it can't be used.
            ModelError: the model isn't here.
        """
        self._folder = folder
        self._seen = _stamp(folder)
        self._snapshot = _snapshot(folder, opened)
        self._stop = threading.Event()
        self._watch: threading.Thread | None = None

    def pdf_of(self, state: State, article_id: str) -> KeptPdf | None:
        """The PDF of an article that was read in `state`; nothing if it has none."""
        return pdf_in_folder(state, article_id, self._folder)

    def library(self) -> CurrentLibrary:
        """What the chat shows of the articles that there are now; a folder's are held in memory."""
        return CurrentLibrary(self)

    @property
    def snapshot(self) -> IndexSnapshot:
        """The guide that answers now. Whoever needs two things of it takes them from one snapshot."""
        return self._snapshot

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles that are shown now."""
        return self._snapshot.guide.articles

    @property
    def passages(self) -> Sequence[Passage]:
        """Their passages."""
        return self._snapshot.guide.passages

    @property
    def answers(self) -> bool:
        """Whether the index can be read: a folder that was opened can."""
        return True

    def follow(self) -> None:
        """Looks for a new index every second from now on, in a thread of its own."""
        self._watch = threading.Thread(target=self._look_on, name="guide-index", daemon=True)
        self._watch.start()

    def close(self) -> None:
        """Stops looking for a new index."""
        self._stop.set()
        if self._watch:
            self._watch.join()

    def look(self) -> bool:
        """Whether there was a new index; it answers from now on. One that can't be used leaves the old one be."""
        stamp = _stamp(self._folder)
        if stamp is None or stamp == self._seen:
            return False
        try:
            snapshot = _snapshot(self._folder, self._snapshot.guide.over)
        except GuideError as error:
            # Perhaps only replaced by yet another build while it was read; the next look tells.
            if stamp != _stamp(self._folder):
                return False
            self._seen = stamp
            log.warning("The new index can't be used, the old one goes on answering: %s", error)
            return False
        self._seen = stamp
        fresh = snapshot.manifest_sha256 != self._snapshot.manifest_sha256
        self._snapshot = snapshot
        return fresh

    def _look_on(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception as error:
                # Whatever it was, the old index goes on answering and the next look may succeed.
                log.warning("Looking for a new index failed (%s).", type(error).__name__)


class FollowingDatabase(ReloadingGuide):
    """The guide over a collection in a database. Each question reads the state that the database is in; what is shown
    beside answers follows within a second, and while the database is away it stays what it was.
    """

    def __init__(self, address: DatabaseAddress, opened: Callable[[DatabaseAddress], Guide] = Guide.open) -> None:
        """Opens the guide.

        Raises:
            SearchIndexError: there is no collection, or the database can't be used.
            ModelError: the model isn't here.
        """
        self._guide = opened(address)
        self._stop = threading.Event()
        self._watch = None
        self._snapshot = self._look()
        self._answers = True

    @property
    def answers(self) -> bool:
        """Whether the database answered when it was last looked at, a few seconds ago at most."""
        return self._answers

    def pdf_of(self, state: State, article_id: str) -> KeptPdf | None:
        """The PDF of an article that was read in `state`, fetched when it is opened; nothing if it has none."""
        reading = cast("Callable[[], AbstractContextManager[StateWithPdfs]]", self._guide.reading)
        return pdf_in_database(cast("StateWithPdfs", state), article_id, reading)

    def library(self) -> CurrentLibrary:
        """What the chat shows of the articles that there are now: each is read when it is opened."""
        return CurrentStoredLibrary(self._guide, lambda: self._snapshot.manifest_sha256)

    def look(self) -> bool:
        """Whether the collection has changed; while it can't be read it is taken to be as it was."""
        try:
            snapshot = self._look()
        except GuideError:
            self._answers = False
            return False
        self._answers = True
        fresh = snapshot.manifest_sha256 != self._snapshot.manifest_sha256
        if fresh:
            self._snapshot = snapshot
        return fresh

    def _look(self) -> IndexSnapshot:
        with self._guide.reading() as state:
            counts = state.counts
            held = {"articles": counts.articles, "passages": counts.passages, "points": counts.points}
            return IndexSnapshot(self._guide, sha256(state.edition.encode()).hexdigest(), held)


def following(location: IndexLocation) -> ReloadingGuide:
    """The guide over the index that is kept there, as it is now and as it will be."""
    return ReloadingGuide(location) if isinstance(location, Path) else FollowingDatabase(location)


def _snapshot(folder: Path, opened: Callable[[Path], Guide]) -> IndexSnapshot:
    """The snapshot in `folder`; its manifest is the same before and after it was opened."""
    while True:
        before = _manifest(folder)
        try:
            guide = opened(folder)
        except SearchIndexError:
            if _manifest(folder) == before:
                raise
            continue
        if before == _manifest(folder):
            return IndexSnapshot(guide, sha256(before).hexdigest(), json.loads(before)["counts"])


def _manifest(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError:
        return b""


def _stamp(folder: Path) -> tuple[int, int, int] | None:
    """What changes when a build replaces the manifest; a look costs no more than that."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
