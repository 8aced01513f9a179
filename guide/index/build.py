"""Articles → index. Articles that haven't changed since the last build aren't embedded again, unless an index is built
in another way now.
"""

import re
import shutil
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from filelock import FileLock, Timeout

from guide.articles.assemble import article_ids
from guide.articles.passages import split
from guide.articles.sources import Skipped, article_paths, gather
from guide.embedding.encoder import Agreement, Encoded, Encoder, ModelIdentity, are_interchangeable
from guide.errors import ArticleError, SearchIndexError
from guide.index.article_store import ArticleMetadata, metadata_of
from guide.index.build_report import BuildReport, report_on
from guide.index.claim import raise_if_others
from guide.index.embed import embed, search_texts
from guide.index.index import Index, cannot_write, open_index
from guide.index.originals import drop_other_originals, keep_originals
from guide.index.parts import BuildPart, PartReport
from guide.index.recipe import index_recipe, recipe_changes
from guide.index.segment import Segment
from guide.records import Article, Entry

PARTIAL_FOLDER = ".embedded"
"""The folder in an index's own where a long build keeps what it has embedded so far, and builds of parts all."""

BATCH_POINTS = 4_000
"""How many points are embedded, about a minute's work, before they are kept."""

LARGE_SEGMENT_POINTS = 50_000
"""How many points a segment has at least to be left as it is when articles are added: merging fewer takes seconds."""

MAX_REASONS = 3
"""How many reasons are named where no file can be read."""

MIN_LIVE_SHARE = 0.8
"""The share of a large segment's passages that must still be there, or it is written anew without the others."""

BuildStage = Literal["reading", "reading pages", "embedding"]
"""What a build is at: it reads files, of a PDF page by page, then embeds texts."""

Progress = Callable[[BuildStage, int, int, str], None]
"""Hears how much of a stage is done, and of how much, and the name of the file that is read now: files and pages are
read, texts are embedded.
"""


def build(
    sources: Sequence[Path],
    folder: Path,
    encoder: Encoder,
    model: ModelIdentity,
    agreement: Agreement | None = None,
    progress: Progress = lambda stage, done, of, file: None,
) -> BuildReport:
    """The report on a build of the index of the articles in `sources` (files or folders) into `folder`; `agreement` is
    the encoder's.

    A file that can't be read is skipped and named in the report; if an earlier build read the article, that stays.

    Raises:
        ArticleError: there is no article that can be read; the index stays as it was then.
        SearchIndexError: the folder can't be written, holds other files and no index, or another build is writing to
            it; all stays as it was.
    """
    raise_if_others(folder)
    paths = article_paths(sources)
    is_new = False
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            return _build(paths, folder, encoder, Origin(model, agreement), progress)
    except Timeout:
        raise SearchIndexError(
            f"Another build is writing to {folder}; wait until it ends, or name another folder."
        ) from None
    except BaseException as error:
        if is_new:
            _remove_without_content(folder)
        if isinstance(error, OSError):
            raise cannot_write(folder, error) from error
        raise


def build_part(
    sources: Sequence[Path],
    folder: Path,
    part: BuildPart,
    encoder: Encoder,
    model: ModelIdentity,
    agreement: Agreement | None = None,
    progress: Progress = lambda stage, done, of, file: None,
) -> PartReport:
    """The report on embedding a part of the articles in `sources`, which stays in `folder` for the `build` that makes
    the index of all; `build_part` makes none. The other parts may be built at the same time, here or elsewhere.

    What is there already, from an earlier try or in the index, isn't embedded again.

    Raises:
        ArticleError: a folder among the sources holds no article, or can't be searched.
        SearchIndexError: the folder can't be written, holds other files and no index, or the same part is being built
            in it.
    """
    raise_if_others(folder)
    paths = article_paths(sources)
    ids = article_ids(paths)
    origin, kept = Origin(model, agreement), folder / PARTIAL_FOLDER
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with FileLock(kept / f"{part.number}-of-{part.of}.lock", timeout=0):
            before = _open_or_none(folder)
            old = before if before and not origin.changes(before) else None
            known = _stored_articles(old) | _stored_by_stopped_build(kept, origin)
            gathered = gather(
                [path for path in paths if part.holds(ids[path])],
                known,
                {},
                partial(progress, "reading"),
                partial(progress, "reading pages"),
                ids,
            )
            _embed_all(
                gathered.read, encoder, kept, origin, lambda done, of: progress("embedding", done, of, ""), keep=True
            )
    except Timeout:
        raise SearchIndexError(f"Part {part} is being built in {folder} already; build another one.") from None
    except OSError as error:
        raise cannot_write(folder, error) from error
    return PartReport(len(gathered.paths), len(gathered.read), gathered.skipped)


def _drop_embedded(kept: Path) -> None:
    """Removes what builds of parts and builds that were stopped have embedded, unless a part is being built."""
    with suppress(Timeout, OSError), ExitStack() as locked:
        for lock in kept.glob("*.lock"):
            locked.enter_context(FileLock(lock, timeout=0))
        shutil.rmtree(kept, ignore_errors=True)


