"""Two servers behind a real proxy, by the file that is shipped: one of them ends, and nobody notices."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from web.beside import counting, free_port, proxied, replica
from web.conftest import CRISIS, QUESTION

UNLIMITED = {"GUIDE_QUESTIONS_PER_MINUTE": "0"}
ASKING = 4
"""How many people ask at the same time."""


def post(address: str, path: str, body: object) -> tuple[int, str]:
    """The status and the text of a reply."""
    request = Request(f"{address}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=30) as response:  # noqa: S310 (our own server)
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@dataclass
class Asked:
    """What came of the questions that were asked all the while."""

    answered: int = 0
    failures: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def ask(self, address: str) -> None:
        """Asks one question after the other until it is told to stop."""
        while not self.stop.is_set():
            try:
                status, text = post(address, "/v1/ask", {"question": f"{QUESTION} ({self.answered})"})
                if status == 200 and json.loads(text)["passages"]:
                    self.answered += 1
                else:
                    self.failures.append(f"{status} {text[:200]}")
            except OSError as error:
                self.failures.append(repr(error))

    def more(self) -> None:
        """Returns once many more questions were answered, or one failed."""
        until = self.answered + 5 * ASKING
        for _ in range(2000):
            if self.answered >= until or self.failures:
                return
            time.sleep(0.02)
        raise AssertionError("no more answers came")


@contextmanager
def people_asking(address: str) -> Iterator[Asked]:
    """Some people who ask all the while."""
    asked = Asked()
    asking = [threading.Thread(target=asked.ask, args=(address,)) for _ in range(ASKING)]
    for thread in asking:
        thread.start()
    try:
        yield asked
    finally:
        asked.stop.set()
        for thread in asking:
            thread.join()


def in_two_steps(first: str, second: str) -> bool:
    """Whether a call of the chat's endpoint that begins at one address is answered at another."""
    event = json.loads(post(first, "/gradio_api/call/ask", {"data": [QUESTION, [], "IE"]})[1])["event_id"]
    try:
        with urlopen(f"{second}/gradio_api/call/ask/{event}", timeout=20) as response:  # noqa: S310 (our own server)
            return '"passages"' in response.read().decode()
    except (OSError, HTTPException):
        # The stream breaks off.
        return False


def in_turn(settings: str) -> str:
    """The proxy's settings with each request going to another server than the one before."""
    changed = settings.replace("hash $binary_remote_addr consistent;", "")
    assert changed != settings
    return changed


def test_a_server_that_is_killed_costs_no_question(index: Path, tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        one, other = (stack.enter_context(replica(index, port, **UNLIMITED)) for port in ports)
        address = stack.enter_context(proxied(ports, tmp_path))
        # What alone needs the server of its first step has it behind the proxy.
        alone = [f"http://127.0.0.1:{port}" for port in ports]
        assert (in_two_steps(*alone), in_two_steps(alone[0], alone[0])) == (False, True)
        assert [in_two_steps(address, address) for _ in range(4)] == [True] * 4
        # Whoever asks from here is sent to one of them: each is killed once.
        with people_asking(address) as asked:
            asked.more()
            one.kill()
            asked.more()
            stack.enter_context(replica(index, ports[0], **UNLIMITED))
            asked.more()
            other.kill()
            asked.more()
        assert asked.failures == []


def test_a_rolling_restart_costs_no_question(index: Path, tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        servers = [stack.enter_context(replica(index, port, **UNLIMITED)) for port in ports]
        address = stack.enter_context(proxied(ports, tmp_path, in_turn))
        with people_asking(address) as asked:
            for server, port in zip(servers, ports, strict=True):
                asked.more()
                server.send_signal(signal.SIGTERM)
                assert server.wait(timeout=10) == 0
                asked.more()
                stack.enter_context(replica(index, port, **UNLIMITED))
            asked.more()
        assert asked.failures == []


def test_who_is_limited_at_one_server_is_limited_behind_the_proxy(index: Path, tmp_path: Path) -> None:
    ports, store = [free_port(), free_port()], free_port()
    settings = {
        "GUIDE_QUESTIONS_PER_MINUTE": "4",
        "GUIDE_TRUSTED_PROXIES": "127.0.0.1",
        "GUIDE_RATE_LIMIT_STORE": f"valkey://:secret@127.0.0.1:{store}",
    }
    with ExitStack() as stack:
        stack.enter_context(counting(store, tmp_path))
        for port in ports:
            stack.enter_context(replica(index, port, **settings))
        address = stack.enter_context(proxied(ports, tmp_path, in_turn))
        assert [post(address, "/v1/ask", {"question": QUESTION})[0] for _ in range(6)] == [200] * 4 + [429] * 2
        # Asked without the proxy they know the same client.
        for port in ports:
            status, text = post(f"http://127.0.0.1:{port}", "/v1/ask", {"question": CRISIS})
            assert (status, json.loads(text)["safety"]["level"]) == (429, "crisis")
