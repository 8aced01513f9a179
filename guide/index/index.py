"""The index: articles, their passages, and what finds them, saved to and opened from a folder.

A folder holds `manifest.json` and, beside it, the folders of segments that the manifest names. A new segment is written
first and the manifest replaced last, in one step: whenever a build is stopped, the manifest names a whole index.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from guide.embedding.encoder import Agreement, ModelIdentity
from guide.errors import SearchIndexError
from guide.hashing import canonical, file_sha256
from guide.index.article_store import ArticleMetadata
from guide.index.candidates import find_candidates
from guide.index.mapped_arrays import concatenated
from guide.index.recipe import index_recipe
from guide.index.segment import Segment, StoredFiles, open_segment
from guide.index.state import Candidates, CorpusCounts, Fact, Facts, Wanted
from guide.index.token_vectors import token_weights
from guide.index.vectors import EmbeddingMatrix
from guide.index.verify import IntegrityCheck
from guide.records import ROLES, Article, Entry, Passage, SectionRole
from guide.text.language import languages_of, told_language
from guide.text.lexicon import Lexicon

FORMAT = 4
METRIC = "inner product of unit vectors"
MANIFEST = "manifest.json"
MEAN_OF = 65_536
"""How many embeddings a mean is taken of at most, or a few more."""

SEGMENT_PREFIX = "files-"
_MADE_BY_A_BUILD = re.compile(r"files-[0-9a-f]{16}(?:-again)*|\.building-\d+(?:\.json)?")


@dataclass(frozen=True)
class Index:
    """An index: segments of articles that are searched together, and what they were built by.

    It is a `guide.index.state.State`, and the `Store` of that one state: a build makes another index.
    """

    segments: tuple[Segment, ...]
    model: ModelIdentity
    recipe: Mapping[str, str] = field(default_factory=index_recipe)
    """The parts of Guide and the libraries that shaped it, each with its hash or version; empty if it doesn't say."""
    agreement: Agreement | None = field(default=None, compare=False)
    """How near the encoder that built it comes to sentence-transformers; nothing if it was sentence-transformers."""
    check: IntegrityCheck = field(default_factory=IntegrityCheck, compare=False)
    """The check of the files that it was opened from, which may still go on."""

    @cached_property
    def passages(self) -> "PassageSequence":
        """All passages, article by article in reading order, each read when it is asked for."""
        return PassageSequence(self.segments)

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """All articles of the index, each read from its file."""
        return tuple(article for segment in self.segments for article, _ in segment.entries())

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Each article's text by the article's id, read from its file when it is asked for."""
        return _Texts(self)

    @property
    def passage_embeddings(self) -> EmbeddingMatrix:
        """`(len(passages), dim)`: the embeddings of the passages, in their order; copied where there are several
        segments.
        """
        return concatenated([segment.embeddings.passages[segment.rows()] for segment in self.segments])

    @cached_property
    def mean_point(self) -> NDArray[np.float32]:
        """`(dim,)`: the mean of the embeddings of all points; of a large index, of some."""
        return _mean([segment.embeddings.points for segment in self.segments])

    @cached_property
    def mean_question(self) -> NDArray[np.float32]:
        """`(dim,)`: the mean of the embeddings of all questions that people ask; of a large index, of some."""
        return _mean([segment.embeddings.questions.texts for segment in self.segments])

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The ids of the index's articles, in its order."""
        return tuple(self.places)

    def article(self, article_id: str) -> Article:
        """The article of that id, read from its file."""
        return self._entry(article_id)[0]

    def source_sha256(self, article_id: str) -> str:
        """The SHA-256 of what the article of that id was read from."""
        segment, number = self.places[article_id]
        return segment.articles.metadata[number].source_sha256

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of the article of that id, in reading order."""
        return self._entry(article_id)[1]

    def passage_vectors(self, article_id: str) -> NDArray[np.float32]:
        """`(passages, dim)`: the embeddings of the passages of the article of that id, in reading order."""
        segment, number = self.places[article_id]
        first, end = segment.articles.first_passages[number : number + 2]
        return np.asarray(segment.embeddings.passages[first:end], dtype=np.float32)

    @property
    def edition(self) -> str:
        """Nothing: a folder's index never changes, a build makes another."""
        return ""

    @property
    def authors(self) -> Collection[str]:
        """The names of those who wrote its articles, as the articles state them."""
        return {article.author for article in self.articles}

    @property
    def languages(self) -> Mapping[str, str]:
        """The language that each article states, by the article's id."""
        return self.once("languages", lambda: {article.id: article.language for article in self.articles})

    @property
    def spoken(self) -> Collection[str]:
        """The languages that its articles are in: those that they state, and those that their words tell."""
        return self.once(
            "spoken", lambda: languages_of((one.language, told_language(one.text)) for one in self.articles)
        )

    @property
    def roles(self) -> Collection[SectionRole]:
        """The roles that any of its passages has."""
        return {ROLES[role] for segment in self.segments for role in np.unique(segment.articles.roles[segment.rows()])}

    @property
    def counts(self) -> CorpusCounts:
        """How much it holds."""
        return CorpusCounts(
            articles=len(self.places),
            passages=len(self.passages),
            points=sum(segment.points for segment in self.segments),
            questions=sum(segment.questions for segment in self.segments),
        )

    @property
    def titles(self) -> Mapping[str, str]:
        """Each article's title by the article's id; no article is read for it."""
        return {id: segment.articles.metadata[number].title for id, (segment, number) in self.places.items()}

    def has(self, article_ids: Collection[str]) -> set[str]:
        """Those of these articles that it has."""
        return {id for id in article_ids if id in self.places}

    def knows(self, stems: Collection[str]) -> set[str]:
        """Those of these stems that stand in any passage of the index."""
        return {stem for stem in stems if any(stem in segment.postings.vocabulary for segment in self.segments)}

    def token_weights(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """`(tokens,)`: how much each token of the model's vocabulary tells passages apart."""
        return token_weights(ids, [segment.embeddings.tokens for segment in self.segments])

    def candidates(self, wanted: Wanted) -> Sequence[Candidates]:
        """The passages that may matter to what is wanted, segment by segment."""
        return find_candidates(self.segments, wanted)

    def entries(self, after: str = "", limit: int | None = None) -> Iterator[Entry]:
        """The articles with their passages, in its order: those after the article of the id `after`, at most `limit`
        of them.
        """
        ids = self.article_ids
        first = ids.index(after) + 1 if after in self.places else len(ids) if after else 0
        return (self._entry(id) for id in ids[first : None if limit is None else first + limit])

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, if it has one."""
        by_id = self.once("passages by id", lambda: {passage.id: row for row, passage in enumerate(self.passages)})
        row = by_id.get(passage_id)
        return None if row is None else self.passages[row]

    def first_of_role(self, role: SectionRole, articles: Collection[str] = ()) -> Passage | None:
        """The first passage of that role, in its order, of some articles or of all without any."""
        chosen = self.has(articles) if articles else self.places
        of_articles = (self.passages_of(id) for id in self.article_ids if id in chosen)
        return next((passage for passages in of_articles for passage in passages if passage.role == role), None)

    def entries_holding(self, text: str) -> Iterator[Entry]:
        """All articles with their passages: a folder's are at hand."""
        return self.entries()

    def some_passages(self, offset: int, limit: int) -> Sequence[Passage]:
        """At most `limit` of all passages, `offset` left out first."""
        return self.passages[offset : offset + limit]

    def raise_if_damaged(self) -> None:
        """Does nothing as long as no file was found damaged.

        Raises:
            SearchIndexError: a file isn't what was written.
        """
        self.check.raise_if_damaged()

    @contextmanager
    def reading(self) -> Iterator["Index"]:
        """The index itself: its files stay as they are."""
        yield self

    @contextmanager
    def one_question(self) -> Iterator[None]:
        """Nothing: no file is waited for."""
        yield

    @cached_property
    def _facts(self) -> Facts:
        return Facts()

    def once(self, name: str, find: Callable[[], Fact]) -> Fact:
        """What `find` makes of this index, found when first asked for by that name."""
        return self._facts.once(name, find)

    def _entry(self, article_id: str) -> tuple[Article, tuple[Passage, ...]]:
        segment, number = self.places[article_id]
        return segment.articles.entries.entry(number)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of all articles, with how often each stands in them."""
        return Lexicon.of_counts(segment.words for segment in self.segments)

    @cached_property
    def places(self) -> Mapping[str, tuple[Segment, int]]:
        """Each article's segment and its number there, by the article's id."""
        return {
            article.id: (segment, number)
            for segment in self.segments
            for number, article in segment.live_articles().items()
        }

    def save(self, folder: Path) -> None:
        """Writes the index into `folder`, in place of the one that may be there; segments that are there stay.

        Raises:
            SearchIndexError: the folder can't be written; what was there before is as it was.
        """
        building = folder / f".building-{os.getpid()}"
        manifest = building.with_suffix(".json")
        is_new = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # What a build that was killed has left may be what fills the disk.
            before = {path.name for path in folder.iterdir() if not path.name.startswith(".building-")}
            _remove_all_but(folder, before)
        except OSError as error:
            raise cannot_write(folder, error) from error
        try:
            stored = [_write(segment, folder, building) for segment in self.segments]
            manifest.write_text(self._manifest(stored), encoding="utf-8")
            manifest.replace(folder / MANIFEST)
        except BaseException as error:
            # The manifest may have been replaced already when somebody interrupts.
            _remove_all_but(folder, before | _named_folders(folder))
            if is_new:
                with suppress(OSError):
                    folder.rmdir()
            if isinstance(error, OSError):
                raise cannot_write(folder, error) from error
            raise
        _remove_all_but(folder, {files.folder for files in stored})

    def _manifest(self, stored: Sequence[StoredFiles]) -> str:
        manifest = {
            "format": FORMAT,
            "model": asdict(self.model) | {"dimension": int(self.segments[0].embeddings.passages.shape[1])},
            "agreement": asdict(self.agreement) if self.agreement else None,
            "metric": METRIC,
            "recipe": dict(self.recipe),
            "counts": {
                "articles": len(self.places),
                "passages": len(self.passages),
                "points": sum(segment.points for segment in self.segments),
            },
            "segments": [
                {
                    "folder": files.folder,
                    "files": dict(files.files),
                    "articles": [article.record() for article in segment.articles.metadata],
                    "gone": sorted(segment.deleted_ids),
                }
                for segment, files in zip(self.segments, stored, strict=True)
            ],
        }
        # On one line: indented, a manifest of ten thousand articles takes three times as long.
        return json.dumps(manifest | {"checksum": _checksum(manifest)}, ensure_ascii=False) + "\n"


def _mean(parts: Sequence[EmbeddingMatrix]) -> NDArray[np.float32]:
    step = 1 + sum(map(len, parts)) // MEAN_OF
    chosen = np.concatenate([np.asarray(part[::step], dtype=np.float32) for part in parts])
    mean: NDArray[np.float32] = chosen.mean(axis=0) if len(chosen) else np.zeros(chosen.shape[1], dtype=np.float32)
    return mean


class PassageSequence(Sequence[Passage]):
    """The passages of an index, article by article in reading order, each read when it is asked for."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._rows = [segment.rows() for segment in segments]
        self._ends = np.cumsum([len(rows) for rows in self._rows])

    def __len__(self) -> int:
        return int(self._ends[-1])

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, place: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(*place.indices(len(self))))
        place = range(len(self))[place]
        number = int(np.searchsorted(self._ends, place, side="right"))
        row = self._rows[number][place - int(self._ends[number])]
        return self._segments[number].articles.passage(int(row))


