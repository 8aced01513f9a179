"""The web application: REST, health, metrics and the chat, behind one gate."""

import contextlib
import logging
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.telemetry import QUIET
from guide.web.gradio_inside import UNTIMED, end_streams_of, keep_gradio_quiet, page_stamp

# Gradio and the Hub's client read it when they are imported.
os.environ.update(QUIET | UNTIMED)

from fastapi import APIRouter, FastAPI
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

import guide
from guide.chat.branding import DEFAULT, Branding
from guide.chat.library import CurrentLibrary
from guide.chat.page_parts import page_head
from guide.mcp_server import mcp_server
from guide.web.allowed_paths import OWN, Forwarded, PathAllowlist
from guide.web.compression import LEAST_BYTES, LEVEL, CompressedPages
from guide.web.headers import SecurityHeaders
from guide.web.metrics import Metrics, log_question
from guide.web.page_pictures import picture_routes
from guide.web.page_version import PageVersion
from guide.web.question_queue import QuestionQueue, RecordOutcome
from guide.web.reading_routes import reading_routes
from guide.web.reloading import ReloadingGuide
from guide.web.request_limits import Gate
from guide.web.responses import Json
from guide.web.rest import add_error_handlers, gradio_compatible_routes, routes
from guide.web.settings import MAX_BODY_BYTES, WebSettings
from guide.web.shared_counts import SharedCounts
from guide.web.widget_routes import widget_routes

if TYPE_CHECKING:
    import gradio as gr
    from mcp.server.mcpserver import MCPServer

log = logging.getLogger("guide.web")

ICON = Path(guide.__file__).parent / "chat" / "icon.png"


def web_app(
    reloading: ReloadingGuide, settings: WebSettings | None = None, *, chat: bool = True, branding: Branding = DEFAULT
) -> FastAPI:
    """The application over `reloading`; it follows its index while it runs. `branding` is the chat's."""
    settings = settings or WebSettings()
    metrics = Metrics(lambda: reloading.snapshot) if settings.metrics else None
    records: list[RecordOutcome] = [metrics.record] if metrics else []
    if settings.log:
        log.setLevel(logging.INFO)
        records.append(log_question)
    counts = SharedCounts(settings.rate_limit_store) if settings.rate_limit_store else None
    queue = QuestionQueue(reloading, settings, records, counts)
    library = reloading.library() if chat else None
    page = chat_page(queue, branding, library) if chat else None
    stamp = page_stamp(page) if page is not None else ""
    head = page_head(branding, stamp) if page is not None else ""

    tools = mcp_server(queue, queue.admit_soon, queue.answer_soon) if settings.mcp else None

    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run() if tools else contextlib.nullcontext():
            reloading.follow()
            yield
            reloading.close()

    app = FastAPI(
        title="Guide",
        version=guide.__version__,
        description="Answers questions with quoted, cited passages of articles, and points to help when it is needed. "
        "Guide is software, not care.",
        openapi_url="/v1/openapi.json",
        # Their pages would fetch scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
    )
    app.state.queue = queue
    app.state.library = library
    add_error_handlers(app)
    rest = routes(queue)
    app.include_router(rest)
    app.add_api_route("/health", lambda: Json(health(reloading, counts)), methods=["GET"], include_in_schema=False)
    if metrics:
        app.add_api_route("/metrics", lambda: metrics_page(metrics), methods=["GET"], include_in_schema=False)
    if tools:
        app.router.routes.extend(_tool_routes(tools))
    reading = reading_routes(library) if library else APIRouter()
    widget = widget_routes(branding) if chat else APIRouter()
    pictures = picture_routes(queue, reloading) if chat else APIRouter()
    app.include_router(reading)
    app.include_router(pictures)
    app.include_router(widget)
    _refuse_other_methods(app, [*app.routes, *rest.routes, *reading.routes, *pictures.routes, *widget.routes])
    if page is not None:
        app.include_router(gradio_compatible_routes(queue))
        name = str(page.title)
        app.add_api_route("/manifest.json", lambda: manifest(name), methods=["GET"], include_in_schema=False)
        _mount_chat(app, page, head)
    # Added last, runs first.
    app.add_middleware(PageVersion, stamp=stamp)
    app.add_middleware(
        Gate,
        password=settings.password,
        questions_per_minute=settings.questions_per_minute,
        max_body_bytes=MAX_BODY_BYTES,
        counts=counts,
    )
    app.add_middleware(PathAllowlist)
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors, head=head)
    app.add_middleware(CompressedPages, minimum_size=LEAST_BYTES, compresslevel=LEVEL)
    app.add_middleware(Forwarded, trusted=settings.trusted_proxies, root_path=settings.root_path)
    return app


