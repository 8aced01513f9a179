"""How long a question waits for a database that is up: one limit for all that it reads, and no false alarm."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from real_server import RealServer
from slow_link import SlowLink

from guide.errors import SearchIndexError, StoreGoneError
from guide.guide import Guide
from guide.postgres import connection as connections
from guide.postgres.address import DatabaseAddress
from guide.postgres.deadline import OverdueError, TimeLeft
from guide.postgres.store import DatabaseStore

WITHIN = 3.0
STEEP = "How long does green tea steep?"
Build = Callable[..., DatabaseAddress]


@pytest.fixture
def link(server: RealServer) -> Iterator[SlowLink]:
    """A way to the server that can be held up."""
    made = SlowLink(server.port)
    yield made
    made.close()


@pytest.fixture
def guide(link: SlowLink, server: RealServer, database: str, corpus: Path, build_there: Build) -> Guide:
    """A guide over a database that lies behind the link, and has answered once."""
    build_there(corpus)
    found = Guide(DatabaseStore(DatabaseAddress.of(database.replace(str(server.port), str(link.port)))), FakeEncoder())
    assert found.ask(STEEP).covered
    return found


@pytest.mark.parametrize("idle", [0.0, connections.TRUSTED_SECONDS + 0.1])
def test_a_server_that_is_held_up_for_a_moment_is_waited_for(guide: Guide, link: SlowLink, idle: float) -> None:
    time.sleep(idle)
    link.hold(0.8)
    assert guide.ask(STEEP).covered


def test_a_server_that_is_slow_is_not_said_to_be_unreachable(guide: Guide, link: SlowLink) -> None:
    for idle in (0.0, connections.TRUSTED_SECONDS + 0.1):
        time.sleep(idle)
        link.hold(6)
        begun = time.monotonic()
        with pytest.raises(StoreGoneError, match="doesn't answer in time; ask again in a moment"):
            guide.ask(STEEP)
        assert time.monotonic() - begun < WITHIN
    link.hold(0)
    time.sleep(0.5)
    assert guide.ask(STEEP).covered


def test_the_first_connection_is_made_before_anybody_asks(
    link: SlowLink, server: RealServer, database: str, corpus: Path, build_there: Build
) -> None:
    build_there(corpus)
    store = DatabaseStore(DatabaseAddress.of(database.replace(str(server.port), str(link.port))))
    end = time.monotonic() + 30
    while not store._pool.get_stats().get("pool_available"):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_all_statements_of_a_question_share_its_time(build_there: Build, corpus: Path) -> None:
    store = DatabaseStore(build_there(corpus))
    begun = time.monotonic()
    with store.reading() as state, state.one_question():
        state._run("select pg_sleep(0.9)")
        state._run("select pg_sleep(0.9)")
        with pytest.raises(SearchIndexError, match=r"it took too long|doesn't answer in time"):
            state._run("select pg_sleep(0.9)")
    assert 2 < time.monotonic() - begun < WITHIN


def test_what_is_found_out_once_has_time_of_its_own(build_there: Build, corpus: Path) -> None:
    store = DatabaseStore(build_there(corpus))
    with store.reading() as state, state.one_question():
        state._run("select pg_sleep(1.4)")
        assert state.once("slow", lambda: len(state._run("select pg_sleep(1.4)"))) == 1
        assert state.knows(["glass"])


def test_each_statement_has_its_time_where_no_question_is_asked(build_there: Build, corpus: Path) -> None:
    with DatabaseStore(build_there(corpus)).reading() as state:
        for _ in range(3):
            state._run("select pg_sleep(0.9)")


def test_time_that_is_gone_is_gone_for_every_thread_but_those_that_read_apart() -> None:
    time_left = TimeLeft(0.05)
    faults: list[Exception] = []

    def take() -> None:
        try:
            with time_left.taken():
                pass
        except OverdueError as error:
            faults.append(error)

    with time_left.shared():
        with time_left.taken() as seconds:
            time.sleep(0.06)
        assert seconds == 0.05
        with time_left.apart():
            with time_left.taken() as seconds:
                assert seconds == 0.05
            other = threading.Thread(target=take)
            other.start()
            other.join()
        assert len(faults) == 1
        with pytest.raises(OverdueError), time_left.taken():
            pass
    with time_left.taken() as seconds:
        assert seconds == 0.05
