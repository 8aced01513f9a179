"""`guide assess`."""

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from guide.errors import GuideError
from guide.records import Assessment
from guide.request import read_request, safety_of
from guide.safety import assess

if TYPE_CHECKING:
    from guide.safety.gate import Embed

SUMMARY = "say what the safety gate decides about a message, and why; needs no index"


def add(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("assess", help=SUMMARY, description=SUMMARY)
    parser.add_argument("text", nargs="?", metavar="TEXT")
    parser.add_argument("--batch", metavar="FILE", help="assess each row of a JSON-lines file (- for standard input)")
    parser.add_argument("--after", action="append", default=[], metavar="PREVIOUS", help="an earlier message")
    parser.add_argument("--country", metavar="CODE", help="for help lines, such as US or IE")
    parser.add_argument("--rules", action="store_true", help="by the rules alone, without the model of meaning")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run, misuse=parser.error)


def run(options: argparse.Namespace) -> int:
    """Prints the assessment of one message, or of each row of a batch as JSON."""
    if (options.text is None) == (options.batch is None):
        options.misuse("give either a TEXT or --batch FILE")
    from guide.embedding.choose import gate_embed

    embed = None if options.rules else gate_embed()
    return _assess_one(options, embed) if options.batch is None else _assess_batch(options.batch, embed)


def _assess_one(options: argparse.Namespace, embed: "Embed | None") -> int:
    from guide.answering.to_json import safety_to_json
    from guide.commands.terminal import print_assessment, print_safety

    try:
        assessment = _assess(options.text, options.after, options.country, embed)
    except GuideError as error:
        safety = safety_of(error, options.text, options.after, options.country)
        if options.json:
            print(json.dumps({"error": str(error), "safety": safety_to_json(safety)}, ensure_ascii=False))
        else:
            print_safety(safety)
        raise
    if options.json:
        print(json.dumps(safety_to_json(assessment), ensure_ascii=False, indent=2))
    else:
        print_assessment(assessment)
    return 0


def _assess_batch(source: str, embed: "Embed | None") -> int:
    from guide.answering.to_json import safety_to_json
    from guide.commands.batch import AssessRow, lines, read_row

    for number, line in lines(source):
        try:
            row = read_row(AssessRow, line)
            result: dict[str, Any] = {
                "line": number,
                **safety_to_json(_assess(row.text, row.history, row.country, embed)),
            }
        except GuideError as error:
            result = {"line": number, "error": str(error)}
            if error.safety is not None:
                result["safety"] = safety_to_json(error.safety)
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


def _assess(text: str, history: Sequence[str], country: str | None, embed: "Embed | None") -> Assessment:
    request = read_request(text, history, country)
    return assess(request.question, request.history, country=request.country, embed=embed)
