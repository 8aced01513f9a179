"""SQuAD 2.0: which paragraph of an article answers, and whether the article does at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guide.embedding.encoder import Encoder
from guide.evaluate.cases import Case, evaluate_cases
from guide.evaluate.documents import IndexDocuments
from guide.evaluate.loaders import PublicDocument, SquadArticle
from guide.evaluate.results import ResultRow
from guide.evaluate.search import SHIPPED, Asked, Collection, Stages

SQUAD_MEASURES = ("hit@1", "hit@3", "MRR")


@dataclass(frozen=True)
class SquadSuite:
    """Questions on articles, each article a collection of its paragraphs.

    Three kinds are asked of each: those that a paragraph answers; the unanswerable ones, which were written to look as
    if one did; and those that a paragraph of the article before it answers.
    """

    name: str
    cases: Sequence[Case]
    headline = ("hit@1",)

    @classmethod
    def of(cls, name: str, articles: Sequence[SquadArticle], indexed: IndexDocuments, encoder: Encoder) -> "SquadSuite":
        """The suite of questions that `encoder` embeds, after `indexed` has built or found each article's index."""
        collections = []
        for article in articles:
            documents = [PublicDocument(str(row), article.title, text) for row, text in enumerate(article.paragraphs)]
            doing = f"{name}: {article.title}"
            collections.append(Collection(indexed(documents, doing), encoder))
        return cls(name, list(_cases(articles, collections)))

    def run(self, stages: Stages = SHIPPED) -> tuple[ResultRow, ...]:
        """Asks each question, and gives a row of measures for each."""
        return evaluate_cases(self.cases, SQUAD_MEASURES, stages, self.name)

    def questions_asked(self) -> list[tuple[Asked, Collection]]:
        """Each question, with the collection that it is searched in."""
        return [(Asked(case.question), case.collection) for case in self.cases]


def _cases(articles: Sequence[SquadArticle], collections: Sequence[Collection]) -> Iterator[Case]:
    for place, article in enumerate(articles):
        here, elsewhere = collections[place], collections[(place + 1) % len(articles)]
        for asked in article.questions:
            if not asked.answerable:
                yield Case(asked.id, "unanswerable", asked.question, here, {})
                continue
            yield Case(asked.id, "answerable", asked.question, here, {str(asked.paragraph): 1.0})
            if elsewhere is not here:
                yield Case(asked.id, "another_article", asked.question, elsewhere, {})
