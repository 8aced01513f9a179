"""A server of its own process over an index, by an encoder that needs no model: `replica.py INDEX PORT`."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fake_encoder import FakeEncoder

from guide.embedding.encoder import Encoded
from guide.guide import Guide
from guide.index.index import open_index
from guide.web.reloading import ReloadingGuide
from guide.web.serve import listen, run_server
from guide.web.settings import WebSettings

SECONDS = 0.05
"""How long a question takes at least, so that some are being answered whenever the server ends."""


class UnhurriedEncoder(FakeEncoder):
    """The tests' encoder, at the pace of a real one."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The vectors of `texts`, a moment later."""
        time.sleep(SECONDS)
        return super().encode(texts)


def main(index: str, port: str) -> None:
    """Serves until it is told to stop."""
    reloading = ReloadingGuide(Path(index), lambda folder: Guide(open_index(folder), UnhurriedEncoder()))
    with listen("127.0.0.1", int(port)) as listening:
        run_server(reloading, WebSettings.from_environment(), listening)


if __name__ == "__main__":
    main(*sys.argv[1:])
