"""What pydantic finds, in Guide's own words."""

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from guide.validation import Fault, Record, UnfitError, expected, first_fault

Count = Annotated[int, Field(ge=1), expected("a whole number of 1 or more")]


class Inner(Record):
    count: Count = 1
    name: str = ""
    hidden: str = Field("", alias="_hidden")


class Outer(Record):
    inner: Inner = Inner()
    counts: Annotated[list[Count], Field(max_length=2), expected("a list of at most 2 counts")] = Field([])
    many: list[Inner] = Field([])
    either: Annotated[str | Inner, expected("a text or an inner record")] = ""
    needed: bool


def fault_of(found: Any, kind: Any = Outer) -> Fault:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(kind).validate_python(found)
    return first_fault(error.value)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({}, "There is no needed; add it."),
        ({"inner": {"count": 0}}, "inner.count is 0; expected a whole number of 1 or more."),
        ({"inner": {"count": "1"}}, "inner.count is '1'; expected a whole number of 1 or more."),  # strict
        ({"inner": {"cuont": 1}}, "There is no key inner.cuont; expected one of count, name, _hidden."),
        ({"inner": {7: 1}}, "There is no key inner.7; expected one of count, name, _hidden."),
        ({"inner": {"\ud83d": 1}}, "There is no key inner.�; expected one of count, name, _hidden."),
        ({"inner": {"_hidden": 1}}, "inner._hidden is 1; expected a text."),
        ({"inner": 7}, "inner is 7; expected an object."),
        ({"counts": 7}, "counts is 7; expected a list of at most 2 counts."),
        ({"counts": [1, 0]}, "Entry 2 of the counts is 0; expected a whole number of 1 or more."),
        ({"counts": [1, 1, 1]}, "counts is [1, 1, 1]; expected a list of at most 2 counts."),
        ({"many": [{}, {"name": 7}]}, "name of entry 2 of the many is 7; expected a text."),
        # One sentence, and not one for each of the kinds it could have been.
        ({"either": 7}, "either is 7; expected a text or an inner record."),
        ({"either": {"name": 7}}, "either is {'name': 7}; expected a text or an inner record."),
        ({"needed": "yes"}, "needed is 'yes'; expected true or false."),
        ({"needed": "x" * 100}, f"needed is '{'x' * 58}…; expected true or false."),
    ],
)
def test_the_first_value_that_cannot_be_used_is_named(found: Any, sentence: str) -> None:
    assert fault_of(found).sentence() == sentence


def test_an_edge_may_say_it_in_its_own_way() -> None:
    fault = fault_of({"inner": {"count": 0}})
    assert (fault.place, fault.name, fault.found) == (("inner", "count"), "inner.count", 0)
    assert fault.sentence("it must be") == "inner.count is 0; it must be a whole number of 1 or more."


def test_what_a_validator_says_goes_before_what_is_said_around_it() -> None:
    def never(found: Any) -> Any:
        raise UnfitError("something {else}")

    from pydantic import PlainValidator

    kind = Annotated[list[Annotated[Any, PlainValidator(never)]], expected("a list")]
    assert fault_of([3], kind).expected == "something {else}"


@pytest.mark.parametrize(
    ("kind", "found"),
    [(int, "x"), (float, "x"), (dict, 3), (tuple[int, ...], 3), (bytes, 3), (set[int], 3), (complex, "x")],
)
def test_no_words_of_pydantics_are_shown(kind: Any, found: Any) -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(kind).validate_python(found)
    fault = first_fault(error.value)
    assert fault.expected in {"a whole number", "a number", "an object", "a list", "another value"}
