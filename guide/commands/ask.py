"""`guide ask`."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.commands.options import command
from guide.errors import GuideError, QuestionError
from guide.request import safety_of

if TYPE_CHECKING:
    from guide.guide import Guide


def add(commands: Any) -> None:
    """Adds the command."""
    ask = command(commands, "ask", run, "ask a question")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--after", action="append", default=[], metavar="PREVIOUS", help="an earlier question, oldest first"
    )
    ask.add_argument("--country", metavar="CODE", help="for help lines, such as US or IE")
    ask.add_argument(
        "--article",
        action="append",
        default=[],
        metavar="ID",
        help="search only this article (`guide articles` lists them); more than one may be named",
    )
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--batch", metavar="FILE", help="answer each row of a JSON-lines file (- for standard input)")
    ask.set_defaults(misuse=ask.error)


def run(options: argparse.Namespace) -> int:
    """Answers one question, or each row of a batch."""
    # Before numpy is imported. Products this small gain little from a second thread, and lose a lot when both wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if (options.question is None) == (options.batch is None):
        options.misuse("give either a QUESTION or --batch FILE")
    if options.batch is not None:
        return _ask_batch(options)
    from guide.answering.to_json import answer_to_json, safety_to_json
    from guide.commands.terminal import print_answer, print_safety
    from guide.guide import Guide
    from guide.index.catalogue import article_names

    try:
        guide = Guide.open(options.index)
        answer = guide.ask(options.question, options.after, options.country, articles=options.article)
    except GuideError as error:
        # Whatever failed, the way to help is shown: the safety gate needs nothing that can be missing.
        safety = safety_of(error, options.question, options.after, options.country)
        if options.json:
            print(json.dumps({"error": str(error), "safety": safety_to_json(safety)}, ensure_ascii=False))
        else:
            print_safety(safety)
        raise
    if options.json:
        print(json.dumps(answer_to_json(answer), ensure_ascii=False, indent=2))
    else:
        print_answer(answer, article_names(guide.index))
    return 0


def _ask_batch(options: argparse.Namespace) -> int:
    from guide.guide import Guide

    guide = Guide.open(options.index)
    for number, line in _lines(options.batch):
        print(json.dumps(answer_row(guide, number, line, options.article), ensure_ascii=False), flush=True)
    return 0


def answer_row(guide: "Guide", number: int, line: bytes, articles: Sequence[str] = ()) -> dict[str, Any]:
    """The answer to a batch's line as JSON says it, or its number and what is wrong with it.

    `articles` are searched where the line names none.
    """
    from guide.answering.to_json import answer_to_json, safety_to_json

    try:
        row = _row(line)
        searched = row.get("articles") or articles
        return answer_to_json(
            guide.ask(row["question"], row.get("history") or (), row.get("country"), articles=searched)
        )
    except GuideError as error:
        result: dict[str, Any] = {"line": number, "error": str(error)}
        if error.safety is not None:
            result["safety"] = safety_to_json(error.safety)
        return result


def _lines(source: str) -> Iterator[tuple[int, bytes]]:
    """The numbered lines of a file, or of standard input for `-`, blank ones left out."""

    def numbered(stream: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        yield from ((number, line) for number, line in enumerate(stream, start=1) if line.strip())

    if source == "-":
        yield from numbered(sys.stdin.buffer)
        return
    try:
        with Path(source).open("rb") as stream:
            yield from numbered(stream)
    except OSError as error:
        raise QuestionError(
            f"The batch file {source} can't be read ({error.strerror}); name a file of JSON lines."
        ) from None


def _row(line: bytes) -> dict[str, Any]:
    """A batch row.

    Raises:
        QuestionError: it isn't a JSON object with a `question`, and perhaps a `history`, a `country` and `articles`.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f'The row isn\'t JSON ({error}); write it as {{"question": "…"}}.') from None
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise QuestionError('The row has no text named "question"; write it as {"question": "…"}.')
    if not isinstance(row.get("history") or [], list):
        raise QuestionError(f"The row's history is {type(row['history']).__name__}; it must be a list of turns.")
    articles = row.get("articles") or []
    if not isinstance(articles, list) or not all(isinstance(article, str) for article in articles):
        raise QuestionError(
            "The row's articles must be a list of articles' ids; `guide articles` lists those there are."
        )
    if not isinstance(row.get("country") or "", str):
        raise QuestionError(f"The row's country is {type(row['country']).__name__}; it must be a code such as US.")
    return row
