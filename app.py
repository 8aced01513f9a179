"""Starts the chat; builds the index of `corpus/` first if there is none. Also the entry of a hosted Space."""

import sys
from pathlib import Path

from guide.cli import what_is_missing
from guide.errors import GuideError

HERE = Path(__file__).parent
INDEX, CORPUS = HERE / "index", HERE / "corpus"


def main() -> int:
    """The exit code: 0, or 1 for an error that is shown as one sentence."""
    try:
        if not (INDEX / "manifest.json").exists():
            build_index()
        from guide.web.serve import serve

        serve(INDEX)
    except GuideError as error:
        print(f"guide: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"guide: {what_is_missing(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def build_index() -> None:
    """Builds the index of `corpus/` into `index/`."""
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.index.build import build

    print("Building the index …", flush=True)
    encoder = open_builder(Config.from_environment())
    report = build([CORPUS], INDEX, encoder, encoder.identity, encoder.agreement)
    for skipped in report.skipped:
        print(f"Skipped: {skipped.reason}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