def _remove_without_content(folder: Path) -> None:
    """Removes a folder in which nothing but the lock of a build is left."""
    with suppress(OSError):
        if {path.name for path in folder.iterdir()} <= {".lock"}:
            (folder / ".lock").unlink(missing_ok=True)
            folder.rmdir()


class BuiltIndex(Protocol):
    """What an index says of how it was built."""

    @property
    def model(self) -> ModelIdentity:
        """The model of its embeddings."""

    @property
    def agreement(self) -> Agreement | None:
        """How near the model's runtime came to sentence-transformers."""

    @property
    def recipe(self) -> Mapping[str, str]:
        """What shaped it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the vectors of an index come from: the model, and how near its runtime comes to sentence-transformers."""

    model: ModelIdentity
    agreement: Agreement | None

    def changes(self, index: BuiltIndex) -> tuple[str, ...]:
        """In what an index differs from one that would be built now, in words for people; nothing if it may be added
        to.
        """
        changed = list(recipe_changes(index.recipe, index_recipe()))
        if index.model.name != self.model.name:
            changed.append(f"the model ({index.model.name} → {self.model.name})")
        elif index.model.sha256 != self.model.sha256:
            changed.append(f"the model’s weights ({index.model.sha256[:12]} → {self.model.sha256[:12]})")
        elif not are_interchangeable(index.agreement, self.agreement):
            changed.append("the model’s runtime")
        return tuple(changed)


@dataclass(frozen=True, slots=True)
class _StoredArticle:
    """Where an article stands in an index: its segment, and its number there."""

    segment: Segment
    number: int

    @property
    def metadata(self) -> ArticleMetadata:
        return self.segment.articles.metadata[self.number]

    def entry(self) -> Entry:
        return self.segment.articles.entries.entry(self.number)

    def article(self) -> Article:
        return self.entry()[0]


def _build(paths: Sequence[Path], folder: Path, encoder: Encoder, origin: Origin, progress: Progress) -> BuildReport:
    before = _open_or_none(folder)
    changed = origin.changes(before) if before else ()
    old = None if changed else before
    articles_before = _stored_articles(before)
    known = (articles_before if old else {}) | _stored_by_stopped_build(folder / PARTIAL_FOLDER, origin)
    earlier = {stored.metadata.id: (source, stored.article) for source, stored in articles_before.items()}
    gathered = gather(paths, known, earlier, partial(progress, "reading"), partial(progress, "reading pages"))
    if not gathered.paths:
        raise ArticleError(none_readable(gathered.skipped))
    kept = [
        replace(segment, deleted_ids=_deleted_ids(segment, gathered.paths))
        for segment in (old.segments if old else ())
        if _is_kept(segment, gathered.paths)
    ]
    in_kept = {article.source_sha256 for segment in kept for article in segment.articles.metadata}
    loose = [source for source in gathered.paths if source not in in_kept]
    known |= _embed_all(
        gathered.read, encoder, folder / PARTIAL_FOLDER, origin, lambda done, of: progress("embedding", done, of, "")
    )
    merged = [_merged([known[source] for source in loose])] if loose else []
    # Of a library that isn't here now the index keeps the version that read its articles.
    recipe = {**(old.recipe if old else {}), **index_recipe()}
    index = Index((*kept, *merged), origin.model, recipe, origin.agreement)
    keep_originals(folder, gathered.paths)
    index.save(folder)
    drop_other_originals(folder, gathered.paths)
    _drop_embedded(folder / PARTIAL_FOLDER)
    return report_on(
        index,
        [known[source].entry() for source in gathered.read],
        gathered.skipped,
        # Reading a large index again takes longer than adding to it.
        whole=sum(segment.points for segment in index.segments) < LARGE_SEGMENT_POINTS,
        embedded_unchanged=len(articles_before.keys() & gathered.read.keys()),
        changed_recipe=changed,
    )


def none_readable(skipped: Sequence[Skipped]) -> str:
    """Why there is nothing to build from: each reason once, with the first file that has it and the names of a few
    others.
    """
    groups: dict[str, list[Skipped]] = {}
    for one in skipped:
        own = rf"{re.escape(str(one.path))}|\b{re.escape(one.path.stem)}(?=\.\w)"
        groups.setdefault(re.sub(own, "…", one.reason), []).append(one)
    said = []
    for first, *others in list(groups.values())[:MAX_REASONS]:
        names = ", ".join(other.path.name for other in others[:5])
        said.append(f"{first.reason} The same goes for {len(others)} more: {names}." if others else first.reason)
    if rest := [one for group in list(groups.values())[MAX_REASONS:] for one in group]:
        said.append(f"Nor can {len(rest)} more be read: {', '.join(one.path.name for one in rest[:5])}.")
    return " ".join(said)


