"""What a page tells of its conversation, and what a server makes of it that holds all, some or none of it."""

import json

import pytest

from guide.chat.recall import MOST_BYTES, recall, told_of
from guide.chat.render import Exchange
from guide.conversation.understand import MAX_TURNS

TALK = [Exchange("one?"), Exchange("two?", article="hens", as_typed=True), Exchange("“three”\n?", withdrawn=True)]


class Answering:
    """Answers a turn by saying how many came before it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, asked: Exchange, before: list[Exchange]) -> Exchange:
        self.asked.append(asked.question)
        return Exchange(
            asked.question,
            fault=str(len(before)),
            article=asked.article,
            withdrawn=asked.withdrawn,
            as_typed=asked.as_typed,
        )


@pytest.mark.parametrize("held", [0, 1, 2, 3])
def test_what_the_server_lost_is_answered_anew_after_what_it_still_has(held: int) -> None:
    answering = Answering()
    known = recall(told_of(TALK), TALK[:held], answering)
    assert answering.asked == [one.question for one in TALK[held:]]
    assert known[:held] == TALK[:held]
    assert [one.fault for one in known[held:]] == [str(place) for place in range(held, 3)]
    assert told_of(known) == told_of(TALK)


def test_an_answer_that_the_page_never_got_is_as_if_it_had_not_been_given() -> None:
    answering = Answering()
    assert recall(told_of(TALK[:1]), TALK, answering) == TALK[:1]
    assert recall(told_of([]), TALK, answering) == []
    assert answering.asked == []


def test_a_turn_that_was_meant_otherwise_is_answered_anew_with_all_after_it() -> None:
    answering = Answering()
    recall(told_of(TALK), [TALK[0], Exchange("two?"), TALK[2]], answering)
    assert answering.asked == [TALK[1].question, TALK[2].question]


def test_no_more_turns_are_made_again_than_later_ones_look_back_at() -> None:
    answering = Answering()
    long = [Exchange(str(number)) for number in range(MAX_TURNS + 5)]
    assert len(recall(told_of(long), [], answering)) == MAX_TURNS
    assert answering.asked == [str(number) for number in range(5, MAX_TURNS + 5)]
    # What the server holds it keeps, however long.
    assert recall(told_of(long), long, answering) == long


def test_a_very_long_conversation_is_told_in_part_and_kept_whole_where_the_server_has_it() -> None:
    long = [Exchange(str(number) + "“«ß\n" * 1900) for number in range(40)]
    told = told_of(long)
    assert len(json.dumps(told, ensure_ascii=False).encode()) < MOST_BYTES + 1_000
    assert 0 < json.loads(told)["before"] < 40
    answering = Answering()
    assert recall(told, long, answering) == long
    assert answering.asked == []
    # One that answered the last of them only for itself loses no more than that.
    assert recall(told, long[:-1], answering)[:-1] == long[:-1]
    assert answering.asked == [long[-1].question]
    # Without any of it, the part that is told is made again.
    assert len(recall(told, [], answering)) == 40 - json.loads(told)["before"]


@pytest.mark.parametrize("told", ["", "no JSON", "[]", '{"asked": [1]}', '{"before": -1}', '{"asked": [{"no": ""}]}'])
def test_what_cannot_be_read_changes_nothing(told: str) -> None:
    assert recall(told, TALK, Answering()) == TALK
