"""What tests share: how they are spread over processes, an encoder that needs no model, and the browser."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fake_encoder import FakeEncoder
from find_browser import find_browser
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from spreading import FIRST, MOST_PROCESSES, Turns, room

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from guide.guide import Guide

os.environ.setdefault("HF_HUB_OFFLINE", "1")

settings.register_profile(
    "guide",
    # The same examples in every run of continuous integration, new ones elsewhere.
    derandomize=bool(os.environ.get("CI")),
    # How long an example takes says more about the machine than about Guide.
    deadline=None,
    # A test's temporary folder may serve all of its examples.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("guide")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """How many processes `-n auto` starts: one for each core, and where there is one core, none beside this."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 0 if cores == 1 else min(cores, MOST_PROCESSES)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadscope` a process takes a room at a time; other ways to spread the tests stay as they are."""
    if config.option.dist != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByRoom(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return room(nodeid)

    return ByRoom(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the rooms that take longest first where several processes share the tests."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


TURNS = pytest.StashKey[Turns]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Runs a test marked `alone` while no other process tests anything."""
    if not hasattr(item.config, "workerinput"):
        return (yield)
    if TURNS not in item.config.stash:
        # xdist gives each process a folder of its own in that of the run.
        item.config.stash[TURNS] = Turns(Path(item.config.option.basetemp).parent)
    with item.config.stash[TURNS].take(alone=item.get_closest_marker("alone") is not None):
        return (yield)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Exports the models before several processes would do so at once, each for itself."""
    if not getattr(session.config.option, "numprocesses", None) or hasattr(session.config, "workerinput"):
        return
    from guide.config import DEFAULT_MODEL_SHA256, Config
    from guide.conversation.act_meaning import open_act_model
    from guide.embedding.choose import open_builder
    from guide.embedding.model_cache import find_export
    from guide.safety.choose import open_classifier

    if find_export(DEFAULT_MODEL_SHA256, "int8") is None:
        open_builder(Config())
    open_classifier()
    open_act_model()


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    """A fresh encoder that counts its calls."""
    return FakeEncoder()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one article, built with the model itself; modules with articles of their own have their own."""
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.index.build import build

    folder = tmp_path_factory.mktemp("asked") / "index"
    encoder = open_builder(Config())
    build([Path(__file__).parent / "data" / "sleeping-badly.txt"], folder, encoder, encoder.identity)
    return folder


@pytest.fixture(scope="session")
def guide(index: Path) -> "Guide":
    """The guide over `index`."""
    from guide.guide import Guide

    return Guide.open(index)


@pytest.fixture(scope="session")
def web(index: Path) -> "Iterator[TestClient]":
    """A client of the server over `index`."""
    from starlette.testclient import TestClient

    from guide.web.application import web_app
    from guide.web.reloading import ReloadingGuide
    from guide.web.settings import WebSettings

    with TestClient(web_app(ReloadingGuide(index), WebSettings(questions_per_minute=0))) as client:
        yield client


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The path of a Chromium or Chrome; without one the test is skipped, and fails where CI is set."""
    found = find_browser()
    if found is None:
        reason = "no Chromium or Chrome that starts; `make browser` installs one"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


# One for each module: Playwright keeps an event loop running in this thread, which other modules' tests may not expect.
@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        # Chromium's sandbox doesn't start as root, as which containers run.
        arguments = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=browser_path, args=arguments)
        yield started
        started.close()
