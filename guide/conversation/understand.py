"""A message in its conversation → what the person does with it, and what Guide does next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from guide.records import Act, Turn

Move = Literal[
    "search", "reply", "ask_back", "again", "shorter", "more", "simpler", "recall", "summary", "list", "item"
]
"""What Guide does next: searches for the message, replies in its own words, asks one question back; or, for a message
about the conversation or the article, quotes the last answer again, the answering words of it alone, what comes after
it, or the definition; says what was asked; quotes the whole article's leads, a list of its sections, or one of them.
"""

ActProbabilities = Callable[[str], "dict[str, float]"]
"""Gives for a message how probably it is each act by its meaning."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a person does with a message, and what Guide does next."""

    act: Act
    move: Move = "search"
    reply: str = ""
    """The key of what Guide says, in `guide.conversation.replies`; empty where it says nothing of its own."""


def understand(message: str, history: Sequence[Turn] = (), *, meaning: ActProbabilities | None = None) -> Understood:
    """What the person does with `message` after `history`, oldest first. By its words; where these don't tell, by
    `meaning`, if there is one.
    """
    return Understood("question")
