"""What may befall a database: one sentence within seconds, help beside it, and the same process answers afterwards."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from fake_encoder import FakeEncoder
from real_server import SETTINGS, RealServer

from guide.errors import GuideError, SearchIndexError, StoreGoneError
from guide.guide import Guide
from guide.index.build import Origin
from guide.postgres import connection as connections
from guide.postgres.address import DatabaseAddress
from guide.postgres.build import build_in_database
from guide.postgres.store import DatabaseStore
from guide.postgres.writer import writing

WITHIN = 3.0
STEEP = "How long does green tea steep?"
CRISIS = "I want to kill myself."
DANGER = "My husband hits me."


@pytest.fixture(scope="module")
def own_server(servers: Callable[[str], Path]) -> Iterator[RealServer]:
    """A server that these tests may stop, freeze and kill."""
    started = RealServer(servers("own"), SETTINGS.replace("fsync = off", "fsync = on")).create()
    started.run_program("createdb", "-h", "127.0.0.1", "-p", str(started.port), "-U", "guide", "guide")
    yield started
    started.stop("immediate")


def built_in(server: RealServer, corpus: Path, **settings: str) -> DatabaseAddress:
    address = DatabaseAddress.of(server.address(**settings))
    encoder = FakeEncoder()
    build_in_database([corpus], address, encoder, Origin(encoder.identity, None))
    return address


def opened(address: DatabaseAddress) -> Guide:
    return Guide(DatabaseStore(address), FakeEncoder())


def quoted(guide: Guide, question: str = STEEP) -> str:
    answer = guide.ask(question)
    return " ".join(point.text for point in answer.passages[0].points)


def refused(guide: Guide, question: str = STEEP) -> GuideError:
    """The error that a question meets, which comes soon and says the way to help."""
    begun = time.monotonic()
    with pytest.raises(GuideError) as caught:
        guide.ask(question)
    assert time.monotonic() - begun < WITHIN
    assert caught.value.safety is not None
    return caught.value


def assert_named(error: GuideError, address: DatabaseAddress) -> None:
    assert str(address) in str(error)
    assert str(error).count(". ") == 0


def answers_again(guide: Guide) -> None:
    """The same process answers within some seconds of the database's return."""
    end = time.monotonic() + 15
    while True:
        try:
            assert "Two minutes" in quoted(guide)
            return
        except SearchIndexError:
            assert time.monotonic() < end


def test_a_server_that_is_stopped_and_started_again(own_server: RealServer, corpus: Path) -> None:
    address = built_in(own_server, corpus)
    guide = opened(address)
    assert "Two minutes" in quoted(guide)
    own_server.stop()
    try:
        assert_named(refused(guide), address)
        assert isinstance(refused(guide), StoreGoneError)
        begun = time.monotonic()
        card = guide.ask(CRISIS)
        assert (card.safety.level, card.passages) == ("crisis", ())
        assert card.safety.helplines
        assert time.monotonic() - begun < WITHIN
        card = guide.ask(DANGER)
        assert (card.safety.level, card.passages) == ("abuse", ())
        assert card.safety.helplines
        begun = time.monotonic()
        with pytest.raises(StoreGoneError, match="can't be reached; start it"):
            DatabaseStore(address)
        assert time.monotonic() - begun < WITHIN
    finally:
        own_server.start()
    answers_again(guide)


def test_a_server_that_hangs(own_server: RealServer, corpus: Path) -> None:
    """Its link stays up, and it never answers: nothing but the client's own limit ends the waiting."""
    address = built_in(own_server, corpus)
    guide = opened(address)
    assert "Two minutes" in quoted(guide)
    processes = own_server.processes()
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        assert_named(refused(guide), address)
        assert guide.ask(CRISIS).safety.level == "crisis"
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    answers_again(guide)


def test_a_server_that_is_killed_during_a_write(own_server: RealServer, corpus: Path) -> None:
    address = built_in(own_server, corpus)
    guide = opened(address)
    (corpus / "tea.md").write_text((corpus / "tea.md").read_text().replace("Two minutes", "Ten hours"))
    with pytest.raises(psycopg.Error), writing(address) as writer, writer._changing(["tea"]):  # noqa: PT012
        assert writer._remove("tea")
        own_server.kill()
    assert_named(refused(guide), address)
    own_server.start()
    answers_again(guide)
    with DatabaseStore(address).reading() as state:
        assert (state.counts.articles, state.counts.points) == (2, 9)


