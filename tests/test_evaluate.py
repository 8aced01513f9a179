"""The floor below which the shipped answers may not fall."""

from collections.abc import Callable
from pathlib import Path

import pytest
from remembering import OncePerText

from guide.config import Config
from guide.conversation.act_meaning import open_act_model
from guide.embedding.choose import open_builder, open_encoder
from guide.evaluate.loaders import read_questions
from guide.evaluate.questions import QuestionSuite
from guide.evaluate.results import figures
from guide.evaluate.search import Collection
from guide.index.build import build
from guide.index.index import open_index

ROOT = Path(__file__).resolve().parent.parent

FLOORS = {
    "hit@1": 0.71,
    "hit@3": 0.89,
    "points": 0.65,
    "shown as covered": 0.9,
    "AUROC against near_unanswerable": 0.91,
    "AUROC against out_of_scope": 0.98,
    "refused of near_unanswerable": 0.62,
    "refused of out_of_scope": 0.92,
}
"""A little below what is measured over the article that they ask about."""

AMONG_BOTH = {"hit@1": 0.71, "hit@3": 0.88, "shown as covered": 0.89}
"""The same over both articles of the corpus, as `make evaluate` prints it."""

OF_THE_SECOND = {"hit@1": 0.9, "hit@3": 0.95, "shown as covered": 0.95}
"""The second article's questions over both."""


Search = Callable[[str], Collection]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """Makes what is searched, over a folder or file of the project; a question is embedded once for all of them."""
    builder = open_builder(Config())
    encoder = OncePerText(open_encoder(Config(), builder.identity))

    def over(articles: str) -> Collection:
        folder = tmp_path_factory.mktemp("searched")
        build([ROOT / articles], folder, builder, builder.identity)
        return Collection(open_index(folder), encoder)

    return over


@pytest.mark.model
def test_questions_find_their_article_among_both(search: Search) -> None:
    both = search("corpus")
    for name, floors in (("questions", AMONG_BOTH), ("questions-boundaries", OF_THE_SECOND)):
        questions = read_questions(ROOT / f"tests/data/{name}.jsonl")
        found = figures(QuestionSuite(name, questions, both, acts=open_act_model()).run())
        assert {name: found[name] for name, floor in floors.items() if found[name] < floor} == {}, name


@pytest.mark.model
def test_the_development_questions_are_answered_no_worse_than_the_floor(search: Search) -> None:
    questions = read_questions(ROOT / "tests/data/questions.jsonl")
    rows = QuestionSuite("questions", questions, search("corpus/emotional-detachment.md"), acts=open_act_model()).run()
    found = figures(rows)
    assert {name: found[name] for name, floor in FLOORS.items() if found[name] < floor} == {}
    assert not [row.question for row in rows if row.safety in ("abuse", "crisis", "emergency")]
