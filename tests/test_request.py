"""What came in at any door becomes one request, or one sentence with the way to help."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fake_encoder import FakeEncoder

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.chat.handlers import Conversation
from guide.errors import QuestionError
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import Answer, AskRequest, Turn
from guide.request import assess_words, read_request
from guide.safety.helplines import country_names, registry

CRISIS = "I want to kill myself"
HALF = chr(0xD83D)
A_CODE = "it must be a two-letter code such as US or IE, or left out."


@pytest.fixture(scope="module")
def guide() -> Guide:
    encoder = FakeEncoder()
    article = assemble(parse_markdown("# Bees\n\n## What calms bees?\n\n- Cool smoke calms bees\n"), article_id="bees")
    return Guide(index_of([article], encoder, encoder.identity), encoder)


def test_all_text_is_whole_characters() -> None:
    history = [f"one {HALF}", {"role": "assistant", "content": f"two {HALF}"}, Turn("user", f"three {HALF}", "none")]
    read = read_request(f"four {HALF}", history, articles=[f"bees {HALF}"])
    assert read.question == "four �"
    assert read.history == (Turn("user", "one �"), Turn("assistant", "two �"), Turn("user", "three �", "none"))
    assert read.articles == {"bees �"}


def test_halves_that_belong_together_are_one_character() -> None:
    assert read_request(f"sad {HALF}{chr(0xDE22)}").question == "sad 😢"


@pytest.mark.parametrize(("country", "code"), [("ie", "IE"), ("UK", "GB"), ("uk", "GB"), ("zz", "ZZ"), (None, None)])
def test_the_country_is_a_code(country: str | None, code: str | None) -> None:
    assert read_request("?", country=country).country == code


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"country": "Ireland"}, f"The country is 'Ireland'; {A_CODE}"),
        ({"country": "XYZ"}, f"The country is 'XYZ'; {A_CODE}"),
        ({"country": ""}, f"The country is ''; {A_CODE}"),
        ({"country": 7}, f"The country is a number; {A_CODE}"),
        (
            {"history": [7]},
            "Entry 1 of the history is a number; it must be a text or an object with `role` (user or assistant) and "
            "`content`.",
        ),
    ],
)
def test_what_cannot_be_used_is_named_and_the_way_to_help_is_beside_it(sent: dict[str, Any], sentence: str) -> None:
    with pytest.raises(QuestionError) as refusal:
        read_request(CRISIS, **sent)
    assert str(refusal.value) == sentence
    assert refusal.value.safety is not None
    assert refusal.value.safety.level == "crisis"
    assert refusal.value.safety.helplines


def test_a_question_that_is_no_text_is_named() -> None:
    with pytest.raises(QuestionError, match=r"^The question is a number; it must be a text\.$"):
        read_request(7)  # type: ignore[arg-type]


def test_the_words_of_halves_are_read_too() -> None:
    found = assess_words(f"{CRISIS} {HALF}", [HALF, 7], "uk")
    assert (found.level, found.helplines[0].country) == ("crisis", "GB")
    assert found.matches


def by_guide(guide: Guide, country: str) -> tuple[str, Any]:
    with pytest.raises(QuestionError) as refusal:
        guide.ask(CRISIS, country=country)
    assert refusal.value.safety is not None
    return str(refusal.value), refusal.value.safety.level


def by_chat_endpoint(guide: Guide, country: str) -> tuple[str, Any]:
    said = Conversation(guide, registry().lines, country_names()).ask_api(CRISIS, [], country)
    return said["error"], said["safety"]["level"]


def by_mcp(guide: Guide, country: str) -> tuple[str, Any]:
    from mcp.server.mcpserver import Context

    from guide.mcp_server import _answered, _anybody, _Door

    async def answer(request: AskRequest) -> Answer:
        return guide.answer(request)

    said = asyncio.run(_answered(_Door(_anybody, answer), Context(), CRISIS, (), country))
    return said["error"], said["safety"]["level"]


@pytest.mark.parametrize("door", [by_guide, by_chat_endpoint, by_mcp])
def test_every_door_refuses_what_is_no_country_in_the_same_sentence(
    door: Callable[[Guide, str], tuple[str, Any]], guide: Guide
) -> None:
    assert door(guide, "Ireland") == (f"The country is 'Ireland'; {A_CODE}", "crisis")


def test_half_a_character_is_no_failure(guide: Guide) -> None:
    answer = guide.ask(f"What calms bees? {HALF}", [f"Hello {HALF}"])
    assert answer.question == "What calms bees? �"
    assert answer.passages
    said = Conversation(guide, registry().lines, country_names()).ask_api(f"What calms bees? {HALF}", [f"Hello {HALF}"])
    assert said["question"] == "What calms bees? �"
