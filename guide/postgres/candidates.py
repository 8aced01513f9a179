"""Candidates from the database: which passages may matter, and how near they are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from sys import intern
from typing import Any, LiteralString, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from guide.index.bm25 import K1, B
from guide.index.state import CANDIDATES, Candidates, Held, Similarities, Wanted
from guide.records import ROLES
from guide.text.stems import stems

BEST_POSTINGS = 400
"""How many of a stem's postings, the heaviest, are looked at: the share of each passage is worked out exactly."""

_FOUND: LiteralString = """
    select f.article_id, a.version::text, f.number from ({branches}) f(article_id, number)
    join articles a on a.article_id = f.article_id
"""
_NEAR: LiteralString = """
    (select article_id, {number} from {table} {among} order by (embedding <#> %(vector)s) {exactly} limit {limit})
"""
_POSTINGS: LiteralString = """
    (select article_id, passage, %(rarity{place})s::float8 * times / (times + %(base)s + %(slope)s * length) as score
     from postings where stem = %(stem{place})s {among} order by weight desc limit {limit})
"""
_WORDED: LiteralString = """
    (select article_id, passage from ({branches}) branch
     group by article_id, passage order by sum(score) desc, article_id, passage limit {limit})
"""
# Vectors come as they are sent: a head of two numbers, then the halves, big-endian.
_PASSAGES: LiteralString = """
    select place.at, p.role, p.length, array_to_string(p.stems, ' '), array_to_string(p.times, ' '),
        halfvec_send(p.embedding),
        (select string_agg(halfvec_send(o.embedding), ''::bytea order by o.number) from points o
         where o.article_id = p.article_id and o.passage = p.number),
        (select string_agg(halfvec_send(q.embedding), ''::bytea order by q.number) from questions q
         where q.article_id = p.article_id and q.passage = p.number)
    from unnest(%(ids)s::text[], %(numbers)s::int[]) with ordinality as place(id, number, at)
    join passages p on p.article_id = place.id and p.number = place.number
"""

Halves = NDArray[np.float16]


class Place(NamedTuple):
    """A passage of the database: its article, in the version that was found, and its number there."""

    article_id: str
    version: str
    number: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the database keeps it, without its tokens."""

    role: int
    length: int
    """How many stems it has, repeats counted."""
    times: Mapping[str, int]
    """How often each stem stands in it."""
    points: int
    """How many points it has."""
    vectors: Halves
    """`(1 + points + questions, dim)`: its embedding, then those of its points, then those of its questions."""

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return self.vectors.nbytes + 50 * len(self.times) + 500


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage, and how near it comes to what is wanted."""

    place: Place
    stored: StoredPassage
    similarities: Similarities
    """`(1 + points + questions, texts)`: of its embedding, its points and its questions to each text."""

    @property
    def point_similarities(self) -> Similarities:
        """`(points, texts)`: the similarity of each point to each text."""
        return self.similarities[1 : 1 + self.stored.points]

    @property
    def question_similarities(self) -> Similarities:
        """`(questions, texts)`: the similarity of each question to each text."""
        return self.similarities[1 + self.stored.points :]


@dataclass(frozen=True, slots=True)
class StemCounts:
    """In how many passages stems stand, of how many, and how long these are on average."""

    passages: int
    mean_length: float
    by_stem: Mapping[str, int]

    def rarity(self, stem: str) -> float:
        """How much a stem tells passages apart, as BM25 counts it."""
        count = self.by_stem.get(stem, 0)
        return float(np.log1p((self.passages - count + 0.5) / (count + 0.5)))


