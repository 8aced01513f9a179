"""The safety gate's own model, loaded once for all tests of it."""

from collections.abc import Sequence

import numpy as np
import pytest

from guide.safety.choose import open_classifier
from guide.safety.classifier import Classify


@pytest.fixture(scope="session")
def classify() -> Classify:
    """The gate's model, which is asked once for each text: most ways to write a message are read as the same words."""
    found = open_classifier()
    assert found is not None, "the whole gate needs its model"
    known: dict[str, np.ndarray] = {}

    def remembering(texts: Sequence[str]) -> np.ndarray:
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            known.update(zip(new, found(new), strict=True))
        return np.array([known[text] for text in texts])

    return remembering
