"""`guide articles`."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from guide.commands.options import command, count


def add(commands: Any) -> None:
    """Adds the command."""
    articles = command(commands, "articles", run, "list the articles of the index")
    articles.add_argument("--json", action="store_true", help="print them as JSON")


def run(options: argparse.Namespace) -> int:
    """Lists the articles."""
    from guide.index.catalogue import catalogue
    from guide.index.index import open_index

    listed = catalogue(open_index(options.index))
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
