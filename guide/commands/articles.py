"""`guide articles`."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from guide.commands.options import command, count, positive
from guide.errors import QuestionError


def add(commands: Any) -> None:
    """Adds the command."""
    articles = command(commands, "articles", run, "list the articles of the index")
    articles.add_argument("--after", default="", metavar="ID", help="only those after this one, to go on with a list")
    articles.add_argument("--limit", type=positive, metavar="N", help="at most so many")
    articles.add_argument("--json", action="store_true", help="print them as JSON")


def run(options: argparse.Namespace) -> int:
    """Lists the articles."""
    from guide.index.catalogue import catalogue
    from guide.store import open_store

    with open_store(options.index).reading() as state:
        if options.after and not state.has([options.after]):
            raise QuestionError(f"The index has no article {options.after!r}; `guide articles` lists those it has.")
        listed = catalogue(state, options.after, options.limit)
    if options.json:
        json.dump([asdict(article) for article in listed], sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0
    for article in listed:
        counts = f"{count(article.sections, 'section')}, {count(article.passages, 'passage')}, "
        by = [f"by {article.author}" if article.author else "", article.source, article.licence, article.language]
        print(f"{article.id}  {article.title}")
        print(f"  {counts}{count(article.points, 'point')}; {'; '.join(filter(None, by))}")
    return 0
