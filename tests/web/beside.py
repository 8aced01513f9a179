"""The servers that stand beside Guide's own in tests: the proxy and the store of the rate limits."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from find_servers import find_server, missing_server

ROOT = Path(__file__).parents[2]
SHIPPED_PROXY = ROOT / "deploy" / "replicas" / "nginx.conf"


def needed(name: str) -> str:
    """The path of a server; without it the test is skipped, and fails where CI is set."""
    found = find_server(name)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing_server(name))
    return str(found)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns once `process` listens on `port`."""
    for _ in range(3000):  # a busy machine takes a minute to import Gradio
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nobody listens on port {port}")


@contextmanager
def running(command: Sequence[str], port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens on `port`; killed at the end if it still runs."""
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        await_port(port, process)
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def counting(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Valkey or Redis that keeps nothing on disk."""
    command = [needed("Redis or Valkey"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with running([*command, "--save", "", "--appendonly", "no", "--requirepass", "secret"], port) as process:
        yield process


@contextmanager
def replica(index: Path, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of Guide's servers over `index`."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(Path(__file__).parent / "replica.py"), str(index), str(port)]
    with running(command, port, PYTHONPATH=paths, **environment) as process:
        yield process


@contextmanager
def proxied(
    ports: Sequence[int], folder: Path, changed: Callable[[str], str] = lambda settings: settings
) -> Iterator[str]:
    """The address of nginx before the servers on `ports`, by the file that is shipped: only its places are others, and
    what `changed` changes.
    """
    program, port = needed("nginx"), free_port()
    shipped = changed(SHIPPED_PROXY.read_text("utf-8"))
    for number, one in enumerate(ports, 1):
        shipped = shipped.replace(f"server guide-{number}:7860", f"server 127.0.0.1:{one}")
    settings = folder / "nginx.conf"
    settings.write_text(re.sub(r"listen 8080;", f"listen 127.0.0.1:{port};", shipped.replace("/tmp/", f"{folder}/")))  # noqa: S108
    # Its workers are another user's where it is started by root.
    folder.chmod(0o755)
    with running([program, "-c", str(settings), "-g", "daemon off;"], port) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            # Killed, it would leave its workers behind.
            process.terminate()
            process.wait()
