"""`guide assess`."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from guide.errors import GuideError, QuestionError
from guide.records import Turn
from guide.safety.helplines import read_country
from guide.text.normalise import whole_characters

if TYPE_CHECKING:
    from guide.embedding.encoder import Encoder

SUMMARY = "say what the safety gate decides about a message, and why; needs no index"


def add(commands: Any) -> None:
    """Adds the command."""
    assess = commands.add_parser("assess", help=SUMMARY, description=SUMMARY)
    assess.add_argument("text", nargs="?", type=whole_characters, metavar="TEXT")
    assess.add_argument("--batch", metavar="FILE", help="assess each row of a JSON-lines file (- for standard input)")
    assess.add_argument(
        "--after", action="append", default=[], type=whole_characters, metavar="PREVIOUS", help="an earlier message"
    )
    assess.add_argument("--country", metavar="CODE", help="for help lines, such as US or IE")
    assess.add_argument("--rules", action="store_true", help="by the rules alone, without the model of meaning")
    assess.add_argument("--json", action="store_true", help="print it as JSON")
    assess.set_defaults(run=run, misuse=assess.error)


def run(options: argparse.Namespace) -> int:
    """Prints the assessment of one message, or of each row of a batch as JSON."""
    if (options.text is None) == (options.batch is None):
        options.misuse("give either a TEXT or --batch FILE")
    from guide.answering.to_json import safety_to_json
    from guide.commands.terminal import print_assessment, print_safety
    from guide.safety.combine import assess_with_meaning

    encoder = None if options.rules else meaning_encoder()
    if options.batch is not None:
        return _assess_batch(options.batch, encoder)
    earlier = [Turn("user", text) for text in options.after]
    try:
        country = read_country(options.country)
    except QuestionError as error:
        error.safety = assess_with_meaning(options.text, earlier, encoder=encoder)
        if options.json:
            print(json.dumps({"error": str(error), "safety": safety_to_json(error.safety)}, ensure_ascii=False))
        else:
            print_safety(error.safety)
        raise
    assessment = assess_with_meaning(options.text, earlier, encoder=encoder, country=country)
    if options.json:
        print(json.dumps(safety_to_json(assessment), ensure_ascii=False, indent=2))
    else:
        print_assessment(assessment)
    return 0


def _assess_batch(source: str, encoder: "Encoder | None") -> int:
    from guide.answering.to_json import safety_to_json
    from guide.commands.batch import AssessRow, lines, read_row
    from guide.safety.combine import assess_with_meaning

    for number, line in lines(source):
        try:
            row = read_row(AssessRow, line)
            earlier = [Turn("user", entry) for entry in row.history]
            assessment = assess_with_meaning(row.text, earlier, encoder=encoder, country=row.country)
            result: dict[str, Any] = {"line": number, **safety_to_json(assessment)}
        except GuideError as error:
            result = {"line": number, "error": str(error)}
            if error.safety is not None:
                result["safety"] = safety_to_json(error.safety)
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


def meaning_encoder() -> "Encoder | None":
    """The model that the weights of meaning were fitted to; none where it isn't here: the rules need none."""
    from guide.config import DEFAULT_MODEL, DEFAULT_MODEL_SHA256, Config
    from guide.embedding.choose import open_encoder
    from guide.embedding.encoder import ModelIdentity

    try:
        return open_encoder(Config(), ModelIdentity(DEFAULT_MODEL, DEFAULT_MODEL_SHA256))
    except GuideError:
        return None
