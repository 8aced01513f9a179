"""The map around a question: the closer a passage is drawn, the better it fits, and no two cover each other."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from guide.articles.assemble import assemble
from guide.articles.pieces import Parsed, Piece
from guide.guide import Guide
from guide.index.build import index_of
from guide.retrieval.passage_map import APART, NEAREST_SHOWN, MapPoint, Survey

MANY = 1_000
"""Articles, of which each is about its own number and one more thing."""
THINGS = ("smoke", "honey", "wax", "wings", "pollen", "frames", "water")


@pytest.fixture(scope="module")
def many() -> Guide:
    """A guide over many short articles."""
    articles = []
    for number in range(MANY):
        thing = THINGS[number % len(THINGS)]
        pieces = [Piece("title", f"Bees {number}"), Piece("paragraph", f"Keepers of hive {number} speak of {thing}.")]
        articles.append(assemble(Parsed(pieces), article_id=f"bees-{number}"))
    encoder = FakeEncoder()
    return Guide(index_of(articles, encoder, encoder.identity), encoder)


def distances(found: Survey) -> list[float]:
    assert found.asked
    return [math.dist(place, found.asked) for place in found.places.values()]


def least_apart(places: Sequence[MapPoint]) -> float:
    at = np.array(places)
    between = np.linalg.norm(at[:, None] - at, axis=2) + np.eye(len(at))
    return float(between.min())


def test_of_a_thousand_articles_the_nearest_passages_stand_around_the_question_best_first(many: Guide) -> None:
    answer = many.ask("What do keepers of hive 423 speak of?")
    found = many.survey(answer)
    assert len(found.places) == NEAREST_SHOWN
    assert list(found.places) == list(found.scores or ())[:NEAREST_SHOWN]
    assert next(iter(found.places)) == answer.passages[0].id
    assert distances(found) == sorted(distances(found))
    assert len(set(distances(found))) == NEAREST_SHOWN
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in found.places.values())
    assert least_apart(list(found.places.values())) >= APART / 2
    # Before a question nothing is drawn: all of them would be a cloud.
    assert many.survey() == Survey({})


@pytest.mark.model
def test_the_question_stands_beside_the_passage_that_answers_it_and_neighbours_are_alike(guide: Guide) -> None:
    questions = [
        "What are the signs of emotional detachment?", "What causes it when somebody is emotionally detached?",
        "Does yoga help?", "How do I tell my partner that I feel distant?", "When should I see a therapist?",
        "Can emotional detachment be a good thing?", "What do healthy boundaries look like?", "Why do I feel numb?",
    ]  # fmt: skip
    vectors = dict(zip((one.id for one in guide.passages), guide.index.passage_embeddings, strict=True))
    beside, alike = [], []
    for question in questions:
        answer = guide.ask(question)
        found = guide.survey(answer)
        if not answer.covered or not found.asked:
            continue
        nearest = min(found.places, key=lambda id: math.dist(found.places[id], found.asked or (0, 0)))
        beside.append(nearest == answer.passages[0].id)
        turned = sorted(found.places, key=lambda id: math.atan2(found.places[id][1] - 0.5, found.places[id][0] - 0.5))
        rows = np.array([vectors[id] for id in turned])
        neighbours = float(np.mean(np.sum(rows * np.roll(rows, 1, axis=0), axis=1)))
        together = rows @ rows.T
        alike.append(neighbours > (together.sum() - len(rows)) / (len(rows) * (len(rows) - 1)))
    assert len(beside) >= 6
    assert all(beside)
    assert all(alike)
