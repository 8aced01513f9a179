"""The command `guide`."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.errors import GuideError, QuestionError
from guide.records import Turn
from guide.safety import assess

if TYPE_CHECKING:
    from guide.guide import Guide


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 for an error that is shown as one sentence, 2 for misuse."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        # What the terminal's encoding lacks, and halves of characters in a question, become \u escapes, as in JSON.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code: int = options.run(options)
        return code
    except GuideError as error:
        print(f"guide: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has enough, as with `| head`.
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guide",
        description="Answers questions with quoted, cited passages of an article, and points to help when it is "
        "needed. Guide is software, not care.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Any, summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(run=run)
        sub.add_argument("--index", type=Path, default=Path("index"), metavar="DIR", help="the index (default: index)")
        return sub

    build = command("build", _build, "build the index of articles")
    build.add_argument("articles", nargs="*", type=Path, metavar="ARTICLE", help="files or folders (default: corpus)")

    ask = command("ask", _ask, "ask a question")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--after", action="append", default=[], metavar="PREVIOUS", help="an earlier question, oldest first"
    )
    ask.add_argument("--country", metavar="CODE", help="for help lines, such as US or IE")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--batch", metavar="FILE", help="answer each row of a JSON-lines file (- for standard input)")
    ask.set_defaults(misuse=ask.error)

    passages = command("passages", _passages, "show what the articles were split into")
    passages.add_argument("--json", action="store_true", help="print them as JSON")

    evaluate = command("evaluate", _evaluate, "measure the answers to questions whose answers are known")
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS", help="a JSON-lines file")
    evaluate.add_argument("--out", type=Path, metavar="FILE", help="also write the figures and each row as JSON")

    serve = command("serve", _serve, "open the chat")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=7860, help="the port (default: 7860, or the next free one)")
    return parser


def _build(options: argparse.Namespace) -> int:
    from guide.build import build
    from guide.config import Config
    from guide.encoder import SentenceEncoder

    encoder = SentenceEncoder(Config.from_environment().model)
    report = build(options.articles or [Path("corpus")], options.index, encoder, encoder.identity)
    print(
        f"{options.index}: {_count(report.articles, 'article')}, {_count(report.passages, 'passage')}, "
        f"{_count(report.points, 'point')}; {_count(report.embedded, 'article')} embedded anew."
    )
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        options.misuse("give either a QUESTION or --batch FILE")
    if options.batch is not None:
        return _ask_batch(options)
    from guide.answer import answer_to_json, safety_to_json
    from guide.terminal import print_answer, print_safety

    try:
        answer = _open(options.index).ask(options.question, options.after, options.country)
    except GuideError as error:
        # Whatever failed, the way to help is shown: the safety gate needs nothing that can be missing.
        earlier = [Turn("user", text) for text in options.after]
        safety = error.safety or assess(options.question, earlier, country=options.country)
        if options.json:
            print(json.dumps({"error": str(error), "safety": safety_to_json(safety)}, ensure_ascii=False))
        else:
            print_safety(safety)
        raise
    if options.json:
        print(json.dumps(answer_to_json(answer), ensure_ascii=False, indent=2))
    else:
        print_answer(answer)
    return 0


def _ask_batch(options: argparse.Namespace) -> int:
    from guide.answer import answer_to_json, safety_to_json

    guide = _open(options.index)
    for number, line in _lines(options.batch):
        try:
            row = _row(line)
            answer = guide.ask(row["question"], row.get("history") or (), row.get("country"))
            result = answer_to_json(answer)
        except GuideError as error:
            result = {"line": number, "error": str(error)}
            if error.safety is not None:
                result["safety"] = safety_to_json(error.safety)
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


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
        QuestionError: it isn't a JSON object with a `question`, and perhaps a `history` and a `country`.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f'The row isn\'t JSON ({error}); write it as {{"question": "…"}}.') from None
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise QuestionError('The row has no text named "question"; write it as {"question": "…"}.')
    if not isinstance(row.get("history") or [], list):
        raise QuestionError(f"The row's history is {type(row['history']).__name__}; it must be a list of turns.")
    if not isinstance(row.get("country") or "", str):
        raise QuestionError(f"The row's country is {type(row['country']).__name__}; it must be a code such as US.")
    return row


def _passages(options: argparse.Namespace) -> int:
    from guide.index import open_index
    from guide.terminal import print_passages

    index = open_index(options.index)
    if not options.json:
        print_passages(index)
        return 0
    rows = []
    for passage in index.passages:
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
        rows.append(place | span | {"points": points})
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from guide.evaluate.questions import answer_all, by_kind, measures, read_questions

    questions = read_questions(options.questions)
    if not any(question.gold for question in questions):
        raise QuestionError(f"{options.questions} holds no question with an answer; give some a `gold` text.")
    outcomes = answer_all(_open(options.index), questions)
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


def _serve(options: argparse.Namespace) -> int:
    from guide.chat.serve import serve

    serve(options.index, host=options.host, port=options.port)
    return 0


def _open(folder: Path) -> "Guide":
    from guide.guide import Guide

    return Guide.open(folder)
