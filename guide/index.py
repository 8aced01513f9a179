"""The index: embeddings of passages and points (FAISS), their words (BM25) and token vectors, saved to and opened from
a folder.

A folder holds `manifest.json` and, beside it, the one folder of files that the manifest names. Saving writes a new such
folder first and replaces the manifest last, in one step: whenever a build is stopped, the manifest names a whole index.
"""

import json
import os
import re
import shutil
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import bm25s
import faiss
import numpy as np
from numpy.typing import NDArray

from guide.encoder import ModelIdentity
from guide.errors import IndexFault
from guide.late_interaction import TokenVectors
from guide.records import Article, Block, Passage, Point, Section

FORMAT = 1
METRIC = "inner product of unit vectors"
_FOLDER_PREFIX = "files-"
_LEFT_BY_A_BUILD = re.compile(r"files-[0-9a-f]{16}(?:-again)*|\.building-\d+(?:\.json)?")

Embeddings = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Layout:
    """The names of an index's files."""

    articles: str = "articles.json"
    passages: str = "passages.faiss"
    points: str = "points.faiss"
    bm25_scores: str = "bm25-scores.npy"
    bm25_documents: str = "bm25-documents.npy"
    bm25_starts: str = "bm25-starts.npy"
    bm25_vocabulary: str = "bm25-vocabulary.json"
    bm25_parameters: str = "bm25-parameters.json"
    token_vectors: str = "token-vectors.npy"
    token_ids: str = "token-ids.npy"
    token_segments: str = "token-segments.npy"
    token_passages: str = "token-passages.npy"
    token_frequencies: str = "token-frequencies.npy"

    @property
    def files(self) -> tuple[str, ...]:
        """Every file's name."""
        return tuple(getattr(self, field.name) for field in fields(self))

    @property
    def bm25_names(self) -> dict[str, str]:
        """The BM25 files by the names of bm25s' parameters."""
        return {
            "data_name": self.bm25_scores,
            "indices_name": self.bm25_documents,
            "indptr_name": self.bm25_starts,
            "vocab_name": self.bm25_vocabulary,
            "params_name": self.bm25_parameters,
        }


LAYOUT = Layout()
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Index:
    """Articles, their passages, and what finds them. Row `i` of the passages' embeddings is `passages[i]`; the points'
    rows follow in the same order, passage by passage.
    """

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    passage_embeddings: Embeddings
    point_embeddings: Embeddings
    bm25: bm25s.BM25
    tokens: TokenVectors
    model: ModelIdentity

    @cached_property
    def passage_search(self) -> faiss.IndexFlatIP:
        return _flat(self.passage_embeddings)

    @cached_property
    def point_search(self) -> faiss.IndexFlatIP:
        return _flat(self.point_embeddings)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Each article's text by the article's id."""
        return {article.id: article.text for article in self.articles}

    @cached_property
    def point_starts(self) -> NDArray[np.int64]:
        """The row of each passage's first point, `(len(passages) + 1,)`, the end of the last one's included."""
        return np.cumsum([0, *(len(passage.points) for passage in self.passages)], dtype=np.int64)

    def save(self, folder: Path) -> None:
        """Writes the index into `folder`, in place of the one that may be there.

        Raises:
            IndexFault: the folder can't be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            building = folder / f".building-{os.getpid()}"
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir()
            self._write(building)
            hashes = {name: _file_sha256(building / name) for name in LAYOUT.files}
            name = _FOLDER_PREFIX + sha256(json.dumps(hashes).encode()).hexdigest()[:16]
            while (folder / name).exists() and not _holds(folder / name, hashes):
                # A damaged copy may be what the manifest names until it is replaced: it is left alone until then.
                name += "-again"
            if not (folder / name).exists():
                building.rename(folder / name)
            manifest = building.with_suffix(".json")
            manifest.write_text(_manifest_text(self, name, hashes), encoding="utf-8")
            manifest.replace(folder / MANIFEST)
            _remove_all_but(folder, name)
        except OSError as error:
            raise IndexFault(
                f"The index in {folder} can't be written ({error.strerror}); free some space or name another folder "
                "with --index. What was there before is as it was."
            ) from error

    def _write(self, folder: Path) -> None:
        contents = {
            "articles": [asdict(article) for article in self.articles],
            "passages": [asdict(passage) for passage in self.passages],
        }
        (folder / LAYOUT.articles).write_text(_canonical(contents), encoding="utf-8")
        faiss.write_index(self.passage_search, str(folder / LAYOUT.passages))
        faiss.write_index(self.point_search, str(folder / LAYOUT.points))
        self.bm25.save(str(folder), show_progress=False, **LAYOUT.bm25_names)
        for name, array in (
            (LAYOUT.token_vectors, self.tokens.vectors),
            (LAYOUT.token_ids, self.tokens.ids),
            (LAYOUT.token_segments, self.tokens.segments),
            (LAYOUT.token_passages, self.tokens.first_segments),
            (LAYOUT.token_frequencies, self.tokens.frequencies),
        ):
            np.save(folder / name, array, allow_pickle=False)


