"""Waits until the files of a build change, and tells what changed."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from guide.articles.question_file import question_files
from guide.articles.sources import articles_in, is_folder
from guide.errors import ArticleError

QUIET_MS = 300
"""How long nothing may change before a change counts as done: an editor replaces a file in several steps, and copying
many files pauses between them."""

LONGEST_MS = 5_000
"""How long that is waited for where changes never cease."""

LOOK_MS = 5_000
"""How often is looked anyway: network drives, links to files elsewhere and folders made anew report no change."""

Stamp = tuple[int, ...]
"""What differs between a file and a later version of it, without reading either."""


def articles_present(sources: Sequence[Path]) -> list[Path]:
    """The article files among `sources` (files or folders) that are there now: none of what is removed, or of an empty
    folder.

    Raises:
        ArticleError: a folder can't be searched.
    """
    found = [path for source in sources for path in (articles_in(source) if is_folder(source) else [source])]
    return [path for path in dict.fromkeys(found) if _stamp(path)]


def stamps(articles: Sequence[Path]) -> dict[Path, Stamp]:
    """The stamps of article files and of the files of questions beside them, as far as they are there."""
    files = [file for article in articles for file in (article, *question_files(article).values())]
    return {file: stamp for file in files if (stamp := _stamp(file))}


def told_changes(before: Mapping[Path, Stamp], after: Mapping[Path, Stamp], most: int = 3) -> str:
    """Which files changed between two stamps of them, in words; at most so many are named.

    >>> told_changes({Path("a.md"): (1,), Path("b.md"): (1,)}, {Path("b.md"): (2,), Path("c.md"): (1,)})
    'c.md added, b.md changed, a.md removed'
    """
    changes = [
        *(f"{path.name} added" for path in after if path not in before),
        *(f"{path.name} changed" for path in after if path in before and after[path] != before[path]),
        *(f"{path.name} removed" for path in before if path not in after),
    ]
    return ", ".join([*changes[:most], *([f"{len(changes) - most} more changed"] if len(changes) > most else [])])


def looks(sources: Sequence[Path]) -> Iterator[None]:
    """Goes on each time that something in or beside `sources` has changed and then been quiet, and every few seconds;
    never ends.

    Raises:
        ArticleError: the system can't watch them.
        KeyboardInterrupt: it was interrupted while it waited.
    """
    from watchfiles import watch

    # A file is watched in its folder: a watch on the file itself would stay with the old one that an editor replaces.
    folders = {source if is_folder(source) else source.parent for source in sources}
    while True:
        waiting = watch(
            *folders,
            watch_filter=None,  # the stamps tell what matters
            recursive=False,
            step=QUIET_MS,
            debounce=LONGEST_MS,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
        )
        try:
            for _ in waiting:
                yield
        except FileNotFoundError:
            # A folder was gone before it was watched; it may be made anew.
            yield
            time.sleep(QUIET_MS / 1000)
        except OSError as error:
            named = ", ".join(sorted(map(str, folders)))
            raise ArticleError(
                f"{named} can't be watched ({error}); build without --watch after each change."
            ) from None


def _stamp(path: Path) -> Stamp | None:
    """The stamp of a file; none where it isn't there."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return (0,)  # it may be there; reading it says what is wrong
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
