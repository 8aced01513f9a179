"""A conversation that outlives its server: the page tells what was asked, and what the server lost is answered anew."""

import json
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Annotated

from pydantic import Field, ValidationError

from guide.chat.render import Exchange
from guide.conversation.understand import MAX_TURNS
from guide.validation import Record, WholeText

MOST_BYTES = 128 * 1024
"""How much of a conversation a page tells: half of what a request may hold. The messages before it count as told."""


class _Asked(Record):
    question: WholeText
    article: WholeText = ""
    withdrawn: bool = False
    as_typed: bool = False


class _Told(Record):
    before: Annotated[int, Field(ge=0)] = 0
    asked: tuple[_Asked, ...] = Field((), strict=False)


def told_of(exchanges: Sequence[Exchange]) -> str:
    """What the page has to keep of `exchanges` so that they can be made again, as JSON: the messages and how they were
    meant, and how many there were before those that fit.
    """
    told: list[str] = []
    room = MOST_BYTES
    for exchange in reversed(exchanges):
        row = json.dumps(_asked(exchange).model_dump(exclude_defaults=True), ensure_ascii=False)
        # Half a character, which nothing can encode, is a sign by now; quotation marks double in the request.
        room -= len(json.dumps(row, ensure_ascii=False).encode())
        if room < 0:
            break
        told.append(row)
    return f'{{"before": {len(exchanges) - len(told)}, "asked": [{", ".join(reversed(told))}]}}'


def recall(
    told: str, held: Sequence[Exchange], answered: Callable[[Exchange, list[Exchange]], Exchange]
) -> list[Exchange]:
    """The conversation that a page tells of by `told_of`: of `held`, what the page has too, and of the rest the last
    turns, each `answered` anew after those before it.

    What the page says counts: an answer that never reached it is as if it had not been given, so that a message that is
    sent again is in the conversation once. All of `held` where what is told can't be read.
    """
    try:
        page = _Told.model_validate_json(told)
    except ValidationError:
        return list(held)
    before = list(held[: page.before]) if len(held) >= page.before else []
    same = takewhile(lambda pair: _asked(pair[0]) == pair[1], zip(held[page.before :], page.asked, strict=False))
    known = before + [exchange for exchange, _ in same]
    for asked in page.asked[len(known) - len(before) :][-MAX_TURNS:]:
        known.append(answered(Exchange(**asked.model_dump()), known))
    return known


def _asked(exchange: Exchange) -> _Asked:
    return _Asked(
        question=exchange.question,
        article=exchange.article,
        withdrawn=exchange.withdrawn,
        as_typed=exchange.as_typed,
    )
