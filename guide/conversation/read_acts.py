"""The rules of `acts.toml`, checked while they are read.

Apart from `acts`, which is imported with all of Guide: pydantic takes longer to import than a help card may wait.
"""

import re
import tomllib
from typing import Annotated, Any, get_args

from pydantic import Field, ValidationError

from guide.conversation.act_rule import FIRST_ANSWERED, ActDataError, ActRule, Move
from guide.validation import Record, first_fault

_Texts = Annotated[list[str], Field(min_length=1)]


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


def read_rules(source: str, name: str = "acts.toml") -> list[tuple[ActRule, re.Pattern[str]]]:
    """The rules of a TOML document with their expressions, in order.

    Raises:
        ActDataError: a key is missing or unknown, a value is of another kind, or a pattern can't be read.
    """
    try:
        raw = tomllib.loads(source)
        found = _Rules.model_validate(raw)
    except tomllib.TOMLDecodeError as error:
        raise ActDataError(f"{name} isn't TOML ({error}).") from None
    except ValidationError as error:
        fault = first_fault(error)
        raise ActDataError(f"{name}{_rule_named(fault.place, raw)}: {fault.sentence()}") from None
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
        rules.append((rule, _compiled(rule, found.classes, name)))
    return rules


def _rule_named(place: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    match place:
        case ("rule", int(number), *_):
            return f", rule {raw['rule'][number].get('id', number + 1)}"
    return ""


def _compiled(rule: ActRule, classes: dict[str, str], name: str) -> re.Pattern[str]:
    def known(found: re.Match[str]) -> str:
        if found[1] not in classes:
            raise ActDataError(f"{name}, rule {rule.id}: there is no class {found[0]}; expected one of [classes].")
        return classes[found[1]]

    expressions = []
    for pattern in rule.patterns:
        expression = re.sub(r"(?<!\?P)<([a-z]+)>", known, pattern)
        expressions.append(re.sub(r" ?\.\.(\d+)", r"(?: [^ ]+){0,\1}", expression))
    try:
        # What is taken ends where a word ends.
        return re.compile(f"(?:{'|'.join(expressions)})(?= |$)")
    except re.error as error:
        raise ActDataError(f"{name}, rule {rule.id}: a pattern can't be read ({error}).") from None
