"""Candidates from the database: it says which passages may matter and how near they are."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, Protocol

import numpy as np
from pgvector import HalfVector
from psycopg import sql

from guide.index.bm25 import K1, B
from guide.index.state import CANDIDATES, Candidates, Held, Similarities, Wanted
from guide.records import ROLES
from guide.text.stems import stems

BEST_POSTINGS = 400
"""How many of a stem's postings, the heaviest, are looked at: the share of each passage is worked out exactly."""

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


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of the database: its article, and its number there."""

    article_id: str
    number: int


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """What the database says of a candidate."""

    place: Place
    version: str
    """The version of the article that it stands in."""
    role: int
    length: int
    passages: Sequence[float]
    """The similarity of the passage to each text."""
    points: Sequence[Sequence[float]]
    """For each text that of each point."""
    questions: Sequence[Sequence[float]]
    """For each text that of each question."""
    times: Mapping[str, int]
    """How often each stem of the texts stands in it."""

    @property
    def question_similarities(self) -> Similarities:
        """`(questions, texts)`: the similarity of each question to each text."""
        return _by_text(self.questions)


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

    def __call__(self, statement: sql.Composable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows that it gives."""


def find_places(run: RunStatement, wanted: Wanted, counts: StemCounts) -> list[Place]:
    """The passages that are near one of the texts, have a point or a question near it, or have its words."""
    found: set[Place] = set()
    for text, vector in zip(wanted.texts, wanted.vectors, strict=True):
        near = [_near("passages", "number", CANDIDATES, wanted.articles)]
        if wanted.by_points:
            near.append(_near("points", "passage", 4 * CANDIDATES, wanted.articles))
        if wanted.by_questions:
            near.append(_near("questions", "passage", 4 * CANDIDATES, wanted.articles))
        values: dict[str, Any] = {"vector": HalfVector(vector), "articles": list(wanted.articles)}
        if wanted.by_words and (asked := Counter(stems(text))):
            near.append(_worded(asked, counts, wanted.articles, values))
        found |= {Place(*row) for row in run(sql.SQL(" union ").join(near), values)}
    return sorted(found, key=lambda place: (place.article_id, place.number))


def _near(table: str, number: str, limit: int, articles: Collection[str]) -> sql.Composed:
    return sql.SQL(_NEAR).format(
        table=sql.Identifier(table),
        number=sql.Identifier(number),
        among=sql.SQL("where article_id = any(%(articles)s)" if articles else ""),
        # Among named articles each is compared: adding zero keeps the planner off the graph.
        exactly=sql.SQL("+ 0" if articles else ""),
        limit=limit,
    )


def _worded(
    asked: Mapping[str, int], counts: StemCounts, articles: Collection[str], values: dict[str, Any]
) -> sql.Composed:
    """The passages with most of the words; what the statement needs is added to `values`."""
    slope = K1 * B / max(counts.mean_length, 1e-9)
    values |= {"base": K1 * (1 - B), "slope": slope}
    branches = []
    for place, (stem, times) in enumerate(asked.items()):
        values |= {f"stem{place}": stem, f"rarity{place}": times * counts.rarity(stem)}
        branches.append(
            sql.SQL(_POSTINGS.replace("{place}", str(place))).format(
                among=sql.SQL("and article_id = any(%(articles)s)" if articles else ""), limit=BEST_POSTINGS
            )
        )
    return sql.SQL(_WORDED).format(branches=sql.SQL(" union all ").join(branches), limit=CANDIDATES)


