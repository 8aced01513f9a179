"""`guide check`."""

import argparse
import sys
from typing import Any

from guide.commands.options import command, count


def add(commands: Any) -> None:
    """Adds the command."""
    command(commands, "check", run, "see whether the index is whole, and what it holds")


def run(options: argparse.Namespace) -> int:
    """Says what the index holds and what is wrong with it; the exit code is 1 if anything is."""
    from guide.store import check_index

    found = check_index(options.index)
    counts = found.counts
    print(
        f"{options.index}: {count(counts.articles, 'article')}, {count(counts.passages, 'passage')}, "
        f"{count(counts.points, 'point')}, {count(counts.questions, 'question')}; "
        f"built with {found.model.name} ({found.model.sha256[:12]}…)."
    )
    if found.recipe_changes:
        print(f"It was built by another version of {', '.join(found.recipe_changes)}; it can be asked as it is.")
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if not found.problems:
        print("It is whole.")
    return 1 if found.problems else 0
