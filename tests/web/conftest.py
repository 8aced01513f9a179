"""A small article, its index by an encoder that needs no model, and the server over it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fake_encoder import FakeEncoder
from starlette.testclient import TestClient

from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index
from guide.web.application import web_app
from guide.web.reloading import ReloadingGuide
from guide.web.settings import WebSettings

ARTICLE = """\
---
title: Keeping bees calm
---
# Keeping bees calm

Bees mirror their keeper. Move slowly.

## What calms bees?

- Cool smoke calms bees
- A warm day calms bees
"""
OTHER = ARTICLE.replace("Cool smoke", "Quiet water")
QUESTION = "What calms bees?"
CRISIS = "I want to die"

Web = Callable[..., TestClient]


def built(folder: Path, article: str = ARTICLE, **more: str) -> Path:
    """The index of `article`, and of `more` by their ids, under `folder`."""
    sources = []
    for name, text in {"bees": article, **more}.items():
        sources.append(folder / f"{name}.md")
        sources[-1].write_text(text, encoding="utf-8")
    encoder = FakeEncoder()
    build(sources, folder / "index", encoder, encoder.identity)
    return folder / "index"


def living(index: Path) -> ReloadingGuide:
    """The guide that follows `index`."""
    return ReloadingGuide(index, lambda folder: Guide(open_index(folder), FakeEncoder()))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return built(tmp_path)


@pytest.fixture
def web(index: Path) -> Web:
    """Makes a client of the REST interface, without the chat; its settings are named."""

    def client(**settings: object) -> TestClient:
        app = web_app(living(index), WebSettings(**settings), chat=False)  # type: ignore[arg-type]
        return TestClient(app, client=("203.0.113.7", 50000), raise_server_exceptions=False)

    return client


@contextmanager
def serving(index: Path, **settings: object) -> Iterator[str]:
    """The address of a server with the chat, in this process."""
    app = web_app(living(index), WebSettings(**settings))  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield address
        finally:
            app.state.end_streams()
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the chat and the usual settings, but no limit on how often one may ask."""
    with serving(built(tmp_path_factory.mktemp("bees")), questions_per_minute=0) as address:
        yield address
