"""What tests share: an encoder that needs no model, and the browser."""

import os
import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
import pytest
from find_browser import find_browser
from numpy.typing import NDArray
from playwright.sync_api import Browser, sync_playwright

from guide.encoder import ModelIdentity

os.environ.setdefault("HF_HUB_OFFLINE", "1")


class FakeEncoder:
    """Embeds a text as its bag of words, each word hashed to one of `dimension` places: fast, and the same everywhere.

    Texts that share words are near each other, a text without words is a unit vector that no word points to. `calls`
    counts the calls, `texts` keeps what was embedded, in order.
    """

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.identity = ModelIdentity("fake-bag-of-words", blake2b(b"%d" % dimension, digest_size=32).hexdigest())
        self.calls = 0
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The texts' embeddings, float32 `(len(texts), dimension)`, each of unit length."""
        self.calls += 1
        self.texts.extend(texts)
        counts = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                counts[row, self._place(word)] += 1
            if not counts[row].any():
                counts[row, 0] = 1
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    def _place(self, word: str) -> int:
        # Not hash(), which differs from run to run. Place 0 is kept for texts without words.
        return 1 + int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) % (self.dimension - 1)


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
