"""One state of a collection: everything that a question reads comes from one snapshot of the database."""

import json
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from psycopg_pool import ConnectionPool

from guide.embedding.encoder import ModelIdentity
from guide.errors import SearchIndexError
from guide.index.article_store import article_from_json, entry_from_json, passage_from_json
from guide.index.question_vectors import QuestionVectors
from guide.index.state import Candidates, CorpusCounts, Fact, Facts, Similarities, Wanted
from guide.index.token_vectors import TokenVectors
from guide.postgres.address import DatabaseAddress
from guide.postgres.candidates import (
    FoundPassage,
    StemCounts,
    allowed_roles,
    candidates_of,
    compared,
    find_places,
)
from guide.postgres.connection import CHECK_SECONDS, READ_SECONDS, ReadingConnection, taken_from
from guide.postgres.counts import ALL_COUNTED, COUNTED_OF_KEYS
from guide.postgres.deadline import DEADLINES, TimeLeft
from guide.postgres.faults import faults_explained
from guide.postgres.kept import KeptPassages
from guide.postgres.words import entries_with_words
from guide.recent import RecentlyRead
from guide.records import ROLES, Article, Entry, Passage, SectionRole
from guide.text.language import languages_of
from guide.text.lexicon import Lexicon
from guide.text.stems import stems

EntryRecord = Mapping[str, Any]

PIECE_BYTES = 4 * 1024 * 1024
"""How much of a PDF is fetched by a statement, each of which has its time."""

GRACE_SECONDS = 0.2
"""How long the client waits beyond what the server is given, to hear from the server itself that it took too long."""


@dataclass(frozen=True, slots=True)
class StoreParts:
    """What the states of one store share."""

    address: DatabaseAddress
    model: ModelIdentity
    dimension: int
    pool: "ConnectionPool[ReadingConnection]"
    entries: RecentlyRead[EntryRecord]
    """Articles with their passages, by id and version."""
    kept: KeptPassages
    """What questions read of passages."""
    facts_of: Callable[[str], Facts]
    """Gives what was found out about the state of an edition."""


