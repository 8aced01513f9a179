"""Who is let in, how often, and what every response says to the browser."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from web.conftest import CRISIS, QUESTION, Web, living

from guide.errors import GuideError
from guide.guide import Guide
from guide.records import AskRequest
from guide.web.allowed_paths import Forwarded, leads_somewhere
from guide.web.headers import script_hashes
from guide.web.question_queue import OVERLOADED_SECONDS, AdmissionLimit, BusyError, LimitError, QuestionQueue
from guide.web.rate_limit import REMEMBERED_CLIENTS, RateLimit
from guide.web.request_limits import WRONG_PASSWORDS_PER_MINUTE
from guide.web.serve import listen
from guide.web.settings import WebSettings

UMLAUTS, PLAIN = "grüße:42", "secret"

# ── the password ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/", "/v1/ask", "/v1/passages", "/v1/openapi.json", "/metrics", "/gradio_api/info"])
def test_without_the_password_everything_is_refused(web: Web, path: str) -> None:
    answer = web(password=UMLAUTS, metrics=True).get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert answer.json() == {"error": "This guide asks for a password; any name will do with it."}


def test_health_needs_no_password(web: Web) -> None:
    assert web(password=PLAIN).get("/health").status_code == 200


def test_with_the_password_and_any_name_one_is_let_in(web: Web) -> None:
    client = web(password=UMLAUTS)
    assert client.get("/v1/passages", auth=("", UMLAUTS)).status_code == 200
    assert client.get("/v1/passages", auth=("anybody", UMLAUTS)).status_code == 200


@pytest.mark.parametrize(
    "sent", ["Basic", "Basic !", "Basic c2VjcmV0", "Bearer OnNlY3JldA==", "Basic OnNlY3JlVA==", "Basic Og==", "ÿ"]
)
def test_what_is_not_the_password_is_refused(web: Web, sent: str) -> None:
    assert web(password=PLAIN).get("/", headers={"authorization": sent.encode("latin-1")}).status_code == 401


def test_guessing_is_slowed_down(web: Web) -> None:
    client = web(password=PLAIN)
    wrong = [client.get("/", auth=("", f"{number}")).status_code for number in range(WRONG_PASSWORDS_PER_MINUTE + 1)]
    assert wrong == [401] * WRONG_PASSWORDS_PER_MINUTE + [429]
    assert client.get("/v1/passages", auth=("", PLAIN)).status_code == 200


# ── how often ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_client_that_asks_too_often_is_told_when_to_come_back(web: Web) -> None:
    client = web(questions_per_minute=2)
    sent = {"question": CRISIS, "country": "IE"}
    assert [client.post("/v1/ask", json=sent).status_code for _ in range(2)] == [200, 200]
    answer = client.post("/v1/ask", json=sent)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "30"
    error = "These are more questions than one person is likely to ask; ask again in 30 seconds."
    assert answer.json()["error"] == error
    assert answer.json()["safety"]["helplines"][0]["country"] == "IE"
    assert client.post("/v1/assess", json=sent).json()["safety"]["level"] == "crisis"


def test_requests_of_any_kind_have_a_limit_too(web: Web) -> None:
    client = web(questions_per_minute=1)
    statuses = [client.get("/v1/helplines").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert client.get("/health").status_code == 200


def test_a_client_may_do_as_much_at_once_as_in_a_minute_and_then_one_at_a_time() -> None:
    now = [0.0]
    limit = RateLimit(3, clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("a") == pytest.approx(20)
    assert limit.wait("b") == 0
    now[0] = 20
    assert limit.wait("a") == 0
    assert limit.wait("a") == pytest.approx(20)
    now[0] = 1000
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("a") > 0


def test_no_limit_is_no_limit() -> None:
    limit = RateLimit(0)
    assert {limit.wait("a") for _ in range(1000)} == {0}


def test_an_ipv6_subscriber_is_one_client() -> None:
    limit = RateLimit(1)
    assert limit.wait("2001:db8::1") == 0
    assert limit.wait("2001:db8::ffff") > 0
    assert limit.wait("2001:db8:0:1::1") == 0


def test_a_flood_of_addresses_does_not_fill_the_memory() -> None:
    limit = RateLimit(1)
    for number in range(3 * REMEMBERED_CLIENTS):
        limit.wait(f"client {number}")
    assert len(limit._whole_again) <= REMEMBERED_CLIENTS


# ── how many at once ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """While it isn't set, no question is answered."""
    go, answer = threading.Event(), Guide.answer

    def wait_then_answer(self: Guide, request: AskRequest) -> object:
        go.wait(30)
        return answer(self, request)

    monkeypatch.setattr(Guide, "answer", wait_then_answer)
    yield go
    go.set()