def test_two_writers_and_many_readers_never_see_a_mix(database: str, corpus: Path, tmp_path: Path) -> None:
    """Old and new wording differ in every point, so that an answer of both would show."""
    address = DatabaseAddress.of(database)
    encoder = FakeEncoder()
    versions = []
    for name, words in (("old", "oolong"), ("new", "sencha"), ("third", "matcha")):
        folder = tmp_path / name
        folder.mkdir()
        points = "\n".join(f"- {words.capitalize()} number {number} steeps for {words} time." for number in range(12))
        (folder / "tea.md").write_text(f"# Tea\n\n## Steeping {words}\n\n{points}\n\n## More {words}\n\n{points}\n")
        versions.append(folder)
    build_in_database([versions[0]], address, encoder, Origin(encoder.identity, None))
    store = DatabaseStore(address)
    stop, faults, seen = threading.Event(), [], set()

    def write(folders: list[Path]) -> None:
        writer = FakeEncoder()
        while not stop.is_set():
            for folder in folders:
                try:
                    build_in_database([folder], address, writer, Origin(writer.identity, None))
                except Exception as error:
                    faults.append(repr(error))

    def read() -> None:
        guide = Guide(store, FakeEncoder())
        while not stop.is_set():
            try:
                answer = guide.ask("how long does tea steep, by number?")
                text = " ".join(passage.text for passage in answer.passages).lower()
                seen.add(frozenset(word for word in ("oolong", "sencha", "matcha") if word in text))
            except Exception as error:
                faults.append(repr(error))

    threads = [threading.Thread(target=write, args=(written,)) for written in (versions[:2], versions[1:])]
    threads += [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(5)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(seen) > 1
    assert all(len(words) == 1 for words in seen)


def test_all_connections_are_busy(database: str, corpus: Path, build_there: Callable[..., DatabaseAddress]) -> None:
    address = build_there(corpus)
    store = DatabaseStore(address)
    guide = Guide(store, FakeEncoder())
    held = [store.reading() for _ in range(connections.CONNECTIONS)]
    states = [one.__enter__() for one in held]
    assert len({state.edition for state in states}) == 1
    error = refused(guide)
    assert_named(error, address)
    assert "busy" in str(error)
    for one in held:
        one.__exit__(None, None, None)
    assert "Two minutes" in quoted(guide)


def test_a_replica_serves_while_the_primary_is_gone_and_after_promotion_writing_goes_on(
    servers: Callable[[str], Path], corpus: Path
) -> None:
    primary = RealServer(servers("primary")).create()
    primary.run_program("createdb", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "guide", "guide")
    built_in(primary, corpus)
    replica = RealServer(servers("replica")).follow(primary)
    both = f"postgresql://guide@127.0.0.1:{primary.port},127.0.0.1:{replica.port}/guide"
    try:
        guide = opened(DatabaseAddress.of(both))
        assert "Two minutes" in quoted(guide)
        primary.kill()
        assert "Two minutes" in quoted(guide)
        with pytest.raises(SearchIndexError, match="it only reads"), writing(DatabaseAddress.of(both)) as writer:
            writer.remove(["pots"])
        replica.promote()
        with writing(DatabaseAddress.of(both)) as writer:
            assert writer.remove(["pots"]) == 1
        assert "Two minutes" in quoted(guide)
        with guide.reading() as state:
            assert state.article_ids == ("tea",)
    finally:
        replica.stop("immediate")


@pytest.fixture
def roles(server: RealServer, database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the owner; the role `reader` has a password and no rights yet."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("drop role if exists reader")
        connection.execute("create role reader login password 'right-one'")
        server.ask_for_password("reader")
        yield connection
        connection.execute("drop owned by reader")
        connection.execute("drop role reader")


def as_reader(database: str, password: str) -> DatabaseAddress:
    return DatabaseAddress.of(database.replace("guide@", f"reader:{password}@"))


def test_a_wrong_password(
    roles: object, database: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(SearchIndexError) as caught:
        DatabaseStore(as_reader(database, "wrong-one"))
    assert "it refuses the password; set PGPASSWORD" in str(caught.value)
    assert "wrong-one" not in str(caught.value) + caplog.text + "".join(capfd.readouterr())
    assert caught.value.__cause__ is None


def test_a_role_without_rights_and_one_that_may_only_read(
    roles: psycopg.Connection[tuple[object, ...]],
    database: str,
    corpus: Path,
    build_there: Callable[..., DatabaseAddress],
) -> None:
    build_there(corpus)
    address = as_reader(database, "right-one")
    with pytest.raises(SearchIndexError, match="lacks the rights"):
        DatabaseStore(address)
    roles.execute("grant usage on schema guide to reader")
    roles.execute("grant select on all tables in schema guide to reader")
    assert "Two minutes" in quoted(opened(address))
    with pytest.raises(SearchIndexError, match="lacks the rights"), writing(address) as writer:
        writer.remove(["tea"])
    assert "Two minutes" in quoted(opened(address))


def test_a_disk_that_is_full(servers: Callable[[str], Path], corpus: Path, tmp_path: Path) -> None:
    folder = servers("small")
    mounted = os.geteuid() == 0 and os.system(f"mount -t tmpfs -o size=90m,mode=777 tmpfs {folder}") == 0  # noqa: S605
    if not mounted:
        pytest.skip("a small disk can't be mounted here")
    try:
        small = RealServer(
            folder, SETTINGS.replace("128MB", "8MB") + "min_wal_size = 32MB\nmax_wal_size = 32MB\n"
        ).create()
        small.run_program("createdb", "-h", "127.0.0.1", "-p", str(small.port), "-U", "guide", "guide")
        address = built_in(small, corpus)
        guide = opened(address)
        with suppress(OSError):
            (folder / "ballast").write_bytes(b"\0" * free_bytes(folder))
        (corpus / "tea.md").write_text("# Tea\n\n## New\n\n" + "".join(f"It is {n} hours.\n\n" for n in range(900)))
        with pytest.raises(SearchIndexError) as caught:
            build_in_database([corpus], address, FakeEncoder(), Origin(FakeEncoder().identity, None))
        assert_named(caught.value, address)
        (folder / "ballast").unlink()
        if not small.is_listening():
            small.start()
        answers_again(guide)
        small.stop("immediate")
    finally:
        os.system(f"umount -l {folder}")  # noqa: S605


def free_bytes(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
