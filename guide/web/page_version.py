"""Whether an open page is of the same version as the server."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from guide.web.gradio_inside import EVENTS_PATH
from guide.web.responses import refuse

PAGE_HEADER = "x-guide-page"
RENEWED = "Guide has a new version, and this page is of the earlier one; load it anew."


class PageVersion:
    """Middleware that refuses events of a page whose parts and events aren't those of `stamp`: their numbers would name
    other ones here. What names no page, such as a program, is let through.
    """

    def __init__(self, app: ASGIApp, stamp: str) -> None:
        self._app = app
        self._stamp = stamp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        event = scope["type"] == "http" and scope["path"].rstrip("/") == EVENTS_PATH
        if event and Headers(scope=scope).get(PAGE_HEADER, self._stamp) != self._stamp:
            await refuse(scope, receive, send, 409, RENEWED)
            return
        await self._app(scope, receive, send)
