"""What passes to the application of a request's address, and with which query."""

import asyncio
from typing import Any

import pytest

from guide.web.allowed_paths import PathAllowlist, leads_somewhere


def passed(path: str, query: bytes = b"", method: str = "GET", headers: tuple[tuple[bytes, bytes], ...] = ()) -> Any:
    """The request as the application gets it, or the status with which it is refused."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    async def send(message: Any) -> None:
        seen.append(message.get("status", message.get("code")))

    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": list(headers)}
    asyncio.run(PathAllowlist(app)(scope, None, send))  # type: ignore[arg-type]
    return seen[0]


@pytest.mark.parametrize("query", [b"", b"deep_link=../secret", b"__theme=dark&file=/etc/passwd", b"%00"])
def test_no_query_reaches_the_chats_page(query: bytes) -> None:
    assert passed("/", query)["query_string"] == b""


@pytest.mark.parametrize(
    "path", ["/v1/passages", "/v1/helplines", "/v1/professionals", "/gradio_api/queue/data", "/assets/index.js"]
)
def test_others_keep_their_query(path: str) -> None:
    assert passed(path, b"offset=2")["query_string"] == b"offset=2"


@pytest.mark.parametrize(
    ("path", "packed"), [("/", False), ("/config", False), ("/assets/a.js", True), ("/v1/ask", True)]
)
def test_a_page_is_not_packed_and_scripts_may_be(path: str, packed: bool) -> None:
    scope = passed(path, headers=((b"Accept-Encoding", b"gzip"), (b"accept", b"*/*")))
    assert scope["headers"] == [(b"Accept-Encoding", b"gzip"), (b"accept", b"*/*")][not packed :]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/file"),
        ("GET", "/assets/../secret"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/"),
        ("DELETE", "/config"),
        ("GET", "/gradio_api/run/ask"),
    ],
)
def test_all_else_is_not_there(method: str, path: str) -> None:
    assert not leads_somewhere(method, path)
    assert passed(path, method=method) == 404
