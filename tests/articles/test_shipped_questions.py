"""The everyday questions beside the articles that Guide comes with: each has its place, and every passage has many."""

from pathlib import Path

import pytest

from guide.articles.passages import split
from guide.articles.question_file import QuestionRow, question_files
from guide.articles.read import read_article
from guide.retrieval.points import announces

CORPUS = Path(__file__).parents[2] / "corpus"
PATHS = sorted(CORPUS.glob("*.md"))

LEAST_A_PASSAGE = 40
"""How many people's questions each passage has at least; credits, which only say who wrote it, have none."""

SAYS_SOMETHING = 20
"""The characters from which a point is more than a label."""


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_every_row_has_its_place(path: Path) -> None:
    [file] = question_files(path).values()
    rows = [QuestionRow.model_validate_json(line) for line in file.read_text("utf-8").splitlines()]
    article = read_article(path)
    assert article.notes == ()
    assert {asked.text for asked in article.asked} == {row.question for row in rows}


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_every_passage_but_credits_has_many(path: Path) -> None:
    numbers = {
        passage.section[-1]: sum(asked.origin == "file" for asked in passage.asked)
        for passage in split(read_article(path))
        if passage.role != "credit"
    }
    assert len(numbers) >= 10
    assert {section: number for section, number in numbers.items() if number < LEAST_A_PASSAGE} == {}


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_every_point_that_says_something_has_one(path: Path) -> None:
    article = read_article(path)
    without = [
        words
        for passage in split(article)
        for point in passage.points
        if passage.role != "credit"
        and len(words := article.text[point.start : point.end]) >= SAYS_SOMETHING
        and not announces(words)
        and not any(
            asked.start < point.end and point.start < asked.end for asked in passage.asked if asked.origin == "file"
        )
    ]
    assert without == []
