"""No advice on a relationship is shown to somebody in danger: every such passage of the corpus is asked for."""

from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

from guide.articles.read import read_article
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import Passage

CORPUS = Path(__file__).parents[2] / "corpus"
ENCODER = FakeEncoder()
INDEX = index_of([read_article(path) for path in sorted(CORPUS.glob("*.md"))], ENCODER, ENCODER.identity)
ADVICE = [passage for passage in INDEX.passages if passage.role == "advice"]
DANGER = {"abuse": "My husband hits me", "crisis": "I want to die"}


def test_there_is_advice_to_hold_back() -> None:
    assert {passage.article_id for passage in ADVICE} == {"emotional-detachment", "healthy-boundaries"}


@pytest.mark.parametrize("level", DANGER)
@pytest.mark.parametrize("passage", ADVICE, ids=lambda passage: passage.section[-1])
def test_advice_stays_back_whatever_is_asked(passage: Passage, level: str) -> None:
    guide = Guide(INDEX, ENCODER)
    words = INDEX.texts[passage.article_id][passage.start : passage.end]
    held = {one.id for one in ADVICE}
    asked = " ".join(f"{passage.section[-1]} {words}".split())[:400]
    assert passage.id in {shown.id for shown in guide.ask(asked).passages}, "without danger it is shown"
    for answer in (guide.ask(asked, [DANGER[level]]), guide.ask(f"{DANGER[level]}. {asked}")):
        assert answer.safety.level == level or answer.safety.earlier == level
        assert not held & {shown.id for shown in answer.passages}
        assert not held & {related.passage_id for related in answer.related}
