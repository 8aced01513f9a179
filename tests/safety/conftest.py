"""The model of the safety gate's second look, loaded once for all tests of it."""

import pytest
from remembering import OncePerText

from guide.embedding.choose import open_gate_encoder
from guide.safety.gate import Embed


@pytest.fixture(scope="session")
def encoder() -> OncePerText:
    """The model of meaning, which embeds each text once: most ways to write a message are read as the same words."""
    found = open_gate_encoder()
    assert found is not None, "the whole gate needs the model of meaning"
    return OncePerText(found)


@pytest.fixture(scope="session")
def embed(encoder: OncePerText) -> Embed:
    """What the gate embeds texts with."""
    return lambda texts: encoder.encode(texts).texts
