"""What docs/scale.md says of a database: parts, roles, backup, health, and as much of Citus as one server can show."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from fake_encoder import FakeEncoder
from real_server import SETTINGS, RealServer
from scripts import load_script
from starlette.testclient import TestClient

from guide.embedding.encoder import ModelIdentity
from guide.errors import SearchIndexError
from guide.guide import Guide
from guide.index.build import Origin
from guide.index.parts import BuildPart
from guide.postgres.address import DatabaseAddress
from guide.postgres.build import build_in_database
from guide.postgres.check import check_collection
from guide.postgres.connection import EF_SEARCH, connected
from guide.postgres.schema import CorpusOrigin, make_tables
from guide.postgres.store import DatabaseStore
from guide.web.application import web_app
from guide.web.reloading import FollowingDatabase
from guide.web.settings import WebSettings

ROOT = Path(__file__).parents[2]
Build = Callable[..., DatabaseAddress]
ON_THE_COORDINATOR = {"corpus", "counts", "count_changes"}


def rows(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address) as connection:
        return connection.execute(statement.encode()).fetchall()


def opened(address: DatabaseAddress) -> Guide:
    return Guide(DatabaseStore(address), FakeEncoder())


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

ONE_PART = """
import sys
from pathlib import Path
from fake_encoder import FakeEncoder
from guide.index.build import Origin
from guide.index.parts import BuildPart
from guide.postgres.address import DatabaseAddress
from guide.postgres.build import build_in_database

