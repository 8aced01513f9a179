"""The language model's server: what is sent to it, and that whatever goes wrong there is an empty text here."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from model_server import Reply, completion, sends, served

from guide.answering.llm_endpoint import check_endpoint, complete
from guide.articles.read import read_article
from guide.config import Endpoint
from guide.errors import GuideError
from guide.guide import Guide
from guide.index.build import index_of

SLEEP = Path(__file__).parents[1] / "data" / "sleeping-badly.txt"

# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_models_text_comes_back() -> None:
    with served(sends(completion("Numb – “so”."))) as (endpoint, _):
        assert complete(endpoint, "Why?") == "Numb – “so”."


@pytest.mark.parametrize("slash", ["", "/"])
def test_nothing_is_sent_but_the_prompt_once(slash: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "BASE_URL"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://elsewhere.invalid")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer another\nX-Secret: 1")
    with served(sends(completion("x"))) as (endpoint, sent):
        assert complete(Endpoint(endpoint.url + slash, endpoint.model), "Why?") == "x"
    ((path, headers, body),) = sent
    assert path == "/v1/chat/completions"
    assert body == {"model": "stub", "messages": [{"role": "user", "content": "Why?"}], "temperature": 0}
    assert headers.keys() == {"host", "accept", "accept-encoding", "connection", "content-type", "content-length"}


def test_the_operators_key_is_sent_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer another")
    with served(sends(completion("x")), key="sesame") as (endpoint, sent):
        assert complete(endpoint, "Why?") == "x"
    assert sent[0][1]["authorization"] == "Bearer sesame"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_other_address_is_asked(status: int) -> None:
    with served(sends(completion("elsewhere"))) as (elsewhere, asked):
        location = f"{elsewhere.url}/chat/completions"
        with served(sends({}, status, Location=location)) as (endpoint, sent):
            assert complete(endpoint, "Why?") == ""
    assert (len(sent), asked) == (1, [])


def test_a_running_event_loop_is_no_hindrance() -> None:
    async def asked(endpoint: Endpoint) -> str:
        return complete(endpoint, "Why?")

    with served(sends(completion("x"))) as (endpoint, _):
        assert asyncio.run(asked(endpoint)) == "x"


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────

FAILURES: dict[str, Reply] = {
    "unauthorised": sends({"error": {"message": "no key"}}, 401),
    "too many requests": sends({}, 429, Retry_After="0"),
    "a failure of the server": sends({}, 500),
    "not JSON": sends(b"<p>Hello</p>", content_type="text/html"),
    "not JSON, though it says so": sends(b"{'choices"),
    "not even text": sends(b"\xff\xfe\x00"),
    "nothing": sends(b""),
    "a list": sends([completion("x")]),
    "a text": sends("x"),
    "a number": sends(7),
    "null": sends(None),
    "another shape": sends({"response": "x"}),
    "choices that are no list": sends({"choices": "x"}),
    "choices that are null": sends({"choices": None}),
    "no choices": sends({"choices": []}),
    "a choice that is none": sends({"choices": ["x"]}),
    "a choice without a message": sends({"choices": [{"text": "x"}]}),
    "content that is null": sends(completion(None)),
    "content that is a number": sends(completion(7)),
    "content that is a list": sends(completion([{"type": "text", "text": "x"}])),
}


@pytest.mark.parametrize("why", FAILURES)
def test_a_failure_is_an_empty_text_and_not_asked_again(why: str) -> None:
    with served(FAILURES[why]) as (endpoint, sent):
        assert complete(endpoint, "Why?") == ""
    assert len(sent) == 1


def test_a_refused_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and doesn't listen
        assert complete(Endpoint(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "stub"), "Why?") == ""


ADDRESSES = [
    "no address",
    "",
    "127.0.0.1:80",
    "ftp://a/v1",
    "file:///etc/hosts",
    "http://",
    "http://[::1",
    "http://a:b/v1",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_none(address: str) -> None:
    assert complete(Endpoint(address, "stub"), "Why?") == ""
    with pytest.raises(GuideError, match=r"GUIDE_LLM_URL.* is '.*'; it must be one such as http://"):
        check_endpoint(Endpoint(address, "stub"))


def test_a_connection_that_ends_early() -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")

    with served(reply) as (endpoint, _):
        assert complete(endpoint, "Why?") == ""


def silent(stop: threading.Event) -> Reply:
    """Reads the request and says nothing."""
    return lambda _: bool(stop.wait(20)) and None


def dripping(stop: threading.Event) -> Reply:
    """Sends a space now and then, so that no single read takes long."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        for _ in range(400):
            if stop.wait(0.05):
                return
            handler.wfile.write(b" ")
            handler.wfile.flush()

    return reply


@pytest.mark.parametrize("slow", [silent, dripping])
def test_a_slow_server_is_not_waited_for(
    slow: Callable[[threading.Event], Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(sends(completion("x"))) as (endpoint, _):
        complete(endpoint, "the first one imports the library")
    monkeypatch.setattr("guide.answering.llm_endpoint.SECONDS", 1.5)
    stop = threading.Event()
    with served(slow(stop)) as (endpoint, sent):
        begun = time.monotonic()
        assert complete(endpoint, "Why?") == ""
        assert time.monotonic() - begun < 6
        stop.set()
    assert len(sent) == 1


# ── without the library ──────────────────────────────────────────────────────────────────────────────────────────────


def test_without_the_library_a_guide_with_an_endpoint_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    encoder = FakeEncoder()
    index = index_of([read_article(SLEEP)], encoder, encoder.identity)
    assert Guide(index, encoder).passages
    with pytest.raises(GuideError, match=r"GUIDE_LLM_URL.*the package openai.*isn't installed; run `pip install"):
        Guide(index, encoder, endpoint=Endpoint("http://127.0.0.1:1/v1", "stub"))