class DatabaseState:
    """The state of a collection when it is first asked for something; a connection is held from then until `close`."""

    def __init__(self, parts: StoreParts) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self._closed = False
        self._failed: SearchIndexError | None = None
        self._connection: ReadingConnection | None = None
        self._edition = ""
        self._versions: dict[str, str] = {}
        self._time_left = TimeLeft(READ_SECONDS)
        self._told_seconds = READ_SECONDS

    @property
    def model(self) -> ModelIdentity:
        """The model of its embeddings."""
        return self._parts.model

    @contextmanager
    def reading(self) -> Iterator["DatabaseState"]:
        """The state itself."""
        yield self

    @contextmanager
    def one_question(self) -> Iterator[None]:
        """All that is read within shares `READ_SECONDS`; otherwise each statement has them."""
        with self._time_left.shared():
            yield

    def close(self) -> None:
        """Gives the connection back, at once or when the statement that it runs has ended."""
        self._closed = True
        if self._lock.acquire(blocking=False):
            try:
                self._give_back()
            finally:
                self._lock.release()

    def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error), DEADLINES.within(connection, CHECK_SECONDS):
                connection.rollback()
                connection.answered_at = monotonic()
            self._parts.pool.putconn(connection)  # which drops one that is broken

    def _run(
        self, statement: sql.Composable | str | None, values: Mapping[str, Any] | Sequence[Any] = ()
    ) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; what several threads ask is asked one after the other. Without a statement
        the transaction is begun, no more.
        """
        try:
            with self._lock:
                if self._failed:
                    raise self._failed  # its transaction is over, and nobody shall wait for the same again
                try:
                    with faults_explained(self._parts.address):
                        return self._read(statement, values)
                except SearchIndexError as error:
                    self._failed = error
                    raise
        finally:
            if self._closed:
                self.close()

    def _read(
        self, statement: sql.Composable | str | None, values: Mapping[str, Any] | Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        connection = self._begun()
        if statement is None:
            return []
        with self._time_left.taken() as seconds, DEADLINES.within(connection, seconds + GRACE_SECONDS):
            if abs(self._told_seconds - seconds) > GRACE_SECONDS:
                connection.execute(f"set local statement_timeout = {max(1, int(seconds * 1000))}")
                self._told_seconds = seconds
            cursor = connection.cursor(binary=True)
            rows: list[tuple[Any, ...]] = cursor.execute(statement, values).fetchall()  # type: ignore[arg-type]
            return rows

    def _begun(self) -> ReadingConnection:
        """The connection, in the transaction, which is begun first."""
        if self._closed:
            raise SearchIndexError("The state of the index is read no longer.")
        if self._connection is None:
            with self._time_left.taken():
                self._connection = taken_from(self._parts.pool, self._parts.address)
            # The first statement of the transaction takes the snapshot.
            with self._time_left.taken() as seconds, DEADLINES.within(self._connection, seconds + GRACE_SECONDS):
                row = self._connection.execute("select edition::text from corpus").fetchone()
            self._edition = str(row[0]) if row else ""
        return self._connection

    @property
    def edition(self) -> str:
        """What names this state: another one after each change."""
        if not self._edition:
            self._run(None)
        return self._edition

    def once(self, name: str, find: Callable[[], Fact]) -> Fact:
        """What `find` makes of this state, found when first asked for by that name in any question."""
        facts = self._parts.facts_of(self.edition)
        with self._time_left.apart():
            return facts.once(name, find)

    # ── the corpus ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def counts(self) -> CorpusCounts:
        """How much it holds."""
        return self.once("counts", self._count)

    def _count(self) -> CorpusCounts:
        found = self._totals
        return CorpusCounts(**{name: found.get(name, 0) for name in ("articles", "passages", "points", "questions")})

    @property
    def _totals(self) -> Mapping[str, int]:
        """How much the corpus holds, by what is counted."""
        return self._counted("total", [])

    def _counted(self, kind: str, keys: Collection[str]) -> Mapping[str, int]:
        """How often `keys` stand in the corpus, those that do; of totals all. They are kept for the questions that come
        while the corpus stays as it is; words that people write and no article has are kept nowhere.
        """
        known: dict[str, int] = self.once(f"counts of {kind}", dict)
        unknown = set(keys) - known.keys()
        if unknown or (kind == "total" and not known):
            statement = ALL_COUNTED if kind == "total" else COUNTED_OF_KEYS
            known |= dict(self._run(statement, {"kind": kind, "keys": list(unknown)}))
        return known

    @property
    def titles(self) -> Mapping[str, str]:
        """Each article's title by the article's id."""
        return self.once(
            "titles", lambda: dict(self._run("select article_id, title from articles order by article_id"))
        )

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The ids of its articles, in alphabetical order."""
        return tuple(self.titles)

    @property
    def authors(self) -> Collection[str]:
        """The names of those who wrote its articles."""
        return self.once("author names", lambda: {author for (author,) in self._run("select author from articles")})

    @property
    def _languages(self) -> Mapping[str, tuple[str, str]]:
        rows = self.once("languages", lambda: self._run("select article_id, stated, told from languages order by 1"))
        return {id: (stated, told) for id, stated, told in rows}

    @property
    def languages(self) -> Mapping[str, str]:
        """The language that each article states, by the article's id; no article is read for it."""
        return {id: stated for id, (stated, _) in self._languages.items()}

    @property
    def spoken(self) -> Collection[str]:
        """The languages that its articles are in: those that they state, and those that their words tell."""
        return self.once("spoken", lambda: languages_of(self._languages.values()))

    @property
    def roles(self) -> Collection[SectionRole]:
        """The roles that any of its passages has."""
        return self.once("roles", lambda: {role for role in ROLES if self._first_place(role)})

    @property
    def articles(self) -> tuple[Article, ...]:
        """All of its articles, read once for each state."""
        return self.once("articles", lambda: tuple(article for article, _ in self.entries()))

    @property
    def passages(self) -> Sequence[Passage]:
        """All of its passages, article by article in reading order, read once for each state."""
        return self.once("passages", lambda: tuple(passage for _, found in self.entries() for passage in found))

    def entries(self, after: str = "", limit: int | None = None) -> Iterator[Entry]:
        """The articles with their passages whose ids come after `after`, at most `limit` of them."""
        left = limit
        while left is None or left > 0:
            page = min(100, left or 100)
            rows = self._run(
                "select article_id, record from articles where article_id > %s order by article_id limit %s",
                [after, page],
            )
            for _, record in rows:
                yield entry_from_json(json.loads(record))
            if len(rows) < page:
                return
            after = rows[-1][0]
            left = left - page if left is not None else None

    def some_passages(self, offset: int, limit: int) -> Sequence[Passage]:
        """At most `limit` of all passages, `offset` left out first."""
        rows = self._run(
            "select article_id, number from passages order by article_id, number offset %s limit %s", [offset, limit]
        )
        return [passage_from_json(self.record(id)["passages"][number]) for id, number in rows]

    @property
    def texts(self) -> Mapping[str, str]:
        """Each article's text by the article's id, read when it is asked for."""
        return _Texts(self)

    @property
    def lexicon(self) -> Lexicon:
        """The words of all articles, with how often each stands in them."""
        return self.once("lexicon", lambda: Lexicon.of_counts([dict(self._run(ALL_COUNTED, {"kind": "word"}))]))

    @property
    def mean_point(self) -> Similarities:
        """`(dim,)`: the mean of the embeddings of all points."""
        return self.once("mean point", lambda: self._mean("point_sum", self.counts.points))

    @property
    def mean_question(self) -> Similarities:
        """`(dim,)`: the mean of the embeddings of all questions that people ask."""
        return self.once("mean question", lambda: self._mean("question_sum", self.counts.questions))

    def _mean(self, column: str, count: int) -> Similarities:
        [(total,)] = self._run(sql.SQL("select sum({}) from articles").format(sql.Identifier(column)))
        if total is None:
            return np.zeros(self._parts.dimension, dtype=np.float32)
        mean: Similarities = np.asarray(total.to_numpy(), dtype=np.float32) / np.float32(max(count, 1))
        return mean

    def has(self, article_ids: Collection[str]) -> set[str]:
        """Those of these articles that it has."""
        return {
            id for (id,) in self._run("select article_id from articles where article_id = any(%s)", [list(article_ids)])
        }

    def knows(self, stems: Collection[str]) -> set[str]:
        """Those of these stems that stand in any passage."""
        counted = self._counted("stem", stems)
        return {stem for stem in stems if stem in counted}

    def raise_if_damaged(self) -> None:
        """Does nothing: the database checks its pages itself."""

    # ── an article ───────────────────────────────────────────────────────────────────────────────────────────────────

    def article(self, article_id: str) -> Article:
        """The article of that id."""
        return article_from_json(self.record(article_id)["article"])

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of the article of that id, in reading order."""
        return tuple(map(passage_from_json, self.record(article_id)["passages"]))

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, if it has one."""
        rows = self._run("select article_id, number from passage_ids where id = %s limit 1", [passage_id])
        return self._passage_at(rows[0]) if rows else None

    def first_of_role(self, role: SectionRole, articles: Collection[str] = ()) -> Passage | None:
        """The first passage of that role, in its order, of some articles or of all without any."""
        place = self._first_place(role, articles)
        return self._passage_at(place) if place else None

    def _first_place(self, role: SectionRole, articles: Collection[str] = ()) -> tuple[Any, ...] | None:
        rows = self._run(
            "select article_id, number from passage_ids where role = %s and (%s or article_id = any(%s)) "
            "order by article_id, number limit 1",
            [ROLES.index(role), not articles, list(articles)],
        )
        return rows[0] if rows else None

    def _passage_at(self, place: tuple[Any, ...]) -> Passage:
        article_id, number = place
        return passage_from_json(self.record(article_id)["passages"][number])

    def entries_holding(self, text: str) -> Iterator[Entry]:
        """The articles, with their passages, in which `text` may stand whatever its case, in its order: those with a
        word around each of its words.
        """
        return entries_with_words(self._run, self.lexicon, self.article_ids, text)

    def original_sha256(self, article_id: str) -> str:
        """The SHA-256 of the PDF that the article of that id was read from; empty if there is none."""
        rows = self._run("select sha256 from originals where article_id = %s", [article_id])
        return str(rows[0][0]) if rows else ""

    def original(self, article_id: str) -> bytes:
        """The PDF that the article of that id was read from, piece by piece; empty if there is none."""
        pieces: list[bytes] = []
        while not pieces or len(pieces[-1]) == PIECE_BYTES:
            rows = self._run(
                "select substring(content from %s for %s) from originals where article_id = %s",
                [len(pieces) * PIECE_BYTES + 1, PIECE_BYTES, article_id],
            )
            pieces.append(bytes(rows[0][0]) if rows else b"")
        return b"".join(pieces)

    def record(self, article_id: str) -> EntryRecord:
        """The article of that id with its passages, as JSON."""
        version = self._versions.get(article_id)
        if version is None:
            rows = self._run("select version::text from articles where article_id = %s", [article_id])
            if not rows:
                raise KeyError(article_id)
            version = self._versions[article_id] = rows[0][0]
        if kept := self._parts.entries.find((article_id, version)):
            return kept
        [(text,)] = self._run("select record from articles where article_id = %s", [article_id])
        record: EntryRecord = json.loads(text)
        self._parts.entries.keep((article_id, version), record)
        return record

    def source_sha256(self, article_id: str) -> str:
        """The SHA-256 of what the article of that id was read from."""
        [(source,)] = self._run("select source_sha256 from articles where article_id = %s", [article_id])
        return str(source)

    def passage_vectors(self, article_id: str) -> Similarities:
        """`(passages, dim)`: the embeddings of the passages of the article of that id, in reading order."""
        rows = self._run("select embedding from passages where article_id = %s order by number", [article_id])
        return np.array([vector.to_numpy() for (vector,) in rows], dtype=np.float32)

    # ── a search ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def token_weights(self, ids: NDArray[np.int32]) -> Similarities:
        """`(tokens,)`: how much each token of the model's vocabulary tells passages apart."""
        names = [str(token) for token in ids.tolist()]
        counted = self._counted("token", names)
        passages = self._totals.get("passages", 0)
        frequency = np.array([counted.get(name, 0) for name in names], dtype=np.int64)
        return np.log1p((passages - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)

    def candidates(self, wanted: Wanted) -> Sequence[Candidates]:
        """The passages that may matter to what is wanted."""
        asked = {stem for text in wanted.texts for stem in stems(text)} if wanted.by_words else set()
        total = self._totals
        passages = total.get("passages", 0)
        counts = StemCounts(passages, total.get("stems", 0) / max(passages, 1), self._counted("stem", asked))
        asks = total.get("questions", 0) > 0
        places = find_places(self._run, wanted, counts, asks=asks)
        self._versions |= {place.article_id: place.version for place in places}
        allowed = allowed_roles(wanted)
        found = compared(self._parts.kept.passages(self._run, places), wanted)
        found = [one for one in found if one.stored.role in allowed]
        return (candidates_of(found, wanted, counts, HeldInDatabase(self, found), asks=asks),)

    def tokens_of(self, found: Sequence[FoundPassage]) -> TokenVectors:
        """The token vectors of these passages, in their order."""
        return self._parts.kept.tokens(self._run, found)

    def questions_of(self, found: Sequence[FoundPassage]) -> QuestionVectors:
        """The vectors of the questions of these passages, in their order."""
        return self._parts.kept.questions(self._run, found)


@dataclass(frozen=True, slots=True)
class HeldInDatabase:
    """Candidates of a state of a collection."""

    state: DatabaseState
    found: Sequence[FoundPassage]

    def passage(self, place: int) -> Passage:
        """The passage of the candidate at `place`."""
        at = self.found[place].place
        return passage_from_json(self.state.record(at.article_id)["passages"][at.number])

    def text(self, place: int) -> str:
        """The text of the article of the candidate at `place`."""
        return self.state.texts[self.found[place].place.article_id]

    def tokens(self, places: Sequence[int]) -> tuple[TokenVectors, Sequence[int]]:
        """The token vectors of the candidates at `places`, and their rows."""
        return self.state.tokens_of([self.found[place] for place in places]), range(len(places))

    def questions(self, places: Sequence[int]) -> tuple[QuestionVectors, Sequence[int]]:
        """The questions of the candidates at `places`, and their rows."""
        return self.state.questions_of([self.found[place] for place in places]), range(len(places))


class _Texts(Mapping[str, str]):
    """Each article's text by the article's id, read when it is asked for."""

    def __init__(self, state: DatabaseState) -> None:
        self._state = state

    def __getitem__(self, article_id: str) -> str:
        return str(self._state.record(article_id)["article"]["text"])

    def __iter__(self) -> Iterator[str]:
        return iter(self._state.article_ids)

    def __len__(self) -> int:
        return self._state.counts.articles
