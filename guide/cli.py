"""The command `guide`."""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from guide.commands import (
    articles,
    ask,
    assess,
    build,
    check,
    evaluate,
    helplines,
    mcp,
    migrate,
    passages,
    remove,
    serve,
)
from guide.commands.options import whence
from guide.errors import GuideError
from guide.telemetry import QUIET


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 for an error that is shown as one sentence, 2 for misuse."""
    os.environ.update(QUIET)
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        # What the terminal's encoding lacks, and halves of characters in a question, become \u escapes, as in JSON.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code: int = options.run(options)
        return code
    except GuideError as error:
        print(f"guide: {error}{whence(error, options)}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"guide: {what_is_missing(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has enough, as with `| head`.
        sys.stderr.close()
        return 0


def what_is_missing(error: ModuleNotFoundError) -> str:
    """The sentence for a library that isn't installed; a module of Guide itself that isn't there is raised again."""
    library = (error.name or "").split(".")[0]
    if library in ("", "guide"):
        raise error
    return (
        f"Guide needs {library}, which isn't installed; run `pip install quoted-guide`, or `pip install .` in the "
        "folder of a clone."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guide",
        description="Answers questions with quoted, cited passages of an article, and points to help when it is "
        "needed. Guide is software, not care.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (
        build,
        ask,
        assess,
        articles,
        passages,
        remove,
        check,
        migrate,
        helplines,
        evaluate,
        serve,
        mcp,
    ):
        module.add(commands)
    return parser
