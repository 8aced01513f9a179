"""The chat's own addresses: what programs may call, that no file can be read, and that sessions are apart."""

import http.client
import json
import re
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from web.conftest import CRISIS, QUESTION, built, serving

from guide.web.headers import script_hashes


def send(
    address: str, method: str, target: str, body: object = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a request whose target goes out exactly as it is written."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    content = None if body is None else json.dumps(body).encode()
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.putheader("Content-Length", str(len(content or b"")))
    connection.endheaders(content)
    response = connection.getresponse()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


# ── the endpoint /ask ────────────────────────────────────────────────────────────────────────────────────────────────


def test_gradios_client_can_ask(chat: str) -> None:
    from gradio_client import Client

    client = Client(chat, verbose=False, analytics_enabled=False)
    answer = client.predict(QUESTION, api_name="/ask")
    assert "Cool smoke calms bees" in answer["passages"][0]["text"]
    assert client.predict(CRISIS, [], "IE", api_name="/ask")["safety"]["helplines"][0]["country"] == "IE"
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/ask"]


def test_curl_can_ask_in_one_step_and_in_two(chat: str) -> None:
    data = json.dumps({"data": [QUESTION, [], None]})
    short = json.dumps({"data": [QUESTION]})
    curl = ["curl", "-sS", "-H", "Content-Type: application/json"]
    one = subprocess.run([*curl, "-d", short, f"{chat}/gradio_api/run/ask"], capture_output=True, check=True)
    assert json.loads(one.stdout)["data"][0]["question"] == QUESTION
    first = subprocess.run([*curl, "-d", data, f"{chat}/gradio_api/call/ask"], capture_output=True, check=True)
    event = json.loads(first.stdout)["event_id"]
    two = subprocess.run([*curl, "-N", f"{chat}/gradio_api/call/ask/{event}"], capture_output=True, check=True)
    assert QUESTION in two.stdout.decode()


def test_a_question_that_cannot_be_used_has_its_sentence_and_its_help_card(chat: str) -> None:
    status, _, body = send(
        chat, "POST", "/gradio_api/run/ask", {"data": [CRISIS, [{"role": "x", "content": ""}], "IE"]}
    )
    assert status == 422
    assert json.loads(body)["error"].startswith("Entry 1 of the history can't be used; it must be a text or an object")
    assert json.loads(body)["safety"]["level"] == "crisis"


@pytest.mark.parametrize(
    "data", [["xylophone"], [["xylophone"], [], None], [{"a": "xylophone"}, 1, 2], ["\ud800xylophone", [], None]]
)
def test_a_call_that_fails_prints_no_word_of_it(chat: str, capfd: Any, caplog: Any, data: list[Any]) -> None:
    send(chat, "POST", "/gradio_api/run/ask", {"data": data})
    send(chat, "POST", "/gradio_api/run/predict", {"data": data, "fn_index": 0})
    send(chat, "POST", "/gradio_api/queue/join", {"data": data, "fn_index": 0, "session_hash": "printing"})
    send(chat, "GET", "/gradio_api/queue/data?session_hash=printing")
    printed = capfd.readouterr()
    assert "xylophone" not in printed.out + printed.err + caplog.text


def test_a_client_that_asks_too_often_is_told_so_with_the_help_card(tmp_path: Path) -> None:
    from gradio_client import Client

    with serving(built(tmp_path), questions_per_minute=1) as address:
        first, _, _ = send(address, "POST", "/gradio_api/run/ask", {"data": [CRISIS, [], "IE"]})
        second, headers, body = send(address, "POST", "/gradio_api/run/ask", {"data": [CRISIS, [], "IE"]})
        # Gradio's own client knows no status of ours: the error is the answer, as with `guide ask --json`.
        said = Client(address, verbose=False, analytics_enabled=False).predict(CRISIS, [], "IE", api_name="/ask")
    assert (first, second) == (200, 429)
    assert int(headers["retry-after"]) > 0
    for told in (json.loads(body), said):
        assert told["error"].startswith("These are more questions than one person is likely to ask")
        assert told["safety"]["helplines"][0]["country"] == "IE"


def test_half_a_character_is_answered_by_gradio_too(chat: str) -> None:
    send(chat, "POST", "/gradio_api/call/ask", {"data": [f"{CRISIS} \ud83d", [], None]})
    found = event(chat, "ask_here")
    data = [f"{CRISIS} \ud83d", *[None] * (len(found["inputs"]) - 1)]
    body = {"data": data, "fn_index": found["id"], "session_hash": "halves"}
    status, _, shown = send(chat, "POST", "/gradio_api/run/predict", body)
    assert status == 200
    assert "care" in shown.decode()


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

SECRET = "the-secret-of-the-hive"

HOW = (
    "/gradio_api/file={path}",
    "/gradio_api/file/{path}",
    "/file={path}",
    "/gradio_api/file%3D{encoded}",
    "/gradio_api/file={encoded}",
    "/gradio_api/file={twice}",
    "/gradio_api//file={path}",
    "/gradio_api/./file={path}",
    "/gradio_api/x/../file={path}",
    "/GRADIO_API/FILE={path}",
    "/assets/..{path}",
    "/assets/../../../../../../../..{path}",
    "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{encoded}",
    "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..{encoded}",
    "/static/..%5c..%5c..%5c{encoded}",
    "/static/{path}",
    "/static//{path}",
    "/svelte/%252e%252e{twice}",
    "/pwa_icon/..{path}",
    "/custom_component/..{path}",
    "/?deep_link=..{path}",
    "/gradio_api/proxy=file://{path}",
    "/gradio_api/stream/{path}",
    "{path}",
    "http://localhost{path}",
)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that the server's process may read, and a link to it."""
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "link.txt").symlink_to(tmp_path / "secret.txt")
    return tmp_path / "secret.txt"


