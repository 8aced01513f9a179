"""A real server for each run of the tests, and a database of its own for each test."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from fake_encoder import FakeEncoder
from real_server import RealServer, give_to_server

from guide.index.build import Origin
from guide.postgres.address import DatabaseAddress
from guide.postgres.build import build_in_database
from guide.postgres.store import DatabaseStore

NUMBERS = count(1)

TEA = """\
---
title: Tea
author: Ada Leaf
---

# Tea

## Green tea

It is mild. Two minutes are enough.

## Black tea

It is strong. Four minutes are enough. Milk goes well with it.

## What helps

- Rinse the pot with hot water.
- Keep the leaves dry.
"""
POTS = "# Pots\n\n## Of clay\n\nThey keep warm.\n\n## Of glass\n\nThey show the colour of the tea.\n"


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Path]]:
    """Gives each server a folder that the user whom it runs as can reach, and removes all of them at the end."""
    base = Path(tempfile.mkdtemp(prefix="guide-postgres-", dir="/var/tmp"))
    base.chmod(0o755)

    def folder(name: str) -> Path:
        give_to_server(base / name)
        return base / name

    yield folder
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def server(servers: Callable[[str], Path]) -> Iterator[RealServer]:
    """A server that all tests share; none of them stops it."""
    started = RealServer(servers("shared")).create()
    yield started
    started.stop("immediate")


@pytest.fixture(autouse=True)
def closed_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes the stores that a test opens: each keeps a connection, of which a server has only so many."""
    opened: list[DatabaseStore] = []
    begin = DatabaseStore.__init__

    def remembered(store: DatabaseStore, *arguments: object, **options: object) -> None:
        opened.append(store)
        begin(store, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(DatabaseStore, "__init__", remembered)
    yield
    for store in opened:
        if hasattr(store, "_pool"):
            store.close()


@pytest.fixture
def database(server: RealServer) -> str:
    """The address of a new database."""
    name = f"guide_{next(NUMBERS)}"
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    return server.address(name)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with two articles, one of them with questions that people ask."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "tea.md").write_text(TEA)
    (folder / "pots.md").write_text(POTS)
    asked = {"words": "Two minutes are enough.", "question": "how long does it steep"}
    (folder / "tea.questions.jsonl").write_text(json.dumps(asked) + "\n")
    return folder


@pytest.fixture
def build_there(database: str) -> Callable[..., DatabaseAddress]:
    """Builds sources into the database, and gives its address."""

    def build(*sources: Path, encoder: FakeEncoder | None = None, exactly: bool = False) -> DatabaseAddress:
        encoder = encoder or FakeEncoder()
        address = DatabaseAddress.of(database)
        build_in_database(sources, address, encoder, Origin(encoder.identity, None), exactly=exactly)
        return address

    return build
