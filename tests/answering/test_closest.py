"""What is shown first where Guide isn't sure which passage is meant."""

from dataclasses import replace

import pytest

from guide.answering.closest import CLOSEST_WORDS, SURE, closest_of
from guide.records import Answer, Assessment, QuotedPassage, QuotedPoint

LINE = "Ten words stand in this one sentence, all in all."


def passage(id: str, *texts: str) -> QuotedPassage:
    points = tuple(QuotedPoint(place, place + 1, text, 0.5) for place, text in enumerate(texts))
    return QuotedPassage(id, "tea", ("Tea",), 0, 99, "\n".join(texts), 0.5, points)


def texts(found: tuple[QuotedPassage, ...]) -> list[list[str]]:
    return [[point.text for point in one.points] for one in found]


FOUND = [passage(id, f"{id} first.", f"{id} second.", f"{id} third.") for id in "abcd"]


def test_who_is_sure_shows_one_passage_whole() -> None:
    assert closest_of(FOUND, SURE) == ()
    assert closest_of(FOUND[:1], 0.4) == ()


def test_three_passages_are_shown_by_their_best_points_the_best_of_each_first() -> None:
    found = closest_of(FOUND, SURE - 0.01)
    assert [one.id for one in found] == ["a", "b", "c"]
    assert texts(found) == [[f"{id} first.", f"{id} second.", f"{id} third."] for id in "abc"]


def test_there_are_no_more_words_than_are_seen_at_once() -> None:
    # Three best points and six more of ten words each are ninety.
    found = closest_of([passage(id, LINE, LINE, LINE, LINE) for id in "abc"], 0.5)
    assert CLOSEST_WORDS == 90
    assert [len(points) for points in texts(found)] == [3, 3, 3]
    found = closest_of([passage("a", " ".join([LINE] * 8), LINE), passage("b", LINE, LINE)], 0.5)
    assert [len(points) for points in texts(found)] == [1, 1]


def test_a_best_point_is_shown_whatever_its_length() -> None:
    long = " ".join([LINE] * 12)
    assert texts(closest_of([passage("a", long), passage("b", LINE)], 0.5)) == [[long], [LINE]]


@pytest.mark.parametrize(
    ("covered", "brief", "closest", "ids"),
    [
        (True, False, FOUND[:3], "abc"),
        (True, False, [], "a"),
        (True, True, [], "abcd"),
        (False, False, [], ""),
    ],
)
def test_what_is_in_view(covered: bool, brief: bool, closest: list[QuotedPassage], ids: str) -> None:
    answer = Answer("q", "q", (), covered, 0.5, (), tuple(FOUND), (), Assessment("none", "self", "en"), brief=brief)
    answer = replace(answer, closest=tuple(closest))
    assert [one.id for one in answer.in_view] == list(ids)
    assert answer.points_alone is (brief or bool(closest))
