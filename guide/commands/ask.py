"""`guide ask`."""

import argparse
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from guide.commands.options import command
from guide.errors import GuideError
from guide.request import read_request, safety_of
from guide.text.normalise import whole_characters

if TYPE_CHECKING:
    from guide.guide import Guide


def add(commands: Any) -> None:
    """Adds the command."""
    ask = command(commands, "ask", run, "ask a question")
    ask.add_argument("question", nargs="?", type=whole_characters, metavar="QUESTION")
    ask.add_argument(
        "--after",
        action="append",
        default=[],
        type=whole_characters,
        metavar="PREVIOUS",
        help="an earlier question, oldest first",
    )
    ask.add_argument("--country", metavar="CODE", help="for help lines, such as US or IE")
    ask.add_argument(
        "--article",
        action="append",
        default=[],
        type=whole_characters,
        metavar="ID",
        help="search only this article (`guide articles` lists them); more than one may be named",
    )
    ask.add_argument(
        "--withdrawn", action="store_true", help="the help shown for this question before wasn't what it meant"
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
    from guide.commands.terminal import print_answer, print_offer, print_safety
    from guide.guide import Guide
    from guide.index.catalogue import article_names
    from guide.query.resolve import check_question

    try:
        asked = read_request(
            options.question,
            options.after,
            options.country,
            articles=options.article,
            withdrawn=options.withdrawn,
        )
        try:
            guide = Guide.open(options.index)
        except GuideError:
            check_question(asked.question)  # a question that is none is said first
            raise
        answer = guide.answer(asked)
    except GuideError as error:
        # Whatever failed, the way to help is shown: the safety gate needs nothing that can be missing.
        safety = safety_of(error, options.question, options.after, options.country)
        if options.json:
            print(json.dumps({"error": str(error), "safety": safety_to_json(safety)}, ensure_ascii=False))
        else:
            print_safety(safety)
            print_offer(safety)
        raise
    if options.json:
        print(json.dumps(answer_to_json(answer), ensure_ascii=False, indent=2))
    else:
        with guide.reading() as state:
            print_answer(answer, article_names(state))
    return 0


def _ask_batch(options: argparse.Namespace) -> int:
    from guide.commands.batch import lines
    from guide.guide import Guide

    guide = Guide.open(options.index)
    for number, line in lines(options.batch):
        print(json.dumps(answer_row(guide, number, line, options.article), ensure_ascii=False), flush=True)
    return 0


def answer_row(guide: "Guide", number: int, line: bytes, articles: Sequence[str] = ()) -> dict[str, Any]:
    """The answer to a batch's line as JSON says it, or its number and what is wrong with it.

    `articles` are searched where the line names none.
    """
    from guide.answering.to_json import answer_to_json, safety_to_json
    from guide.commands.batch import AskRow, read_row

    try:
        row = read_row(AskRow, line)
        within = row.articles or articles
        return answer_to_json(
            guide.ask(row.question, row.history, row.country, articles=within, withdrawn=row.withdrawn)
        )
    except GuideError as error:
        result: dict[str, Any] = {"line": number, "error": str(error)}
        if error.safety is not None:
            result["safety"] = safety_to_json(error.safety)
        return result
