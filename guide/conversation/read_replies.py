"""What Guide says in a language, checked while its file is read.

Apart from `replies`, which is imported with all of Guide: pydantic takes longer to import than a help card may wait.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from guide.conversation.act_rule import ActDataError
from guide.validation import Record, expected, first_fault

_Kind = Annotated[str, Field(pattern="^(?:topic|next|vague|more)$"), expected("topic, next, vague or more")]


class ReplyVariants(Record):
    """The ways in which Guide says one thing, and what it offers to say next."""

    texts: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=2), expected("two texts or more")]
    choices: Annotated[list[_Kind], Field(default_factory=list)]
    asks_back: bool = False


class ReplyFile(Record):
    """All that Guide says in one language: what is written on choices, its replies by their keys, what it says when it
    goes back over the conversation or the article, each in one or more ways, and how it names the articles.
    """

    choice_labels: dict[str, str]
    replies: dict[str, ReplyVariants]
    moves: dict[str, Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]]
    credits: dict[str, str]


def read_replies(words: Mapping[str, Any], name: str = "en.toml") -> ReplyFile:
    """The replies among all that is said in a language.

    Raises:
        ActDataError: a table is missing, a key is unknown, a value is of another kind, or a reply has fewer than two
            texts.
    """
    try:
        return ReplyFile.model_validate({key: words[key] for key in ReplyFile.model_fields if key in words})
    except ValidationError as error:
        raise ActDataError(f"{name}: {first_fault(error).sentence()}") from None
