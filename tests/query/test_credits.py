"""Which messages ask who wrote an article; to others its credits are no answer."""

import pytest

from guide.query.credits import asks_for_credits, names_of

NAMES = names_of(["Ingrid Solheim", "T. Bo"])


@pytest.mark.parametrize(
    "message",
    [
        "who wrote this",
        "so who's behind these words?",
        "what are the author's credentials?",
        "Where is this text from?",
        "is she qualified to say that? who published it",
        "what licence is it under",
        "Is Solheim a doctor?",
    ],
)
def test_a_message_asks_for_credits(message: str) -> None:
    assert asks_for_credits(message, NAMES)


@pytest.mark.parametrize(
    "message",
    [
        "what does the article say about therapy",
        "who can I talk to?",
        "My wife got a promotion and is distant now",
        "where do these feelings come from, bo?",
        "she writes me long messages",
    ],
)
def test_a_message_asks_for_something_else(message: str) -> None:
    assert not asks_for_credits(message, NAMES)
