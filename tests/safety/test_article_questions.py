"""What Guide's own pages ask and say raises no card: the suggested questions, the questions in the front matter and the
headings of the articles that Guide comes with.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.articles.read import read_article
from guide.chat.library import Library, example_questions
from guide.levels import Level, is_danger
from guide.records import Article
from guide.safety.classifier import Classify
from guide.safety.gate import assess

CORPUS = Path(__file__).parents[2] / "corpus"
ARTICLES = [read_article(path) for path in sorted(CORPUS.glob("*.md"))]


def asked_of(article: Article) -> Iterator[str]:
    """All that a reader may take over from the article as a question."""
    yield article.title
    for section in article.sections:
        yield from section.path
        yield from section.questions


ASKED = {article.id: list(dict.fromkeys(asked_of(article))) for article in ARTICLES}


def raising(questions: list[str], classify: Classify | None) -> dict[str, Level]:
    """The questions for which there is a card, with its level."""
    levels = {question: assess(question, classify=classify).level for question in questions}
    return {question: level for question, level in levels.items() if level != "none"}


def test_every_article_has_questions_and_those_suggested_are_among_them() -> None:
    assert {id: len(questions) > 20 for id, questions in ASKED.items()} == {
        "emotional-detachment": True,
        "healthy-boundaries": True,
    }
    every = {question for questions in ASKED.values() for question in questions}
    for articles in (ARTICLES, ARTICLES[:1], ARTICLES[1:]):
        assert set(example_questions(Library.of(articles, ()), "en", limit=100)) <= every


@pytest.mark.parametrize("article", ASKED)
def test_none_raises_an_alarm_by_its_words(article: str) -> None:
    assert not [asked for asked, level in raising(ASKED[article], None).items() if is_danger(level)]


@pytest.mark.parametrize("article", ASKED)
def test_none_raises_a_card_by_its_words(article: str) -> None:
    assert raising(ASKED[article], None) == {}


@pytest.mark.model
@pytest.mark.parametrize("article", ASKED)
def test_none_raises_an_alarm(article: str, classify: Classify) -> None:
    assert not [asked for asked, level in raising(ASKED[article], classify).items() if is_danger(level)]


@pytest.mark.model
@pytest.mark.parametrize("article", ASKED)
def test_none_raises_a_card(article: str, classify: Classify) -> None:
    assert raising(ASKED[article], classify) == {}
