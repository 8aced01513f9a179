"""The tools of the MCP server, called by a real client: in this process, and over standard input and output."""

import asyncio
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder

from guide import mcp_server as mcp_server_module
from guide.articles.read import read_article
from guide.errors import NotNowError
from guide.guide import Guide
from guide.index.build import index_of
from guide.mcp_server import mcp_server
from guide.records import AskRequest
from guide.safety.professionals import professional_routes, professionals

mcp = pytest.importorskip("mcp")

ARTICLE = Path(__file__).parent / "data" / "sleeping-badly.txt"


@pytest.fixture(scope="module")
def guide() -> Guide:
    encoder = FakeEncoder()
    return Guide(index_of([read_article(ARTICLE)], encoder, encoder.identity), encoder)


def called(server: Any, tool: str, **arguments: Any) -> dict[str, Any]:
    async def call() -> dict[str, Any]:
        async with mcp.Client(server) as client:
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, result.content
            return dict(result.structured_content)

    return asyncio.run(call())


def test_the_tools_and_what_they_need(guide: Guide) -> None:
    async def listed() -> dict[str, list[str]]:
        async with mcp.Client(mcp_server(guide)) as client:
            assert "before anything else" in client.instructions
            assert '"offer_message"' in client.instructions
            return {tool.name: tool.input_schema["required"] for tool in (await client.list_tools()).tools}

    assert asyncio.run(listed()) == {
        "ask": ["question"],
        "search_passages": ["query"],
        "help_lines": ["country"],
        "find_professional": ["country"],
    }


def test_the_instructions_name_the_articles_of_the_index_and_no_others(guide: Guide) -> None:
    async def told() -> str:
        async with mcp.Client(mcp_server(guide)) as client:
            tools = "".join(tool.description for tool in (await client.list_tools()).tools)
            return f"{client.instructions}{tools}"

    words = asyncio.run(told())
    assert f"“{guide.articles[0].title}”" in words
    assert "emotional distance" not in words


def read(guide: Guide, address: str) -> Any:
    async def contents() -> Any:
        async with mcp.Client(mcp_server(guide)) as client:
            return (await client.read_resource(address)).contents[0]

    return asyncio.run(contents())


def test_articles_and_the_passages_that_answers_cite_can_be_read(guide: Guide) -> None:
    listed = read(guide, "guide://articles")
    assert listed.mime_type == "application/json"
    [article] = json.loads(listed.text)["articles"]
    assert article["title"] == guide.articles[0].title
    whole = read(guide, article["uri"])
    assert (whole.mime_type, whole.text) == ("text/plain", guide.articles[0].text)

    cited = called(mcp_server(guide), "ask", question="What helps me sleep?")["passages"][0]
    passage = json.loads(read(guide, f"guide://passages/{cited['id']}").text)
    assert passage["text"] == cited["text"] == whole.text[passage["start"] : passage["end"]]
    assert passage["article"] == article["id"]


def test_an_articles_address_holds_whatever_its_id_is_made_of() -> None:
    encoder = FakeEncoder()
    article = replace(read_article(ARTICLE), id="nights/bad ones?")
    guide = Guide(index_of([article], encoder, encoder.identity), encoder)
    [listed] = json.loads(read(guide, "guide://articles").text)["articles"]
    assert read(guide, listed["uri"]).text == article.text


def test_a_large_library_is_listed_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_server_module, "LISTED_ARTICLES", 2)
    encoder = FakeEncoder()
    many = [replace(read_article(ARTICLE), id=f"nights & {number}") for number in range(5)]
    guide = Guide(index_of(many, encoder, encoder.identity), encoder)
    found, address = [], "guide://articles"
    while address:
        page = json.loads(read(guide, address).text)
        assert len(page["articles"]) <= 2
        found += [article["id"] for article in page["articles"]]
        address = page["next"]
    assert found == [article.id for article in many]


@pytest.mark.parametrize("kind", ["articles", "passages"])
def test_what_is_not_there_is_one_sentence(kind: str, guide: Guide) -> None:
    async def refused() -> str:
        async with mcp.Client(mcp_server(guide)) as client:
            with pytest.raises(mcp.MCPError) as refusal:
                await client.read_resource(f"guide://{kind}/gone")
            return str(refusal.value)

    assert f"There is no {kind[:-1]} 'gone'" in asyncio.run(refused())


def test_the_resources_and_their_templates_are_listed(guide: Guide) -> None:
    async def listed() -> tuple[list[str], list[str]]:
        async with mcp.Client(mcp_server(guide)) as client:
            resources = (await client.list_resources()).resources
            templates = (await client.list_resource_templates()).resource_templates
            return [str(one.uri) for one in resources], [one.uri_template for one in templates]

    assert asyncio.run(listed()) == (
        ["guide://articles"],
        ["guide://articles{?after}", "guide://articles/{id}", "guide://passages/{id}"],
    )


