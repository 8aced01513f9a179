"""Pydantic's findings in Guide's own words: where a value stands, what was found there and what is expected.

An annotation says what it expects: `Annotated[int, Field(ge=1), expected("a whole number of 1 or more")]`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from guide.text.normalise import whole_characters

_KINDS = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "an object",
    "model": "an object",
    "dataclass": "an object",
}
"""What is expected where no annotation says it, by the first word of pydantic's name for the error."""

WholeText = Annotated[str, BeforeValidator(lambda found: whole_characters(found) if isinstance(found, str) else found)]
"""Text in which a sign stands for each half of a character; see `whole_characters`."""


class UnfitError(ValueError):
    """Raised by a validator that expects `expected`, such as "a colour"."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class _UnknownKeyError(UnfitError):
    def __init__(self, key: str, known: str) -> None:
        super().__init__(known)
        self.key = key


class Record(BaseModel):
    """A record that refuses a key that nobody expects and a value of another kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _has_known_keys(cls, found: Any) -> Any:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        if isinstance(found, dict) and (unknown := [key for key in found if key not in known]):
            raise _UnknownKeyError(whole_characters(str(unknown[0])), f"one of {', '.join(known)}")
        return found


def expected(words: str) -> WrapValidator:
    """An annotation for a type of which `words` say what it expects; what is said of a part of it goes before."""

    def check(found: Any, inner: ValidatorFunctionWrapHandler) -> Any:
        try:
            return inner(found)
        except ValidationError as error:
            if first_fault(error).said:
                raise
            raise UnfitError(words) from None

    return WrapValidator(check)


class Refusal(Protocol):
    """A `ValidationError`, or an error of a library that carries one's findings."""

    def errors(self) -> Sequence[Any]:
        """The findings, as pydantic lists them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first value that can't be used."""

    place: tuple[str | int, ...]
    """The keys that lead to it, and the indices of lists, from 0."""
    problem: Literal["missing", "unknown", "unfit"]
    """There is no value, or nobody expects its key, or it isn't what its key expects."""
    found: Any
    expected: str
    """What is expected in its place, in words; of an unknown key, which keys there are."""
    said: bool
    """Whether an annotation, or a missing or unknown key, said what is expected."""

    @property
    def name(self) -> str:
        """The keys that lead to it, as in `colours.light.accent`."""
        return ".".join(part for part in self.place if isinstance(part, str))

    @property
    def where(self) -> str:
        """Its place in words, for the middle of a sentence: a name, or as in "entry 1 of the history"."""
        words = ""
        for part in self.place:
            if isinstance(part, int):
                words = f"entry {part + 1} of {'the ' if words.isalpha() and words.islower() else ''}{words}"
            elif " of " in words:
                words = f"{part} of {words}"
            else:
                words = f"{words}.{part}" if words else part
        return words

    def sentence(self, must_be: str = "expected") -> str:
        """What was found, and what is expected."""
        if self.problem == "unknown":
            return f"There is no key {self.name}; expected {self.expected}."
        if self.problem == "missing":
            return f"There is no {self.name}; add it."
        where = self.where.replace("entry", "Entry", 1) if isinstance(self.place[-1], int) else self.where
        return f"{where} is {shown(self.found)}; {must_be} {self.expected}."


def first_fault(error: Refusal) -> Fault:
    """The first value that `error` refuses."""
    first = error.errors()[0]
    place, kind, raised = tuple(first["loc"]), first["type"], (first.get("ctx") or {}).get("error")
    if isinstance(raised, _UnknownKeyError):
        return Fault((*place, raised.key), "unknown", None, raised.expected, said=True)
    if isinstance(raised, UnfitError):
        return Fault(place, "unfit", first["input"], raised.expected, said=True)
    if kind == "missing":
        return Fault(place, "missing", None, "a value", said=True)
    return Fault(place, "unfit", first["input"], _KINDS.get(kind.partition("_")[0], "another value"), said=False)


def shown(found: Any, limit: int = 60) -> str:
    """`found` as Python writes it, cut to `limit` characters.

    >>> shown("red"), shown(list(range(100)), 12)
    ("'red'", '[0, 1, 2, 3…')
    """
    written = repr(found)
    return written if len(written) <= limit else f"{written[: limit - 1]}…"