def _tool_routes(tools: "MCPServer[Any]") -> Sequence[BaseRoute]:
    """The way to `tools` at `/mcp`: each call is a request and its answer, and nothing is kept between two of them."""
    from mcp.server.transport_security import TransportSecuritySettings

    # Who may ask is for the password to say, as at all other addresses.
    anybody = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    served = tools.streamable_http_app(json_response=True, stateless_http=True, transport_security=anybody)
    # The other methods are for what is kept.
    return [Route(one.path, one.endpoint, methods=["POST"]) for one in served.routes if isinstance(one, Route)]


def _refuse_other_methods(app: FastAPI, taken: Sequence[BaseRoute]) -> None:
    """Adds routes after those in `taken` that say of the server's own addresses which method is possible there, or that
    nothing is there. The chat is mounted over all that is left and would say "not found" in another form.
    """
    methods = {route.path: sorted(route.methods or ()) for route in taken if isinstance(route, Route)}

    class Refusal(HTTPEndpoint):
        async def dispatch(self) -> None:
            allowed = methods.get(self.scope["path"])
            raise HTTPException(405, headers={"Allow": ", ".join(allowed)}) if allowed else HTTPException(404)

    app.router.routes.extend(Route(path, Refusal, include_in_schema=False) for path in OWN)


def health(reloading: ReloadingGuide, counts: SharedCounts | None = None) -> dict[str, Any]:
    """That the server is up, the index it answers from, how its safety gate decides and where it counts its clients'
    questions; no file is opened for it. A rate limits' store that is away keeps no server from answering.
    """
    edition = reloading.snapshot
    return {
        "status": "ok",
        "version": guide.__version__,
        "index": {
            "answers": reloading.answers,
            "manifest_sha256": edition.manifest_sha256,
            "counts": edition.counts,
        },
        "gate": edition.guide.gate,
        "rate_limits": ("shared" if counts.answers() else "store away") if counts else "own",
    }


def metrics_page(metrics: Metrics) -> Response:
    """The counts and timings as a page that Prometheus reads."""
    return PlainTextResponse(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")


def manifest(name: str) -> Response:
    """What a phone needs to know to install the chat. Gradio's own names its pictures from the root of the address."""
    icons = [
        {"src": f"pwa_icon/{size}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    content = {"name": name, "icons": icons, "start_url": "./", "display": "standalone"}
    return Json(content, media_type="application/manifest+json")


def chat_page(queue: QuestionQueue, branding: Branding = DEFAULT, library: CurrentLibrary | None = None) -> "gr.Blocks":
    """The chat's Gradio page, which asks `queue`."""
    from guide.chat.layout import build_page
    from guide.safety.helplines import registry

    known = registry()
    return build_page(queue, known.lines, known.names, queue.admit, branding, library)


def _mount_chat(app: FastAPI, page: "gr.Blocks", head: str) -> None:
    import gradio as gr

    from guide.chat.theme import guide_theme

    # Direct calls only of what asks for no queue: that is all of ours.
    page.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        allowed_paths=[],
        favicon_path=str(ICON),
        footer_links=[],
        head=head,
        enable_monitoring=False,
        max_file_size="1b",
        mcp_server=False,
        pwa=True,
        run_history=False,
        show_error=False,
        ssr_mode=False,
        theme=guide_theme(),
    )
    app.state.end_streams = end_streams_of(app)
    keep_gradio_quiet()
