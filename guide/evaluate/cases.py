"""Questions of public data sets, each with what it is asked of and which documents answer, and how they fare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from guide.answering.confidence import confidence, signals, threshold, word_support
from guide.errors import QuestionError
from guide.evaluate.documents import ranked_documents
from guide.evaluate.measures import Gains, ranking
from guide.evaluate.progress import track
from guide.evaluate.results import ResultRow
from guide.evaluate.search import Asked, Collection, Stages
from guide.records import Query
from guide.retrieval.retrieve import RERANKED

TOGETHER = 128
"""How many questions are embedded at a time, which is several times faster than one by one."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question of one kind, and the documents of the collection that answer it: none if nothing does."""

    id: str
    kind: str
    question: str
    collection: Collection
    relevant: Gains


def evaluate_cases(cases: Sequence[Case], measures: Sequence[str], stages: Stages, name: str) -> tuple[ResultRow, ...]:
    """A row of measures for each case; all collections have the same encoder."""
    chunks = [cases[first : first + TOGETHER] for first in range(0, len(cases), TOGETHER)]
    return tuple(row for chunk in track(chunks, name) for row in _rows(chunk, measures, stages))


def _rows(cases: Sequence[Case], measures: Sequence[str], stages: Stages) -> Iterator[ResultRow]:
    queries = [_resolved(case, stages) for case in cases]
    texts = [query.texts if query else [] for query in queries]
    encoded = cases[0].collection.encoder.encode([text for of_query in texts for text in of_query])
    firsts = accumulate((len(of_query) for of_query in texts), initial=0)
    for case, query, first, of_query in zip(cases, queries, firsts, texts, strict=False):
        # Several passages may be of one document: ten documents take more of them.
        found = query and case.collection.search(query, encoded.only(first, len(of_query)), stages, limit=RERANKED)
        documents = ranked_documents(found.hits) if found else ()
        chance = (
            confidence(signals(query, found, word_support(query, found, case.collection.index)))
            if query and found and found.hits
            else 0.0
        )
        yield ResultRow(
            id=case.id,
            kind=case.kind,
            question=case.question,
            searched_as=query.text if query else "",
            answerable=bool(case.relevant),
            found=documents[:10],
            measures=ranking(measures, documents, case.relevant) if case.relevant else {},
            confidence=chance,
            covered=chance >= threshold(),
        )


def _resolved(case: Case, stages: Stages) -> Query | None:
    """What is searched for; None for a question that Guide doesn't take, such as one without a word."""
    try:
        return case.collection.resolve(Asked(case.question), stages)
    except QuestionError:
        return None
