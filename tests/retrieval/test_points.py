"""Which points of a passage are quoted as the answer."""

from dataclasses import replace

import numpy as np
import pytest

from guide.records import Passage, Point
from guide.retrieval.points import answering_points

LIST = "Distance has causes. Here they are:\nstress at work\nan old wound\nfear of rejection"
LIST_POINTS = (Point(0, 20), Point(21, 35), Point(36, 50, "item"), Point(51, 63, "item"), Point(64, 81, "item"))

ROWS = "Never opens up | Opens up to some\nFeels nothing | Feels and copes"
COLUMNS = ("Detachment", "Healthy Boundaries")
TABLE_POINTS = (
    Point(0, 33, "row", ((0, 14), (17, 33)), COLUMNS),
    Point(34, 66, "row", ((34, 47), (50, 66)), COLUMNS),
)


def quoted(question: str, text: str, points: tuple[Point, ...], late: list[float], heading: float) -> list[str]:
    """The words quoted when each point's similarity equals its late interaction."""
    passage = Passage("p-1", "a", ("Heading",), "body", 0, len(text), points)
    scores = np.array(late, dtype=np.float32)
    return [
        text[hit.point.start : hit.point.end]
        for hit in answering_points(question, passage, text, scores, scores, heading)
    ]


@pytest.mark.parametrize(
    ("question", "late", "heading", "expected", "why"),
    [
        (
            "What are the causes?",
            [0.6, 0.7, 0.62, 0.61, 0.63],
            0.65,
            ["fear of rejection", "stress at work", "an old wound"],
            "the heading answers, so the whole list does, best first, without the words that announce it",
        ),
        (
            "Can stress cause it?",
            [0.3, 0.3, 0.8, 0.3, 0.3],
            0.3,
            ["stress at work"],
            "one item adds much to the heading: it is the answer",
        ),
        (
            "Can stress or fear cause it?",
            [0.3, 0.3, 0.8, 0.3, 0.75],
            0.3,
            ["stress at work", "fear of rejection"],
            "two items are about as good",
        ),
        (
            "What is distance?",
            [0.6, 0.7, 0.62, 0.61, 0.63],
            0.65,
            ["Distance has causes."],
            "a definition is told in a sentence, not in the list below it",
        ),
        (
            "Which wound?",
            [0.3, 0.9, 0.3, 0.6, 0.3],
            0.3,
            ["an old wound"],
            "words that announce a list are no answer, however well they match",
        ),
    ],
)
def test_points_of_a_list(question: str, late: list[float], heading: float, expected: list[str], why: str) -> None:
    assert quoted(question, LIST, LIST_POINTS, late, heading) == expected, why


@pytest.mark.parametrize(
    ("question", "expected", "why"),
    [
        ("What do healthy boundaries look like?", ["Opens up to some", "Feels and copes"], "one column is named"),
        (
            "How do detachment and healthy boundaries differ?",
            ["Never opens up | Opens up to some", "Feels nothing | Feels and copes"],
            "both are named: the rows compare them",
        ),
        (
            "How do they compare?",
            ["Never opens up | Opens up to some", "Feels nothing | Feels and copes"],
            "none is named",
        ),
    ],
)
def test_a_table_answers_with_its_rows_or_with_the_column_asked_about(
    question: str, expected: list[str], why: str
) -> None:
    assert quoted(question, ROWS, TABLE_POINTS, [0.5, 0.5], 0.5) == expected, why


def test_a_cell_is_quoted_as_a_part_of_a_row_and_an_empty_one_is_not() -> None:
    text = "Never opens up | Opens up to some\nFeels nothing |\nHides | Shows"
    rows = (
        Point(0, 33, "row", ((0, 14), (17, 33)), COLUMNS),
        Point(34, 49, "row", ((34, 47), (49, 49)), COLUMNS),
        Point(50, 63, "row", ((50, 55), (58, 63)), COLUMNS),
    )
    passage = Passage("p-1", "a", ("Heading",), "body", 0, len(text), rows)
    scores = np.array([0.5, 0.6, 0.55], dtype=np.float32)
    # Every word of the question is the column's.
    hits = answering_points("healthy boundaries", passage, text, scores, scores, 0.6)
    assert [(hit.point, hit.score) for hit in hits] == [
        (Point(58, 63, "row"), pytest.approx(0.55)),
        (Point(17, 33, "row"), pytest.approx(0.5)),
    ]


def test_rows_of_different_tables_are_quoted_whole() -> None:
    other = Point(34, 66, "row", ((34, 47), (50, 66)), ("Detachment", "Care"))
    question = "What do healthy boundaries and care look like?"
    for rows in ((TABLE_POINTS[0], other), (replace(TABLE_POINTS[0], columns=other.columns), TABLE_POINTS[1])):
        assert quoted(question, ROWS, rows, [0.5, 0.5], 0.5) == [
            "Never opens up | Opens up to some",
            "Feels nothing | Feels and copes",
        ]


@pytest.mark.parametrize(("second", "answers"), [(0.79, True), (0.73, True), (0.71, False), (0.6, False), (0.5, False)])
def test_a_point_answers_along_with_the_best_if_it_is_at_most_eight_hundredths_lower(
    second: float, answers: bool
) -> None:
    expected = ["stress at work", "fear of rejection"] if answers else ["stress at work"]
    assert quoted("Can stress cause it?", LIST, LIST_POINTS, [0.3, 0.3, 0.8, 0.3, second], 0.3) == expected


@pytest.mark.parametrize(("heading", "whole"), [(0.8, True), (0.72, True), (0.7, False), (0.69, False), (0.6, False)])
def test_the_heading_answers_where_no_point_adds_nine_hundredths_to_it(heading: float, whole: bool) -> None:
    found = quoted("Which causes are there?", LIST, LIST_POINTS, [0.3, 0.3, 0.8, 0.3, 0.5], heading)
    assert found == (["stress at work", "fear of rejection", "an old wound"] if whole else ["stress at work"])


def test_a_list_of_one_item_is_no_list_to_answer_with() -> None:
    text = "Distance has a cause.\nIt is named here:\nstress"
    points = (Point(0, 21), Point(22, 39), Point(40, 46, "item"))
    assert quoted("Which causes are there?", text, points, [0.5, 0.5, 0.6], 0.6) == ["Distance has a cause."]


def test_a_points_score_is_two_thirds_late_interaction() -> None:
    text = "one two"
    passage = Passage("p-1", "a", ("Heading",), "body", 0, 7, (Point(0, 3), Point(4, 7)))
    similarities, late = np.array([0.9, 0.3], np.float32), np.array([0.3, 0.75], np.float32)
    [best] = answering_points("two?", passage, text, similarities, late, heading=0.0)
    # (.3 + 2 · .75) / 3 before (.9 + 2 · .3) / 3, which is more than .08 lower.
    assert (best.point, best.score) == (Point(4, 7), pytest.approx(0.6))


def test_at_most_four_points_of_those_that_do_not_answer_as_a_whole() -> None:
    text = "one two three four five six"
    points = tuple(Point(start, start + 3) for start in (0, 4, 8, 14, 19, 24))
    assert len(quoted("three?", text, points, [0.9] * 6, 0.1)) == 4
