"""`guide serve`."""

import argparse
from typing import Any

from guide.commands.options import command


def add(commands: Any) -> None:
    """Adds the command."""
    serve = command(commands, "serve", run, "open the chat")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=7860, help="the port (default: 7860, or the next free one)")
    serve.add_argument(
        "--trust-proxy",
        metavar="ADDRESSES",
        help="believe X-Forwarded headers from these addresses or networks, separated by commas",
    )
    serve.add_argument(
        "--root-path", metavar="PATH", help="the path under which a proxy shows the server, such as /guide"
    )
    serve.add_argument(
        "--branding", metavar="FILE", help="title, greeting, colours and country of your own (docs/branding.md)"
    )
    serve.add_argument("--metrics", action="store_true", help="counts and timings for Prometheus at /metrics")
    serve.add_argument("--mcp", action="store_true", help="tools for assistants (MCP) at /mcp")
    serve.add_argument("--log", action="store_true", help="a line a question: outcome and time, no word of it")


def run(options: argparse.Namespace) -> int:
    """Serves until it is interrupted or terminated."""
    import os

    from guide.chat.branding import find_branding
    from guide.safety.check_helplines import check_registry
    from guide.safety.check_professionals import check_professionals
    from guide.web.serve import serve
    from guide.web.settings import WebSettings

    said = {
        "GUIDE_TRUSTED_PROXIES": options.trust_proxy,
        "GUIDE_ROOT_PATH": options.root_path,
        "GUIDE_MCP": "1" if options.mcp else None,
        "GUIDE_METRICS": "1" if options.metrics else None,
        "GUIDE_LOG": "1" if options.log else None,
    }
    environment = {**os.environ, **{name: value for name, value in said.items() if value is not None}}
    settings = WebSettings.from_environment(environment)
    branding = find_branding(options.branding, environment)
    check_registry()
    check_professionals()
    serve(options.index, options.host, options.port, settings=settings, branding=branding)
    return 0
