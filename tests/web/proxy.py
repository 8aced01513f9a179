"""A real nginx in front of a server."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from find_nginx import PACKAGE, find_nginx

START_SECONDS = 30

CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 404 "another site"; }}
        location /guide/ {{
            proxy_pass {address}{ending};
            proxy_http_version 1.1;
            proxy_buffering off;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Prefix "{prefix}";
        }}
    }}
}}
"""


def needed_nginx() -> str:
    """The path of nginx; a test that needs it is skipped where there is none, and fails in continuous integration."""
    if found := find_nginx():
        return found
    why = f"There is no nginx; on Debian, apt-get install {PACKAGE}."
    raise (pytest.fail if os.environ.get("CI") else pytest.skip).Exception(why)


@contextmanager
def proxied(address: str, folder: Path, *, takes_off: bool, prefix: str = "") -> Iterator[str]:
    """The address under which nginx shows the server at `address`, with `/guide/` at its end.

    `takes_off` says whether nginx takes `/guide` off the paths that it hands on, `prefix` what it says of it.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ending = "/" if takes_off else ""
    written = CONFIGURATION.format(folder=folder, port=port, address=address.rstrip("/"), ending=ending, prefix=prefix)
    (folder / "nginx.conf").write_text(written, encoding="utf-8")
    command = [needed_nginx(), "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
    with subprocess.Popen(command) as nginx:
        try:
            until = time.monotonic() + START_SECONDS
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    if nginx.poll() is not None or time.monotonic() > until:
                        pytest.fail(f"nginx didn't start:\n{(folder / 'error.log').read_text()}")
                    time.sleep(0.02)
            yield f"http://127.0.0.1:{port}/guide/"
        finally:
            nginx.terminate()