def full(queue: QuestionQueue, places: int) -> list[threading.Thread]:
    """Threads whose questions have taken all places of `queue`."""
    asking = [threading.Thread(target=queue.answer, args=(AskRequest(QUESTION),)) for _ in range(places)]
    for thread in asking:
        thread.start()
    while queue._admission.acquire():
        queue._admission.release()
    return asking


def test_more_than_may_wait_are_refused_at_once_with_the_way_to_help(web: Web, held: threading.Event) -> None:
    client = web(at_once=1, in_hand=3, questions_per_minute=0)
    asking = full(client.app.state.queue, 3)  # type: ignore[attr-defined]
    answer = client.post("/v1/ask", json={"question": CRISIS})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["error"] == "Guide is busy: many questions are waiting already; ask again in a moment."
    assert answer.json()["safety"]["level"] == "crisis"
    # The safety gate alone waits its turn too, and says at once what the words say.
    assessed = client.post("/v1/assess", json={"question": QUESTION, "history": [CRISIS]})
    assert assessed.status_code == 503
    assert assessed.json()["safety"]["message"].startswith("Earlier you told me")
    held.set()
    for thread in asking:
        thread.join()
    assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200


def test_while_some_are_refused_a_third_of_the_places_is_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("guide.web.question_queue.time.monotonic", lambda: clock[0])
    places = AdmissionLimit(6)
    assert [places.acquire() for _ in range(7)] == [True] * 6 + [False]
    for left in range(5, -1, -1):
        places.release()
        # Two may be in hand while it is overloaded.
        if places.acquire():
            assert left < 2
            places.release()
    clock[0] += OVERLOADED_SECONDS
    assert [places.acquire() for _ in range(7)] == [True] * 6 + [False]


def test_the_only_place_is_given_out_again_at_once() -> None:
    places = AdmissionLimit(1)
    assert (places.acquire(), places.acquire()) == (True, False)
    places.release()
    assert places.acquire()


