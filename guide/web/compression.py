"""Pages and files that come compressed to a browser that can read them so."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

LEAST_BYTES, LEVEL = 2_000, 5


class CompressedPages(GZipMiddleware):
    """Compresses what is fetched, such as the first page, and no answer: how long one is when compressed could tell
    whoever watches the connection something of what it holds.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what isn't fetched as it is."""
        if scope["type"] == "http" and scope["method"] == "GET":
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)
