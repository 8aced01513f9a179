"""What stands before every request: the password, how much may be sent, and how often."""

import base64
import binascii
import hmac
import math

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guide.web.responses import refuse
from guide.web.shared_counts import SharedCounts, rate_limit_for

OPEN = ("/health",)
"""The paths that need no password."""

WRONG_PASSWORDS_PER_MINUTE = 10
REQUESTS_PER_QUESTION = 10
"""A chat makes two or three requests for a question, and some hundred for its first page, most of them unchanging."""

_UNCHANGING = ("/assets/", "/static/", "/svelte/", "/health")


class Gate:
    """Asks for the password if there is one, bounds what a client sends and how often."""

    def __init__(
        self,
        app: ASGIApp,
        password: str,
        questions_per_minute: int,
        max_body_bytes: int,
        counts: SharedCounts | None = None,
    ) -> None:
        """`counts` are shared with other servers, if there are any."""
        self._app = app
        self._password = password.encode()
        self._max_body_bytes = max_body_bytes
        self._requests = rate_limit_for("requests", questions_per_minute * REQUESTS_PER_QUESTION, counts)
        self._wrong = rate_limit_for("wrong passwords", WRONG_PASSWORDS_PER_MINUTE, counts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path, client = Headers(scope=scope), scope["path"], client_of(scope)
        if self._password and path not in OPEN and not self._knows(headers):
            await self._ask_for_password(scope, receive, send, "authorization" in headers)
            return
        if not path.startswith(_UNCHANGING) and (wait := await self._requests.wait_soon(client)):
            await self._later(scope, receive, send, wait)
            return
        declared = headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()) or int(declared) > self._max_body_bytes:
            await self._too_much(scope, receive, send)
            return
        await self._within_bounds(scope, receive, send)

    def _knows(self, headers: Headers) -> bool:
        kind, _, encoded = headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return False
        return kind.lower() == "basic" and hmac.compare_digest(given, self._password)

    async def _ask_for_password(self, scope: Scope, receive: Receive, send: Send, tried: bool) -> None:
        # A browser comes once without; only what was tried counts as guessing.
        if tried and (wait := await self._wrong.wait_soon(client_of(scope))):
            await self._later(scope, receive, send, wait)
            return
        challenge = {"WWW-Authenticate": 'Basic realm="Guide", charset="UTF-8"'}
        await refuse(scope, receive, send, 401, "This guide asks for a password; any name will do with it.", challenge)

    async def _later(self, scope: Scope, receive: Receive, send: Send, wait: float) -> None:
        seconds = math.ceil(wait)
        sentence = f"These are too many requests from one place; try again in {seconds} s."
        await refuse(scope, receive, send, 429, sentence, {"Retry-After": str(seconds)})

    async def _too_much(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = f"{self._max_body_bytes // 1024} KB"
        # What was sent isn't read, so the connection can't be used again.
        await refuse(scope, receive, send, 413, f"A request may hold {limit}; send less.", {"Connection": "close"})

    async def _within_bounds(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; a body without a declared length is cut off at the limit too."""
        read, too_much, begun = 0, False, False

        async def counted() -> Message:
            nonlocal read, too_much
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > self._max_body_bytes:
                    too_much = True
                    return {"type": "http.disconnect"}
            return message

        async def unless_too_much(message: Message) -> None:
            nonlocal begun
            if too_much and not begun:
                return
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, unless_too_much)
        except Exception:
            if not too_much:
                raise
        if too_much and not begun:
            await self._too_much(scope, receive, send)


def client_of(scope: Scope) -> str:
    """The address of the client of a request; empty if the server can't tell."""
    client = scope.get("client")
    return client[0] if client else ""
