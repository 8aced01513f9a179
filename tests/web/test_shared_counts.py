"""The rate limits that several servers share, counted in a real store."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from web.beside import counting, free_port
from web.conftest import CRISIS, QUESTION, living

from guide.errors import GuideError
from guide.web.application import web_app
from guide.web.settings import WebSettings
from guide.web.shared_counts import AWAY_SECONDS, SharedCounts, without_password

PASSWORD = "right"


@pytest.fixture
def port() -> int:
    """The port of the store, which isn't started yet."""
    return free_port()


@contextmanager
def server(index: Path, port: int, client: str = "203.0.113.7", **settings: object) -> Iterator[TestClient]:
    """A client of one of several servers that count in the store on `port`."""
    store = f"redis://:secret@127.0.0.1:{port}"
    app = web_app(living(index), WebSettings(rate_limit_store=store, **settings), chat=False)  # type: ignore[arg-type]
    yield TestClient(app, client=(client, 50000), raise_server_exceptions=False)


def status(client: TestClient, question: str = QUESTION) -> int:
    return client.post("/v1/ask", json={"question": question}).status_code


def test_what_one_server_counted_counts_at_the_others(index: Path, port: int, tmp_path: Path) -> None:
    with counting(port, tmp_path), server(index, port, questions_per_minute=2) as one:
        with server(index, port, questions_per_minute=2) as other:
            assert [status(one), status(other)] == [200, 200]
            assert [status(one), status(other)] == [429, 429]
            refused = other.post("/v1/ask", json={"question": CRISIS, "country": "IE"})
            assert refused.json()["safety"]["helplines"][0]["country"] == "IE"
            assert 1 <= int(refused.headers["retry-after"]) <= 60
            assert other.get("/health").json()["rate_limits"] == "shared"
        with server(index, port, client="203.0.113.8", questions_per_minute=2) as another_client:
            assert status(another_client) == 200


def test_requests_of_any_kind_and_wrong_passwords_count_together_too(index: Path, port: int, tmp_path: Path) -> None:
    settings = {"questions_per_minute": 1, "password": PASSWORD}
    with counting(port, tmp_path), server(index, port, **settings) as one, server(index, port, **settings) as other:
        guesses = [client.get("/", auth=("", "wrong")).status_code for client in [one, other] * 6]
        assert guesses == [401] * 10 + [429] * 2
        asked = [client.get("/v1/helplines", auth=("", PASSWORD)).status_code for client in [one, other] * 6]
        assert asked == [200] * 10 + [429] * 2


def test_what_was_counted_is_forgotten_after_its_time(port: int, tmp_path: Path) -> None:
    from limits import RateLimitItemPerSecond

    with counting(port, tmp_path):
        counts, item = SharedCounts(f"valkey://:secret@127.0.0.1:{port}"), RateLimitItemPerSecond(2)
        assert [counts.wait(item, "a"), counts.wait(item, "a")] == [0, 0]
        waited = counts.wait(item, "a")
        assert waited is not None
        assert 0 < waited <= 1
        time.sleep(waited + 0.01)
        assert counts.wait(item, "a") == 0


def test_without_the_store_each_server_counts_for_itself_and_the_help_card_comes(
    index: Path, port: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with server(index, port, questions_per_minute=2) as one, server(index, port, questions_per_minute=2) as other:
        with counting(port, tmp_path):
            assert [status(one), status(other), status(one)] == [200, 200, 429]
        begun = time.monotonic()
        with caplog.at_level(logging.WARNING, "guide.web"):
            assert [status(one), status(one), status(one)] == [200, 200, 429]
            assert [status(other), status(other), status(other)] == [200, 200, 429]
        assert time.monotonic() - begun < 3
        card = one.post("/v1/ask", json={"question": CRISIS})
        assert card.json()["safety"]["level"] == "crisis"
        health = one.get("/health")
        assert (health.status_code, health.json()["rate_limits"]) == (200, "store away")
        said = [record.getMessage() for record in caplog.records if "rate limits" in record.getMessage()]
        assert len(said) == 2  # one for each server, however often it is asked
        assert all(f"redis://127.0.0.1:{port} doesn't answer" in line for line in said)
        assert "secret" not in caplog.text


@pytest.mark.alone
def test_a_store_that_is_back_counts_again(index: Path, port: int, tmp_path: Path) -> None:
    with server(index, port, questions_per_minute=3) as one, server(index, port, questions_per_minute=3) as other:
        with counting(port, tmp_path):
            assert status(one) == 200
        assert status(one) == 200
        with counting(port, tmp_path):
            # Until the store is asked again the server goes on counting for itself.
            time.sleep(AWAY_SECONDS + 0.1)
            assert [status(one), status(other), status(one), status(other)] == [200, 200, 200, 429]
            assert one.get("/health").json()["rate_limits"] == "shared"


def test_a_restart_of_the_store_costs_no_question_its_count(port: int, tmp_path: Path) -> None:
    from limits import RateLimitItemPerMinute

    counts, item = SharedCounts(f"valkey://:secret@127.0.0.1:{port}"), RateLimitItemPerMinute(9)
    with counting(port, tmp_path):
        assert counts.wait(item, "a") == 0
    with counting(port, tmp_path):
        # The connection from before is closed; it is opened anew at once.
        assert counts.wait(item, "a") == 0


def test_a_store_that_hangs_holds_no_question_up(index: Path, port: int, tmp_path: Path) -> None:
    import signal

    with counting(port, tmp_path) as store, server(index, port, questions_per_minute=3) as one:
        assert status(one) == 200
        store.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        answers = [status(one), status(one), status(one), status(one)]
        taken = time.monotonic() - begun
        store.send_signal(signal.SIGCONT)
    assert answers == [200, 200, 200, 429]
    assert taken < 3


def test_a_wrong_password_for_the_store_is_a_store_away(index: Path, port: int, tmp_path: Path) -> None:
    with counting(port, tmp_path):
        counts = SharedCounts(f"redis://:other@127.0.0.1:{port}")
        assert counts.answers() is False


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://guide:hush@[2001:db8::7]:6380/2", "redis://[2001:db8::7]:6380/2"),
        ("valkey+unix:///run/valkey.sock?db=1", "valkey+unix:///run/valkey.sock"),
        ("rediss://counts.example", "rediss://counts.example"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert without_password(address) == shown


@pytest.mark.parametrize(
    "address",
    ["hush", "http://:hush@host", "redis://", "redis://:hush@host:port", "redis://:hush@host:99999", "//hush"],
)
def test_what_is_no_address_is_said_without_repeating_it(address: str) -> None:
    with pytest.raises(GuideError, match=r"GUIDE_RATE_LIMIT_STORE is no address of a store; expected") as error:
        WebSettings.from_environment({"GUIDE_RATE_LIMIT_STORE": address})
    assert "hush" not in str(error.value)


def test_options_that_cannot_be_used_are_said_too() -> None:
    with pytest.raises(GuideError, match="is no address of a store") as error:
        SharedCounts("redis://:hush@host?socket_timeout=soon")
    assert "hush" not in str(error.value)


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "limits.strategies", None)
    with pytest.raises(GuideError, match=re.escape("run `pip install 'quoted-guide[replicas]'`")):
        SharedCounts("redis://host")


def test_without_a_store_a_server_says_that_it_counts_for_itself(index: Path) -> None:
    client = TestClient(web_app(living(index), WebSettings(), chat=False))
    assert client.get("/health").json()["rate_limits"] == "own"
