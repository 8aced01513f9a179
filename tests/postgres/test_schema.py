"""The tables: made, brought up to date from the first version, and refused where they aren't what they should be."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from fake_encoder import FakeEncoder
from real_server import RealServer

from guide.embedding.encoder import ModelIdentity
from guide.errors import SearchIndexError
from guide.guide import Guide
from guide.index.build import Origin, build
from guide.index.recipe import index_recipe
from guide.postgres.address import DatabaseAddress
from guide.postgres.build import build_in_database
from guide.postgres.check import check_collection
from guide.postgres.connection import connected
from guide.postgres.migrate import update_tables
from guide.postgres.schema import VERSION, CorpusOrigin, make_tables
from guide.postgres.store import DatabaseStore
from guide.postgres.writer import writing
from guide.store import copy_index

Build = Callable[..., DatabaseAddress]
STEEP = "How long does green tea steep?"


def in_folder(corpus: Path, folder: Path) -> Path:
    encoder = FakeEncoder()
    build([corpus], folder, encoder, encoder.identity)
    return folder


def first_version(address: DatabaseAddress) -> None:
    origin = CorpusOrigin(FakeEncoder().identity, None, index_recipe(), 0)
    with connected(address) as connection:
        make_tables(connection, address, origin, 256, until=1)


def changed(database: str, statement: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_tables_of_the_first_version_are_brought_up_to_date(database: str, corpus: Path, tmp_path: Path) -> None:
    address = DatabaseAddress.of(database)
    first_version(address)
    with pytest.raises(SearchIndexError, match=f"tables of version 1, this Guide needs {VERSION}; run `guide migrate"):
        DatabaseStore(address)
    assert update_tables(address) == VERSION - 1
    assert update_tables(address) == 0
    copy_index(in_folder(corpus, tmp_path / "index"), address)
    assert check_collection(address).problems == ()
    assert Guide(DatabaseStore(address), FakeEncoder()).ask(STEEP).covered


def test_what_is_looked_up_is_filled_in_for_articles_from_before(
    database: str, corpus: Path, build_there: Build
) -> None:
    (corpus / "becher.md").write_text("---\nlanguage: de\n---\n# Becher\n\nSie sind dünn.\n")
    address = build_there(corpus)

    def looked_up() -> list[object]:
        with psycopg.connect(database) as connection:
            return [
                connection.execute("select * from guide.passage_ids order by article_id, number").fetchall(),
                connection.execute("select article_id, stated from guide.languages order by 1").fetchall(),
            ]

    before = looked_up()
    assert [len(rows) for rows in before] == [6, 3]
    changed(database, "drop table guide.passage_ids, guide.languages, guide.originals")
    changed(database, "update guide.corpus set schema_version = 2")
    assert update_tables(address) == 1
    assert looked_up() == before
    assert check_collection(address).problems == ()


def test_a_step_that_fails_leaves_the_tables_as_they_were(database: str) -> None:
    address = DatabaseAddress.of(database)
    first_version(address)
    changed(database, "create table guide.postings_best (taken int)")
    with pytest.raises(SearchIndexError):
        update_tables(address)
    with psycopg.connect(database) as connection:
        assert connection.execute("select schema_version from guide.corpus").fetchone() == (1,)
        assert connection.execute("select to_regclass('guide.passages_near')").fetchone() == (None,)


def test_tables_of_a_newer_version_are_refused(database: str, corpus: Path, build_there: Build) -> None:
    address = build_there(corpus)
    changed(database, "update guide.corpus set schema_version = schema_version + 1")
    newer = f"version {VERSION + 1}, this Guide reads {VERSION}; install the newer"
    with pytest.raises(SearchIndexError, match=newer):
        DatabaseStore(address)


def test_tables_of_another_program_are_left_alone(database: str, corpus: Path, build_there: Build) -> None:
    changed(database, "create schema guide; create table guide.articles (mine int)")
    with pytest.raises(
        SearchIndexError, match=r"stand tables of another program \(articles\); name another collection"
    ):
        build_there(corpus)
    with psycopg.connect(database) as connection:
        assert connection.execute("select count(*) from guide.articles").fetchone() == (0,)


def test_half_of_a_build_is_told(database: str, corpus: Path, build_there: Build) -> None:
    address = build_there(corpus)
    changed(database, "delete from guide.corpus")
    with pytest.raises(SearchIndexError, match="half of a build"):
        DatabaseStore(address)


def test_an_empty_database_has_no_index(database: str) -> None:
    with pytest.raises(SearchIndexError, match=r"There is no index in postgresql://guide@.*; build one with"):
        DatabaseStore(DatabaseAddress.of(database))


def test_no_such_database(server: RealServer) -> None:
    with pytest.raises(SearchIndexError, match="There is no such database or user at"):
        DatabaseStore(DatabaseAddress.of(server.address("elsewhere")))


def test_a_missing_extension_and_one_that_is_too_old(database: str, corpus: Path, build_there: Build) -> None:
    address = build_there(corpus)
    changed(database, "update pg_extension set extversion = '0.5.1' where extname = 'vector'")
    with pytest.raises(SearchIndexError, match=r"has pgvector 0\.5\.1, Guide needs 0\.7 or newer"):
        DatabaseStore(address)
    changed(database, "drop extension vector cascade")
    with pytest.raises(SearchIndexError, match="has no extension vector; have its owner run"):
        DatabaseStore(address)


def test_another_model_is_refused(corpus: Path, build_there: Build) -> None:
    build_there(corpus)
    with pytest.raises(SearchIndexError, match=r"built by another version of the model.*collection=new"):
        build_there(corpus, encoder=FakeEncoder(dimension=128))


def test_another_recipe_is_refused_for_building_and_asked_as_it_is(
    database: str, corpus: Path, build_there: Build
) -> None:
    address = build_there(corpus)
    changed(database, """update guide.corpus set recipe = replace(recipe, '"splitting": "', '"splitting": "0')""")
    with pytest.raises(SearchIndexError, match=r"built by another version of splitting, so nothing can be added"):
        build_there(corpus)
    assert check_collection(address).recipe_changes == ("splitting",)
    assert Guide(DatabaseStore(address), FakeEncoder()).ask(STEEP).covered


# ── building ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_build_adds_and_replaces_and_embeds_nothing_twice(
    database: str, corpus: Path, tmp_path: Path, build_there: Build
) -> None:
    address = build_there(corpus)
    encoder = FakeEncoder()
    origin = Origin(encoder.identity, None)
    assert build_in_database([corpus], address, encoder, origin).embedded == 0
    assert encoder.texts == []
    (corpus / "tea.md").write_text((corpus / "tea.md").read_text().replace("mild", "gentle"))
    other = tmp_path / "coffee.md"
    other.write_text("# Coffee\n\nIt is bitter.\n")
    report = build_in_database([corpus / "tea.md", other], address, encoder, origin)
    assert (report.articles, report.embedded, report.points) == (3, 2, 10)
    with DatabaseStore(address).reading() as state:
        assert state.article_ids == ("coffee", "pots", "tea")
        assert "gentle" in state.texts["tea"]
        assert state.knows(["mild", "gentl"]) == {"gentl"}
    assert check_collection(address).problems == ()


def test_exactly_removes_the_articles_of_other_sources(corpus: Path, build_there: Build) -> None:
    address = build_there(corpus)
    build_there(corpus / "tea.md", exactly=True)
    with DatabaseStore(address).reading() as state:
        assert (state.article_ids, state.counts.points) == (("tea",), 7)


def test_collections_of_one_database_know_nothing_of_each_other(database: str, corpus: Path) -> None:
    addresses = [DatabaseAddress.of(f"{database}?collection={name}") for name in ("spring", "autumn")]
    encoder = FakeEncoder()
    for address, file in zip(addresses, ("tea.md", "pots.md"), strict=True):
        build_in_database([corpus / file], address, encoder, Origin(encoder.identity, None))
    ids = []
    for address in addresses:
        with DatabaseStore(address).reading() as state:
            ids.append(state.article_ids)
    assert ids == [("tea",), ("pots",)]


# ── copying ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_index_goes_into_a_database_and_back_the_same_but_for_half_precision(
    database: str, corpus: Path, tmp_path: Path
) -> None:
    address = DatabaseAddress.of(database)
    before = in_folder(corpus, tmp_path / "before")
    assert copy_index(before, address) == 2
    assert check_collection(address).problems == ()
    assert copy_index(address, tmp_path / "after") == 2
    one, other = Guide.over(asking(before), before), asking(tmp_path / "after")
    assert [passage.id for passage in one.passages] == [passage.id for passage in other.passages]
    points, again = one.ask(STEEP).passages[0].points, other.ask(STEEP).passages[0].points
    assert [point.text for point in points] == [point.text for point in again]
    assert [point.score for point in points] == pytest.approx([point.score for point in again], abs=1e-3)
    # What a database keeps in half precision comes back so: the next build still embeds nothing.
    encoder = FakeEncoder()
    assert build([corpus], tmp_path / "after", encoder, encoder.identity).embedded == 0


def test_an_index_of_another_model_isnt_copied_over(
    database: str, corpus: Path, tmp_path: Path, build_there: Build
) -> None:
    build_there(corpus)
    encoder = FakeEncoder(dimension=128)
    build([corpus], tmp_path / "index", encoder, encoder.identity)
    with pytest.raises(SearchIndexError, match=r"copy it to another collection, such as …\?collection=new"):
        copy_index(tmp_path / "index", DatabaseAddress.of(database))


def asking(folder: Path) -> Guide:
    from guide.index.index import open_index

    return Guide(open_index(folder), FakeEncoder())


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("delete from guide.tokens where passage = 0", "Of 'pots', 'tea' something is missing"),
        ("delete from guide.articles where article_id = 'tea'", "The table points has 7 rows of no article"),
        ("update guide.counts set n = n + 1 where key = 'points' and kind = 'total'", "There are 9 points, and 10 are"),
        ("drop index guide.points_near", "The index points_near is missing or invalid"),
    ],
)
def test_what_is_wrong_is_told(database: str, corpus: Path, build_there: Build, statement: str, expected: str) -> None:
    address = build_there(corpus)
    assert check_collection(address).problems == ()
    changed(database, statement)
    assert any(problem.startswith(expected) for problem in check_collection(address).problems)


def test_counts_are_folded_by_one_and_right_before(corpus: Path, tmp_path: Path, build_there: Build) -> None:
    """What writers have appended counts at once; folding changes where it stands, not what it is."""
    address = build_there(corpus)
    with writing(address) as writer:
        writer.remove(["pots"])
        with DatabaseStore(address).reading() as state:
            before = state.counts, state.knows(["glass", "tea"]), state.lexicon.counts
        writer.fold()
        assert writer._connection.execute("select count(*) from count_changes").fetchone() == (0,)
    with DatabaseStore(address).reading() as state:
        assert (state.counts, state.knows(["glass", "tea"]), state.lexicon.counts) == before
    assert before[1] == {"tea"}


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://anna:geheim@db:notaport/guide",
        "postgresql://anna:geheim@db/guide?nosuchsetting=1",
        "postgresql://anna:geheim@db/guide?collection=Not-So",
        "postgresql://anna@db/guide?password=geheim&nosuchsetting=1",
    ],
)
def test_an_address_that_cant_be_read_keeps_its_secret(text: str) -> None:
    with pytest.raises(SearchIndexError) as caught:
        DatabaseStore(DatabaseAddress.of(text))
    assert "geheim" not in str(caught.value)
    assert "geheim" not in repr(DatabaseAddress.of("postgresql://anna:geheim@db/guide"))


def test_the_identity_of_a_model_is_kept(corpus: Path, build_there: Build) -> None:
    assert DatabaseStore(build_there(corpus)).model == ModelIdentity(*vars_of(FakeEncoder().identity))


def vars_of(identity: ModelIdentity) -> tuple[str, str]:
    return identity.name, identity.sha256