class RunStatement(Protocol):
    """Runs a statement within the state that is read."""

    def __call__(self, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows that it gives."""


def find_places(run: RunStatement, wanted: Wanted, counts: StemCounts, *, asks: bool) -> list[Place]:
    """The passages that are near one of the texts, have a point or a question near it, or have its words; `asks` says
    whether there are questions.
    """
    found: set[Place] = set()
    for text, vector in zip(wanted.texts, wanted.vectors, strict=True):
        asked = Counter(stems(text)) if wanted.by_words else Counter[str]()
        among = bool(wanted.articles)
        by_questions = wanted.by_questions and asks
        statement = _finding(len(asked), by_points=wanted.by_points, by_questions=by_questions, among=among)
        values: dict[str, Any] = {
            "vector": HalfVector(vector),
            "articles": list(wanted.articles),
            "base": K1 * (1 - B),
            "slope": K1 * B / max(counts.mean_length, 1e-9),
        }
        for place, (stem, times) in enumerate(asked.items()):
            values |= {f"stem{place}": stem, f"rarity{place}": times * counts.rarity(stem)}
        found.update(map(Place._make, run(statement, values)))
    return sorted(found)


@cache
def _finding(words: int, *, by_points: bool, by_questions: bool, among: bool) -> str:
    """The statement that finds passages for a text of so many different stems; the same for all of them, so that the
    server plans it once.
    """
    near = [_near("passages", "number", CANDIDATES, among=among)]
    if by_points:
        near.append(_near("points", "passage", 4 * CANDIDATES, among=among))
    if by_questions:
        near.append(_near("questions", "passage", 4 * CANDIDATES, among=among))
    if words:
        branches = [
            _POSTINGS.format(
                place=place, among="and article_id = any(%(articles)s)" if among else "", limit=BEST_POSTINGS
            )
            for place in range(words)
        ]
        near.append(_WORDED.format(branches=" union all ".join(branches), limit=CANDIDATES))
    return _FOUND.format(branches=" union ".join(near))


def _near(table: str, number: str, limit: int, *, among: bool) -> str:
    return _NEAR.format(
        table=table,
        number=number,
        among="where article_id = any(%(articles)s)" if among else "",
        # Among named articles each is compared: adding zero keeps the planner off the graph.
        exactly="+ 0" if among else "",
        limit=limit,
    )


def read_passages(run: RunStatement, places: Sequence[Place], dimension: int) -> Iterator[tuple[int, StoredPassage]]:
    """These passages as the database keeps them, each with its place among `places`."""
    values = {"ids": [place.article_id for place in places], "numbers": [place.number for place in places]}
    for at, role, length, words, times, *sent in run(_PASSAGES, values):
        vectors = b"".join(part or b"" for part in sent)
        yield (
            at - 1,
            StoredPassage(
                role=role,
                length=length,
                # The same stems stand in many passages: each is kept once.
                times=dict(zip(map(intern, words.split()), map(int, times.split()), strict=True)),
                points=len(sent[1] or b"") // (4 + 2 * dimension),
                vectors=_halves(vectors, dimension),
            ),
        )


def _halves(sent: bytes, dimension: int) -> Halves:
    """`(n, dimension)`: vectors as the database sends them."""
    return np.frombuffer(sent, dtype=">f2").reshape(-1, dimension + 2)[:, 2:].astype(np.float16)


def compared(stored: Mapping[Place, StoredPassage], wanted: Wanted) -> list[FoundPassage]:
    """How near these passages, their points and their questions come to each of the texts, in the passages' order."""
    if not stored:
        return []
    vectors = np.concatenate([one.vectors for one in stored.values()]).astype(np.float32)
    similarities = vectors @ wanted.vectors.T
    starts = accumulate((len(one.vectors) for one in stored.values()), initial=0)
    return [
        FoundPassage(place, one, similarities[start:end])
        for (place, one), (start, end) in zip(stored.items(), pairwise(starts), strict=True)
    ]


def candidates_of(
    found: Sequence[FoundPassage], wanted: Wanted, counts: StemCounts, held: Held, *, asks: bool
) -> Candidates:
    """What the database found, as retrieval reads it."""
    texts = len(wanted.texts)
    points = [one.point_similarities for one in found]
    return Candidates(
        held=held,
        passages=np.array([one.similarities[0] for one in found], dtype=np.float32).reshape(-1, texts),
        points=tuple(of_passage[:, 0] for of_passage in points),
        best_points=np.array([of_passage.max(axis=0) for of_passage in points], dtype=np.float32).reshape(-1, texts),
        lexical=np.stack([_shares(text, found, wanted, counts) for text in wanted.texts], axis=1),
        questions=tuple(one.question_similarities for one in found),
        asks=asks,
    )


def _shares(text: str, found: Sequence[FoundPassage], wanted: Wanted, counts: StemCounts) -> Similarities:
    """`(candidates,)`: the BM25 score of each passage as a share of what the text's stems would score at most, as
    `guide.index.bm25.bm25_shares` counts it.
    """
    shares = np.zeros(len(found), dtype=np.float32)
    if not wanted.by_words:
        return shares
    lengths = np.array([one.stored.length for one in found], dtype=np.float64)
    norms = K1 * (1 - B + B * lengths / max(counts.mean_length, 1e-9))
    greatest = 0.0
    for stem in stems(text):
        times = np.array([one.stored.times.get(stem, 0) for one in found], dtype=np.float64)
        rarity = counts.rarity(stem)
        greatest += rarity
        shares += np.float32(rarity) * (times / (times + norms)).astype(np.float32)
    return shares / np.float32(max(greatest, 1e-9))


def allowed_roles(wanted: Wanted) -> set[int]:
    """The numbers of the roles that may be found."""
    return {number for number, role in enumerate(ROLES) if role in wanted.roles}
