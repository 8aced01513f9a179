"""What several commands have in common."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from guide.errors import QuestionError

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


def rows_of(source: str) -> Iterator[tuple[int, Any]]:
    """The numbered rows of a JSON-lines file, or of standard input for `-`, blank lines left out; a `QuestionError` in
    place of a row that isn't JSON.

    Raises:
        QuestionError: the file can't be read.
    """

    def rows(stream: Iterable[bytes]) -> Iterator[tuple[int, Any]]:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield number, _row(line)

    if source == "-":
        yield from rows(sys.stdin.buffer)
        return
    try:
        with Path(source).open("rb") as stream:
            yield from rows(stream)
    except OSError as error:
        raise QuestionError(
            f"The batch file {source} can't be read ({error.strerror}); name a file of JSON lines."
        ) from None


def _row(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return QuestionError(f"The row isn't JSON ({error}); write one JSON object a line.")
