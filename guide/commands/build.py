"""`guide build`."""

import argparse
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.commands.build_progress import shown_progress
from guide.commands.options import command, count
from guide.errors import ArticleError, GuideError, SearchIndexError
from guide.store import IndexLocation, open_store, open_writer

if TYPE_CHECKING:
    from guide.answering.expand import Expansion
    from guide.config import Config, Endpoint
    from guide.embedding.encoder import Encoder
    from guide.index.build_report import BuildReport
    from guide.index.parts import BuildPart

CORPUS = Path("corpus")
ARTICLES = "files or folders (default: the folder corpus, else the articles that come with Guide)"
MOST_QUESTIONS = 200
"""How many questions for a passage may be asked of a language model."""
SHOWN_NOTICES = 50
"""More lines than anybody looks into at once; the others come once these are mended."""
SHARED_BY_FEW = 3
"""How many articles share what is to be looked into before it is said of all in one line."""


def add(commands: Any) -> None:
    """Adds the command."""
    build = command(commands, "build", run, "build the index of articles")
    build.add_argument("articles", nargs="*", type=Path, metavar="ARTICLE", help=ARTICLES)
    build.add_argument("--verbose", action="store_true", help="report on each file by itself, however many share it")
    build.add_argument(
        "--expand", action="store_true", help="have your language model (GUIDE_LLM_URL) write questions for passages"
    )
    build.add_argument(
        "--questions", type=_at_least_one, metavar="N", help="with --expand: how many each passage shall have (20)"
    )
    build.add_argument(
        "--exactly", action="store_true", help="remove the articles of other sources, as a folder always does"
    )
    build.add_argument(
        "--part", type=_part, metavar="I/N", help="embed one of N shares of the articles, so that many machines may"
    )
    build.add_argument("--watch", action="store_true", help="go on, and build anew what changes, until Ctrl-C")


def run(options: argparse.Namespace) -> int:
    """Builds the index, reports, and with `--watch` goes on until it is interrupted; the exit code is 1 if a file was
    skipped or the language model failed.
    """
    from guide.articles.watch import articles_present, stamps
    from guide.commands.watch import keep_up
    from guide.config import Config

    if options.watch:
        import watchfiles  # noqa: F401 (if it is missing, that is said before the build)

    config = Config.from_environment()
    endpoint = _endpoint(config) if options.expand else None
    if options.questions and not options.expand:
        raise GuideError("--questions says how many questions --expand shall have written; name both.")
    if options.part:
        for other in ("watch", "expand", "exactly"):
            if getattr(options, other):
                raise GuideError(
                    f"--part embeds a share of the articles, so --{other} doesn't go with it; leave one out."
                )
    writer = open_writer(options.index)
    sources = options.articles or [_usual_source(options.index)]
    with shown_progress() as progress:
        progress.say("Loading the model")
        # Importing takes a while, too.
        from guide.conversation.act_meaning import open_act_model
        from guide.embedding.choose import open_builder
        from guide.index.build import Origin
        from guide.safety.choose import open_classifier

        encoder = open_builder(config)
        # Exported now, so that asking needs nothing of torch.
        open_act_model()
        if config.gate == "model":
            open_classifier()

    origin = Origin(encoder.identity, encoder.agreement)

    def built(sources: Sequence[Path]) -> "BuildReport":
        with shown_progress() as progress:
            if not options.part:
                return writer.build(sources, encoder, origin, progress, exactly=options.exactly)
            from guide.postgres.build import build_in_database

            return build_in_database(sources, options.index, encoder, origin, progress, part=options.part)

    def built_quietly(sources: Sequence[Path], gone: Collection[str]) -> "BuildReport":
        return writer.build(sources, encoder, origin, exactly=options.exactly, gone=gone)

    if options.part and isinstance(options.index, Path):
        return _run_part(sources, options, encoder)
    seen = stamps(articles_present(sources))
    report = built(sources)
    failed = False
    if endpoint:
        expansion = _expand(sources, options, endpoint, encoder)
        failed = bool(expansion.silent)
        if expansion.written:
            seen = stamps(articles_present(sources))
            report = built(sources)
    _print(report, options.index, verbose=options.verbose)
    if options.watch:
        # Each is told in one line, when it is done.
        keep_up(sources, seen, built_quietly)
    return 1 if report.skipped or failed else 0


def _run_part(sources: Sequence[Path], options: argparse.Namespace, encoder: Any) -> int:
    """Embeds a part and reports; the exit code is 1 if a file was skipped."""
    from guide.commands.notice_groups import grouped_skips
    from guide.index.build import build_part

    with shown_progress() as progress:
        report = build_part(
            sources, options.index, options.part, encoder, encoder.identity, encoder.agreement, progress
        )
    print(
        f"{options.index}: part {options.part}: {count(report.articles, 'article')}, {report.embedded} embedded now. "
        "Once all parts are there, the same command without --part makes the index."
    )
    if report.skipped:
        print(f"\nSkipped, {count(len(report.skipped), 'file')}:")
    for line in grouped_skips(report.skipped, len(report.skipped) if options.verbose else SHARED_BY_FEW):
        print(f"  {line}")
    return 1 if report.skipped else 0


