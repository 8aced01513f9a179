"""What several commands have in common."""

import argparse
import os
from collections.abc import Callable
from typing import Any

from guide.errors import GuideError, SearchIndexError
from guide.store import IndexLocation, location_of

Run = Callable[[argparse.Namespace], int]


def command(commands: Any, name: str, run: Run, summary: str) -> argparse.ArgumentParser:
    """A parser for the command `name`, which is run by `run` and works on the index that `--index` names."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(run=run)
    parser.add_argument(
        "--index",
        type=index_location,
        default=os.environ.get("GUIDE_INDEX") or "index",
        metavar="INDEX",
        help="the index: a folder, or postgresql://… (default: GUIDE_INDEX, else the folder index)",
    )
    return parser


def index_location(text: str) -> IndexLocation:
    """The folder or the address that `text` names, for a parser."""
    try:
        return location_of(text)
    except SearchIndexError as error:
        named = "GUIDE_INDEX: " if text == os.environ.get("GUIDE_INDEX") else ""
        raise argparse.ArgumentTypeError(f"{named}{error}") from None


def whence(error: GuideError, options: argparse.Namespace) -> str:
    """A sentence to put after `error`, if it is about an index that the environment names; else nothing."""
    named = os.environ.get("GUIDE_INDEX")
    if named and isinstance(error, SearchIndexError) and getattr(options, "index", None) == location_of(named):
        return " (GUIDE_INDEX names that index; --index names another one.)"
    return ""


def positive(text: str) -> int:
    """The whole number above 0 that `text` is, for a parser."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number from 1")
    return int(text)


def count(number: int, noun: str) -> str:
    """The number with its noun, in the plural where it is needed.

    >>> count(1, "article"), count(3, "article")
    ('1 article', '3 articles')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
