"""A BEIR data set: each document an article, ranked by its best passage."""

from collections.abc import Sequence
from dataclasses import dataclass

from guide.embedding.encoder import Encoder
from guide.evaluate.cases import Case, evaluate_cases
from guide.evaluate.documents import IndexDocuments
from guide.evaluate.loaders import Beir
from guide.evaluate.results import ResultRow
from guide.evaluate.search import SHIPPED, Asked, Collection, Stages

BEIR_MEASURES = ("nDCG@10", "P@1", "hit@3", "hit@10", "MRR")


@dataclass(frozen=True)
class BeirSuite:
    """Queries on the documents of one collection."""

    name: str
    cases: Sequence[Case]
    headline = ("nDCG@10", "P@1")

    @classmethod
    def of(cls, name: str, data: Beir, indexed: IndexDocuments, encoder: Encoder) -> "BeirSuite":
        """The suite of queries that `encoder` embeds, after `indexed` has built or found the index of its documents."""
        collection = Collection(indexed(data.documents, name), encoder)
        return cls(
            name,
            [Case(id_, "query", text, collection, data.relevant[id_]) for id_, text in data.queries.items()],
        )

    def run(self, stages: Stages = SHIPPED) -> tuple[ResultRow, ...]:
        """Asks each query, and gives a row of measures for each."""
        return evaluate_cases(self.cases, BEIR_MEASURES, stages, self.name)

    def questions_asked(self) -> list[tuple[Asked, Collection]]:
        """Each question, with the collection that it is searched in."""
        return [(Asked(case.question), case.collection) for case in self.cases]
