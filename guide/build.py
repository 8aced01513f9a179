"""Articles → index. Articles that haven't changed since the last build aren't embedded again."""

import shutil
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from guide.article import SUFFIXES, read_article
from guide.encoder import Agreement, Encoder, ModelIdentity
from guide.errors import ArticleError, IndexFault
from guide.index import Index, open_index, read_manifest, reading_recipe
from guide.late_interaction import token_vectors
from guide.passages import reading_text, split
from guide.records import Article, Passage, Point
from guide.segment import Part, Segment
from guide.shelf import Card, Entry, card_of

EMBEDDED = ".embedded"
"""The folder in an index's own where a long build keeps what it has embedded so far."""

BATCH_POINTS = 4_000
"""How many points are embedded, about a minute's work, before they are kept."""

LARGE = 50_000
"""Points from which a segment is left as it is when articles are added: joining fewer takes seconds."""

STILL_HERE = 0.8
"""The share of a large segment's passages that must still be there, or it is written anew without the others."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    articles: int
    passages: int
    points: int
    embedded: int
    """How many articles were embedded; the others were taken over from the last build."""


def article_paths(sources: Sequence[Path]) -> list[Path]:
    """The article files among `sources`, folders searched, in a stable order.

    Raises:
        ArticleError: a folder holds none.
    """
    paths: list[Path] = []
    for source in sources:
        if _is_folder(source):
            found = sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES)
            if not found:
                raise ArticleError(f"The folder {source} holds no article ({', '.join(SUFFIXES)}); put one there.")
            paths += found
        else:
            paths.append(source)
    return list(dict.fromkeys(paths))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # Such as a name that is too long; reading it as a file says so.
        return False


def build(
    sources: Sequence[Path],
    folder: Path,
    encoder: Encoder,
    model: ModelIdentity,
    agreement: Agreement | None = None,
) -> BuildReport:
    """Builds the index of the articles in `sources` (files or folders) into `folder`; `agreement` is the encoder's.

    Raises:
        ArticleError: an article can't be used; nothing is written then.
        IndexFault: the folder can't be written, or another build is writing to it.
    """
    paths = {_source_sha256(path): path for path in article_paths(sources)}
    known = _ids_before(folder, model)
    read = {source: read_article(path) for source, path in paths.items() if source not in known}
    ids = [known[source] if source in known else read[source].id for source in paths]
    for number, article_id in enumerate(ids):
        if article_id in ids[:number]:
            raise ArticleError(f"Two articles have the file name {article_id}; rename one of them.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            return _build(paths, read, folder, encoder, model, agreement)
    except Timeout:
        raise IndexFault(f"Another build is writing to {folder}; wait until it ends, or name another folder.") from None
    except OSError as error:
        raise IndexFault(
            f"The index in {folder} can't be written ({error.strerror}); name a folder that can, with --index."
        ) from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article stands in an index."""

    segment: Segment
    number: int

    @property
    def card(self) -> Card:
        return self.segment.shelf.cards[self.number]


def _build(
    paths: Mapping[str, Path],
    read: Mapping[str, Article],
    folder: Path,
    encoder: Encoder,
    model: ModelIdentity,
    agreement: Agreement | None,
) -> BuildReport:
    old = _usable(folder, model)
    stay = [segment for segment in (old.segments if old else ()) if _stays(segment, paths)]
    stay = [replace(segment, gone=_gone(segment, paths)) for segment in stay]
    staying = {card.source_sha256 for segment in stay for card in segment.shelf.cards}
    loose = {source: path for source, path in paths.items() if source not in staying}
    known = _placed(old) | _embedded_in(folder / EMBEDDED, model)
    new = {source: read.get(source) or read_article(path) for source, path in loose.items() if source not in known}
    known |= _embed_all(new, encoder, folder / EMBEDDED, model)
    joined = [_joined([known[source] for source in loose])] if loose else []
    index = Index((*stay, *joined), model, agreement=agreement)
    index.save(folder)
    shutil.rmtree(folder / EMBEDDED, ignore_errors=True)
    points = sum(segment.points for segment in index.segments)
    return BuildReport(len(paths), len(index.passages), points, len(new))


def _stays(segment: Segment, sources: Container[str]) -> bool:
    """Whether a segment is large, and still whole enough, to be left as it is."""
    here = np.array([card.source_sha256 in sources for card in segment.shelf.cards])
    passages = np.diff(segment.shelf.first_passages)
    return len(segment.part.points) >= LARGE and float(passages[here].sum()) >= STILL_HERE * float(passages.sum())


def _gone(segment: Segment, sources: Container[str]) -> frozenset[str]:
    return frozenset(card.id for card in segment.shelf.cards if card.source_sha256 not in sources)