def test_questions_are_answered_in_the_order_in_which_they_came(
    index: object, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[str] = []
    answer = Guide.answer

    def noted(self: Guide, request: AskRequest) -> object:
        found = answer(self, request)
        answered.append(request.question)
        return found

    monkeypatch.setattr(Guide, "answer", noted)
    queue = QuestionQueue(living(index), WebSettings(at_once=1, in_hand=16))  # type: ignore[arg-type]
    questions = [f"What calms bees on day {day}?" for day in range(16)]

    async def all_at_once() -> None:
        asking = [asyncio.ensure_future(queue.answer_soon(AskRequest(question))) for question in questions]
        await asyncio.sleep(0)  # each has taken its place
        held.set()
        await asyncio.gather(*asking)

    asyncio.run(all_at_once())
    assert answered == questions


def test_a_question_that_fails_gives_its_place_back(index: object, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = QuestionQueue(living(index), WebSettings(at_once=1, in_hand=1))  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(GuideError, match="is empty"):
            queue.answer(AskRequest(" "))
    assert queue.answer(AskRequest(QUESTION)).passages


def test_in_the_chat_too_busy_is_said_kindly_and_the_help_card_shows(index: object, held: threading.Event) -> None:
    from guide.chat.handlers import Conversation
    from guide.safety.helplines import registry

    queue = QuestionQueue(living(index), WebSettings(at_once=1, in_hand=1))  # type: ignore[arg-type]
    page = Conversation(queue, registry().lines, registry().names)
    [first] = full(queue, 1)
    _, exchanges, shown, _ = page.ask(CRISIS, [], "IE", "en")
    held.set()
    first.join()
    assert "One moment, please." in shown
    assert "Many questions are waiting already; ask again in a moment." in shown
    assert "Something went wrong" not in shown
    assert "tel:" in shown
    assert exchanges[0].answer is None


def test_in_the_chat_too_often_is_said_kindly_too(index: object) -> None:
    from guide.chat.handlers import Conversation
    from guide.safety.helplines import registry

    queue = QuestionQueue(living(index), WebSettings(questions_per_minute=1))  # type: ignore[arg-type]
    page = Conversation(queue, registry().lines, registry().names, queue.admit)
    page.ask(QUESTION, [], "", "es")
    _, _, shown, _ = page.ask(CRISIS, [], "", "es")
    assert "Un momento, por favor." in shown
    assert "https://findahelpline.com" in shown


def test_both_are_errors_that_one_can_act_on() -> None:
    assert issubclass(BusyError, GuideError)
    assert issubclass(LimitError, GuideError)


# ── proxies ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def who(request: Request) -> JSONResponse:
    return JSONResponse({"client": request.client and request.client.host, "headers": sorted(request.headers.keys())})


@pytest.mark.parametrize(
    ("trusted", "peer", "client", "kept"),
    [
        ((), "10.0.0.1", "10.0.0.1", False),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.9", True),
        (("10.0.0.0/8",), "203.0.113.7", "203.0.113.7", False),
        (("*",), "203.0.113.7", "198.51.100.9", True),
    ],
)
def test_forwarded_headers_are_believed_of_trusted_proxies_only(
    trusted: tuple[str, ...], peer: str, client: str, kept: bool
) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Route

    app = Forwarded(Starlette(routes=[Route("/", who)]), trusted)
    sent = {"X-Forwarded-For": "198.51.100.9", "X-Forwarded-Host": "evil.example", "Forwarded": "for=198.51.100.9"}
    seen = TestClient(app, client=(peer, 50000)).get("/", headers=sent).json()
    assert seen["client"] == client
    assert ("x-forwarded-host" in seen["headers"]) == kept


def test_an_untrusted_client_cannot_dodge_its_limit_by_naming_others(web: Web) -> None:
    client = web(questions_per_minute=1)
    statuses = [
        client.post("/v1/ask", json={"question": QUESTION}, headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code
        for n in range(3)
    ]
    assert statuses == [200, 429, 429]


# ── what there is, and what browsers are told ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/file=corpus/x.md",
        "/gradio_api/upload",
        "/gradio_api/proxy=http://example.org",
        "/gradio_api/stream/x",
        "/gradio_api/custom_component/x/y/z/w.js",
        "/gradio_api/runs",
        "/gradio_api/mcp/sse",
        "/gradio_api/deep_link",
        "/gradio_api/vibe-code",
        "/gradio_api/dev/reload",
        "/gradio_api/component_server",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/docs",
        "/openapi.json",
        "/assets/../gradio.py",
        "/assets/..",
        "/static//etc/passwd",
        "/static/.env",
        "/assets/%2e%2e/x",
        "/favicon.ico/",
        "//",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_what_the_chat_does_not_need_is_not_there(method: str, path: str) -> None:
    assert not leads_somewhere(method, path)


def test_every_response_carries_the_security_headers(web: Web) -> None:
    client = web(password=PLAIN, metrics=True)
    responses = [client.get("/"), client.get("/health"), client.get("/nothing"), client.post("/v1/ask")]
    responses.append(client.get("/metrics", auth=("", PLAIN)))
    for response in responses:
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "geolocation=()" in response.headers["permissions-policy"]
        assert response.headers["cross-origin-opener-policy"] == "same-origin"
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert response.headers["cache-control"] == "no-store"
        assert "server" not in response.headers


def test_the_chat_can_be_allowed_in_other_pages(web: Web) -> None:
    response = web(frame_ancestors="https://example.org").get("/health")
    assert response.headers["content-security-policy"].endswith("frame-ancestors https://example.org")
    assert "x-frame-options" not in response.headers
    assert web(frame_ancestors="'self'").get("/health").headers["x-frame-options"] == "SAMEORIGIN"


def test_only_inline_scripts_have_a_hash() -> None:
    page = b'<script src="a.js"></script><script type="module">one()</script><SCRIPT>one()</SCRIPT>'
    page += b"<script>two()\n</script>"
    assert len(script_hashes(page)) == 2


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"GUIDE_PASSWORD": " "}, "GUIDE_PASSWORD is set but empty"),
        (
            {"GUIDE_TRUSTED_PROXIES": "10.0.0.1, nginx"},
            "Entry 2 of GUIDE_TRUSTED_PROXIES is 'nginx'; it must be addresses or networks",
        ),
        ({"GUIDE_QUESTIONS_PER_MINUTE": "-1"}, "it must be a whole number from 0 to 1,000,000"),
        ({"GUIDE_AT_ONCE": "0"}, "it must be a whole number from 1 to 1,000,000"),
        ({"GUIDE_AT_ONCE": "2.5"}, "GUIDE_AT_ONCE is '2.5'; it must be a whole number from 1 to 1,000,000"),
        ({"GUIDE_FRAME_ANCESTORS": ""}, "GUIDE_FRAME_ANCESTORS is ''; it must be 'none', 'self' or addresses such as"),
        ({"GUIDE_METRICS": "yes"}, "it must be 1 \\(on\\) or 0 \\(off\\)"),
        ({"GUIDE_FRAME_ANCESTORS": "x; script-src *"}, "GUIDE_FRAME_ANCESTORS is"),
        ({"GUIDE_FRAME_ANCESTORS": "http://example.org"}, "GUIDE_FRAME_ANCESTORS is"),
        (
            {"GUIDE_FRAME_ANCESTORS": "https://a.org,https://b.org"},
            "addresses such as https://example.org, separated by",
        ),
        ({"GUIDE_FRAME_ANCESTORS": "'none' https://a.org"}, "GUIDE_FRAME_ANCESTORS is"),
    ],
)
def test_a_setting_that_cannot_be_is_named(environment: dict[str, str], says: str) -> None:
    with pytest.raises(GuideError, match=says):
        WebSettings.from_environment(environment)


