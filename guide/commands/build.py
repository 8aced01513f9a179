"""`guide build`."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.commands.options import command, count
from guide.errors import ArticleError, SearchIndexError

if TYPE_CHECKING:
    from guide.index.build import Progress
    from guide.index.build_report import BuildReport

CORPUS = Path("corpus")
ARTICLES = "files or folders (default: the folder corpus, else the articles that come with Guide)"
SHOWN_NOTICES = 50
"""More than anybody looks into at once; the others come once these are mended."""


def add(commands: Any) -> None:
    """Adds the command."""
    build = command(commands, "build", run, "build the index of articles")
    build.add_argument("articles", nargs="*", type=Path, metavar="ARTICLE", help=ARTICLES)


def run(options: argparse.Namespace) -> int:
    """Builds the index and reports; the exit code is 1 if a file was skipped."""
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.index.build import build
    from guide.safety.choose import open_classifier

    config = Config.from_environment()
    sources = options.articles or [_usual_source(options.index)]
    encoder = open_builder(config)
    if config.gate == "model":
        # Exported now, so that asking needs nothing of torch.
        open_classifier()
    with _progress() as progress:
        report = build(sources, options.index, encoder, encoder.identity, encoder.agreement, progress)
    _print(report, options.index)
    return 1 if report.skipped else 0


def _usual_source(index: Path) -> Path:
    """The folder that is built where none is named: `corpus` if there is one here, else that of Guide's own articles.

    Raises:
        ArticleError: there are none, or they would take the place of other articles in the index.
    """
    from guide.articles.assemble import article_id
    from guide.articles.shipped import shipped_articles
    from guide.articles.sources import article_paths
    from guide.index.index import open_index

    if CORPUS.exists():
        return CORPUS
    shipped = shipped_articles()
    if shipped is None:
        raise ArticleError(
            f"There is no folder {CORPUS} here, and this installation of Guide brings no articles; "
            "name some: `guide build ARTICLE`."
        )
    try:
        others = set(open_index(index).article_ids) - {article_id(path) for path in article_paths([shipped])}
    except SearchIndexError:
        others = set()  # an index that can't be used holds nothing to lose
    if others:
        raise ArticleError(
            f"There is no folder {CORPUS} here, and {index} holds other articles than those that come with Guide; "
            "name the articles to build, or another --index."
        )
    print(f"There is no folder {CORPUS} here; building the articles that come with Guide, in {shipped}.")
    return shipped


def _print(report: "BuildReport", index: Path) -> None:
    print(
        f"{index}: {count(report.articles, 'article')}, {count(report.sections, 'section')}, "
        f"{count(report.passages, 'passage')}, {count(report.points, 'point')}; "
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
    for skipped in report.skipped:
        kept = " The article stays in the index as it was read before." if skipped.kept else ""
        print(f"  {skipped.reason}{kept}")
    if report.notices:
        of = "" if report.inspected == report.articles else f" in the {count(report.inspected, 'article')} looked at"
        print(f"\nTo look into{of}, `guide passages` shows the split:")
    for notice in report.notices[:SHOWN_NOTICES]:
        print(f"  {notice.article} {notice.text}")
    if len(report.notices) > SHOWN_NOTICES:
        print(f"  and {len(report.notices) - SHOWN_NOTICES} more.")


@contextmanager
def _progress() -> Iterator["Progress"]:
    """What shows a build's progress on the terminal, with the time it may still take; elsewhere nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {"reading": bar.add_task("Reading files", total=None)}

        def show(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task("Embedding", total=of)
            bar.update(tasks[stage], completed=done, total=of)

        yield show
