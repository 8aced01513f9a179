"""A computer of its own for a subprocess: folders that can be searched afterwards, and nobody to call."""

import os
from pathlib import Path

from guide.embedding.model_cache import cache_folder

WATCH = """
import os, sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "local"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if host not in (None, "", "local", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1"):
        with open(os.environ["ATTEMPTS"], "a") as attempts:
            attempts.write(f"{event} {host}\\n")
        raise OSError(f"no call to {host}")

sys.addaudithook(watch)
"""


def alone(folder: Path) -> dict[str, str]:
    """An environment in which each attempt to reach another computer fails and is noted in `attempts`, and all that is
    written goes under `folder`.
    """
    for name in ("hook", "home", "temp"):
        (folder / name).mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(WATCH)
    (folder / "attempts").write_text("")
    own = {
        "ATTEMPTS": str(folder / "attempts"),
        "PYTHONPATH": str(folder / "hook"),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "temp"),
        "XDG_CACHE_HOME": str(folder / "home" / "cache"),
        # The exported model; without it every run would export it anew.
        "GUIDE_CACHE": str(cache_folder()),
        "PYTHONUNBUFFERED": "1",
    }
    # Without HF_HUB_OFFLINE: Guide has to see to it by itself.
    strange = ("HF_", "GRADIO_", "GUIDE_", "ORT_", "DO_NOT_TRACK")
    others = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return others | own
