"""What tests share: an encoder that needs no model, and the browser."""

import os
from collections.abc import Iterator

import pytest
from fake_encoder import FakeEncoder
from find_browser import find_browser
from playwright.sync_api import Browser, sync_playwright

os.environ.setdefault("HF_HUB_OFFLINE", "1")


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    """A fresh encoder that counts its calls."""
    return FakeEncoder()


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
