"""Articles → index. Articles that haven't changed since the last build aren't embedded again."""

import shutil
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
from filelock import FileLock, Timeout

from guide.articles.passages import split
from guide.articles.sources import Skipped, article_paths, gather
from guide.embedding.encoder import Agreement, Encoded, Encoder, ModelIdentity
from guide.errors import ArticleError, SearchIndexError
from guide.index.article_store import ArticleMetadata, metadata_of
from guide.index.build_report import BuildReport, report_on
from guide.index.embed import embed, search_texts
from guide.index.index import Index, open_index
from guide.index.recipe import index_recipe
from guide.index.segment import Segment
from guide.records import Article, Entry

EMBEDDED = ".embedded"
"""The folder in an index's own where a long build keeps what it has embedded so far."""

BATCH_POINTS = 4_000
"""How many points are embedded, about a minute's work, before they are kept."""

LARGE = 50_000
"""Points from which a segment is left as it is when articles are added: joining fewer takes seconds."""

STILL_HERE = 0.8
"""The share of a large segment's passages that must still be there, or it is written anew without the others."""


Stage = Literal["reading", "embedding"]
Progress = Callable[[Stage, int, int], None]
"""Hears how much of a stage is done, and of how much: files are read, texts are embedded."""


def build(
    sources: Sequence[Path],
    folder: Path,
    encoder: Encoder,
    model: ModelIdentity,
    agreement: Agreement | None = None,
    progress: Progress = lambda stage, done, of: None,
) -> BuildReport:
    """Builds the index of the articles in `sources` (files or folders) into `folder`; `agreement` is the encoder's.

    A file that can't be read is skipped and named in the report; if an earlier build read the article, that stays.

    Raises:
        ArticleError: there is no article that can be read; the index stays as it was then.
        SearchIndexError: the folder can't be written, or another build is writing to it.
    """
    paths = article_paths(sources)
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            return _build(paths, folder, encoder, model, agreement, progress)
    except ArticleError:
        if is_new:
            (folder / ".lock").unlink(missing_ok=True)
            folder.rmdir()
        raise
    except Timeout:
        raise SearchIndexError(
            f"Another build is writing to {folder}; wait until it ends, or name another folder."
        ) from None
    except OSError as error:
        raise SearchIndexError(
            f"The index in {folder} can't be written ({error.strerror}); name a folder that can, with --index."
        ) from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article stands in an index."""

    segment: Segment
    number: int

    @property
    def card(self) -> ArticleMetadata:
        return self.segment.articles.cards[self.number]

    def entry(self) -> Entry:
        return self.segment.articles.entries.entry(self.number)

    def article(self) -> Article:
        return self.entry()[0]


def _build(
    paths: Sequence[Path],
    folder: Path,
    encoder: Encoder,
    model: ModelIdentity,
    agreement: Agreement | None,
    progress: Progress,
) -> BuildReport:
    before = _opened(folder)
    old = before if before and _is_usable(before, model) else None
    known = _placed(old) | _embedded_in(folder / EMBEDDED, model)
    earlier = {place.card.id: (source, place.article) for source, place in _placed(before).items()}
    gathered = gather(paths, known, earlier, partial(progress, "reading"))
    if not gathered.paths:
        raise ArticleError(_none_readable(gathered.skipped))
    stay = [segment for segment in (old.segments if old else ()) if _stays(segment, gathered.paths)]
    stay = [replace(segment, deleted_ids=_gone(segment, gathered.paths)) for segment in stay]
    staying = {card.source_sha256 for segment in stay for card in segment.articles.cards}
    loose = [source for source in gathered.paths if source not in staying]
    known |= _embed_all(gathered.read, encoder, folder / EMBEDDED, model, partial(progress, "embedding"))
    joined = [_joined([known[source] for source in loose])] if loose else []
    index = Index((*stay, *joined), model, agreement=agreement)
    index.save(folder)
    shutil.rmtree(folder / EMBEDDED, ignore_errors=True)
    new = [known[source].entry() for source in gathered.read]
    # Reading a large index again takes longer than adding to it.
    whole = sum(segment.points for segment in index.segments) < LARGE
    return report_on(index, new, gathered.skipped, whole=whole)


def _none_readable(skipped: Sequence[Skipped]) -> str:
    first, *others = skipped
    more = (
        f" Nor can {len(others)} more be read: {', '.join(str(other.path) for other in others[:5])}." if others else ""
    )
    return f"{first.reason}{more}"


def _stays(segment: Segment, sources: Container[str]) -> bool:
    """Whether a segment is large, and still whole enough, to be left as it is."""
    here = np.array([card.source_sha256 in sources for card in segment.articles.cards])
    passages = np.diff(segment.articles.first_passages)
    return len(segment.embeddings.points) >= LARGE and float(passages[here].sum()) >= STILL_HERE * float(passages.sum())


def _gone(segment: Segment, sources: Container[str]) -> frozenset[str]:
    return frozenset(card.id for card in segment.articles.cards if card.source_sha256 not in sources)


def _embed_all(
    articles: Mapping[str, Article],
    encoder: Encoder,
    folder: Path,
    model: ModelIdentity,
    progress: Callable[[int, int], None],
) -> dict[str, _Place]:
    """The new articles, embedded: batch by batch, each kept in `folder` if there are several, so that a build that is
    stopped goes on from there.
    """
    batches: list[dict[str, Article]] = [{}]
    points = texts = 0
    for source, article in articles.items():
        if points >= BATCH_POINTS:
            batches.append({})
            points = 0
        batches[-1][source] = article
        passages = split(article)
        size = sum(len(passage.points) for passage in passages)
        points += size
        texts += size + len(passages)
    metered = _Metered(encoder, texts, progress)
    placed: dict[str, _Place] = {}
    for batch in filter(None, batches):
        segment = _segment_of(batch, metered)
        if len(batches) > 1:
            part = folder / sha256("".join(batch).encode()).hexdigest()[:16]
            Index((segment,), model).save(part)
            segment = open_index(part).segments[0]
        placed |= _placed_in(segment)
    return placed


class _Metered:
    """An encoder that tells how many of so many texts it has embedded."""

    def __init__(self, encoder: Encoder, texts: int, progress: Callable[[int, int], None]) -> None:
        self._encoder, self._texts, self._progress, self._done = encoder, texts, progress, 0

    def encode(self, texts: Sequence[str]) -> Encoded:
        encoded = self._encoder.encode(texts)
        self._done += len(texts)
        self._progress(self._done, self._texts)
        return encoded


def _embedded_in(folder: Path, model: ModelIdentity) -> dict[str, _Place]:
    """What a build that was stopped had embedded."""
    placed: dict[str, _Place] = {}
    for part in sorted(folder.iterdir()) if folder.is_dir() else ():
        index = _opened(part)
        placed |= _placed(index if index and _is_usable(index, model) else None)
    return placed


def index_of(articles: Sequence[Article], encoder: Encoder, model: ModelIdentity) -> Index:
    """The index of `articles`, in memory only."""
    return Index((_segment_of({article.id: article for article in articles}, encoder),), model)


def _segment_of(articles: Mapping[str, Article], encoder: Encoder) -> Segment:
    """The segment of articles, by the SHA-256 of their sources."""
    entries = [(article, split(article)) for article in articles.values()]
    cards = [metadata_of(article, source) for source, article in articles.items()]
    return Segment.of(entries, cards, search_texts(entries), [embed(*entry, encoder) for entry in entries])


def _joined(places: Sequence[_Place]) -> Segment:
    """One segment of articles that stand in others."""
    if len({id(place.segment) for place in places}) == 1 and _is_all(places):
        return places[0].segment
    entries = [place.segment.articles.entries.entry(place.number) for place in places]
    parts = [place.segment.embeddings_of(place.number) for place in places]
    return Segment.of(entries, [place.card for place in places], search_texts(entries), parts)


def _is_all(places: Sequence[_Place]) -> bool:
    """Whether `places` are a segment's articles, all of them and in its order."""
    numbers = [place.number for place in places]
    return numbers == list(range(len(places[0].segment.articles.cards)))


def _opened(folder: Path) -> Index | None:
    """The index in `folder`, whichever model made it, if there is one that can be opened.

    Large files are taken as they are: whoever asks the index checks them.
    """
    try:
        return open_index(folder, check_large=False)
    except SearchIndexError:
        return None


def _is_usable(index: Index, model: ModelIdentity) -> bool:
    """Whether `index` was made with this model, and articles are still read and split as they were then."""
    return (index.model.name, index.model.sha256, index.recipe) == (model.name, model.sha256, index_recipe())


def _placed(index: Index | None) -> dict[str, _Place]:
    """Where each article stands, by its source's SHA-256."""
    return {
        source: place for segment in (index.segments if index else ()) for source, place in _placed_in(segment).items()
    }


def _placed_in(segment: Segment) -> dict[str, _Place]:
    cards = enumerate(segment.articles.cards)
    return {card.source_sha256: _Place(segment, number) for number, card in cards if card.id not in segment.deleted_ids}
