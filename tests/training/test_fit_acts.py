"""Fitting the model of acts: the limit follows from how many questions may be taken for acts."""

import numpy as np

from guide.conversation.act_meaning import ACT_LABELS, CONTENT, ActModel
from guide.training.fit_acts import TAKEN_FOR_AN_ACT, ActLesson, act_lessons, limit_of, seen


def row(label: str, share: float) -> np.ndarray:
    """The model's row for a text that is no content by this share, and then rather `label` than anything else."""
    found = np.zeros(len(ACT_LABELS), dtype=np.float32)
    found[ACT_LABELS.index(CONTENT)] = 1 - share
    found[ACT_LABELS.index(label)] = share
    return found


def test_the_bank_has_every_label_and_a_fifth_of_it_is_held_back() -> None:
    lessons = act_lessons()
    assert {one.label for one in lessons} == set(ACT_LABELS)
    assert 0.18 <= sum(one.held_back for one in lessons) / len(lessons) <= 0.22


def test_the_limit_lets_so_many_questions_be_taken_for_acts_and_no_more() -> None:
    content = [ActLesson(f"{number}", CONTENT, left=True) for number in range(1000)]
    thanks = [ActLesson("that landed", "thanks", left=True), ActLesson("bless", "thanks", left=False)]
    found = np.array([row("thanks", share) for share in np.linspace(0, 0.99, 1000)] + [row("thanks", 1.0)] * 2)
    sure = limit_of([*content, *thanks], found)
    taken, number = seen([*content, *thanks], found, sure)[CONTENT]
    assert TAKEN_FOR_AN_ACT - 0.002 <= taken / number <= TAKEN_FOR_AN_ACT
    # What rules decide isn't counted.
    assert seen([*content, *thanks], found, sure)["thanks"] == (1, 1)


def test_how_sure_it_is_that_words_are_an_act_is_told_in_odds() -> None:
    model = ActModel(lambda texts: np.array([row("meta.shorter", 0.75)] * len(texts)), sure=0.5)
    assert {label: round(odds, 3) for label, odds in model("my eyes hurt").items()} == {"meta.shorter": 3.0}
