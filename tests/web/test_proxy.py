"""Guide under a path of another site, behind a real nginx."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from web.conftest import CRISIS, QUESTION, built, serving
from web.proxy import proxied_under_path
from web.test_chat_server import send

from guide.errors import GuideError
from guide.web.settings import WebSettings

LOCAL = ("127.0.0.1",)
WAYS = {
    "named, and handed on": ({"root_path": "/guide"}, {"takes_off": False}),
    "named, and taken off": ({"root_path": "/guide"}, {"takes_off": True}),
    "told by the proxy": ({}, {"takes_off": True, "prefix": "/guide"}),
}


@pytest.fixture(scope="module", params=WAYS)
def guide_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the chat behind nginx: its path named to Guide or told by nginx, which takes it off or doesn't."""
    settings, told = WAYS[request.param]
    folder = tmp_path_factory.mktemp("proxied")
    more = {"trusted_proxies": LOCAL, "questions_per_minute": 0, "mcp": True}
    with serving(built(folder), **settings, **more) as server, proxied_under_path(server, folder, **told) as address:  # type: ignore[arg-type]
        yield address


def test_rest_and_its_description_are_under_the_path(guide_url: str) -> None:
    status, _, body = send(guide_url, "POST", "/guide/v1/ask", {"question": QUESTION})
    assert status == 200
    assert "Cool smoke calms bees" in json.loads(body)["passages"][0]["text"]
    described = json.loads(send(guide_url, "GET", "/guide/v1/openapi.json")[2])
    assert described["servers"] == [{"url": "/guide"}]
    assert send(guide_url, "GET", "/guide/nothing")[0] == 404
    assert send(guide_url, "GET", "/v1/helplines")[2] == b"another site"


def test_assistants_are_answered_under_the_path(guide_url: str) -> None:
    mcp = pytest.importorskip("mcp")

    async def asked() -> tuple[dict[str, object], str]:
        async with mcp.Client(f"{guide_url}mcp") as client:
            crisis = await client.call_tool("ask", {"question": CRISIS})
            return dict(crisis.structured_content), (await client.read_resource("guide://articles/bees")).contents[
                0
            ].text

    crisis, article = asyncio.run(asked())
    assert crisis["safety"]["level"] == "crisis"  # type: ignore[index]
    assert crisis["passages"] == []
    assert "Bees mirror their keeper." in article


def test_gradios_client_can_ask_under_the_path(guide_url: str) -> None:
    from gradio_client import Client

    client = Client(guide_url, verbose=False, analytics_enabled=False)
    assert "Cool smoke calms bees" in client.predict(QUESTION, api_name="/ask")["passages"][0]["text"]


def test_the_page_names_nothing_outside_its_path(guide_url: str) -> None:
    address = urlsplit(guide_url)
    config = json.loads(send(guide_url, "GET", "/guide/config")[2])
    assert config["root"] == f"http://{address.netloc}/guide"
    manifest = json.loads(send(guide_url, "GET", "/guide/manifest.json")[2])
    assert manifest["start_url"] == "./"
    for icon in manifest["icons"]:
        assert send(guide_url, "GET", f"/guide/{icon['src']}")[1]["content-type"] == "image/png"
    # Without the slash, what the page names would be sought beside it.
    status, headers, _ = send(guide_url, "GET", "/guide")
    assert (status, urlsplit(headers["location"]).path) in ((301, "/guide/"), (308, "/guide/"))


def test_what_keeps_nothing_takes_no_other_method(guide_url: str) -> None:
    status, headers, body = send(guide_url, "GET", "/guide/mcp")
    assert (status, headers["allow"]) == (405, "POST")
    assert json.loads(body)["error"] == "GET isn't possible here; use POST."


def test_a_question_of_an_assistant_counts_for_its_client(tmp_path: Path) -> None:
    mcp = pytest.importorskip("mcp")

    async def asked(address: str) -> list[dict[str, Any]]:
        async with mcp.Client(f"{address}/mcp") as client:
            calls = [await client.call_tool("ask", {"question": CRISIS}) for _ in range(3)]
            return [dict(call.structured_content) for call in calls]

    with serving(built(tmp_path), mcp=True, questions_per_minute=2) as address:
        *answered, refused = asyncio.run(asked(address))
    assert ["error" in one for one in answered] == [False, False]
    assert refused["error"].startswith("These are more questions than one person is likely to ask")
    assert refused["safety"]["level"] == "crisis"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that trusts whoever is on this computer."""
    with serving(built(tmp_path_factory.mktemp("trusting")), trusted_proxies=LOCAL) as address:
        yield address


@pytest.mark.parametrize("prefix", ["/v1", "//example.org", "/a b", '/"><script>', "/../x", "https://example.org"])
def test_a_prefix_that_is_none_is_forgotten(trusting: str, prefix: str) -> None:
    assert json.loads(send(trusting, "GET", "/config", X_Forwarded_Prefix="/guide")[2])["root"] == f"{trusting}/guide"
    assert json.loads(send(trusting, "GET", "/config", X_Forwarded_Prefix=prefix)[2])["root"] == trusting


def test_a_prefix_that_a_stranger_names_is_forgotten(chat: str) -> None:
    assert json.loads(send(chat, "GET", "/config", X_Forwarded_Prefix="/guide")[2])["root"] == chat


@pytest.mark.parametrize("written", ["guide", "/v1", "/chat/us", "https://example.org/guide", "/gui de", "//guide"])
def test_a_root_path_that_is_none_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(GuideError, match=r"GUIDE_ROOT_PATH is .*; it must be a path such as /guide, and none that"):
        WebSettings.from_environment({"GUIDE_ROOT_PATH": written})


def test_a_slash_at_the_end_is_no_matter() -> None:
    assert WebSettings.from_environment({"GUIDE_ROOT_PATH": "/guide/"}).root_path == "/guide"
    assert WebSettings.from_environment({"GUIDE_ROOT_PATH": "/"}).root_path == ""


def test_without_a_word_there_are_no_tools_for_assistants(chat: str) -> None:
    status, _, body = send(chat, "POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert (status, json.loads(body)["error"][:22]) == (404, "There is nothing here;")
