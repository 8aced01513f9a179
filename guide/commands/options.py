"""What several commands have in common."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[[argparse.Namespace], int]


def command(commands: Any, name: str, run: Run, summary: str) -> argparse.ArgumentParser:
    """A parser for the command `name`, which is run by `run` and works on the index that `--index` names."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(run=run)
    parser.add_argument("--index", type=Path, default=Path("index"), metavar="DIR", help="the index (default: index)")
    return parser


def count(number: int, noun: str) -> str:
    """The number with its noun, in the plural where it is needed.

    >>> count(1, "article"), count(3, "article")
    ('1 article', '3 articles')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
