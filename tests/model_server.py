"""A language model's server that answers as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from guide.config import Endpoint

Reply = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def served(reply: Reply, key: str = "") -> Iterator[tuple[Endpoint, list[Any]]]:
    """A server that answers by `reply`; each request's path, headers and body is kept."""
    sent: list[Any] = []

    class Stub(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append((self.path, {name.lower(): value for name, value in self.headers.items()}, json.loads(body)))
            reply(self)

        def do_GET(self) -> None:
            sent.append((self.path, {}, None))
            reply(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Endpoint(f"http://127.0.0.1:{server.server_port}/v1", "stub", key), sent
    finally:
        server.shutdown()
        server.server_close()


def sends(body: Any, status: int = 200, content_type: str = "application/json", **headers: str) -> Reply:
    """Replies with `body`, as JSON unless it is bytes."""
    packed = body if isinstance(body, bytes) else json.dumps(body).encode()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(packed)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(packed)

    return reply


def completion(content: Any) -> dict[str, Any]:
    """The body of a reply in which the model wrote `content`."""
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}]}
