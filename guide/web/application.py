"""The web application: REST, health, metrics and the chat, behind one gate."""

import contextlib
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from guide.telemetry import QUIET

# Gradio and the Hub's client read it when they are imported.
os.environ.update(QUIET)
# Gradio sums up its queue's timings after each event, for a page that is off here; it costs more than an answer.
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")

from fastapi import APIRouter, FastAPI
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

import guide
from guide.chat.branding import DEFAULT, Branding
from guide.chat.library import CurrentLibrary
from guide.chat.page_parts import page_head
from guide.web.allowed_paths import OWN, Forwarded, PathAllowlist
from guide.web.compression import LEAST_BYTES, LEVEL, CompressedPages
from guide.web.headers import SecurityHeaders
from guide.web.metrics import Metrics, log_question
from guide.web.page_pictures import PagePictures, picture_routes
from guide.web.question_queue import QuestionQueue, RecordOutcome
from guide.web.reading_routes import reading_routes
from guide.web.reloading import ReloadingGuide
from guide.web.request_limits import Gate
from guide.web.responses import Json
from guide.web.rest import add_error_handlers, gradio_compatible_routes, routes
from guide.web.settings import MAX_BODY_BYTES, WebSettings

if TYPE_CHECKING:
    import gradio as gr

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
    queue = QuestionQueue(reloading, settings, records)
    head = page_head(branding) if chat else ""

    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
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
    add_error_handlers(app)
    rest = routes(queue)
    app.include_router(rest)
    app.add_api_route("/health", lambda: Json(health(reloading)), methods=["GET"], include_in_schema=False)
    if metrics:
        app.add_api_route("/metrics", lambda: metrics_page(metrics), methods=["GET"], include_in_schema=False)
    library = CurrentLibrary(queue) if chat else None
    reading = reading_routes(library) if library else APIRouter()
    pictures = picture_routes(queue, PagePictures(reloading.folder)) if chat else APIRouter()
    app.include_router(reading)
    app.include_router(pictures)
    _refuse_other_methods(app, [*app.routes, *rest.routes, *reading.routes, *pictures.routes])
    if library:
        app.include_router(gradio_compatible_routes(queue))
        _mount_chat(app, queue, head, branding, library)
    # Added last, runs first.
    app.add_middleware(
        Gate,
        password=settings.password,
        questions_per_minute=settings.questions_per_minute,
        max_body_bytes=MAX_BODY_BYTES,
    )
    app.add_middleware(Forwarded, trusted=settings.trusted_proxies)
    app.add_middleware(PathAllowlist)
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors, head=head)
    app.add_middleware(CompressedPages, minimum_size=LEAST_BYTES, compresslevel=LEVEL)
    return app


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


def health(reloading: ReloadingGuide) -> dict[str, Any]:
    """That the server is up, the index it answers from and how its safety gate decides; nothing is opened for it."""
    edition = reloading.snapshot
    return {
        "status": "ok",
        "version": guide.__version__,
        "index": {"manifest_sha256": edition.manifest_sha256, "counts": edition.counts},
        "gate": edition.guide.gate,
    }


def metrics_page(metrics: Metrics) -> Response:
    """The counts and timings as a page that Prometheus reads."""
    return PlainTextResponse(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")


def chat_page(queue: QuestionQueue, branding: Branding = DEFAULT, library: CurrentLibrary | None = None) -> "gr.Blocks":
    """The chat's Gradio page, which asks `queue`."""
    from guide.chat.layout import build_page
    from guide.safety.helplines import registry

    known = registry()
    return build_page(queue, known.lines, known.names, queue.admit, branding, library)


def _mount_chat(app: FastAPI, queue: QuestionQueue, head: str, branding: Branding, library: CurrentLibrary) -> None:
    import gradio as gr

    from guide.chat.theme import guide_theme

    page = chat_page(queue, branding, library)
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
    # Each open page holds one request open for as long as it is; without this they would hold up the end too.
    [mounted] = [route.app for route in app.routes if isinstance(route, Mount)]
    app.state.end_streams = cast(Any, mounted).stop_event.set
    keep_gradio_quiet()


def keep_gradio_quiet() -> None:
    """Has Gradio log a failure by its name alone: its tracebacks quote what was sent."""
    import gradio.queueing
    import gradio.route_utils
    import gradio.routes

    def log_name() -> None:
        fault = sys.exception()
        log.error("A handler failed (%s).", type(fault).__name__)

    for module in (gradio.queueing, gradio.route_utils, gradio.routes):
        # In these modules alone, and only what they use of it.
        cast(Any, module).traceback = SimpleNamespace(print_exc=log_name)