def open_index(folder: Path) -> Index:
    """The index in `folder`, every file checked against the manifest first.

    Raises:
        IndexFault: there is none, it is of another version, or a file is missing or damaged.
    """
    manifest = read_manifest(folder)
    files = folder / manifest["folder"]
    for name in LAYOUT.files:
        try:
            digest = _file_sha256(files / name)
        except OSError:
            raise IndexFault(f"The index in {folder} lacks its file {name}; run `guide build` again.") from None
        if digest != manifest["files"].get(name):
            raise IndexFault(f"The index in {folder} is damaged: {name} isn't what was built; run `guide build` again.")
    contents = json.loads((files / LAYOUT.articles).read_text(encoding="utf-8"))
    passage_search = faiss.read_index(str(files / LAYOUT.passages))
    point_search = faiss.read_index(str(files / LAYOUT.points))
    return Index(
        articles=tuple(_article(row) for row in contents["articles"]),
        passages=tuple(_passage(row) for row in contents["passages"]),
        passage_embeddings=passage_search.reconstruct_n(0, passage_search.ntotal),
        point_embeddings=point_search.reconstruct_n(0, point_search.ntotal),
        bm25=bm25s.BM25.load(str(files), show_progress=False, **LAYOUT.bm25_names),
        tokens=TokenVectors(
            vectors=np.load(files / LAYOUT.token_vectors, mmap_mode="r"),
            ids=np.load(files / LAYOUT.token_ids, mmap_mode="r"),
            segments=np.load(files / LAYOUT.token_segments),
            first_segments=np.load(files / LAYOUT.token_passages),
            frequencies=np.load(files / LAYOUT.token_frequencies),
        ),
        model=ModelIdentity(manifest["model"]["name"], manifest["model"]["sha256"]),
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the index in `folder`.

    Raises:
        IndexFault: there is no index, or its manifest is damaged or of another version.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise IndexFault(f"There is no index in {folder}; build one with `guide build --index {folder}`.") from None
    except (OSError, ValueError, RecursionError):
        raise IndexFault(f"The index's {folder / MANIFEST} can't be read; run `guide build` again.") from None
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise IndexFault(
            f"The index in {folder} has the format {found!r}, this Guide reads {FORMAT}; run `guide build` again."
        )
    if manifest.get("checksum") != _checksum(manifest):
        raise IndexFault(f"The index's {folder / MANIFEST} is damaged; run `guide build` again.")
    return manifest


def _flat(embeddings: Embeddings) -> faiss.IndexFlatIP:
    index = faiss.IndexFlatIP(embeddings.shape[1])
    index.add(embeddings)
    return index


def _article(row: dict[str, Any]) -> Article:
    sections = (
        Section(
            **{
                **section,
                "path": tuple(section["path"]),
                "blocks": tuple(Block(**_with_cells(block)) for block in section["blocks"]),
                "questions": tuple(section["questions"]),
            }
        )
        for section in row["sections"]
    )
    return Article(**{**row, "sections": tuple(sections)})


def _passage(row: dict[str, Any]) -> Passage:
    points = tuple(Point(**_with_cells(point)) for point in row["points"])
    return Passage(**{**row, "section": tuple(row["section"]), "points": points, "questions": tuple(row["questions"])})


def _with_cells(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "cells": tuple((start, end) for start, end in row["cells"]), "columns": tuple(row["columns"])}


def _manifest_text(index: Index, folder: str, hashes: dict[str, str]) -> str:
    passages = {article.id: 0 for article in index.articles}
    for passage in index.passages:
        passages[passage.article_id] += 1
    manifest = {
        "format": FORMAT,
        "model": asdict(index.model) | {"dimension": int(index.passage_embeddings.shape[1])},
        "metric": METRIC,
        "counts": {
            "articles": len(index.articles),
            "passages": len(index.passages),
            "points": len(index.point_embeddings),
        },
        "articles": {
            article.id: {"title": article.title, "sha256": article_sha256(article), "passages": passages[article.id]}
            for article in index.articles
        },
        "folder": folder,
        "files": hashes,
    }
    return json.dumps(manifest | {"checksum": _checksum(manifest)}, ensure_ascii=False, indent=2) + "\n"


def article_sha256(article: Article) -> str:
    """The SHA-256 of all that an article's record holds."""
    return sha256(_canonical(asdict(article)).encode()).hexdigest()


def _checksum(manifest: dict[str, Any]) -> str:
    return sha256(_canonical({key: manifest[key] for key in manifest if key != "checksum"}).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        digest = sha256()
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _holds(folder: Path, hashes: dict[str, str]) -> bool:
    """Whether `folder` holds just the files of these hashes."""
    try:
        return all(_file_sha256(folder / name) == digest for name, digest in hashes.items())
    except OSError:
        return False


def _remove_all_but(folder: Path, name: str) -> None:
    """Removes what earlier builds left in `folder`, and nothing else."""
    for path in folder.iterdir():
        if path.name != name and _LEFT_BY_A_BUILD.fullmatch(path.name):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
