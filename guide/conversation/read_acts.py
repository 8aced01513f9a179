"""The rules of `acts.toml` and the aspects of `aspects.toml`, checked while they are read.

Apart from `acts`, which is imported with all of Guide: pydantic takes longer to import than a help card may wait.
"""

import re
import tomllib
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar, get_args

from pydantic import Field, ValidationError

from guide.conversation.act_rule import FIRST_ANSWERED, ActDataError, ActRule, Aspect, Move
from guide.validation import Record, first_fault

_Texts = Annotated[list[str], Field(min_length=1)]


_Model = TypeVar("_Model", bound=Record)


class _Rule(Record):
    id: str
    act: Annotated[str, Field(pattern=f"^(?:{'|'.join(FIRST_ANSWERED)})$")]
    patterns: _Texts
    yes: _Texts
    no: _Texts
    move: Annotated[str, Field(pattern=f"^(?:{'|'.join(get_args(Move))})$")] = "reply"
    reply: str = ""
    opens: bool = False


class _Rules(Record):
    classes: dict[str, str]
    rule: Annotated[list[_Rule], Field(min_length=1)]


class _Aspect(Record):
    id: str
    question: str
    patterns: _Texts
    yes: _Texts
    no: _Texts


class _Aspects(Record):
    classes: dict[str, str]
    aspect: Annotated[list[_Aspect], Field(min_length=1)]


def read_rules(source: str, name: str = "acts.toml") -> list[tuple[ActRule, re.Pattern[str]]]:
    """The rules of a TOML document with their expressions, in order.

    Raises:
        ActDataError: a key is missing or unknown, a value is of another kind, or a pattern can't be read.
    """
    found = _validated(_Rules, source, name)
    seen: set[str] = set()
    rules: list[tuple[ActRule, re.Pattern[str]]] = []
    for entry in found.rule:
        texts = (tuple(entry.patterns), tuple(entry.yes), tuple(entry.no))
        rule = ActRule(entry.id, entry.act, *texts, entry.move, entry.reply, entry.opens)
        if rule.id in seen:
            raise ActDataError(f"{name} has two rules called {rule.id}; ids must differ.")
        if bool(rule.reply) != (rule.move in ("reply", "ask_back")) and rule.reply != "identity_author":
            raise ActDataError(f"{name}, rule {rule.id}: name a reply exactly where the move is reply or ask_back.")
        seen.add(rule.id)
        # What is taken ends where a word ends.
        rules.append((rule, _compiled(rule.patterns, found.classes, f"{name}, rule {rule.id}", after="(?= |$)")))
    return rules


def read_aspects(source: str, name: str = "aspects.toml") -> list[tuple[Aspect, re.Pattern[str]]]:
    """The aspects of a TOML document with their expressions, in order. A class may hold those above it.

    Raises:
        ActDataError: a key is missing or unknown, a value is of another kind, or a pattern can't be read.
    """
    found = _validated(_Aspects, source, name)
    classes: dict[str, str] = {}
    for key, pattern in found.classes.items():
        classes[key] = _filled(pattern, classes, f"{name}, class {key}")
    return [
        (
            Aspect(entry.id, entry.question, tuple(entry.patterns), tuple(entry.yes), tuple(entry.no)),
            _compiled(entry.patterns, classes, f"{name}, aspect {entry.id}", "<before>", "<after>"),
        )
        for entry in found.aspect
    ]


def _validated(model: type[_Model], source: str, name: str) -> _Model:
    try:
        raw = tomllib.loads(source)
        return model.model_validate(raw)
    except tomllib.TOMLDecodeError as error:
        raise ActDataError(f"{name} isn't TOML ({error}).") from None
    except ValidationError as error:
        fault = first_fault(error)
        raise ActDataError(f"{name}{_entry_named(fault.place, raw)}: {fault.sentence()}") from None


def _entry_named(place: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    match place:
        case ("rule" | "aspect" as kind, int(number), *_):
            return f", {kind} {raw[kind][number].get('id', number + 1)}"
    return ""


def _filled(pattern: str, classes: dict[str, str], where: str) -> str:
    """`pattern` with its classes and gaps written out."""

    def known(found: re.Match[str]) -> str:
        if found[1] not in classes:
            raise ActDataError(f"{where}: there is no class {found[0]}; expected one of [classes].")
        return classes[found[1]]

    return re.sub(r" ?\.\.(\d+)", r"(?: [^ ]+){0,\1}", re.sub(r"(?<!\?P)<([a-z]+)>", known, pattern))


def _compiled(
    patterns: Iterable[str], classes: dict[str, str], where: str, before: str = "", after: str = ""
) -> re.Pattern[str]:
    expressions = "|".join(_filled(pattern, classes, where) for pattern in patterns)
    try:
        return re.compile(f"{_filled(before, classes, where)}(?:{expressions}){_filled(after, classes, where)}")
    except re.error as error:
        raise ActDataError(f"{where}: a pattern can't be read ({error}).") from None
