"""What the safety gate says of the everyday questions beside the articles that Guide comes with: a few dozen for each
passage, written by several people.

None of them tells of danger, so a card beside one is a false alarm. The known ones stand here by name; another one, or
one that has gone, fails the test.
"""

from pathlib import Path

import pytest

from guide.articles.read import read_article
from guide.levels import Level
from guide.safety.classifier import Classify
from guide.safety.gate import assess

CORPUS = Path(__file__).parents[2] / "corpus"
ASKED = sorted({asked.text for path in CORPUS.glob("*.md") for asked in read_article(path).asked})

BY_WORDS: dict[str, Level] = {
    "do i really have to go through with it or is saying enough": "crisis",
    "tell him i love him and he says get away outta that": "crisis",
    "i have toddlers on me all day and when my husband comes for a cuddle i flinch, "
    "what sort of limit is that": "abuse",
    "my partner, she never lets me see her weak, not even after the operation": "abuse",
    "she wont let me see her weak, not even when shes ill": "abuse",
    "she'll not let me see her weak, not for love nor money": "abuse",
    "wife drags me to yoga for my nerves, any point": "abuse",
}
"""False alarms of the rules alone: farewells, forbidding, flinching and dragging that mean something else."""

BY_MEANING: dict[str, Level] = {
    "it sits so deep in me i think it cant come out anymore": "emergency",
    "everyone keeps telling me i should be over it by now": "crisis",
    "i've told her nicely and she did it again the very next day. whats the first thing i do": "crisis",
    "at church they all grab my arms and pat me. I'm 81, not a puppy": "abuse",
    "he says im giving him threats when i tell him ill leave the room if he shouts": "abuse",
    "i just wanted to warn dad that i'll go to my room if he starts again, he said dont blackmail me. was it?": "abuse",
    "i warned my brother i'd hang up and he carried on swearing": "abuse",
    "my teen shouts the house down and I shout back. is there a better line": "abuse",
    "sister takes my clothes without askin": "abuse",
}
"""Those that the gate's model adds."""


def alarms(classify: Classify | None) -> dict[str, Level]:
    """The questions that are answered with the card of a danger, with its level."""
    levels = {question: assess(question, classify=classify).level for question in ASKED}
    return {question: level for question, level in levels.items() if level not in ("none", "professional")}


def test_by_their_words_none_raises_an_alarm_but_the_known_ones() -> None:
    assert len(ASKED) > 1_900
    assert alarms(None) == BY_WORDS


@pytest.mark.model
def test_by_their_meaning_none_raises_an_alarm_but_the_known_ones(classify: Classify) -> None:
    assert alarms(classify) == BY_WORDS | BY_MEANING