encoder = FakeEncoder()
address, part = DatabaseAddress.of(sys.argv[2]), BuildPart.read(sys.argv[3])
report = build_in_database([Path(sys.argv[1])], address, encoder, Origin(encoder.identity, None), part=part)
print(report.embedded)
"""


@pytest.fixture
def tides(tmp_path: Path) -> Path:
    """A folder of many short articles."""
    folder = tmp_path / "tides"
    folder.mkdir()
    for number in range(24):
        (folder / f"tide-{number}.md").write_text(f"# Tide {number}\n\nHigh water comes at {number} o'clock.\n")
    return folder


def test_parts_that_are_built_at_once_make_one_collection(tides: Path, database: str) -> None:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    building = [
        subprocess.Popen(
            [sys.executable, "-c", ONE_PART, str(tides), database, f"{number}/4"],
            env=os.environ | {"PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(1, 5)
    ]
    ended = [process.communicate(timeout=200) for process in building]
    assert [process.returncode for process in building] == [0] * 4, ended
    embedded = [int(out) for out, _ in ended]
    assert sum(embedded) == 24
    assert all(embedded)
    found = check_collection(DatabaseAddress.of(database))
    assert (found.counts.articles, found.problems) == (24, ())
    # Run again, or joined by a build of all, nothing is embedded again.
    encoder = FakeEncoder()
    again = [
        build_in_database([tides], DatabaseAddress.of(database), encoder, Origin(encoder.identity, None), part=part)
        for part in (BuildPart(2, 4), None)
    ]
    assert [report.embedded for report in again] == [0, 0]


def test_a_part_without_articles_is_done_at_once(corpus: Path, database: str) -> None:
    encoder, address = FakeEncoder(), DatabaseAddress.of(database)
    reports = [
        build_in_database([corpus], address, encoder, Origin(encoder.identity, None), part=BuildPart(number, 5))
        for number in range(1, 6)
    ]
    assert sorted(report.embedded for report in reports) == [0, 0, 0, 1, 1]


# ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_roles_may_do_what_they_are_for(corpus: Path, database: str, server: RealServer) -> None:
    name = database.rsplit("/", 1)[1]
    script = server.folder / "roles.sql"
    # What the container's environment says is said here by settings of the program.
    script.write_text(re.sub(r"^\\getenv .*$", "", text("roles.sql"), flags=re.MULTILINE))
    settings = ["--set", "reader_password=r", "--set", "writer_password=w", "--file", str(script)]
    try:
        server.run_program("psql", "-h", "127.0.0.1", "-p", str(server.port), "-U", "guide", "-d", name, *settings)
        writer, reader = (DatabaseAddress.of(server.address(name, user)) for user in ("guide_writer", "guide_reader"))
        encoder = FakeEncoder()
        build_in_database([corpus], writer, encoder, Origin(encoder.identity, None))
        assert opened(reader).ask("How long does green tea steep?").passages
        (corpus / "cups.md").write_text("# Cups\n\nThin ones cool the tea.\n")
        with pytest.raises(SearchIndexError):
            build_in_database([corpus], reader, encoder, Origin(encoder.identity, None))
        with psycopg.connect(reader.conninfo) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from guide.articles")
    finally:
        with psycopg.connect(database, autocommit=True) as connection:
            for role in ("guide_reader", "guide_writer"):
                connection.execute(f"drop owned by {role} cascade".encode())
                connection.execute(f"drop role {role}".encode())


def text(name: str) -> str:
    return (ROOT / "deploy" / "replicas" / name).read_text("utf-8")


# ── backup ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_dumped_and_restored_is_whole_and_answers_the_same(
    build_there: Build, corpus: Path, database: str, server: RealServer
) -> None:
    address = build_there(corpus)
    there = ["-h", "127.0.0.1", "-p", str(server.port), "-U", "guide"]
    dump, name = server.folder / "guide.dump", f"{database.rsplit('/', 1)[1]}_restored"
    server.run_program(
        "pg_dump", *there, "--format=custom", "--schema=guide", f"--file={dump}", database.rsplit("/", 1)[1]
    )
    server.run_program("createdb", *there, name)
    server.run_program("psql", *there, "-d", name, "-c", "create extension vector")
    server.run_program("pg_restore", *there, "--exit-on-error", "--no-owner", "--dbname", name, dump)
    restored = DatabaseAddress.of(server.address(name))
    found = check_collection(restored)
    assert (found.counts.articles, found.problems) == (2, ())
    for question in ("How long does green tea steep?", "of glass"):
        assert opened(restored).ask(question) == opened(address).ask(question)
    # And it can be written to.
    assert build_in_database([corpus], restored, FakeEncoder(), Origin(FakeEncoder().identity, None)).embedded == 0


# ── health ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_health_says_whether_the_database_answers(corpus: Path, servers: Callable[[str], Path]) -> None:
    own = RealServer(servers("health")).create()
    try:
        encoder, address = FakeEncoder(), DatabaseAddress.of(own.address("postgres"))
        build_in_database([corpus], address, encoder, Origin(encoder.identity, None))
        following = FollowingDatabase(address, opened)
        client = TestClient(web_app(following, WebSettings(), chat=False))
        told = client.get("/health").json()["index"]
        assert (told["answers"], told["counts"]["articles"]) == (True, 2)
        own.stop()
        following.look()
        away = client.get("/health")
        assert (away.status_code, away.json()["index"]["answers"]) == (200, False)
        card = client.post("/v1/ask", json={"question": "I want to die"})
        assert card.json()["safety"]["level"] == "crisis"
        own.start()
        following.look()
        assert client.get("/health").json()["index"]["answers"] is True
    finally:
        own.stop("immediate")


# ── Citus, as far as one server can show ─────────────────────────────────────────────────────────────────────────────

CITUS = (ROOT / "deploy" / "citus.sql").read_text("utf-8")
DISTRIBUTED = dict(re.findall(r"create_distributed_table\('(\w+)', '(\w+)'", CITUS))


def test_each_table_is_distributed_by_its_article_or_stays(build_there: Build, corpus: Path, database: str) -> None:
    build_there(corpus)
    tables = {str(name) for (name,) in rows(database, "select tablename from pg_tables where schemaname = 'guide'")}
    assert tables == DISTRIBUTED.keys() | ON_THE_COORDINATOR
    assert set(DISTRIBUTED.values()) == {"article_id"}
    assert all(name in CITUS.split("stay on the coordinator: ")[1].splitlines()[0] for name in ON_THE_COORDINATOR)


def test_the_column_that_distributes_is_in_every_key_and_of_one_type(
    build_there: Build, corpus: Path, database: str
) -> None:
    build_there(corpus)
    columns = rows(
        database,
        "select table_name, data_type, collation_name, is_nullable from information_schema.columns "
        "where table_schema = 'guide' and column_name = 'article_id' and table_name != 'count_changes'",
    )
    assert {str(row[0]) for row in columns} == DISTRIBUTED.keys()
    assert len({row[1:] for row in columns}) == 1
    assert columns[0][3] == "NO"
    keys = rows(
        database,
        "select tablename, indexdef from pg_indexes where schemaname = 'guide' and indexdef like 'CREATE UNIQUE%'",
    )
    distributed = [str(definition) for table, definition in keys if table in DISTRIBUTED]
    assert len(distributed) >= 6
    assert [definition for definition in distributed if "article_id" not in definition] == []


def test_the_workers_are_told_what_a_session_sets() -> None:
    assert re.findall(r"hnsw\.ef_search = (\d+)", CITUS) == [str(EF_SEARCH)] * 2


@pytest.fixture(scope="module")
def spoken(servers: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All statements of a build, a replacement, a removal and questions, as the server heard them."""
    folder = tmp_path_factory.mktemp("spoken")
    (folder / "tea.md").write_text("# Tea\n\n## Green\n\nTwo minutes are enough.\n")
    own = RealServer(servers("spoken"), SETTINGS + "log_statement = 'all'\nlog_line_prefix = '§'\n").create()
    try:
        encoder, address = FakeEncoder(), DatabaseAddress.of(own.address("postgres"))
        for words in ("Two minutes", "Three minutes"):
            (folder / "tea.md").write_text(f"# Tea\n\n## Green\n\n{words} are enough.\n")
            build_in_database([folder], address, encoder, Origin(encoder.identity, None))
        for articles in ((), ("tea",)):
            opened(address).ask("How long does green tea steep?", articles=articles)
        log = (own.folder / "log").read_text("utf-8")
    finally:
        own.stop("immediate")
    found = re.findall(r"§LOG:  (?:statement|execute [^:]+): (.*?)(?=§|\Z)", log, re.DOTALL)
    return [re.sub(r"--[^\n]*", "", statement).strip() for statement in found]


