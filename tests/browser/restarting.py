"""A server of its own process, which can be ended and started anew at the same address."""

import argparse
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 120


class Restarting:
    """The chat over an index that an encoder without a model has built."""

    def __init__(self, index: Path, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        self._index, self._log = index, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        """Returns once the server answers."""
        if self._process:
            return
        command = [sys.executable, "-m", "browser.restarting", self._index, str(self.port), *options]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(command, cwd=ROOT / "tests", stdout=output, stderr=output)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}health").close()  # noqa: S310 (it is http)
            except OSError:
                time.sleep(0.05)
            else:
                return
        pytest.fail(f"the server didn't start:\n{self._log.read_text()}")

    def stop(self) -> None:
        """Ends the server, as a computer that is switched off would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def main() -> None:
    """Serves an index on a port, to a proxy on this computer; with `--another-page`, a page that has one part more."""
    import uvicorn
    from web.conftest import living

    from guide.web import application
    from guide.web.settings import WebSettings

    options = argparse.ArgumentParser()
    options.add_argument("index", type=Path)
    options.add_argument("port", type=int)
    options.add_argument("--another-page", action="store_true")
    options.add_argument("--root-path", default="")
    said = options.parse_args()
    if said.another_page:
        import gradio as gr

        gr.State()  # takes a number, so that all parts of the page have other ones
    settings = WebSettings(questions_per_minute=0, root_path=said.root_path, trusted_proxies=("127.0.0.1",))
    app = application.web_app(living(said.index), settings)
    uvicorn.run(app, port=said.port, log_level="warning", access_log=False, proxy_headers=False, ws="none")


if __name__ == "__main__":
    main()
