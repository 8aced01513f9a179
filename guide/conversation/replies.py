"""What Guide says in its own words: reviewed sentences, one file a language."""

from dataclasses import dataclass

from guide.records import Choice


@dataclass(frozen=True, slots=True)
class Reply:
    """What Guide says, and what the person can say next with one tap."""

    text: str
    choices: tuple[Choice, ...] = ()
    asks_back: bool = False


def reply_for(key: str, turn: int, language: str = "en") -> Reply:
    """The reply of this key as it is said at the `turn`th message of a conversation: another one than at the last.

    Raises:
        KeyError: there is no such reply.
    """
    raise KeyError(key)