def read_places(run: RunStatement, places: Sequence[Place], wanted: Wanted) -> list[FoundPassage]:
    """How near these passages, their points and their questions come to each of the texts."""
    asked = sorted({stem for text in wanted.texts for stem in stems(text)}) if wanted.by_words else []
    texts = range(len(wanted.texts))

    def of(template: LiteralString) -> sql.Composed:
        columns = [sql.SQL(template.replace("{text}", str(text))) for text in texts]
        return sql.SQL(", ").join(columns)

    statement = sql.SQL(
        "select p.article_id, p.number, a.version::text, p.role, p.length, {passages}, {points}, {questions}, "
        "array(select coalesce(p.times[array_position(p.stems, s)], 0) from unnest(%(stems)s::text[]) "
        "with ordinality as stem(s, place) order by place) "
        "from unnest(%(ids)s::text[], %(numbers)s::int[]) as place(id, number) "
        "join passages p on p.article_id = place.id and p.number = place.number "
        "join articles a on a.article_id = p.article_id"
    ).format(
        passages=of("-(p.embedding <#> %(vector{text})s)"),
        points=of(
            "array(select -(o.embedding <#> %(vector{text})s) from points o "
            "where o.article_id = p.article_id and o.passage = p.number order by o.number)"
        ),
        questions=of(
            "array(select -(q.embedding <#> %(vector{text})s) from questions q "
            "where q.article_id = p.article_id and q.passage = p.number order by q.number)"
        ),
    )
    values: dict[str, Any] = {
        "ids": [place.article_id for place in places],
        "numbers": [place.number for place in places],
        "stems": asked,
        **{f"vector{text}": HalfVector(wanted.vectors[text]) for text in texts},
    }
    n = len(texts)
    found = [
        FoundPassage(
            place=Place(row[0], row[1]),
            version=row[2],
            role=row[3],
            length=row[4],
            passages=row[5 : 5 + n],
            points=row[5 + n : 5 + 2 * n],
            questions=row[5 + 2 * n : 5 + 3 * n],
            times=dict(zip(asked, row[5 + 3 * n], strict=True)),
        )
        for row in run(statement, values)
    ]
    return sorted(found, key=lambda one: (one.place.article_id, one.place.number))


def candidates_of(
    found: Sequence[FoundPassage], wanted: Wanted, counts: StemCounts, held: Held, *, asks: bool
) -> Candidates:
    """What the database found, as retrieval reads it."""
    texts = len(wanted.texts)
    points = [_by_text(one.points) for one in found]
    return Candidates(
        held=held,
        passages=np.array([one.passages for one in found], dtype=np.float32).reshape(-1, texts),
        points=tuple(of_passage[:, 0] for of_passage in points),
        best_points=np.array([of_passage.max(axis=0) for of_passage in points], dtype=np.float32).reshape(-1, texts),
        lexical=np.stack([_shares(text, found, wanted, counts) for text in wanted.texts], axis=1),
        questions=tuple(one.question_similarities for one in found),
        asks=asks,
    )


def _by_text(similarities: Sequence[Sequence[float]]) -> Similarities:
    """`(n, texts)`, from a row for each text."""
    return np.array(similarities, dtype=np.float32).T.reshape(-1, len(similarities))


def _shares(text: str, found: Sequence[FoundPassage], wanted: Wanted, counts: StemCounts) -> Similarities:
    """`(candidates,)`: the BM25 score of each passage as a share of what the text's stems would score at most, as
    `guide.index.bm25.bm25_shares` counts it.
    """
    shares = np.zeros(len(found), dtype=np.float32)
    if not wanted.by_words:
        return shares
    lengths = np.array([one.length for one in found], dtype=np.float64)
    norms = K1 * (1 - B + B * lengths / max(counts.mean_length, 1e-9))
    greatest = 0.0
    for stem in stems(text):
        times = np.array([one.times[stem] for one in found], dtype=np.float64)
        rarity = counts.rarity(stem)
        greatest += rarity
        shares += np.float32(rarity) * (times / (times + norms)).astype(np.float32)
    return shares / np.float32(max(greatest, 1e-9))


def allowed_roles(wanted: Wanted) -> set[int]:
    """The numbers of the roles that may be found."""
    return {number for number, role in enumerate(ROLES) if role in wanted.roles}
