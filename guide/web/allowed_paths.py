"""Which addresses of the server lead anywhere. All others are as if they weren't there, whatever Gradio has behind
them.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from guide.web.responses import refuse

OWN = (
    "/health",
    "/metrics",
    "/mcp",
    "/chat/page",
    "/embed.js",
    "/v1/openapi.json",
    "/v1/ask",
    "/v1/assess",
    "/v1/articles",
    "/v1/passages",
    "/v1/helplines",
    "/v1/professionals",
    "/chat/article",
    "/chat/find",
    "/chat/names",
)

# Of Gradio's some hundred routes, those that the chat and the `/ask` endpoint need. None reads a file by its name but
# those of Gradio's own page, whose names can't climb out of their folder.
_PIECE = r"[A-Za-z0-9_@-][A-Za-z0-9_.@-]*"
_PAGE = re.compile(
    rf"/|/config|/theme\.css|/manifest\.json|/favicon\.ico|/robots\.txt|/pwa_icon(?:/(?:192|512))?"
    rf"|/(?:assets|static|svelte)(?:/{_PIECE})+"
)
_API_GET = re.compile(
    r"/gradio_api/(?:info|startup-events|theme\.css|login_check|heartbeat/[a-z0-9-]{1,64}|queue/data"
    r"|call/(?:v2/)?ask/[a-f0-9]{32})/?"
)
_API_POST = re.compile(r"/gradio_api/(?:(?:run|api)/(?:ask|predict)|call/(?:v2/)?ask|queue/join|cancel|reset)/?")

_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_GRADIOS = ("assets", "config", "gradio_api", "static", "svelte")

_FORWARDED = (b"forwarded", b"x-forwarded-", b"x-real-ip")


class PathAllowlist:
    """Middleware that lets through only the addresses listed in this module, and answers 404 for all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and leads_somewhere(scope["method"], scope["path"]):
            if scope["path"] == "/":
                # Gradio reads files that a query names, and nothing of ours needs one.
                scope["query_string"] = b""
            if _PAGE.fullmatch(scope["path"]) and not scope["path"].startswith(("/assets", "/static", "/svelte")):
                # The policy of a page names its scripts, which can't be read once they are packed.
                _drop(scope, (b"accept-encoding",))
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await refuse(scope, receive, send, 404, "There is nothing here; the chat is at / and the API under /v1/.")
        else:
            await send({"type": "websocket.close", "code": 1008})


def leads_somewhere(method: str, path: str) -> bool:
    """Whether there is anything at `path`, decoded as the server sees it.

    >>> leads_somewhere("GET", "/gradio_api/file=/etc/passwd"), leads_somewhere("GET", "/assets/../../x")
    (False, False)
    >>> leads_somewhere("GET", "/"), leads_somewhere("POST", "/gradio_api/run/ask")
    (True, True)
    """
    if path in OWN:
        return True  # with the wrong method too, so that the answer can name the right one
    if method in ("GET", "HEAD"):
        return bool(_PAGE.fullmatch(path) or _API_GET.fullmatch(path))
    return method == "POST" and bool(_API_POST.fullmatch(path))


def is_prefix(path: str) -> bool:
    """Whether a proxy can show the server under `path`: it ends without a slash, and isn't taken for the server's own.

    >>> is_prefix("/guide"), is_prefix("/help/guide"), is_prefix("guide/"), is_prefix("/v1"), is_prefix("/chat/with-us")
    (True, True, False, False, False)
    """
    taken = {own.split("/")[1] for own in OWN}.union(_GRADIOS)
    return bool(_PREFIX.fullmatch(path)) and path.split("/")[1] not in taken


class Forwarded:
    """Believes what proxies say of a client if they are trusted, and forgets it otherwise: Gradio would believe it.

    It also takes off a request's path the one under which a proxy shows the server: `root_path`, or what a trusted
    proxy's X-Forwarded-Prefix says. A proxy that has taken it off already is fine too.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[str, ...], root_path: str = "") -> None:
        self._app = app
        self._root_path = root_path
        self._behind_proxy = ProxyHeadersMiddleware(app, list(trusted)) if trusted else None  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else ""
        trusted = bool(self._behind_proxy and peer in self._behind_proxy.trusted_hosts)
        said = Headers(scope=scope).get("x-forwarded-prefix", "").rstrip("/") if trusted else ""
        root_path = said if is_prefix(said) else self._root_path
        if root_path and scope["path"] == root_path:
            # From here the page's own addresses would lead elsewhere.
            await RedirectResponse(f"{root_path}/", 308)(scope, receive, send)
            return
        if root_path:
            scope["root_path"] = root_path
            if scope["path"].startswith(f"{root_path}/"):
                scope["path"] = scope["path"].removeprefix(root_path)
        if self._behind_proxy and trusted:
            await self._behind_proxy(scope, receive, send)  # type: ignore[arg-type]
            return
        _drop(scope, _FORWARDED)
        await self._app(scope, receive, send)


def _drop(scope: MutableMapping[str, Any], names: tuple[bytes, ...]) -> None:
    scope["headers"] = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(names)]
