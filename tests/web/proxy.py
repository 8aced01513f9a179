"""A real nginx that shows a server under a path of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from web.beside import free_port, needed, running

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


@contextmanager
def proxied_under_path(address: str, folder: Path, *, takes_off: bool, prefix: str = "") -> Iterator[str]:
    """The address under which nginx shows the server at `address`, with `/guide/` at its end.

    `takes_off` says whether nginx takes `/guide` off the paths that it hands on, `prefix` what it says of it.
    """
    port, ending = free_port(), "/" if takes_off else ""
    written = CONFIGURATION.format(folder=folder, port=port, address=address.rstrip("/"), ending=ending, prefix=prefix)
    (folder / "nginx.conf").write_text(written, encoding="utf-8")
    command = [needed("nginx"), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with running(command, port):
        yield f"http://127.0.0.1:{port}/guide/"
