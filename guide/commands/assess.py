"""`guide assess`."""

import argparse
import json
from typing import Any

from guide.commands.options import rows_of
from guide.errors import GuideError, QuestionError
from guide.records import Turn

SUMMARY = "say what the safety gate decides about a message, and why; needs no index"


def add(commands: Any) -> None:
    """Adds the command."""
    assess = commands.add_parser("assess", help=SUMMARY, description=SUMMARY)
    assess.add_argument("text", nargs="?", metavar="TEXT")
    assess.add_argument("--batch", metavar="FILE", help="assess each row of a JSON-lines file (- for standard input)")
    assess.add_argument("--after", action="append", default=[], metavar="PREVIOUS", help="an earlier message")
    assess.add_argument("--country", metavar="CODE", help="for help lines, such as US or IE")
    assess.add_argument("--rules", action="store_true", help="by the rules alone, without the model of meaning")
    assess.add_argument("--json", action="store_true", help="print it as JSON")
    assess.set_defaults(run=run, misuse=assess.error)


def run(options: argparse.Namespace) -> int:
    """Prints the assessment of one message, or of each row of a batch as JSON."""
    if (options.text is None) == (options.batch is None):
        options.misuse("give either a TEXT or --batch FILE")
    from guide.answering.to_json import safety_to_json
    from guide.commands.terminal import print_assessment
    from guide.embedding.choose import gate_embed
    from guide.safety import assess

    embed = None if options.rules else gate_embed()
    if options.batch is None:
        earlier = [Turn("user", text) for text in options.after]
        assessment = assess(options.text, earlier, country=options.country, embed=embed)
        if options.json:
            print(json.dumps(safety_to_json(assessment), ensure_ascii=False, indent=2))
        else:
            print_assessment(assessment)
        return 0
    for number, row in rows_of(options.batch):
        try:
            text = _text(row)
            earlier = [Turn("user", entry) for entry in row.get("history") or ()]
            assessment = assess(text, earlier, country=row.get("country"), embed=embed)
            result = {"line": number, **safety_to_json(assessment)}
        except GuideError as error:
            result = {"line": number, "error": str(error)}
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


def _text(row: Any) -> str:
    """The message of a batch row.

    Raises:
        QuestionError: the row isn't an object with a `text`, and perhaps a `history` of texts and a `country`.
    """
    if isinstance(row, QuestionError):
        raise row
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise QuestionError('The row has no text named "text"; write it as {"text": "…"}.')
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(entry, str) for entry in history):
        raise QuestionError("The row's history isn't a list of texts; write it as [\"…\"], oldest first.")
    if not isinstance(row.get("country") or "", str):
        raise QuestionError(f"The row's country is {type(row['country']).__name__}; it must be a code such as US.")
    return str(row["text"])
