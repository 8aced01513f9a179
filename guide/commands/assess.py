"""`guide assess`."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from guide.errors import GuideError, QuestionError
from guide.text.normalise import whole_characters

if TYPE_CHECKING:
    from guide.safety.classifier import Classify


def add(commands: Any) -> None:
    """Adds the command."""
    summary = "say what the safety gate decides about a message, and why; needs no index"
    assess = commands.add_parser("assess", help=summary, description=summary)
    assess.add_argument("text", nargs="?", type=whole_characters, metavar="TEXT")
    assess.add_argument("--batch", metavar="FILE", help="assess each row of a JSON-lines file (- for standard input)")
    assess.add_argument(
        "--after", action="append", default=[], type=whole_characters, metavar="PREVIOUS", help="an earlier message"
    )
    assess.add_argument("--country", metavar="CODE", help="for help lines, such as US or IE")
    assess.add_argument(
        "--withdrawn", action="store_true", help="the help shown for this message before wasn't what it meant"
    )
    assess.add_argument("--rules", action="store_true", help="by the rules alone, without the model of meaning")
    assess.add_argument("--json", action="store_true", help="print it as JSON")
    assess.set_defaults(run=run, misuse=assess.error)


def run(options: argparse.Namespace) -> int:
    """Prints the assessment of one message, or of each row of a batch as JSON."""
    if (options.text is None) == (options.batch is None):
        options.misuse("give either a TEXT or --batch FILE")
    from guide.answering.to_json import safety_to_json
    from guide.commands.terminal import print_assessment, print_safety
    from guide.request import read_request
    from guide.safety import assess
    from guide.safety.choose import open_classifier

    classify = None if options.rules else open_classifier()
    if options.batch is not None:
        return _assess_batch(options.batch, classify)
    try:
        asked = read_request(options.text, options.after, options.country, withdrawn=options.withdrawn)
    except QuestionError as error:
        if error.safety and options.json:
            print(json.dumps({"error": str(error), "safety": safety_to_json(error.safety)}, ensure_ascii=False))
        elif error.safety:
            print_safety(error.safety)
        raise
    assessment = assess(
        asked.question, asked.history, country=asked.country, classify=classify, withdrawn=asked.withdrawn
    )
    if options.json:
        print(json.dumps(safety_to_json(assessment), ensure_ascii=False, indent=2))
    else:
        print_assessment(assessment)
    return 0


def _assess_batch(source: str, classify: "Classify | None") -> int:
    from guide.answering.to_json import safety_to_json
    from guide.commands.batch import AssessRow, lines, read_row
    from guide.request import read_history
    from guide.safety import assess

    for number, line in lines(source):
        try:
            row = read_row(AssessRow, line)
            history = read_history(row.history)
            assessment = assess(row.text, history, country=row.country, classify=classify, withdrawn=row.withdrawn)
            result: dict[str, Any] = {"line": number, **safety_to_json(assessment)}
        except GuideError as error:
            result = {"line": number, "error": str(error)}
            if error.safety is not None:
                result["safety"] = safety_to_json(error.safety)
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0
