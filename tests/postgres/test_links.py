"""The way to the database: TLS and roles, tried with Debian's own server, and a link that is cut."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from fake_encoder import FakeEncoder
from real_server import SETTINGS, RealServer

from guide.errors import SearchIndexError, StoreGoneError
from guide.guide import Guide
from guide.index.build import Origin
from guide.postgres.address import DatabaseAddress
from guide.postgres.build import build_in_database
from guide.postgres.connection import connected
from guide.postgres.store import DatabaseStore

NAMESPACE, HERE, THERE = "guide-test", "10.77.19.1", "10.77.19.2"


def skip_but_not_in_ci(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def with_tls(servers: Callable[[str], Path]) -> Iterator[RealServer]:
    """Debian's own server, which has TLS and no pgvector; only those who come by TLS are let in."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found or not shutil.which("openssl"):
        skip_but_not_in_ci("no PostgreSQL of Debian, or no openssl: apt-get install postgresql openssl")
    folder = servers("tls")
    started = RealServer(folder, SETTINGS, programs=found[-1]).create()
    try:
        with psycopg.connect(started.address("postgres"), autocommit=True) as connection:
            connection.execute("create database guide")
            connection.execute("create role reader login password 'right-one'")
            certify(folder / "data", folder / "ca.crt", "server")
            certify(folder, folder / "other-ca.crt", "other")
            connection.execute("alter system set ssl = on")
        started.stop()
        started.start()
        started.let_in("hostssl all reader all scram-sha-256\nhost all reader all reject")
        yield started
    finally:
        started.stop("immediate")


def certify(folder: Path, authority: Path, name: str) -> None:
    """Makes an authority of its own, and a certificate for this computer that it has signed."""
    key, request, certificate = folder / f"{name}.key", folder / f"{name}.csr", folder / f"{name}.crt"
    extensions = folder / f"{name}.ext"
    extensions.write_text("subjectAltName=IP:127.0.0.1\n")
    signing = authority.with_suffix(".key")
    new = ["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"]
    sign = ["openssl", "x509", "-req", "-in", request, "-CA", authority, "-CAkey", signing, "-CAcreateserial"]
    for command in (
        [*new, "-x509", "-days", "2", "-keyout", signing, "-out", authority],
        [*new, "-keyout", key, "-out", request],
        [*sign, "-days", "2", "-extfile", extensions, "-out", certificate],
    ):
        subprocess.run(command, check=True, capture_output=True)
    owner = folder.stat()
    os.chown(key, owner.st_uid, owner.st_gid)
    key.chmod(0o600)


def by_tls(server: RealServer, authority: str = "ca.crt", mode: str = "verify-full") -> DatabaseAddress:
    return DatabaseAddress.of(server.address(user="reader", sslmode=mode, sslrootcert=str(server.folder / authority)))


def test_a_verified_link_with_a_password_from_a_file(
    with_tls: RealServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "pgpass"
    secrets.write_text(f"127.0.0.1:{with_tls.port}:*:reader:right-one\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    with connected(by_tls(with_tls)) as connection:
        assert connection.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchone() == (True,)
    with pytest.raises(SearchIndexError, match="There is no index in"):
        DatabaseStore(by_tls(with_tls))


@pytest.mark.parametrize(
    ("authority", "mode", "password", "said"),
    [
        ("other-ca.crt", "verify-full", "right-one", "its certificate isn't trusted; set sslrootcert"),
        ("ca.crt", "disable", "right-one", "doesn't let this user in"),
        ("ca.crt", "verify-full", "wrong-one", "it refuses the password"),
        ("ca.crt", "verify-full", None, "it asks for a password"),
    ],
)
def test_what_the_server_refuses(
    with_tls: RealServer,
    monkeypatch: pytest.MonkeyPatch,
    authority: str,
    mode: str,
    password: str | None,
    said: str,
) -> None:
    monkeypatch.delenv("PGPASSFILE", raising=False)
    monkeypatch.setenv("HOME", "/nonexistent")
    if password:
        monkeypatch.setenv("PGPASSWORD", password)
    with pytest.raises(SearchIndexError) as caught:
        DatabaseStore(by_tls(with_tls, authority, mode))
    assert said in str(caught.value)
    assert "-one" not in str(caught.value)


def test_a_server_without_tls_is_told(server: RealServer) -> None:
    with pytest.raises(SearchIndexError, match="it doesn't offer TLS"):
        DatabaseStore(DatabaseAddress.of(server.address("postgres", sslmode="require")))


def test_a_server_without_pgvector_is_told(with_tls: RealServer, corpus: Path) -> None:
    encoder = FakeEncoder()
    address = DatabaseAddress.of(with_tls.address())
    with pytest.raises(SearchIndexError, match="it has no pgvector; install that on the server"):
        build_in_database([corpus], address, encoder, Origin(encoder.identity, None))


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def far_server(servers: Callable[[str], Path]) -> Iterator[RealServer]:
    """A server in a network of its own, to which a link leads that can be cut."""
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("a network of its own takes root and iproute2")
    try:
        ip("netns", "add", NAMESPACE)
    except subprocess.CalledProcessError:
        pytest.skip("networks can't be made here")
    within = ["ip", "netns", "exec", NAMESPACE]
    try:
        ip("link", "add", "guide-here", "type", "veth", "peer", "name", "guide-there", "netns", NAMESPACE)
        ip("addr", "add", f"{HERE}/24", "dev", "guide-here")
        ip("link", "set", "guide-here", "up")
        ip("-n", NAMESPACE, "addr", "add", f"{THERE}/24", "dev", "guide-there")
        ip("-n", NAMESPACE, "link", "set", "guide-there", "up")
        far = RealServer(servers("far"), within=within, host=THERE).create()
        far.let_in(f"host all all {HERE}/32 trust")
        try:
            with psycopg.connect(far.address("postgres"), autocommit=True, connect_timeout=5) as connection:
                connection.execute("create database guide")
            yield far
        finally:
            far.stop("immediate")
    finally:
        ip("netns", "del", NAMESPACE)


def test_a_link_that_is_cut_is_given_up_soon(far_server: RealServer, corpus: Path) -> None:
    address = DatabaseAddress.of(far_server.address())
    encoder = FakeEncoder()
    build_in_database([corpus], address, encoder, Origin(encoder.identity, None))
    guide = Guide(DatabaseStore(address), FakeEncoder())
    assert guide.ask("How long does green tea steep?").covered
    ip("-n", NAMESPACE, "link", "set", "guide-there", "down")
    begun = time.monotonic()
    with pytest.raises(StoreGoneError) as caught:
        guide.ask("How long does green tea steep?")
    assert time.monotonic() - begun < 3
    assert str(address) in str(caught.value)
    assert guide.ask("I want to kill myself").safety.level == "crisis"
    ip("-n", NAMESPACE, "link", "set", "guide-there", "up")
    end = time.monotonic() + 20
    while True:
        try:
            assert guide.ask("How long does green tea steep?").covered
            break
        except StoreGoneError:
            assert time.monotonic() < end
