"""What every response tells the browser about what the page may do, and what happens when the server itself fails."""

import base64
import logging
import re
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guide.web.responses import refuse

log = logging.getLogger("guide.web")

_INLINE_SCRIPT = re.compile(rb"<script((?:\s[^>]*)?)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STATIC = ("/assets/", "/static/", "/svelte/")
_FRAME_OPTIONS = {"'none'": "DENY", "'self'": "SAMEORIGIN"}

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Said by every response that doesn't say otherwise itself."""


class SecurityHeaders:
    """Adds the security headers to each response.

    A page's inline scripts are Gradio's and ours; each is allowed by its hash and no other one runs. `unsafe-eval`
    stays: Gradio makes functions of its components' templates in the browser. So do inline styles, which it sets on
    its elements.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: str, head: str = "") -> None:
        """`head` is what Gradio puts into the page's head once the page runs."""
        self._app = app
        self._frame_ancestors = frame_ancestors
        self._head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun: Message | None = None
        parts: list[bytes] = []
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal begun, started
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._add(headers, scope["path"])
                if headers.get("content-type", "").startswith("text/html"):
                    begun = message  # held back: its policy names the scripts in its body
                    return
                headers["Content-Security-Policy"] = f"default-src 'none'; frame-ancestors {self._frame_ancestors}"
                started = True
            elif begun is not None and message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if message.get("more_body"):
                    return
                body = b"".join(parts)
                MutableHeaders(scope=begun)["Content-Security-Policy"] = self._page_policy(body)
                started = True
                await send(begun)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except Exception as error:
            # No traceback: a message may quote what was asked.
            log.error("The server failed (%s).", type(error).__name__)
            if not started:
                begun = None
                await refuse(scope, receive, with_headers, 500, "Guide itself failed; please try again.")

    def _add(self, headers: MutableHeaders, path: str) -> None:
        for name, value in FIXED.items():
            headers.setdefault(name, value)
        # It can't name other sites; browsers go by the policy where both are there.
        if self._frame_ancestors in _FRAME_OPTIONS:
            headers["X-Frame-Options"] = _FRAME_OPTIONS[self._frame_ancestors]
        if not path.startswith(_STATIC):
            headers["Cache-Control"] = "no-store"

    def _page_policy(self, body: bytes) -> str:
        hashes = " ".join(script_hashes(body + self._head))
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' 'unsafe-eval' {hashes}".rstrip(),
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data:",
                "font-src 'self' data:",
                "connect-src 'self'",
                "manifest-src 'self'",
                "worker-src 'none'",
                "base-uri 'self'",
                "form-action 'none'",
                f"frame-ancestors {self._frame_ancestors}",
            )
        )


def script_hashes(page: bytes) -> list[str]:
    """The CSP source of each inline script of `page`.

    >>> script_hashes(b"<script>alert('Hello, world.');</script><script src='a.js'></script>")
    ["'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"]
    """
    inline = (code for attributes, code in _INLINE_SCRIPT.findall(page) if b"src=" not in attributes)
    return [f"'sha256-{base64.b64encode(sha256(code).digest()).decode()}'" for code in dict.fromkeys(inline)]
