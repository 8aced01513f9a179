"""An article with what was embedded for it → the rows of the tables."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector, Vector

from guide.hashing import canonical
from guide.index.bm25 import K1, B
from guide.index.embed import search_texts
from guide.index.token_vectors import TokenVectors
from guide.index.writer import WrittenArticle
from guide.records import ROLES
from guide.text.language import told_language
from guide.text.lexicon import word_counts
from guide.text.stems import stems

REFERENCE_LENGTH = 60
"""The length of a passage by which a stem's postings are ordered, in stems; scores are worked out by the mean one."""

COLUMNS: dict[str, dict[str, str]] = {
    "articles": {
        "article_id": "text",
        "version": "uuid",
        "title": "text",
        "author": "text",
        "sha256": "text",
        "source_sha256": "text",
        "point_sum": "vector",
        "question_sum": "vector",
        "record": "text",
    },
    "passages": {
        "article_id": "text",
        "number": "int4",
        "role": "int2",
        "length": "int4",
        "stems": "text[]",
        "times": "int4[]",
        "embedding": "halfvec",
    },
    "points": {"article_id": "text", "passage": "int4", "number": "int4", "embedding": "halfvec"},
    "questions": {
        "article_id": "text",
        "passage": "int4",
        "number": "int4",
        "embedding": "halfvec",
        "tokens": "bytea",
    },
    "tokens": {"article_id": "text", "passage": "int4", "ids": "int4[]", "segments": "int4[]", "vectors": "bytea"},
    "postings": {
        "stem": "text",
        "article_id": "text",
        "passage": "int4",
        "times": "int4",
        "length": "int4",
        "weight": "float4",
    },
    "article_counts": {"article_id": "text", "kind": "text", "keys": "text[]", "n": "int8[]"},
    "passage_ids": {"id": "text", "article_id": "text", "number": "int4", "role": "int2"},
    "languages": {"article_id": "text", "stated": "text", "told": "text"},
    "originals": {"article_id": "text", "sha256": "text", "content": "bytea"},
}
"""The columns of each table that holds something of an article, with their types."""

TableRow = tuple[Any, ...]


def rows_of(written: WrittenArticle) -> dict[str, list[TableRow]]:
    """The rows of each table that an article with what was embedded for it fills."""
    id, embeddings = written.metadata.id, written.embeddings
    rows: dict[str, list[TableRow]] = {table: [] for table in COLUMNS}
    rows["articles"].append(_article(written))
    rows["languages"].append((id, written.entry[0].language, told_language(written.entry[0].text)))
    if written.original:
        rows["originals"].append((id, written.original.sha256, written.original.content))
    held, stem_counts, token_counts = 0, Counter[str](), Counter[str]()
    point, total = 0, 0
    for number, (passage, text) in enumerate(zip(written.entry[1], search_texts([written.entry]), strict=True)):
        counts = Counter(stems(text))
        length = counts.total()
        total += length
        stem_counts.update(counts.keys())
        role, vector = ROLES.index(passage.role), HalfVector(embeddings.passages[number])
        rows["passages"].append((id, number, role, length, list(counts), list(counts.values()), vector))
        rows["passage_ids"].append((passage.id, id, number, role))
        norm = K1 * (1 - B + B * length / REFERENCE_LENGTH)
        rows["postings"] += [
            (stem, id, number, times, length, times / (times + norm)) for stem, times in counts.items()
        ]
        for place in range(len(passage.points)):
            rows["points"].append((id, number, place, HalfVector(embeddings.points[point])))
            point += 1
        ids, segments, vectors = _tokens_of(embeddings.tokens, number)
        token_counts.update(str(token) for token in np.unique(ids).tolist())
        rows["tokens"].append((id, number, ids.tolist(), segments.tolist(), _bytes(vectors)))
        rows["questions"] += [(id, number, *question) for question in _questions(written, number)]
        held += 1
    totals = {"articles": 1, "passages": held, "points": point, "questions": len(rows["questions"]), "stems": total}
    for kind, counted in (
        ("stem", stem_counts),
        ("token", token_counts),
        ("word", word_counts([written.entry[0].text])),
        ("total", totals),
    ):
        rows["article_counts"].append((id, kind, list(counted), list(counted.values())))
    return rows


def _article(written: WrittenArticle) -> TableRow:
    article, passages = written.entry
    record = canonical({"article": asdict(article), "passages": [asdict(passage) for passage in passages]})
    points, questions = (
        Vector(np.asarray(part, dtype=np.float32).sum(axis=0, dtype=np.float32))
        for part in (written.embeddings.points, written.embeddings.questions.texts)
    )
    known = written.metadata
    hashes = (known.sha256, known.source_sha256)
    return (known.id, uuid4(), known.title, article.author, *hashes, points, questions, record)


def _questions(written: WrittenArticle, passage: int) -> Iterator[TableRow]:
    questions = written.embeddings.questions
    first, end = questions.first[passage : passage + 2].tolist()
    for number in range(first, end):
        tokens = questions.tokens[questions.starts[number] : questions.starts[number + 1]]
        yield number - first, HalfVector(questions.texts[number]), _bytes(tokens)


def _tokens_of(tokens: TokenVectors, passage: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The tokens' numbers, where the segments begin among them, and the vectors of one passage."""
    first, end = tokens.first_segments[passage : passage + 2]
    segments = tokens.segments[first : end + 1]
    held = slice(int(segments[0]), int(segments[-1]))
    return tokens.ids[held], segments - segments[0], tokens.vectors[held]


def _bytes(vectors: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(vectors, dtype="<f2").tobytes()


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The tokens of a passage as a row keeps them."""

    ids: Sequence[int] | NDArray[np.int32]
    segments: Sequence[int] | NDArray[np.int64]
    vectors: bytes


def token_vectors_of(rows: Sequence[StoredTokens], dimension: int) -> TokenVectors:
    """The token vectors of passages, one after the other, as arrays. How often tokens stand anywhere is left out."""
    begins = np.cumsum([0, *(row.segments[-1] for row in rows)])
    starts = [begin + np.asarray(row.segments[:-1], dtype=np.int64) for begin, row in zip(begins, rows, strict=False)]
    return TokenVectors(
        vectors=vectors_of_bytes(b"".join(row.vectors for row in rows), dimension),
        ids=np.concatenate([np.asarray(row.ids, dtype=np.int32) for row in rows] or [np.zeros(0, np.int32)]),
        segments=np.concatenate([*starts, begins[-1:]]).astype(np.int64),
        first_segments=np.cumsum([0, *(len(row.segments) - 1 for row in rows)], dtype=np.int64),
        frequencies=np.zeros(0, dtype=np.int32),
    )


def vectors_of_bytes(content: bytes, dimension: int) -> NDArray[np.float16]:
    """`(n, dimension)`: the vectors that a column of bytes holds."""
    return np.frombuffer(content, dtype="<f2").reshape(-1, dimension).astype(np.float16, copy=False)