@pytest.mark.parametrize("how", HOW)
def test_no_file_can_be_read(chat: str, secret: Path, how: str) -> None:
    for path in (str(secret), str(secret.with_name("link.txt")), "/etc/passwd", "/proc/self/environ"):
        encoded = "".join(f"%{byte:02x}" for byte in path.encode())
        target = how.format(path=path, encoded=encoded, twice=encoded.replace("%", "%25"))
        status, _, body = send(chat, "GET", target)
        assert SECRET.encode() not in body
        assert b"root:" not in body
        assert status == 404 or how.startswith("/?")


@pytest.mark.parametrize("call", ["run/ask", "run/predict"])
def test_a_call_that_names_a_file_reads_none(chat: str, secret: Path, call: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(1)
        for place in (
            {"path": str(secret)},
            {"path": f"file={secret}"},
            {"url": f"http://127.0.0.1:{elsewhere.getsockname()[1]}/", "path": "x"},
            {"path": f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"},
        ):
            file = {**place, "meta": {"_type": "gradio.FileData"}, "orig_name": "x.txt"}
            body = {"data": [file, [file], None], "fn_index": 0, "session_hash": "files"}
            assert SECRET.encode() not in send(chat, "POST", f"/gradio_api/{call}", body)[2]
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_nothing_can_be_uploaded(chat: str) -> None:
    assert send(chat, "POST", "/gradio_api/upload", {"files": "x"})[0] == 404


# ── what is deliberate about Gradio ──────────────────────────────────────────────────────────────────────────────────


def test_monitoring_sharing_mcp_history_and_flagging_are_off(chat: str) -> None:
    config = json.loads(send(chat, "GET", "/config")[2])
    assert config.get("mcp_server") in (False, None)
    assert not config.get("run_history", False)
    assert [
        dependency["api_name"] for dependency in config["dependencies"] if dependency["api_visibility"] == "public"
    ] == ["ask"]
    assert not [component for component in config["components"] if "flag" in component["type"]]
    for path in ("/monitoring", "/monitoring/summary", "/gradio_api/mcp/", "/gradio_api/mcp/sse", "/gradio_api/runs"):
        assert send(chat, "GET", path)[0] == 404
    page = send(chat, "GET", "/")[2].decode()
    assert "gradio.live" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_the_queue_takes_no_direct_calls_and_has_an_end(tmp_path: Path) -> None:
    from starlette.routing import Mount
    from web.conftest import living

    from guide.web.application import web_app
    from guide.web.settings import WebSettings

    app = web_app(living(built(tmp_path)), WebSettings())
    [mounted] = [route.app for route in app.routes if isinstance(route, Mount)]
    blocks = mounted.get_blocks()  # type: ignore[attr-defined]
    assert blocks.api_open is False
    assert blocks.enable_monitoring is False
    assert blocks.share is False
    assert blocks.run_history is False
    assert blocks._queue.max_size == 64
    assert blocks.allowed_paths == []


def test_no_header_of_a_stranger_changes_the_page(chat: str) -> None:
    page = send(chat, "GET", "/config", X_Forwarded_Host="evil.example", X_Forwarded_Proto="https")[2]
    assert b"evil.example" not in page
    assert json.loads(page)["root"] == chat


def test_the_page_runs_its_own_scripts_and_no_others(chat: str) -> None:
    _, headers, page = send(chat, "GET", "/")
    policy = headers["content-security-policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    assert rules["default-src"] == ["'none'"]
    assert rules["connect-src"] == ["'self'"]
    assert rules["frame-ancestors"] == ["'none'"]
    assert rules["form-action"] == ["'none'"]
    assert "'unsafe-inline'" not in rules["script-src"]
    hashes = set(script_hashes(page))
    assert hashes
    assert hashes - set(rules["script-src"]) == set()
    assert not [source for source in rules["script-src"] if "://" in source or source == "*"]


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def event(address: str, name: str) -> dict[str, Any]:
    """The page's event whose handler has this name, with its number."""
    config = json.loads(send(address, "GET", "/config")[2])
    return next(dependency for dependency in config["dependencies"] if dependency["api_name"] == name)


def ask_in(address: str, session: str, question: str, edition: str | None = None) -> str:
    """What the chat shows in `session` after `question` was typed on a page that shows the articles' `edition`."""
    found = event(address, "ask_here")
    # The last two are what the page keeps: the edition, and what was said before.
    data = [question, *[None] * (len(found["inputs"]) - 3), edition, None]
    body = {"data": data, "fn_index": found["id"], "session_hash": session}
    status, _, shown = send(address, "POST", "/gradio_api/run/predict", body)
    assert status == 200, shown
    return shown.decode()


def test_a_conversation_cannot_be_seen_from_another_session(chat: str) -> None:
    first = ask_in(chat, "session-one", "Do marigolds calm bees?")
    again = ask_in(chat, "session-one", QUESTION)
    other = ask_in(chat, "session-two", QUESTION)
    assert "marigolds" in first
    assert "marigolds" in again
    assert QUESTION in other
    assert "marigolds" not in other
    for path in ("/", "/config", "/health", "/gradio_api/info", "/v1/passages"):
        assert b"marigolds" not in send(chat, "GET", path)[2]


def test_many_sessions_at_once_stay_apart(chat: str) -> None:
    shown: dict[int, str] = {}

    def talk(number: int) -> None:
        for turn in range(3):
            shown[number] = ask_in(chat, f"at-once-{number}", f"Does flower {number}x{turn} calm bees?")

    talking = [threading.Thread(target=talk, args=(number,)) for number in range(8)]
    for thread in talking:
        thread.start()
    for thread in talking:
        thread.join()
    assert sorted(shown) == list(range(8))
    for number, html in shown.items():
        assert set(re.findall(r"flower (\d+)x", html)) == {str(number)}
