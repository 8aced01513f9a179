"""The model of the safety gate's second look, loaded once for all tests of it."""

import pytest
from remembering import OncePerText

from guide.commands.assess import meaning_encoder


@pytest.fixture(scope="session")
def encoder() -> OncePerText:
    """The model of meaning, which embeds each text once: most ways to write a message are read as the same words."""
    found = meaning_encoder()
    assert found is not None, "the whole gate needs the model of meaning"
    return OncePerText(found)
