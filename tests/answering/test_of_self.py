"""Signs in oneself come before signs in others for whoever tells of themselves."""

import numpy as np
import pytest

from guide.answering.of_self import AS_NEAR, own_signs_first
from guide.conversation.topics import whose_signs
from guide.embedding.encoder import Encoded
from guide.records import Hit, Passage
from guide.retrieval.retrieve import Retrieval


def passage(heading: str, *questions: str) -> Passage:
    return Passage(f"p-{heading}", "rust", (heading,), "body", 0, 1, (), questions)


OWN = passage("Signs of rust", "How do I know if I am rusting?")
OTHERS = passage("How can you spot rust?", "Is my partner rusty?", "How do I tell that he rusts?")
CAUSES = passage("Causes", "Why am I rusting?")


@pytest.mark.parametrize(("of", "whose"), [(OWN, "self"), (OTHERS, "other"), (CAUSES, ""), (passage("Signs"), "")])
def test_whose_signs_a_passage_tells(of: Passage, whose: str) -> None:
    assert whose_signs(of) == whose


def found(*scored: tuple[Passage, float]) -> Retrieval:
    nothing = np.zeros(0, dtype=np.float32)
    encoded = Encoded(
        texts=np.zeros((1, 2), dtype=np.float32),
        tokens=np.zeros((0, 2), dtype=np.float32),
        ids=np.zeros(0, dtype=np.int64),
        spans=np.zeros((0, 2), dtype=np.int64),
        starts=np.zeros(2, dtype=np.int64),
    )
    return Retrieval(tuple(Hit(one, (), score) for one, score in scored), encoded, nothing, nothing, 0.5, 0.0, 0.5)


@pytest.mark.parametrize(
    ("scored", "first"),
    [
        ([(OTHERS, 0.5), (CAUSES, 0.49), (OWN, 0.5 * AS_NEAR + 0.01)], [OWN, OTHERS, CAUSES]),
        ([(OTHERS, 0.5), (OWN, 0.5 * AS_NEAR - 0.01)], [OTHERS, OWN]),
        ([(CAUSES, 0.5), (OTHERS, 0.49), (OWN, 0.48)], [CAUSES, OTHERS, OWN]),
        ([(OTHERS, 0.5)], [OTHERS]),
        ([], []),
    ],
)
def test_own_signs_come_first_where_they_are_as_near(scored: list[tuple[Passage, float]], first: list[Passage]) -> None:
    assert [hit.passage for hit in own_signs_first(found(*scored)).hits] == first
