"""JSON responses, and how the server says no: with one sentence."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from guide.answering.to_json import safety_to_json
from guide.records import Assessment


class Json(JSONResponse):
    """JSON, in which half a character, as a message may hold, becomes the escape that it is written with."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace")


def refusal(
    status: int, sentence: str, safety: Assessment | None = None, headers: Mapping[str, str] | None = None
) -> Json:
    """A response that says what is wrong in one sentence; `safety` goes with it wherever a question was read."""
    content: dict[str, object] = {"error": sentence}
    if safety is not None:
        content["safety"] = safety_to_json(safety)
    return Json(content, status, headers)


async def refuse(
    scope: Scope, receive: Receive, send: Send, status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> None:
    """Sends a refusal as an ASGI application, with one sentence as JSON."""
    await refusal(status, sentence, headers=headers)(scope, receive, send)
