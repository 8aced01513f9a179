"""What the model of acts makes of messages that no rule knows."""

import pytest

from guide.conversation.act_meaning import ActModel, open_act_model
from guide.conversation.understand import understand
from guide.records import Turn


@pytest.fixture(scope="module")
def acts() -> ActModel:
    found = open_act_model()
    assert found is not None
    return found


@pytest.mark.model
@pytest.mark.parametrize(
    ("message", "act"),
    [
        ("you put that so well, much obliged", "thanks"),
        ("my stop is next, catch you another day", "goodbye"),
        ("the kettle has more to say than the forecast", "smalltalk"),
        ("half of those words would do", "meta"),
        ("do I have to sign up anywhere for you", "capability"),
        ("everybody has moved away", "statement"),
        ("she is gone since the spring", "statement"),
        ("he never thanks me for the lunches", "statement"),
    ],
)
def test_unusual_words(acts: ActModel, message: str, act: str) -> None:
    assert understand(message, meaning=acts).act == act


@pytest.mark.model
@pytest.mark.parametrize("message", ["thanks, it's a beginning", "thank you, that is something"])
def test_thanks_are_not_answered_with_a_goodbye(acts: ActModel, message: str) -> None:
    earlier = [Turn("user", "what are the signs", act="question")]
    assert understand(message, earlier, meaning=acts).act == "thanks"
