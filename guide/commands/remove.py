"""`guide remove`."""

import argparse
from typing import Any

from guide.commands.options import command, count
from guide.errors import QuestionError
from guide.text.normalise import whole_characters


def add(commands: Any) -> None:
    """Adds the command."""
    remove = command(commands, "remove", run, "remove articles from the index")
    remove.add_argument(
        "articles", nargs="+", type=whole_characters, metavar="ARTICLE", help="their ids (`guide articles` lists them)"
    )


def run(options: argparse.Namespace) -> int:
    """Removes all of the articles, or none where one is unknown."""
    from guide.store import open_store, open_writer

    named = list(dict.fromkeys(options.articles))
    with open_store(options.index).reading() as state:
        if unknown := sorted(set(named) - state.has(named)):
            raise QuestionError(f"The index has no article {unknown[0]!r}; `guide articles` lists those it has.")
    open_writer(options.index).remove(named)
    print(f"{options.index}: {count(len(named), 'article')} removed.")
    return 0
