"""The rows of `guide ask --batch` and `guide assess --batch`, one JSON object a line."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from guide.errors import QuestionError, kind_of
from guide.request import assess_words
from guide.safety.helplines import read_country
from guide.validation import Fault, WholeText, expected, first_fault

# What docs/schema/ says of a value that a function of ours reads.
_COUNTRY = WithJsonSchema(
    {"description": "ISO 3166-1 alpha-2, for help lines.", "pattern": "^[A-Za-z]{2}$", "type": ["string", "null"]}
)
_TURN = WithJsonSchema(
    {
        "anyOf": [
            {"description": "What the person wrote.", "type": "string"},
            {
                "properties": {
                    "role": {"enum": ["user", "assistant"]},
                    "content": {"type": "string"},
                    "withdrawn": {"type": "boolean"},
                },
                "required": ["role", "content"],
                "type": "object",
            },
        ]
    }
)


class BatchRow(BaseModel):
    """What every row may have. A key that nobody expects is passed over, and null is as good as nothing."""

    model_config = ConfigDict(frozen=True)

    message_key: ClassVar[str]
    """The key of what the person wrote."""

    country: Annotated[str | None, PlainValidator(read_country), _COUNTRY] = None
    withdrawn: Annotated[bool, Field(strict=True)] = False
    """Whether the help shown for this message before wasn't what it meant."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, found: Any) -> Any:
        return {key: value for key, value in found.items() if value is not None} if isinstance(found, dict) else found


class AskRow(BatchRow):
    """A question, what it was asked after, and the articles to search."""

    message_key = "question"

    question: WholeText
    history: Annotated[list[Annotated[Any, _TURN]], expected("a list of turns, oldest first")] = Field([])
    """Turns as `guide.request.read_history` reads them."""
    articles: Annotated[
        list[Annotated[WholeText, expected("an article's id (`guide articles` lists them)")]],
        expected("a list of articles' ids (`guide articles` lists them)"),
    ] = Field([])


class AssessRow(BatchRow):
    """A message, and the texts that the person wrote before it."""

    message_key = "text"

    text: WholeText
    history: Annotated[list[Annotated[WholeText, expected("a text")]], expected("a list of texts, oldest first")] = (
        Field([])
    )


RowModel = TypeVar("RowModel", bound=BatchRow)


def lines(source: str) -> Iterator[tuple[int, bytes]]:
    """The numbered lines of a file, or of standard input for `-`, blank ones left out.

    Raises:
        QuestionError: the file can't be read.
    """

    def numbered(stream: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        yield from ((number, line) for number, line in enumerate(stream, start=1) if line.strip())

    if source == "-":
        yield from numbered(sys.stdin.buffer)
        return
    try:
        with Path(source).open("rb") as stream:
            yield from numbered(stream)
    except OSError as error:
        raise QuestionError(
            f"The batch file {source} can't be read ({error.strerror}); name a file of JSON lines."
        ) from None


def read_row(kind: type[RowModel], line: bytes) -> RowModel:
    """The row that a line holds.

    Raises:
        QuestionError: it isn't JSON, or not such a row; `safety` is there as soon as its message can be read.
    """
    example = f'write it as {{"{kind.message_key}": "…"}}'
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"The row isn't JSON ({error}); {example}.") from None
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        fault = first_fault(error)
        if fault.place in ((), (kind.message_key,)):
            refusal = QuestionError(f'The row has no text named "{kind.message_key}"; {example}.')
        else:
            refusal = QuestionError(_sentence(fault))
    except QuestionError as error:
        refusal = error
    # As soon as the message can be read, the way to help goes with the refusal.
    if isinstance(found, dict) and isinstance(message := found.get(kind.message_key), str):
        refusal.safety = assess_words(message, found.get("history"), found.get("country"))
    raise refusal


def _sentence(fault: Fault) -> str:
    match fault.place:
        case (*_, int(number)):
            where = f"Entry {number + 1} of the row's {fault.name}"
        case _:
            where = f"The row's {fault.name}"
    return f"{where} must be {fault.expected}, not {kind_of(fault.found)}."
