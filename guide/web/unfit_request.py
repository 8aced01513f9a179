"""What is wrong with a request that its schema refuses, in one sentence."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

from guide.errors import QuestionError, kind_of
from guide.request import MAX_QUESTION_CHARACTERS
from guide.safety.helplines import read_country
from guide.validation import Fault, first_fault, shown

NO_JSON = 'The request isn\'t JSON; send {"question": "…"} as application/json.'
_EXAMPLES = {"question": '{"question": "…"}', "data": '{"data": ["…"]}'}
"""How to send the keys that the requests of other programs must have."""


def sentence_of(error: RequestValidationError, body: Mapping[str, Any]) -> str:
    """What is wrong with the first thing that is, without repeating what a body says."""
    question = body.get("question")
    if isinstance(question, str) and len(question) > MAX_QUESTION_CHARACTERS:
        return (
            f"The question has {len(question):,} characters, and {MAX_QUESTION_CHARACTERS:,} are the limit; "
            "shorten it to what you want to know."
        )
    if error.errors()[0]["type"] == "json_invalid":
        return NO_JSON
    fault = first_fault(error)
    source, place = fault.place[:1], fault.place[1:]
    if source not in (("body",), ("query",)):
        place = fault.place
    match place:
        case ():
            return 'The request holds no JSON object; send {"question": "…"} as application/json.'
        case ("country",) if problem := _problem_with_country(fault.found):
            return problem
        case (*_, str(key)) if fault.problem == "unknown":
            return f"There is no key {shown(key, 40)}; expected {fault.expected}; see /v1/openapi.json."
        case (str(name),) if fault.problem == "missing":
            return f"The request has no `{name}`; send {_example(name)} as application/json."
        case (str(name), int(number)):
            where = f"Entry {number + 1} of the {name}"
        case (name, *_):
            where = f"`{name}`"
    found = f"is {shown(fault.found, 20)}" if source == ("query",) else _found(fault)
    return f"{where} {found}; it must be {fault.expected}; see /v1/openapi.json."


def _example(name: str) -> str:
    return _EXAMPLES.get(name, f'{{"{name}": …}}')


def _found(fault: Fault) -> str:
    kind = kind_of(fault.found)
    # The kind of an object, or of a text where a text is expected, doesn't say what is wrong with it.
    return "can't be used" if kind == "an object" or fault.expected.startswith(kind) else f"is {kind}"


def _problem_with_country(found: object) -> str:
    try:
        read_country(found)
    except QuestionError as error:
        return str(error)
    return ""
