"""Message + history → what to search for."""

import re
from collections.abc import Mapping, Sequence

from guide.article import normalise, words
from guide.errors import QuestionError
from guide.records import Query, Turn

MAX_QUESTION_CHARACTERS = 8_000
"""About 1,500 words: a long story with a question at its end fits."""

_REFERS_BACK = re.compile(
    r"\b(?:it|that|this|these|those|they|them|he|him|his|she|her|one|ones|so|then|there|same|else|such|do)\b"
    r"|^(?:and|but|or|why|how so|what about|how about|what if)\b",
    re.I,
)
_MAX_WORDS_OF_FOLLOW_UP = 9


def turns(history: Sequence[Turn | str | Mapping[str, str]]) -> tuple[Turn, ...]:
    """The history as records; a plain string is something the person wrote.

    Raises:
        QuestionError: an entry is neither a text nor a role with its content.
    """
    read = []
    for number, entry in enumerate(history, start=1):
        if isinstance(entry, Turn):
            read.append(entry)
        elif isinstance(entry, str):
            read.append(Turn("user", entry))
        elif isinstance(entry, Mapping) and isinstance(entry.get("content"), str):
            role = entry.get("role")
            if role not in ("user", "assistant"):
                raise QuestionError(f"Entry {number} of the history has the role {role!r}; it must be user or assistant.")
            read.append(Turn("user" if role == "user" else "assistant", entry["content"]))
        else:
            raise QuestionError(
                f"Entry {number} of the history is {type(entry).__name__}; it must be a text or an object with "
                "`role` (user or assistant) and `content`."
            )
    return tuple(read)


def resolve(question: str, history: Sequence[Turn] = ()) -> Query:
    """What to search for when somebody asks `question` after `history`.

    Raises:
        QuestionError: the question is empty or too long.
    """
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters, and {MAX_QUESTION_CHARACTERS:,} are the limit; "
            "shorten it to what you want to know."
        )
    text = " ".join(normalise(question).split())
    if not text:
        raise QuestionError("The question is empty; type what you want to know.")
    asked = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
    if asked and len(words(text)) <= _MAX_WORDS_OF_FOLLOW_UP and _REFERS_BACK.search(text):
        text = " ".join(f"{asked[-1]} {text}".split())
    return Query(question=question, text=text)
