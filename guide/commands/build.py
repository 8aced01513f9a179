"""`guide build`."""

import argparse
from pathlib import Path
from typing import Any

from guide.commands.options import command, count


def add(commands: Any) -> None:
    """Adds the command."""
    build = command(commands, "build", run, "build the index of articles")
    build.add_argument("articles", nargs="*", type=Path, metavar="ARTICLE", help="files or folders (default: corpus)")


def run(options: argparse.Namespace) -> int:
    """Builds the index and says what it holds."""
    from guide.build import build
    from guide.config import Config
    from guide.runtime import open_builder

    encoder = open_builder(Config.from_environment())
    report = build(options.articles or [Path("corpus")], options.index, encoder, encoder.identity, encoder.agreement)
    print(
        f"{options.index}: {count(report.articles, 'article')}, {count(report.passages, 'passage')}, "
        f"{count(report.points, 'point')}; {count(report.embedded, 'article')} embedded anew."
    )
    return 0
