"""A question that is a heading is answered from where the section begins."""

import pytest

from guide.records import Passage
from guide.retrieval.headings import NEAR_TOP, headed_first

MOORINGS, SHED = ("Harbour", "Moorings for guests"), ("Harbour", "Shed")


def passage(section: tuple[str, ...], start: int, article: str = "harbour") -> Passage:
    return Passage(f"p-{article}-{start}", article, section, "body", start, start + 9, ())


PASSAGES = [
    passage(SHED, 10),
    passage(MOORINGS, 80),  # what was left over
    passage(("Moorings for guests", "Prices"), 200),
    passage(MOORINGS, 50),
    passage(MOORINGS, 20),
    passage(("Moorings for guests",), 30, "islands"),
]


def ranked(question: str) -> list[int]:
    return headed_first(question, range(len(PASSAGES)), PASSAGES.__getitem__)


@pytest.mark.parametrize(
    ("question", "order", "why"),
    [
        ("moorings for guests", [4, 0, 1, 2, 3, 5], "the section begins with the last of its parts"),
        ("What is a guest's mooring?", [4, 0, 1, 2, 3, 5], "the same words in another form"),
        ("moorings", [0, 1, 2, 3, 4, 5], "the heading says more"),
        ("moorings for guests in winter", [0, 1, 2, 3, 4, 5], "the question says more"),
        ("prices", [2, 0, 1, 3, 4, 5], "the innermost heading counts"),
        ("what is it", [0, 1, 2, 3, 4, 5], "no content word"),
        (
            "moorings for guests " + "so many further words that nobody looks for any heading among them",
            [0, 1, 2, 3, 4, 5],
            "long",
        ),
    ],
)
def test_the_section_whose_heading_is_the_question_comes_first(question: str, order: list[int], why: str) -> None:
    assert ranked(question) == order, why


def test_a_heading_far_down_isnt_looked_for() -> None:
    few = [passage(SHED, start) for start in range(NEAR_TOP)]
    for beside, first in ((few, 0), (few[1:], NEAR_TOP - 1)):
        passages = [*beside, passage(MOORINGS, 90)]
        assert headed_first("moorings for guests", range(len(passages)), passages.__getitem__)[0] == first


def test_of_several_articles_the_better_one_stays_in_front() -> None:
    passages = [passage(MOORINGS, 5, "islands"), passage(SHED, 1), passage(MOORINGS, 5)]
    assert headed_first("moorings for guests", range(3), passages.__getitem__) == [0, 2, 1]