def _part(text: str) -> "BuildPart":
    from guide.index.parts import BuildPart

    try:
        return BuildPart.read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST_QUESTIONS:
        raise argparse.ArgumentTypeError(f"{text!r} must be a number from 1 to {MOST_QUESTIONS}")
    return int(text)


def _endpoint(config: "Config") -> "Endpoint":
    """The language model that the operator names.

    Raises:
        GuideError: none is named, or it can't be asked.
    """
    from guide.answering.llm_endpoint import check_endpoint

    if config.endpoint is None:
        raise GuideError(
            "--expand has a language model of your own write questions, and none is named; set GUIDE_LLM_URL and "
            "GUIDE_LLM_MODEL, or build without it."
        )
    check_endpoint(config.endpoint)
    return config.endpoint


def _expand(
    sources: Sequence[Path], options: argparse.Namespace, endpoint: "Endpoint", encoder: "Encoder"
) -> "Expansion":
    """Has the model write questions beside the articles, and says what came of it."""
    from guide.answering.expand import LEAST_QUESTIONS, expand
    from guide.articles.assemble import article_ids
    from guide.articles.sources import article_paths

    files = {id: path for path, id in reversed(article_ids(article_paths(sources)).items())}
    with shown_progress() as progress, open_store(options.index).reading() as state:
        expansion = expand(
            state,
            files,
            endpoint,
            encoder,
            options.questions or LEAST_QUESTIONS,
            partial(progress, "asking the language model"),
        )
    written = count(expansion.written, "question")
    print(f"The language model wrote {written} that can be used, and {expansion.refused} that can't.")
    if expansion.silent:
        silent = count(expansion.silent, "passage")
        print(
            f"It answered nothing for {silent}, and wasn't asked for {expansion.left} more. "
            f"See that {endpoint.url} runs and has {endpoint.model}; the same command then goes on."
        )
    return expansion


def _usual_source(index: IndexLocation) -> Path:
    """The folder that is built where none is named: `corpus` if there is one here, else that of Guide's own articles.

    Raises:
        ArticleError: there are none, or they would take the place of other articles in the index.
    """
    from guide.articles.assemble import article_id
    from guide.articles.shipped import shipped_articles
    from guide.articles.sources import article_paths

    if CORPUS.exists():
        return CORPUS
    shipped = shipped_articles()
    if shipped is None:
        raise ArticleError(
            f"There is no folder {CORPUS} here, and this installation of Guide brings no articles; "
            "name some: `guide build ARTICLE`."
        )
    try:
        with open_store(index).reading() as state:
            others = set(state.article_ids) - {article_id(path) for path in article_paths([shipped])}
    except SearchIndexError:
        others = set()  # an index that can't be used holds nothing to lose
    if others:
        raise ArticleError(
            f"There is no folder {CORPUS} here, and {index} holds other articles than those that come with Guide; "
            "name the articles to build, or another --index."
        )
    print(f"There is no folder {CORPUS} here; building the articles that come with Guide, in {shipped}.")
    return shipped


def _print(report: "BuildReport", index: IndexLocation, *, verbose: bool = False) -> None:
    """Prints the report; what many files share in one line, unless `verbose`."""
    from guide.commands.notice_groups import grouped_notices, grouped_skips

    few = len(report.notices) + len(report.skipped) if verbose else SHARED_BY_FEW
    asked = f", {count(report.questions, 'question')}" if report.questions else ""
    print(
        f"{index}: {count(report.articles, 'article')}, {count(report.sections, 'section')}, "
        f"{count(report.passages, 'passage')}, {count(report.points, 'point')}{asked}; "
        f"{count(report.embedded, 'article')} embedded anew."
    )
    if report.changed_recipe:
        unchanged = report.embedded_unchanged
        print(
            f"{count(unchanged, 'article')} {'is' if unchanged == 1 else 'are'} embedded anew: "
            f"{'it was' if unchanged == 1 else 'they were'} built by another version of "
            f"{', '.join(report.changed_recipe)}."
        )
    if report.skipped:
        print(f"\nSkipped, {count(len(report.skipped), 'file')}:")
    for line in grouped_skips(report.skipped, few):
        print(f"  {line}")
    if report.notices:
        of = "" if report.inspected == report.articles else f" in the {count(report.inspected, 'article')} looked at"
        print(f"\nTo look into{of}, `guide passages` shows the split:")
    lines = grouped_notices(report.notices, few)
    shown = len(lines) if verbose else SHOWN_NOTICES
    for line in lines[:shown]:
        print(f"  {line}")
    if len(lines) > shown:
        print(f"  and {len(lines) - shown} more; --verbose lists all.")
