"""What writes to an index, wherever it is kept: `Writer`, and the one that writes to a folder."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from guide.embedding.encoder import Agreement, Encoder, ModelIdentity
from guide.errors import SearchIndexError
from guide.index.article_store import ArticleMetadata
from guide.index.build import Origin, Progress, build
from guide.index.build_report import BuildReport
from guide.index.embed import search_texts
from guide.index.index import Index, cannot_write, open_index
from guide.index.originals import Original, drop_other_originals, is_intact, keep_original, original_of
from guide.index.remove import remove_articles
from guide.index.segment import Embeddings, Segment
from guide.records import Entry

CopyProgress = Callable[[int, int], None]
"""Hears how many articles are copied, and of how many."""


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """An article with all that is kept of it."""

    entry: Entry
    metadata: ArticleMetadata
    embeddings: Embeddings
    original: Original | None = None
    """The PDF that it was read from, if it was one."""


@dataclass(frozen=True, slots=True)
class WholeIndex:
    """All of an index, to be copied: nothing of it is embedded again."""

    name: str
    """Where it is kept, for people."""
    model: ModelIdentity
    agreement: Agreement | None
    recipe: Mapping[str, str]
    dimension: int
    """How many numbers each of its vectors has."""
    count: int
    """How many articles it has."""
    articles: Iterator[WrittenArticle]
    """Each, read when it is asked for."""


class Writer(Protocol):
    """Adds, replaces and removes articles of an index that is kept somewhere. What was there before stays as it was
    wherever one of these fails.

    A part of a build isn't among these: in a folder it makes nothing that can be asked
    (`guide.index.build.build_part`), in a database it is a build of fewer articles
    (`guide.postgres.build.build_in_database`).
    """

    def build(
        self,
        sources: Sequence[Path],
        encoder: Encoder,
        origin: Origin,
        progress: Progress = lambda stage, done, of, file: None,
        *,
        exactly: bool = False,
        gone: Collection[str] = (),
    ) -> BuildReport:
        """The report on a build of the articles in `sources` (files or folders): each is added, or takes the place of
        its older self. `exactly` removes all others, `gone` those of these ids; a folder never holds others.

        Raises:
            ArticleError: there is no article that can be read.
            SearchIndexError: the index can't be written.
        """

    def remove(self, article_ids: Collection[str]) -> None:
        """Removes articles, all of them or none. A folder must keep one, a database needn't.

        Raises:
            SearchIndexError: there is no index, or it can't be written.
        """

    def write(self, index: WholeIndex, progress: CopyProgress = lambda done, of: None) -> int:
        """Writes all articles of another index and says how many these were. A folder then has them alone; in a
        database they take the place of those of the same ids.

        Raises:
            SearchIndexError: the index can't be written, or was built with another model.
        """


@dataclass(frozen=True, slots=True)
class FolderWriter:
    """Writes to the index in a folder, which is made if there is none."""

    folder: Path

    def build(
        self,
        sources: Sequence[Path],
        encoder: Encoder,
        origin: Origin,
        progress: Progress = lambda stage, done, of, file: None,
        *,
        exactly: bool = False,
        gone: Collection[str] = (),
    ) -> BuildReport:
        """The report on a build of the index of the articles in `sources`, and of no others."""
        return build(sources, self.folder, encoder, origin.model, origin.agreement, progress)

    def remove(self, article_ids: Collection[str]) -> None:
        """Removes articles; one must be left."""
        remove_articles(self.folder, article_ids)

    def write(self, index: WholeIndex, progress: CopyProgress = lambda done, of: None) -> int:
        """Writes the articles of another index in place of the one that may be there."""
        if not index.count:
            raise SearchIndexError(f"The index in {index.name} has no articles; there is nothing to copy.")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=0):
                self._fill(index, progress)
        except Timeout:
            raise SearchIndexError(f"A build is writing to {self.folder}; wait until it ends.") from None
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        progress(index.count, index.count)
        return index.count

    def _fill(self, index: WholeIndex, progress: CopyProgress) -> None:
        articles = []
        for number, written in enumerate(index.articles):
            progress(number, index.count)
            if written.original:
                keep_original(self.folder, written.metadata.source_sha256, written.original)
            articles.append(replace(written, original=None))  # not all PDFs at once
        entries = [written.entry for written in articles]
        metadata = [written.metadata for written in articles]
        vectors = [written.embeddings for written in articles]
        segment = Segment.of(entries, metadata, search_texts(entries), vectors)
        Index((segment,), index.model, index.recipe, index.agreement).save(self.folder)
        drop_other_originals(self.folder, {one.source_sha256 for one in metadata})


@contextmanager
def whole_folder(folder: Path) -> Iterator[WholeIndex]:
    """All of the index in `folder`.

    Raises:
        SearchIndexError: there is none, or it can't be used.
    """
    index = open_index(folder)
    dimension = int(index.segments[0].embeddings.passages.shape[1])
    count = len(index.article_ids)
    recipe = index.recipe
    articles = written_articles(index, folder)
    yield WholeIndex(str(folder), index.model, index.agreement, recipe, dimension, count, articles)


def written_articles(index: Index, folder: Path | None = None) -> Iterator[WrittenArticle]:
    """The articles of an index with what was embedded for each, and with their PDFs where it is in a folder. A PDF that
    was changed since is left out.
    """
    for segment in index.segments:
        for number, metadata in segment.live_articles().items():
            copy = original_of(index, metadata.id, folder)
            original = Original.of(copy) if copy and is_intact(copy) else None
            entry = segment.articles.entries.entry(number)
            yield WrittenArticle(entry, metadata, segment.embeddings_of(number), original)