def _is_kept(segment: Segment, sources: Container[str]) -> bool:
    """Whether a segment is large, and enough of its articles are among `sources`, to be left as it is."""
    live = np.array([article.source_sha256 in sources for article in segment.articles.metadata])
    passages = np.diff(segment.articles.first_passages)
    is_large = len(segment.embeddings.points) >= LARGE_SEGMENT_POINTS
    return is_large and float(passages[live].sum()) >= MIN_LIVE_SHARE * float(passages.sum())


def _deleted_ids(segment: Segment, sources: Container[str]) -> frozenset[str]:
    """The ids of a segment's articles that aren't among `sources` any more."""
    return frozenset(article.id for article in segment.articles.metadata if article.source_sha256 not in sources)


def _embed_all(
    articles: Mapping[str, Article],
    encoder: Encoder,
    folder: Path,
    origin: Origin,
    progress: Callable[[int, int], None],
    *,
    keep: bool = False,
) -> dict[str, _StoredArticle]:
    """The new articles, embedded: batch by batch, each kept in `folder` if there are several, so that a build that is
    stopped goes on from there, or if all are to be kept.
    """
    batches: list[dict[str, Article]] = [{}]
    points = texts = 0
    for source, article in articles.items():
        if points >= BATCH_POINTS:
            batches.append({})
            points = 0
        batches[-1][source] = article
        passages = split(article)
        size = sum(len(passage.points) + len(passage.asked) for passage in passages)
        points += size
        texts += size + len(passages)
    counting = _ProgressEncoder(encoder, texts, progress)
    embedded: dict[str, _StoredArticle] = {}
    for batch in filter(None, batches):
        segment = _segment_of(batch, counting)
        if keep or len(batches) > 1:
            part = folder / sha256("".join(batch).encode()).hexdigest()[:16]
            Index((segment,), origin.model, agreement=origin.agreement).save(part)
            segment = open_index(part).segments[0]
        embedded |= _stored_in_segment(segment)
    return embedded


class _ProgressEncoder:
    """An encoder that tells how many of so many texts it has embedded."""

    def __init__(self, encoder: Encoder, texts: int, progress: Callable[[int, int], None]) -> None:
        self._encoder, self._texts, self._progress, self._done = encoder, texts, progress, 0

    def encode(self, texts: Sequence[str]) -> Encoded:
        encoded = self._encoder.encode(texts)
        self._done += len(texts)
        self._progress(self._done, self._texts)
        return encoded


def _stored_by_stopped_build(folder: Path, origin: Origin) -> dict[str, _StoredArticle]:
    """The articles that a build that was stopped had embedded, by their sources' SHA-256."""
    stored: dict[str, _StoredArticle] = {}
    for part in sorted(folder.iterdir()) if folder.is_dir() else ():
        index = _open_or_none(part)
        if index and not origin.changes(index):
            stored |= _stored_articles(index)
    return stored


def index_of(articles: Sequence[Article], encoder: Encoder, model: ModelIdentity) -> Index:
    """The index of `articles`, in memory only."""
    return Index((_segment_of({article.id: article for article in articles}, encoder),), model)


def _segment_of(articles: Mapping[str, Article], encoder: Encoder) -> Segment:
    """The segment of articles, by the SHA-256 of their sources."""
    entries = [(article, split(article)) for article in articles.values()]
    metadata = [metadata_of(article, source) for source, article in articles.items()]
    return Segment.of(entries, metadata, search_texts(entries), [embed(*entry, encoder) for entry in entries])


def _merged(articles: Sequence[_StoredArticle]) -> Segment:
    """One segment of articles that stand in others; that other itself if they are all of one."""
    if len({id(stored.segment) for stored in articles}) == 1 and _is_whole_segment(articles):
        return articles[0].segment
    entries = [stored.entry() for stored in articles]
    vectors = [stored.segment.embeddings_of(stored.number) for stored in articles]
    return Segment.of(entries, [stored.metadata for stored in articles], search_texts(entries), vectors)


def _is_whole_segment(articles: Sequence[_StoredArticle]) -> bool:
    """Whether `articles`, which are of one segment, are all that it has, in its order."""
    return [stored.number for stored in articles] == list(range(len(articles[0].segment.articles.metadata)))


def _open_or_none(folder: Path) -> Index | None:
    """The index in `folder`, however it was built, if there is one that can be opened.

    Large files are taken as they are: whoever asks the index checks them.
    """
    try:
        return open_index(folder, check_large=False)
    except SearchIndexError:
        return None


def _stored_articles(index: Index | None) -> dict[str, _StoredArticle]:
    """Where each article of an index stands, by its source's SHA-256."""
    return {
        source: stored
        for segment in (index.segments if index else ())
        for source, stored in _stored_in_segment(segment).items()
    }


def _stored_in_segment(segment: Segment) -> dict[str, _StoredArticle]:
    """Where each article of a segment stands, by its source's SHA-256."""
    return {
        article.source_sha256: _StoredArticle(segment, number) for number, article in segment.live_articles().items()
    }
