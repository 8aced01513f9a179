"""`guide mcp`."""

import argparse
from typing import Any

from guide.commands.options import command


def add(commands: Any) -> None:
    """Adds the command."""
    command(commands, "mcp", run, "offer the guide to assistants as MCP tools, over standard input and output")


def run(options: argparse.Namespace) -> int:
    """Serves until standard input ends."""
    from guide.guide import Guide
    from guide.mcp_server import mcp_server

    mcp_server(Guide.open(options.index)).run("stdio")
    return 0
