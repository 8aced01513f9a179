"""All inside Gradio that Guide relies on and Gradio doesn't promise: `tests/web/test_gradio_inside.py` fails when it
changes.
"""

import json
import logging
import sys
from collections.abc import Callable
from hashlib import sha256
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from starlette.applications import Starlette
from starlette.routing import Mount

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger("guide.web")

EVENTS_PATH = "/gradio_api/run/predict"
"""Where a page sends its events."""

UNTIMED = {"GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000", "GRADIO_ANALYTICS_MAX_EVENTS": "1"}
"""What to set before Gradio is imported, so that it doesn't sum up its queue's timings after each event, for a page
that is off here: that costs more than an answer.
"""

TRACED = ("gradio.queueing", "gradio.route_utils", "gradio.routes")
"""The modules that print a traceback when a call fails."""


def page_stamp(page: "gr.Blocks") -> str:
    """A name for the parts and the events of `page`, the same at each server that an open page of it can talk to.

    An open page names its events by their numbers, which mean others once the page has other parts.
    """
    config = page.get_config_file()
    parts = [(part["id"], part["type"]) for part in config["components"]]
    events = [(event["id"], event["targets"], event["inputs"], event["outputs"]) for event in config["dependencies"]]
    return sha256(json.dumps([parts, events]).encode()).hexdigest()[:16]


def end_streams_of(app: Starlette) -> Callable[[], None]:
    """What ends the requests that open pages hold open, once Gradio is mounted in `app`; they would hold up its end."""
    [mounted] = [route.app for route in app.routes if isinstance(route, Mount)]
    return cast(Callable[[], None], cast(Any, mounted).stop_event.set)


def keep_gradio_quiet() -> None:
    """Has Gradio log a failure by its name alone: its tracebacks quote what was sent."""

    def log_name() -> None:
        fault = sys.exception()
        log.error("A handler failed (%s).", type(fault).__name__)

    for name in TRACED:
        # In these modules alone, and only what they use of it.
        cast(Any, sys.modules[name]).traceback = SimpleNamespace(print_exc=log_name)
