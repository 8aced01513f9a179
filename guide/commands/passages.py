"""`guide passages`."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from guide.commands.options import command
from guide.errors import QuestionError

if TYPE_CHECKING:
    from guide.index.state import State


def add(commands: Any) -> None:
    """Adds the command."""
    passages = command(commands, "passages", run, "show what the articles were split into")
    passages.add_argument("--article", metavar="ID", help="only those of one article (`guide articles` lists them)")
    passages.add_argument("--questions", action="store_true", help="show the questions that find each passage")
    passages.add_argument("--json", action="store_true", help="print them as JSON")


def run(options: argparse.Namespace) -> int:
    """Shows the passages and their points."""
    from guide.store import open_store

    with open_store(options.index).reading() as state:
        return _show(options, state)


def _show(options: argparse.Namespace, index: "State") -> int:
    from guide.commands.terminal import print_passages

    if options.article and not index.has([options.article]):
        raise QuestionError(f"The index has no article {options.article!r}; `guide articles` lists those it has.")
    passages = index.passages_of(options.article) if options.article else index.passages
    if not options.json:
        print_passages(index, passages, questions=options.questions)
        return 0
    rows = []
    for passage in passages:
        text = index.texts[passage.article_id]
        points = [
            {"start": point.start, "end": point.end, "text": text[point.start : point.end], "kind": point.kind}
            | ({"cells": [text[a:b] for a, b in point.cells], "columns": list(point.columns)} if point.cells else {})
            for point in passage.points
        ]
        place = {
            "id": passage.id,
            "article": passage.article_id,
            "section": list(passage.section),
            "role": passage.role,
        }
        span = {"start": passage.start, "end": passage.end, "text": text[passage.start : passage.end]}
        asked = [
            {
                "question": question.text,
                "origin": question.origin,
                "start": question.start,
                "end": question.end,
                "words": text[question.start : question.end],
            }
            for question in passage.asked
        ]
        rows.append(place | span | {"points": points} | ({"questions": asked} if options.questions else {}))
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0
