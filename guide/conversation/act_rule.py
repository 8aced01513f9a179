"""A rule that tells what a message is, as `acts.toml` has it, and an aspect as `aspects.toml` has it."""

from dataclasses import dataclass
from typing import Literal

from guide.errors import GuideError
from guide.records import Act

Move = Literal[
    "search", "reply", "ask_back", "again", "shorter", "more", "simpler", "recall", "summary", "list", "item"
]
"""What Guide does next: searches for the message, replies in its own words, asks one question back; or, for a message
about the conversation or the article, quotes the last answer again, the answering words of it alone, what comes after
it, or the definition; says what was asked; quotes the whole article's leads, a list of its sections, or one of them.
"""

RuleAct = Act | Literal["vague", "person", "aspect", "fact"]
"""What a rule can tell: an act; that a question or a statement is too vague to search for; or that it is nothing but
somebody (“my wife”), an aspect (“signs”) or a fact about oneself (“I'm 15”).
"""

FIRST_ANSWERED: tuple[RuleAct, ...] = (
    *("meta", "identity", "capability", "vague", "abuse_of_bot", "goodbye", "thanks"),
    *("smalltalk", "greeting", "aspect", "person", "fact", "ack", "gibberish"),
)
"""Of several acts in one message (“thanks, bye”), the one that a person would answer comes first."""


class ActDataError(GuideError):
    """A data file of the conversation can't be used."""


@dataclass(frozen=True, slots=True)
class ActRule:
    """Which words make a message an act, and what Guide does then.

    `yes` and `no` are example messages that the rule takes and doesn't take. One that `opens` may stand before other
    words: what comes after it is what counts.
    """

    id: str
    act: str
    patterns: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    move: str = "reply"
    reply: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Aspect:
    """A side of what a conversation is about, and the question that asks for it.

    `yes` and `no` are example messages that ask for it alone, and that don't.
    """

    id: str
    question: str
    patterns: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
