"""What tests share: an encoder that needs no model, and the browser."""

import os
import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
import pytest
from find_browser import find_browser
from playwright.sync_api import Browser, sync_playwright

from guide.encoder import Encoded, ModelIdentity

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

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The texts' embeddings and those of their words, which know nothing of their context."""
        self.calls += 1
        self.texts.extend(texts)
        rows, tokens, ids, spans, counts = [], [], [], [], [0]
        for text in texts:
            row = np.zeros(self.dimension, dtype=np.float32)
            words = list(re.finditer(r"\w+", text.lower()))
            for word in words:
                token = np.zeros(self.dimension, dtype=np.float32)
                token[self._place(word[0])] = 1
                tokens.append(token)
                ids.append(self._place(word[0]))
                spans.append(word.span())
                row += token
            if not words:
                row[0] = 1
            rows.append(row / np.linalg.norm(row))
            counts.append(len(words))
        return Encoded(
            texts=np.array(rows, dtype=np.float32).reshape(-1, self.dimension),
            tokens=np.array(tokens, dtype=np.float32).reshape(-1, self.dimension),
            ids=np.array(ids, dtype=np.int32),
            spans=np.array(spans, dtype=np.int32).reshape(-1, 2),
            starts=np.cumsum(counts, dtype=np.int64),
        )

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
