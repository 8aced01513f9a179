"""What the server says once it is open."""

from pathlib import Path

import pytest
from web.conftest import ARTICLE

from guide.articles.read import read_article
from guide.chat.branding import DEFAULT, branding_of
from guide.chat.library import Library
from guide.web.serve import what_to_try


@pytest.fixture
def bees(tmp_path: Path) -> Path:
    """The file of an article that answers one question."""
    (tmp_path / "bees.md").write_text(ARTICLE, encoding="utf-8")
    return tmp_path / "bees.md"


def test_it_names_a_question_that_the_articles_answer(bees: Path) -> None:
    told = what_to_try(Library.of([read_article(bees)], ()), DEFAULT)
    assert told == "Open it in a browser and ask, for example: What calms bees?\nCtrl-C ends it."


def test_it_names_the_operators_question_first() -> None:
    told = what_to_try(Library.of((), ()), branding_of({"examples": ["Why smoke?", "Why water?"]}))
    assert told.startswith("Open it in a browser and ask, for example: Why smoke?\n")


def test_without_a_question_it_names_none() -> None:
    assert what_to_try(Library.of((), ()), DEFAULT) == "Open it in a browser.\nCtrl-C ends it."
