"""What `guide build --watch` does after its first build."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from guide.articles.assemble import article_ids
from guide.articles.question_file import QUESTION_FILES
from guide.articles.watch import Stamp, articles_present, looks, stamps, told_changes
from guide.commands.options import count
from guide.errors import ArticleError, GuideError, SearchIndexError

if TYPE_CHECKING:
    from guide.index.build_report import BuildReport

Build = Callable[[Sequence[Path], Collection[str]], "BuildReport"]
"""Builds the index of article files without the articles of some ids, whose files are gone, and reports."""


def keep_up(sources: Sequence[Path], built: Mapping[Path, Stamp], build: Build) -> None:
    """Builds anew what changes in `sources` after they were `built`, and says so in a line each time. What can't be
    built is said, and the index stays as it is. Never ends.

    Raises:
        ArticleError: the files can't be watched.
        KeyboardInterrupt: it was interrupted.
    """
    print(f"Watching {', '.join(map(str, sources))}. Ctrl-C ends it.", flush=True)
    said = ""
    for _ in looks(sources):
        before = built
        try:
            articles = articles_present(sources)
            now = stamps(articles)
            if now == before:
                continue
            built = now
            _say(told_changes(before, now), _built(articles, _gone(before, articles), build))
            said = ""
        except SearchIndexError as error:
            # Another build holds it, or the disk is full: tried again with the next look.
            built, said = before, _complain(error, said)
        except GuideError as error:
            said = _complain(error, said)


def _gone(before: Collection[Path], articles: Sequence[Path]) -> set[str]:
    """The ids of the articles whose files were there before and aren't now."""
    files = [path for path in before if not path.name.endswith(tuple(QUESTION_FILES.values()))]
    return set(article_ids(files).values()) - set(article_ids(articles).values())


def _built(articles: Sequence[Path], gone: Collection[str], build: Build) -> "BuildReport":
    if not articles:
        raise ArticleError(
            "No article is left, and an index needs one: the last ones stay in it and are answered from until there is "
            "another. If their words must be gone now, stop the server and delete the index."
        )
    return build(articles, gone)


def _say(changes: str, report: "BuildReport") -> None:
    print(
        f"{changes}: {count(report.articles, 'article')}, {count(report.passages, 'passage')}; "
        f"{count(report.embedded, 'article')} embedded anew.",
        flush=True,
    )
    for skipped in report.skipped:
        kept = " The article stays in the index as it was read before." if skipped.kept else ""
        print(f"  {skipped.reason}{kept}", flush=True)


def _complain(error: GuideError, said: str) -> str:
    """What was said of an error: not again what was `said` last."""
    if str(error) != said:
        print(f"guide: {error}", file=sys.stderr, flush=True)
    return str(error)
