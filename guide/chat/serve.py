"""Starts the chat."""

import os
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path

from guide.errors import GuideError

USUAL_PORT = 7860


def serve(
    index_dir: str | Path = "index",
    host: str | None = None,
    port: int | None = None,
    *,
    open_browser: bool = False,
) -> None:
    """Serves the chat over the index in `index_dir` until it is interrupted, and prints its address.

    Without a host, `GRADIO_SERVER_NAME` decides, then 127.0.0.1. Without a port, or with the usual one,
    `GRADIO_SERVER_PORT` decides, then the first free one from 7860.

    Raises:
        GuideError: the index can't be used, or the address can't be listened on.
    """
    from guide.guide import Guide

    guide = Guide.open(index_dir)
    # The first question of a cold model is ten times slower; nobody should wait for it.
    with suppress(GuideError):
        guide.ask("What is this about?")

    from guide.chat.frame import page_head
    from guide.chat.layout import build_page
    from guide.chat.theme import guide_theme
    from guide.safety.helplines import registry

    known = registry()
    page = build_page(guide, known.lines, known.names)
    with as_file(files("guide.chat").joinpath("icon.png")) as icon:
        try:
            _, address, _ = page.launch(
                server_name=host or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1",
                server_port=None if port == USUAL_PORT else port,
                inbrowser=open_browser,
                share=False,
                quiet=True,
                prevent_thread_lock=True,
                run_history=False,
                footer_links=[],
                enable_monitoring=False,
                ssr_mode=False,
                mcp_server=False,
                pwa=True,
                favicon_path=str(icon),
                theme=guide_theme(),
                head=page_head(),
            )
        except OSError as error:
            raise GuideError(f"The chat can't listen on {host}:{port} ({error}); choose another --port.") from None
        print(f"Guide is ready: {address}", flush=True)
        page.block_thread()
