"""`guide serve`."""

import argparse
from typing import Any

from guide.commands.options import command


def add(commands: Any) -> None:
    """Adds the command."""
    serve = command(commands, "serve", run, "open the chat")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=7860, help="the port (default: 7860, or the next free one)")


def run(options: argparse.Namespace) -> int:
    """Serves until it is interrupted."""
    from guide.chat.serve import serve

    serve(options.index, host=options.host, port=options.port)
    return 0
