"""`guide evaluate`."""

import argparse
import json
from pathlib import Path
from typing import Any

from guide.commands.options import command
from guide.errors import QuestionError


def add(commands: Any) -> None:
    """Adds the command."""
    evaluate = command(commands, "evaluate", run, "measure the answers to questions whose answers are known")
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS", help="a JSON-lines file")
    evaluate.add_argument("--out", type=Path, metavar="FILE", help="also write the figures and each row as JSON")


def run(options: argparse.Namespace) -> int:
    """Prints the figures."""
    from guide.evaluate.questions import answer_all, by_kind, measures, read_questions
    from guide.guide import Guide

    questions = read_questions(options.questions)
    if not any(question.gold for question in questions):
        raise QuestionError(f"{options.questions} holds no question with an answer; give some a `gold` text.")
    outcomes = answer_all(Guide.open(options.index), questions)
    figures, kinds = measures(outcomes), by_kind(outcomes)
    for name, value in figures.items():
        print(f"{name:40} {value:.3f}")
    for kind, row in kinds.items():
        print(f"{kind:20} {row['questions']:4} questions   hit@1 {row['hit@1']:.3f}   hit@3 {row['hit@3']:.3f}")
    if options.out:
        rows = [
            {"id": o.question.id, "hit@1": o.hit1, "hit@3": o.hit3, "RR": o.rank, "confidence": o.answer.confidence}
            for o in outcomes
        ]
        report = {"figures": figures, "kinds": kinds, "rows": rows}
        options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0
