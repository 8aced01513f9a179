"""`guide evaluate`."""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from guide.commands.options import command

if TYPE_CHECKING:
    from guide.config import Config
    from guide.embedding.choose import Builder
    from guide.embedding.encoder import SentenceEncoder
    from guide.embedding.onnx_encoder import OnnxEncoder
    from guide.evaluate.ablation import Suite
    from guide.evaluate.loaders import PublicDocument
    from guide.index.index import Index


def add(commands: Any) -> None:
    """Adds the command."""
    evaluate = command(commands, "evaluate", run, "measure the answers to questions whose answers are known")
    evaluate.add_argument(
        "questions",
        nargs="?",
        type=Path,
        metavar="QUESTIONS",
        help="a JSON-lines file of our own: questions, or everyday messages",
    )
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
    from guide.embedding.choose import open_builder, open_encoder
    from guide.evaluate.ablation import ablate, markdown, write_between
    from guide.evaluate.loaders import is_everyday
    from guide.evaluate.plots import check
    from guide.evaluate.report import tables, write
    from guide.evaluate.results import Results

    everyday = options.questions if options.questions and is_everyday(options.questions) else None
    only_everyday = everyday and not (options.beir or options.squad)
    if options.ablation and only_everyday:
        options.misuse(f"--ablation takes sets of questions, and {everyday} holds everyday messages")
    if options.out and not only_everyday:
        # Before minutes of work, not after.
        check()
    config = Config.from_environment()
    builder = open_builder(config)
    # Questions are embedded as they are when people ask them.
    encoder = open_encoder(config, builder.identity)
    conversations = [_conversation(everyday, options.index, config)] if everyday else []
    with TemporaryDirectory() as folder, ExitStack() as held:
        cache = options.cache or Path(folder)
        suites = _suites(options, config, builder, encoder, cache, held, questions=not everyday)
        sets = [Results(suite.name, suite.run()) for suite in suites]
        for results in sets:
            print(tables(results), end="\n\n")
        if options.out:
            write(sets, options.out, conversations)
        if options.ablation:
            text = markdown([ablate(suite, encoder) for suite in suites])
            print(text)
            if options.write:
                write_between(options.write, text)
    return 0


def _conversation(path: Path, index: Path, config: "Config") -> dict[str, Any]:
    """Prints how Guide fares with the everyday messages of a file, and gives that as JSON-ready data."""
    from guide.evaluate.conversations import ask_messages, conversation_tables, conversation_to_json
    from guide.evaluate.loaders import read_everyday
    from guide.guide import Guide

    messages = read_everyday(path)
    # All as it ships; a language model, where one is named, changes nothing that is measured.
    rows = ask_messages(messages, Guide.open(index, replace(config, endpoint=None)), path.stem)
    print(conversation_tables(path.stem, rows), end="\n\n")
    return conversation_to_json(path.stem, rows)


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


def _suites(
    options: argparse.Namespace,
    config: "Config",
    builder: "Builder | SentenceEncoder",
    encoder: "OnnxEncoder | SentenceEncoder",
    cache: Path,
    held: ExitStack,
    *,
    questions: bool,
) -> "list[Suite]":
    """The sets that were named; `questions` says whether the first file holds any. All files are read before the first
    index is built, by `builder`; `encoder` embeds what is asked. The state of the index is `held` all the while.
    """
    from guide.conversation.act_meaning import open_act_model
    from guide.evaluate.beir import BeirSuite
    from guide.evaluate.documents import index_documents
    from guide.evaluate.loaders import read_beir, read_questions, read_squad
    from guide.evaluate.questions import QuestionSuite
    from guide.evaluate.search import Collection, Remembering, RememberingGate
    from guide.evaluate.squad import SquadSuite
    from guide.guide import Guide
    from guide.safety.choose import open_classifier

    own = read_questions(options.questions) if options.questions and questions else []
    beir = [(folder.resolve().name, read_beir(folder, options.split)) for folder in options.beir]
    squad = read_squad(options.squad)[: options.limit] if options.squad else []
    names = [path.stem for path in (options.questions, options.squad) if path] + [name for name, _ in beir]
    for name in names:
        if names.count(name) > 1:
            options.misuse(f"two sets are called {name}; rename one, or measure them one after the other")

    def indexed(documents: "Sequence[PublicDocument]", doing: str) -> "Index":
        return index_documents(documents, builder, builder.identity, cache, doing)

    asking = Remembering(encoder) if options.ablation else encoder
    suites: list[Suite] = []
    if own:
        index = held.enter_context(Guide.open(options.index, replace(config, endpoint=None)).reading())
        gate = None if config.gate == "rules" else open_classifier()
        classify = RememberingGate(gate) if gate and options.ablation else gate
        suites.append(QuestionSuite(options.questions.stem, own, Collection(index, asking), classify, open_act_model()))
    suites += [BeirSuite.of(name, data, indexed, asking) for name, data in beir]
    if squad:
        suites.append(SquadSuite.of(options.squad.stem, squad, indexed, asking))
    return suites