class _Texts(Mapping[str, str]):
    """Each article's text by the article's id, read when it is asked for."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __getitem__(self, article_id: str) -> str:
        segment, number = self._index.places[article_id]
        return segment.articles.entries.text(number)

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.article_ids)

    def __len__(self) -> int:
        return len(self._index.article_ids)


def open_index(folder: Path, *, check_large: bool = True) -> Index:
    """The index in `folder`, its files checked against the manifest: those over 64 MB while it is used already, or not
    at all unless `check_large`.

    Raises:
        SearchIndexError: there is none, it is of another version, or a file is missing or damaged.
    """
    manifest = read_manifest(folder)
    try:
        return _open(folder, manifest, check_large)
    except (SearchIndexError, OSError, EOFError, LookupError, RuntimeError, TypeError, ValueError) as error:
        # A build may have put another index in its place meanwhile.
        if read_manifest(folder) != manifest:
            return open_index(folder, check_large=check_large)
        if isinstance(error, SearchIndexError):
            raise
        # A large file is read before it is checked, and what numpy, FAISS and JSON say of a damaged one has no end.
        said = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
        raise SearchIndexError(
            f"The index in {folder} is damaged ({' '.join(said.split())[:200]}); run `guide build` again."
        ) from error


def _open(folder: Path, manifest: Mapping[str, Any], check_large: bool) -> Index:
    hashes = {
        folder / segment["folder"] / name: digest
        for segment in manifest["segments"]
        for name, digest in segment["files"].items()
    }
    check = IntegrityCheck(folder, hashes, large=check_large)
    segments = tuple(
        open_segment(
            folder / segment["folder"],
            [ArticleMetadata(**article) for article in segment["articles"]],
            segment["gone"],
            segment["files"],
        )
        for segment in manifest["segments"]
    )
    model = ModelIdentity(manifest["model"]["name"], manifest["model"]["sha256"])
    agreement = manifest.get("agreement")
    # Earlier versions kept one hash of all parts.
    recipe = manifest["recipe"] if isinstance(manifest["recipe"], dict) else {}
    return Index(segments, model, recipe, agreement and Agreement(**agreement), check)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the index in `folder`.

    Raises:
        SearchIndexError: there is no index, or its manifest is damaged or of another version.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SearchIndexError(
            f"There is no index in {folder}; build one with `guide build --index {folder}`."
        ) from None
    except (OSError, ValueError, RecursionError):
        raise SearchIndexError(f"The index's {folder / MANIFEST} can't be read; run `guide build` again.") from None
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise SearchIndexError(
            f"The index in {folder} has the format {found!r}, this Guide reads {FORMAT}; run `guide build` again."
        )
    if manifest.get("checksum") != _checksum(manifest):
        raise SearchIndexError(f"The index's {folder / MANIFEST} is damaged; run `guide build` again.")
    return manifest


def _checksum(manifest: dict[str, Any]) -> str:
    return sha256(canonical({key: manifest[key] for key in manifest if key != "checksum"}).encode()).hexdigest()


def _write(segment: Segment, folder: Path, building: Path) -> StoredFiles:
    """The files of `segment` in `folder`, written by way of the folder `building` unless they are there."""
    if segment.stored and (folder / segment.stored.folder).is_dir():
        return segment.stored
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    segment.save(building)
    hashes = {path.name: file_sha256(path) for path in sorted(building.iterdir())}
    name = SEGMENT_PREFIX + sha256(json.dumps(hashes).encode()).hexdigest()[:16]
    while (folder / name).exists() and not _has_files(folder / name, hashes):
        # A damaged copy may be what the manifest names until it is replaced: it is left alone until then.
        name += "-again"
    if not (folder / name).exists():
        building.rename(folder / name)
    return StoredFiles(name, hashes)


def _has_files(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Whether `folder` holds all files of these names with these hashes."""
    try:
        return all(file_sha256(folder / name) == digest for name, digest in hashes.items())
    except OSError:
        return False


def _named_folders(folder: Path) -> set[str]:
    """The folders of segments that the manifest in `folder` names; none if there is no manifest that can be read."""
    try:
        return {segment["folder"] for segment in read_manifest(folder)["segments"]}
    except SearchIndexError:
        return set()


def _remove_all_but(folder: Path, names: Collection[str]) -> None:
    """Removes what builds have left in `folder`, except for `names`; what can't be removed stays."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name in names or not _MADE_BY_A_BUILD.fullmatch(path.name):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def cannot_write(folder: Path, error: OSError) -> SearchIndexError:
    """The error that says why the index in `folder` can't be written and what to do about it."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        cause, advice = "a file stands where the folder should be", "name another folder with --index"
    else:
        cause, advice = error.strerror or str(error), "free some space, or name a folder that can, with --index"
    return SearchIndexError(
        f"The index in {folder} can't be written ({cause}); {advice}. What was there before is as it was."
    )