def _embed_all(
    articles: Mapping[str, Article], encoder: Encoder, folder: Path, model: ModelIdentity
) -> dict[str, _Place]:
    """The new articles, embedded: batch by batch, each kept in `folder` if there are several, so that a build that is
    stopped goes on from there.
    """
    batches: list[dict[str, Article]] = [{}]
    points = 0
    for source, article in articles.items():
        if points >= BATCH_POINTS:
            batches.append({})
            points = 0
        batches[-1][source] = article
        points += sum(len(passage.points) for passage in split(article))
    placed: dict[str, _Place] = {}
    for batch in filter(None, batches):
        segment = _segment_of(batch, encoder)
        if len(batches) > 1:
            part = folder / sha256("".join(batch).encode()).hexdigest()[:16]
            Index((segment,), model).save(part)
            segment = open_index(part).segments[0]
        placed |= _placed_in(segment)
    return placed


def _embedded_in(folder: Path, model: ModelIdentity) -> dict[str, _Place]:
    """What a build that was stopped had embedded."""
    placed: dict[str, _Place] = {}
    for part in sorted(folder.iterdir()) if folder.is_dir() else ():
        placed |= _placed(_usable(part, model))
    return placed


def index_of(articles: Sequence[Article], encoder: Encoder, model: ModelIdentity) -> Index:
    """The index of `articles`, in memory only."""
    return Index((_segment_of({article.id: article for article in articles}, encoder),), model)


def _segment_of(articles: Mapping[str, Article], encoder: Encoder) -> Segment:
    """The segment of articles, by the SHA-256 of their sources."""
    entries = [(article, split(article)) for article in articles.values()]
    cards = [card_of(article, source) for source, article in articles.items()]
    return Segment.of(entries, cards, _search_texts(entries), [_embed(*entry, encoder) for entry in entries])


def _joined(places: Sequence[_Place]) -> Segment:
    """One segment of articles that stand in others."""
    if len({id(place.segment) for place in places}) == 1 and _is_all(places):
        return places[0].segment
    entries = [place.segment.shelf.read(place.number) for place in places]
    parts = [place.segment.part_of(place.number) for place in places]
    return Segment.of(entries, [place.card for place in places], _search_texts(entries), parts)


def _is_all(places: Sequence[_Place]) -> bool:
    """Whether `places` are a segment's articles, all of them and in its order."""
    numbers = [place.number for place in places]
    return numbers == list(range(len(places[0].segment.shelf.cards)))


def _search_texts(entries: Iterable[Entry]) -> list[str]:
    return [search_text(passage, article.text) for article, passages in entries for passage in passages]


def _ids_before(folder: Path, model: ModelIdentity) -> dict[str, str]:
    """The ids of the articles that need not be read again, by their sources' SHA-256."""
    try:
        manifest = read_manifest(folder)
    except IndexFault:
        return {}
    if not _is_usable(manifest, model):
        return {}
    cards = [
        card for segment in manifest["segments"] for card in segment["articles"] if card["id"] not in segment["gone"]
    ]
    return {card["source_sha256"]: card["id"] for card in cards}


def _usable(folder: Path, model: ModelIdentity) -> Index | None:
    """The index in `folder` if it was made with this model, and articles are still read and split as they were then.

    Large files are taken as they are: whoever asks the index checks them.
    """
    try:
        return open_index(folder, check_large=False) if _is_usable(read_manifest(folder), model) else None
    except IndexFault:
        return None


def _is_usable(manifest: Mapping[str, Any], model: ModelIdentity) -> bool:
    made_with = manifest["model"]["name"], manifest["model"]["sha256"], manifest["recipe"]
    return made_with == (model.name, model.sha256, reading_recipe())


def _placed(index: Index | None) -> dict[str, _Place]:
    """Where each article stands, by its source's SHA-256."""
    return {
        source: place for segment in (index.segments if index else ()) for source, place in _placed_in(segment).items()
    }


def _placed_in(segment: Segment) -> dict[str, _Place]:
    cards = enumerate(segment.shelf.cards)
    return {card.source_sha256: _Place(segment, number) for number, card in cards if card.id not in segment.gone}


def _source_sha256(path: Path) -> str:
    """The SHA-256 of an article's file and its name, which both make the article."""
    try:
        return sha256(path.name.encode() + b"\0" + path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        # Reading it as an article says what is wrong.
        return str(path)


def search_text(passage: Passage, text: str, point: Point | None = None) -> str:
    """What is embedded for a passage, or for one of its points: the headings above it, then its words.

    A heading says what a list is about, which the list's items seldom do.
    """
    return _heading(passage) + reading_text(text, point or passage)


def _heading(passage: Passage) -> str:
    return " > ".join(passage.section) + "\n"


def _boundaries(passage: Passage, text: str) -> list[int]:
    """Where the headings and each point begin in the passage's search text."""
    begins = [0, len(_heading(passage))]
    for point in passage.points[:-1]:
        begins.append(begins[-1] + len(reading_text(text, point)) + 1)
    return begins


def _embed(article: Article, passages: Sequence[Passage], encoder: Encoder) -> Part:
    by_passage = encoder.encode([search_text(passage, article.text) for passage in passages])
    by_point = encoder.encode(
        [search_text(passage, article.text, point) for passage in passages for point in passage.points]
    )
    boundaries = [_boundaries(passage, article.text) for passage in passages]
    return Part(by_passage.texts, by_point.texts, token_vectors(by_passage, boundaries))