def test_settings_come_from_the_environment() -> None:
    settings = WebSettings.from_environment(
        {"GUIDE_PASSWORD": "x", "GUIDE_TRUSTED_PROXIES": "10.0.0.0/8, ::1", "GUIDE_METRICS": "1", "GUIDE_IN_HAND": "3"}
    )
    assert (settings.password, settings.trusted_proxies) == ("x", ("10.0.0.0/8", "::1"))
    assert (settings.metrics, settings.log, settings.in_hand) == (True, False, 3)
    assert WebSettings.from_environment({}) == WebSettings()


@pytest.mark.parametrize(
    "listed",
    ["https://a.org", "https://a.org:8443 https://*.b.org", "http://localhost:8000 http://127.0.0.1", "'self'"],
)
def test_websites_are_listed_by_their_addresses(listed: str) -> None:
    assert WebSettings.from_environment({"GUIDE_FRAME_ANCESTORS": f"{listed} "}).frame_ancestors == listed


def test_an_empty_number_or_switch_is_as_good_as_none() -> None:
    empty = {"GUIDE_QUESTIONS_PER_MINUTE": "", "GUIDE_AT_ONCE": "", "GUIDE_IN_HAND": "", "GUIDE_LOG": ""}
    assert WebSettings.from_environment(empty) == WebSettings()
    # Nobody is trusted where that is said, on a hosted Space too.
    said = {"GUIDE_TRUSTED_PROXIES": "", "SPACE_ID": "somebody/guide"}
    assert WebSettings.from_environment(said).trusted_proxies == ()


def test_a_hosted_space_stands_behind_its_hosts_proxy_in_its_page() -> None:
    settings = WebSettings.from_environment({"SPACE_ID": "somebody/guide"})
    assert settings.trusted_proxies == ("*",)
    assert settings.frame_ancestors == "https://huggingface.co"


def test_only_this_computer_is_listened_to_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    from argparse import ArgumentParser
    from inspect import signature

    from guide.commands.serve import add
    from guide.web.serve import serve

    monkeypatch.delenv("GRADIO_SERVER_NAME", raising=False)
    parser = ArgumentParser()
    add(parser.add_subparsers())
    assert parser.parse_args(["serve"]).host == "127.0.0.1"
    assert signature(serve).parameters["host"].default is None


def test_a_port_that_is_taken_or_none_is_named() -> None:
    with listen("127.0.0.1", 0) as first:
        taken = first.getsockname()[1]
        with pytest.raises(GuideError, match=f"The chat can't listen on 127.0.0.1:{taken}: another program, .* has"):
            listen("127.0.0.1", taken)
    with pytest.raises(GuideError, match="a port is a number from 0 to 65535; choose another --host or --port"):
        listen("127.0.0.1", 99999)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_computer_is_named_without_codes(host: str) -> None:
    with pytest.raises(GuideError, match=f"The chat can't listen on {host}:.*: this computer has no such address;"):
        listen(host, 8000)