def test_a_question_that_may_not_be_asked_has_the_way_to_help(guide: Guide) -> None:
    async def refuse(client: str) -> None:
        raise NotNowError(f"Too many from {client!r}.")

    result = called(mcp_server(guide, refuse), "ask", question="I want to kill myself")
    assert result["safety"]["level"] == "crisis"
    assert result["error"] == "Too many from ''."


def test_an_answer_is_what_the_guide_answers(guide: Guide) -> None:
    result = called(mcp_server(guide), "ask", question="What helps me sleep?")
    answer = guide.ask("What helps me sleep?")
    assert [shown["id"] for shown in result["passages"]] == [shown.id for shown in answer.passages]
    assert result["passages"][0]["text"] == answer.passages[0].text


@pytest.mark.parametrize(("tool", "name"), [("ask", "question"), ("search_passages", "query")])
def test_in_a_crisis_help_comes_first_and_nothing_is_quoted(tool: str, name: str, guide: Guide) -> None:
    result = called(mcp_server(guide), tool, **{name: "I want to kill myself", "country": "US"})
    assert next(iter(result)) == "safety"
    assert result["safety"]["level"] == "crisis"
    assert result["safety"]["message"]
    assert {line["country"] for line in result["safety"]["helplines"]} >= {"US"}
    assert result["passages"] == []


def test_a_failure_carries_the_way_to_help_and_one_sentence(guide: Guide) -> None:
    result = called(mcp_server(guide), "ask", question="I want to kill myself " + "x" * 9_000)
    assert next(iter(result)) == "safety"
    assert result["safety"]["level"] == "crisis"
    assert "8,000 are the limit" in result["error"]


@pytest.mark.parametrize("told", [{"withdrawn": True}, {}], ids=["withdrawn", "not"])
def test_a_question_can_be_withdrawn(told: dict[str, bool], guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[AskRequest] = []
    answer = guide.answer
    monkeypatch.setattr(guide, "answer", lambda request: asked.append(request) or answer(request))
    called(mcp_server(guide), "ask", question="What helps me sleep?", **told)
    assert [request.withdrawn for request in asked] == [bool(told)]


def test_help_lines_of_a_country_or_of_anywhere(guide: Guide) -> None:
    irish = called(mcp_server(guide), "help_lines", country="ie")
    assert irish["country"] == "Ireland"
    assert {line["country"] for line in irish["helplines"]} == {"IE"}
    unknown = called(mcp_server(guide), "help_lines", country="ZZ")
    assert {line["country"] for line in unknown["helplines"]} == {"*"}
    assert "error" not in unknown
    british = called(mcp_server(guide), "help_lines", country="UK")
    assert british == called(mcp_server(guide), "help_lines", country="GB")
    assert british["country"] == "United Kingdom"


def test_ways_to_a_professional_in_a_country_or_the_international_directory(guide: Guide) -> None:
    norwegian = called(mcp_server(guide), "find_professional", country="no")
    assert norwegian["country"] == "Norway"
    assert norwegian["routes"] == [asdict(route) for route in professional_routes("NO")]
    assert norwegian["first_call"] == list(professionals().first_call)
    british = called(mcp_server(guide), "find_professional", country="UK")
    assert british == called(mcp_server(guide), "find_professional", country="GB")
    unknown = called(mcp_server(guide), "find_professional", country="ZZ")
    assert [route["country"] for route in unknown["routes"]] == ["*"]
    assert "error" not in unknown


@pytest.mark.parametrize(("tool", "key"), [("help_lines", "helplines"), ("find_professional", "routes")])
def test_what_is_no_country_code_gets_what_helps_anywhere_and_one_sentence(tool: str, key: str, guide: Guide) -> None:
    refused = called(mcp_server(guide), tool, country="Ireland")
    assert refused["error"] == "The country is 'Ireland'; it must be a two-letter code such as US or IE, or left out."
    assert {entry["country"] for entry in refused[key]} == {"*"}


@pytest.mark.model
def test_over_standard_input_and_output(tmp_path: Path) -> None:
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.index.build import build

    encoder = open_builder(Config())
    build([ARTICLE], tmp_path / "index", encoder, encoder.identity)
    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "guide", "mcp", "--index", str(tmp_path / "index")]
    )
    result = called(command, "ask", question="What helps me sleep?")
    assert next(iter(result)) == "safety"
    assert result["covered"] is True
