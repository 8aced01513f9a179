"""`guide migrate`."""

import argparse
from pathlib import Path
from typing import Any

from guide.commands.build_progress import shown_progress
from guide.commands.options import command, count, index_location
from guide.errors import GuideError


def add(commands: Any) -> None:
    """Adds the command."""
    migrate = command(commands, "migrate", run, "copy an index into a database or back, or bring its tables up to date")
    migrate.add_argument(
        "source",
        nargs="?",
        type=index_location,
        metavar="FROM",
        help="the index to copy to --index: a folder, or postgresql://…; without it, tables are brought up to date",
    )


def run(options: argparse.Namespace) -> int:
    """Copies an index, with nothing embedded anew; or brings a database's tables up to date."""
    from guide.store import copy_index, need_postgres

    source, target = options.source, options.index
    if isinstance(source or target, Path) and isinstance(target, Path):
        raise GuideError("Name a database: `guide migrate FOLDER --index postgresql://…` copies a folder into one.")
    need_postgres()
    from guide.index.claim import raise_if_others

    if source is None:
        from guide.postgres.migrate import update_tables

        taken = update_tables(target)
        done = f"{count(taken, 'step')} taken" if taken else "nothing was to be done"
        print(f"{target}: {done}, its tables are up to date.")
        return 0
    if not isinstance(source, Path) and not isinstance(target, Path):
        raise GuideError("From database to database, `pg_dump` and `pg_restore` copy more than Guide would.")
    if isinstance(target, Path):
        raise_if_others(target)
    with shown_progress() as progress:
        articles = copy_index(source, target, lambda done, of: progress("copying", done, of, ""))
    print(f"{target}: {count(articles, 'article')} copied from {source}; nothing was embedded anew.")
    return 0