def test_each_command_is_one_statement(spoken: list[str]) -> None:
    assert sum("hnsw" in statement for statement in spoken) >= 3
    several = [one for one in spoken if ";" in one.rstrip(";") and not one.lower().startswith("set ")]
    assert several == []


def test_no_statement_joins_laterally(spoken: list[str]) -> None:
    assert any("order by" in statement.lower() and "<#>" in statement for statement in spoken)
    assert [statement for statement in spoken if "lateral" in statement.lower()] == []


def test_what_changes_a_distributed_table_names_the_article(spoken: list[str]) -> None:
    changing = [one for one in spoken if re.match(r"(?:update|delete from|with)\b", one.strip(), re.IGNORECASE)]
    assert len(changing) >= 7
    distributed = [one for one in changing if re.search(rf'\b(?:{"|".join(DISTRIBUTED)})\b"? ', one.split("where")[0])]
    assert distributed
    assert [one for one in distributed if "article_id =" not in one] == []


# ── capacity ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def capacity() -> ModuleType:
    """The script that works it out."""
    return load_script(ROOT / "benchmarks" / "capacity.py")


def test_the_documentation_has_the_table_that_the_script_prints(capacity: ModuleType) -> None:
    page = (ROOT / "docs" / "scale.md").read_text("utf-8")
    assert capacity.table() in page, "put what python benchmarks/capacity.py prints into docs/scale.md"


def test_rows_and_graphs_take_what_was_worked_out(database: str, capacity: ModuleType) -> None:
    passages = 1_000
    points, stems = passages * capacity.POINTS_A_PASSAGE, passages * capacity.STEMS_A_PASSAGE
    address = DatabaseAddress.of(database)
    vector = f"(select array_agg(random() - .5) from generate_series(1, {capacity.DIMENSION}) where n > 0)::halfvec"  # noqa: S608
    id = "lpad((n / 80)::text, 20, 'x')"
    written = (
        f"passages select {id}, n, 0, 128, array_fill('abcdefg'::text, array[45]), array_fill(1, array[45]), {vector} "  # noqa: S608
        f"from generate_series(1, {passages}) n",
        f"points select {id}, 1, n, {vector} from generate_series(1, {points}) n",  # noqa: S608
        f"postings select 'abcdefg', {id}, n, 1, 128, random() from generate_series(1, {stems}) n",  # noqa: S608
    )
    tables = "+".join(f"pg_table_size('{name}') + pg_relation_size('{name}_pkey')" for name in ("passages", "points"))
    with connected(address) as connection:
        made = CorpusOrigin(ModelIdentity("none", "0" * 64), None, {}, 0)
        make_tables(connection, address, made, capacity.DIMENSION)
        for rows_of_a_table in written:
            connection.execute(f"insert into {rows_of_a_table}".encode())
        connection.execute("reindex schema guide")
        [found] = connection.execute(
            f"select {tables}, pg_relation_size('passages_near') + pg_relation_size('points_near'), ".encode()
            + b"pg_total_relation_size('postings')"
        )
    of = capacity.Capacity(points)
    ratios = [
        round(float(size) / planned, 2) for size, planned in zip(found, (of.rows, of.graphs, of.postings), strict=True)
    ]
    assert all(0.9 <= ratio <= 1.1 for ratio in ratios), ratios
