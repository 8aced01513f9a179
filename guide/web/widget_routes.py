"""`/embed.js`, the script that other websites load to show the chat."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from guide.chat.branding import Branding
from guide.chat.widget import embed_script

ANY_SITE = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""What lets another website load a response. The script holds nothing about anybody, and whether that website may show
the chat is decided when it does (`frame-ancestors`).
"""


def widget_routes(branding: Branding) -> APIRouter:
    """The route of the script, in the language in which the chat will greet the same browser."""
    router = APIRouter(include_in_schema=False)

    @router.get("/embed.js")
    def script(request: Request) -> Response:
        """The script; the browser keeps no copy of it."""
        language = branding.first_language(request.headers.get("accept-language", ""))
        return Response(embed_script(branding, language), media_type="text/javascript", headers=ANY_SITE)

    return router
