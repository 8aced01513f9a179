"""`guide evaluate`."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from guide.commands.options import command

if TYPE_CHECKING:
    from guide.embedding.choose import Builder
    from guide.embedding.encoder import SentenceEncoder
    from guide.evaluate.ablation import Suite


def add(commands: Any) -> None:
    """Adds the command."""
    evaluate = command(commands, "evaluate", run, "measure the answers to questions whose answers are known")
    evaluate.add_argument("questions", nargs="?", type=Path, metavar="QUESTIONS", help="a JSON-lines file of our own")
    evaluate.add_argument(
        "messages",
        nargs="?",
        type=Path,
        metavar="MESSAGES",
        help="after the word `safety`: messages with what is right",
    )
    evaluate.add_argument(
        "--beir", action="append", default=[], type=Path, metavar="FOLDER", help="a data set in BEIR's format"
    )
    evaluate.add_argument("--split", default="test", metavar="NAME", help="which judgements of it (default: test)")
    evaluate.add_argument("--squad", type=Path, metavar="FILE", help="a file of SQuAD 2.0")
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N articles of it")
    evaluate.add_argument("--ablation", action="store_true", help="also print what each stage adds and costs")
    evaluate.add_argument("--write", type=Path, metavar="FILE", help="and put that table into this document")
    evaluate.add_argument("--out", type=Path, metavar="DIR", help="write results.json and plots to this folder")
    evaluate.add_argument("--cache", type=Path, metavar="DIR", help="keep the indexes of data sets in this folder")
    evaluate.set_defaults(misuse=evaluate.error)


def run(options: argparse.Namespace) -> int:
    """Prints the figures of each set."""
    if str(options.questions) == "safety":
        return _run_safety(options)
    if options.messages:
        options.misuse(f"unexpected {options.messages}; labelled messages come after the word safety")
    if not (options.questions or options.beir or options.squad):
        options.misuse("give a file of QUESTIONS, --beir FOLDER or --squad FILE")
    if options.limit is not None and options.limit < 1:
        options.misuse(f"--limit is {options.limit}, it must be 1 or more")
    if options.write and not options.ablation:
        options.misuse("--write needs --ablation")
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.evaluate.ablation import ablate, markdown, write_between
    from guide.evaluate.plots import check
    from guide.evaluate.report import tables, write
    from guide.evaluate.results import Results

    if options.out:
        # Before minutes of work, not after.
        check()
    encoder = open_builder(Config.from_environment())
    with TemporaryDirectory() as folder:
        suites = _suites(options, encoder, options.cache or Path(folder))
        sets = [Results(suite.name, suite.run()) for suite in suites]
        for results in sets:
            print(tables(results), end="\n\n")
        if options.out:
            write(sets, options.out)
        if options.ablation:
            text = markdown([ablate(suite, encoder) for suite in suites])
            print(text)
            if options.write:
                write_between(options.write, text)
    return 0


def _run_safety(options: argparse.Namespace) -> int:
    """Prints how the safety gate does on labelled messages."""
    if not options.messages:
        options.misuse("give a file of labelled messages: guide evaluate safety MESSAGES")
    from guide.evaluate.loaders import read_messages
    from guide.evaluate.plots import check
    from guide.evaluate.safety import judge_messages, safety_tables, write_safety
    from guide.safety.choose import open_classifier

    if options.out:
        check()
    judged = judge_messages(read_messages(options.messages), open_classifier())
    print(safety_tables(judged))
    if options.out:
        write_safety(judged, options.out)
    return 0


def _suites(options: argparse.Namespace, encoder: "Builder | SentenceEncoder", cache: Path) -> "list[Suite]":
    """The sets that were named. All files are read before the first index is built."""
    from guide.evaluate.beir import BeirSuite
    from guide.evaluate.loaders import read_beir, read_questions, read_squad
    from guide.evaluate.questions import QuestionSuite
    from guide.evaluate.search import Collection, Remembering
    from guide.evaluate.squad import SquadSuite
    from guide.guide import Guide

    questions = read_questions(options.questions) if options.questions else []
    beir = [(folder.resolve().name, read_beir(folder, options.split)) for folder in options.beir]
    squad = read_squad(options.squad)[: options.limit] if options.squad else []
    names = [path.stem for path in (options.questions, options.squad) if path] + [name for name, _ in beir]
    for name in names:
        if names.count(name) > 1:
            options.misuse(f"two sets are called {name}; rename one, or measure them one after the other")
    asking = Remembering(encoder) if options.ablation else encoder
    suites: list[Suite] = []
    if questions:
        index = Guide.open(options.index).index
        suites.append(QuestionSuite(options.questions.stem, questions, Collection(index, asking)))
    suites += [BeirSuite.of(name, data, asking, encoder.identity, cache) for name, data in beir]
    if squad:
        suites.append(SquadSuite.of(options.squad.stem, squad, asking, encoder.identity, cache))
    return suites
