"""The server as a process: how it ends, what it leaves behind, and that it calls nobody."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from web.alone import alone
from web.conftest import ARTICLE

from guide.config import Config
from guide.embedding.choose import open_builder
from guide.index.build import build

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[2]
WORD = "zygomorphic"
"""Stands in every question here; nowhere may it be found afterwards."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of a process that has this test's folder to itself, and nobody to call."""
    return alone(tmp_path)


def guide(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "guide", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a small article, for tests that don't look at how it is built."""
    folder = tmp_path_factory.mktemp("life")
    (folder / "bees.md").write_text(ARTICLE)
    encoder = open_builder(Config())
    build([folder / "bees.md"], folder / "index", encoder, encoder.identity, encoder.agreement)
    return folder / "index"


@contextmanager
def served(folder: Path, environment: dict[str, str], index: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server over `index` that works in `folder`, and its address; it is ended if it hasn't been."""
    command = [sys.executable, "-m", "guide", "serve", "--index", str(index), "--port", "0", "--log"]
    with (folder / "errors").open("w") as errors:
        server = subprocess.Popen(
            [*command, "--metrics"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        line = server.stdout.readline() if server.stdout else ""
        found = re.search(r"http://\S+", line)
        assert found, (folder / "errors").read_text()
        yield found[0].rstrip("/"), server
    finally:
        server.kill()
        server.wait()


def post(address: str, path: str, body: object) -> str:
    body_sent, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
    request = Request(f"{address}{path}", body_sent, kind)  # noqa: S310 (our own server)
    with urlopen(request, timeout=60) as response:  # noqa: S310 (our own server)
        return str(response.read().decode())


def test_nothing_that_was_asked_is_kept_and_nobody_is_called(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "bees.md").write_text(ARTICLE)
    guide("build", str(tmp_path / "bees.md"), "--index", str(tmp_path / "index"), environment=environment)
    with served(tmp_path, environment, tmp_path / "index") as (address, server):
        asked = f"Does a {WORD} flower calm bees?"
        for path, body in (
            ("/v1/ask", {"question": asked, "history": [f"I am {WORD}."]}),
            ("/v1/assess", {"question": f"I want to die, {WORD}"}),
            ("/gradio_api/run/ask", {"data": [asked, [], "IE"]}),
            ("/gradio_api/queue/join", {"data": [asked, [], None], "fn_index": 0, "session_hash": "life"}),
        ):
            post(address, path, body)
        for path, sent in (("/v1/ask", f"{{{WORD}"), ("/v1/ask", json.dumps({"question": asked, WORD: 1}))):
            with pytest.raises(OSError, match="422"):
                urlopen(Request(f"{address}{path}", sent.encode(), {"Content-Type": "application/json"}))  # noqa: S310
        with pytest.raises(OSError, match="500"):
            post(address, "/gradio_api/run/predict", {"data": [asked], "fn_index": 0})
        # What came through the queue is answered a little later.
        for _ in range(200):
            with urlopen(f"{address}/metrics", timeout=30) as page:  # noqa: S310
                metrics = page.read().decode()
            if 'outcome="answered"} 4.0' in metrics:
                break
            time.sleep(0.1)
        server.send_signal(signal.SIGTERM)
        printed = server.communicate(timeout=30)[0]
    guide("ask", asked, "--index", str(tmp_path / "index"), environment=environment)

    assert 'guide_questions_total{outcome="answered"} 4.0' in metrics
    assert WORD not in metrics
    assert WORD not in printed
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in kept if WORD.encode() in path.read_bytes()] == []
    assert [path for path in (tmp_path / "temp").rglob("*") if path.is_file()] == []
    # Where ONNX Runtime notes what it would report.
    assert [path for path in kept if "onnxruntime" in path.name or path.name == "deviceid"] == []
    lines = (tmp_path / "errors").read_text().splitlines()
    shape = re.compile(r"[0-9-]+ [0-9:,]+ (INFO question \w+ in \d+ ms|ERROR A handler failed \(\w+\)\.)")
    assert lines
    assert [line for line in lines if not shape.fullmatch(line)] == []
    assert (tmp_path / "attempts").read_text() == ""


def test_the_watch_sees_a_call(tmp_path: Path, environment: dict[str, str]) -> None:
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError as error: print(error)"
    called = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert called.stdout == "no call to 192.0.2.1\n"
    assert (tmp_path / "attempts").read_text()


@pytest.mark.alone
@pytest.mark.skipif(os.name != "posix", reason="Windows ends processes without a signal")
def test_told_to_end_it_finishes_what_it_was_asked_and_exits_with_0(
    tmp_path: Path, environment: dict[str, str], built: Path
) -> None:
    with served(tmp_path, environment, built) as (address, server):
        answers: list[str] = []

        def ask(number: int) -> None:
            answers.append(post(address, "/v1/ask", {"question": f"What calms bees, thought number {number} of them?"}))

        # An open page holds a request open for as long as it is; it may not hold up the end.
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as page:
            page.sendall(f"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert page.recv(100)
            asking = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
            for thread in asking:
                thread.start()
            while not answers:
                pass
            server.send_signal(signal.SIGTERM)
            code = server.wait(timeout=5)
        for thread in asking:
            thread.join()
    assert code == 0
    assert len(answers) == 6
    assert all(json.loads(answer)["passages"] for answer in answers)


def test_the_address_is_this_computers_alone(tmp_path: Path, environment: dict[str, str], built: Path) -> None:
    with served(tmp_path, environment, built) as (address, _):
        assert address.startswith("http://127.0.0.1:")
        others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        for other in others - {"127.0.0.1"}:
            with pytest.raises(OSError):  # noqa: PT011 (each system has its own)
                socket.create_connection((other, int(address.rsplit(":", 1)[1])), 2)
