"""Our own questions: how well a guide answers them, the safety gate and all."""

from collections.abc import Collection as Ids
from collections.abc import Sequence
from dataclasses import dataclass

from guide.conversation.understand import ActProbabilities
from guide.errors import QuestionError
from guide.evaluate.gold import holds_gold, one_line, points_within
from guide.evaluate.loaders import Question
from guide.evaluate.measures import ranking
from guide.evaluate.progress import track
from guide.evaluate.results import ResultRow
from guide.evaluate.search import SHIPPED, Asked, Collection, Stages
from guide.guide import Guide
from guide.records import Answer, QuotedPassage
from guide.safety.classifier import Classify
from guide.text.normalise import words

QUESTION_MEASURES = ("hit@1", "hit@3", "P@1", "MRR", "nDCG@10")

POINT_WORDS = 40
"""How many words of a passage's best points may be shown for them to count as holding the answer."""


@dataclass(frozen=True)
class QuestionSuite:
    """Questions on the articles of a collection.

    `classify` is the safety gate's own model and `acts` that of what messages do, with which Guide ships; without them
    rules decide alone.
    """

    name: str
    questions: Sequence[Question]
    collection: Collection
    classify: Classify | None = None
    acts: ActProbabilities | None = None
    headline = ("hit@1", "hit@3")

    def run(self, stages: Stages = SHIPPED) -> tuple[ResultRow, ...]:
        """Asks each question, and gives a row of measures for each."""
        guide = Guide(
            self.collection.index, self.collection.encoder, stages.weights, classify=self.classify, acts=self.acts
        )
        texts = self.collection.index.texts
        flat = {
            passage.id: one_line(texts[passage.article_id][passage.start : passage.end]) for passage in guide.passages
        }
        rows = []
        for question in track(self.questions, self.name):
            history = question.history if stages.follow else ()
            try:
                answer = guide.ask(question.question, history, mend=stages.mend)
            except QuestionError:
                # One that can't be used, such as one without a word, finds nothing.
                answer = None
            holding = {id_ for id_, text in flat.items() if holds_gold(text, question.gold)}
            rows.append(_row(question, answer, holding))
        return tuple(rows)

    def questions_asked(self) -> list[tuple[Asked, Collection]]:
        """Each question, with the collection that it is searched in."""
        return [(Asked(question.question, question.history), self.collection) for question in self.questions]


def _row(question: Question, answer: Answer | None, holding: Ids[str]) -> ResultRow:
    """`holding` are the ids of the passages that hold the answer."""
    measured: dict[str, float] = {}
    passages = answer.passages if answer else ()
    found = tuple(passage.id for passage in passages)
    if question.gold:
        measured = ranking(QUESTION_MEASURES, found, dict.fromkeys(holding, 1.0))
        measured["points"] = float(bool(passages) and holds_gold(one_line(_shown(passages[0])), question.gold))
        if passages:
            measured["words of the first passage"] = len(words(passages[0].text))
    return ResultRow(
        id=question.id,
        kind=question.kind,
        question=question.question,
        searched_as=answer.searched_as if answer else "",
        answerable=bool(question.gold),
        found=found,
        measures=measured,
        confidence=answer.confidence if answer else 0.0,
        covered=bool(answer and answer.covered),
        safety=answer.safety.level if answer else "none",
    )


def _shown(passage: QuotedPassage) -> str:
    """The passage's best points, as many as `POINT_WORDS` hold, at least one."""
    return "\n".join(point.text for point in points_within(passage.points, POINT_WORDS, least=1))
