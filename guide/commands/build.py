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
    from guide.encoder import SentenceEncoder

    encoder = SentenceEncoder(Config.from_environment().model)
    report = build(options.articles or [Path("corpus")], options.index, encoder, encoder.identity)
    print(
        f"{options.index}: {count(report.articles, 'article')}, {count(report.passages, 'passage')}, "
        f"{count(report.points, 'point')}; {count(report.embedded, 'article')} embedded anew."
    )
    return 0
