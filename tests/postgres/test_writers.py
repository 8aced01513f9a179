"""What every writer does alike: a folder and a database run the same tests."""

from pathlib import Path

import pytest
from commands.test_watch import watching
from fake_encoder import FakeEncoder

from guide.errors import ArticleError, SearchIndexError
from guide.guide import Guide
from guide.index.build import Origin
from guide.index.build_report import BuildReport
from guide.postgres.address import DatabaseAddress
from guide.store import IndexLocation, check_index, copy_index, open_store, open_writer

STEEP = "How long does green tea steep?"


class BrokenEncoder(FakeEncoder):
    """One that fails as soon as it is to embed something of an article."""

    def encode(self, texts: object) -> object:  # type: ignore[override]
        if texts == ["dimension"]:
            return super().encode(texts)  # type: ignore[arg-type]
        raise MemoryError


@pytest.fixture(params=["folder", "database"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> IndexLocation:
    """Where an index may be kept; there is none yet."""
    if request.param == "folder":
        return tmp_path / "index"
    return DatabaseAddress.of(request.getfixturevalue("database"))


def other_place(place: IndexLocation, tmp_path: Path, name: str) -> IndexLocation:
    return tmp_path / name if isinstance(place, Path) else DatabaseAddress.of(f"{place}?collection={name}")


def build(place: IndexLocation, *sources: Path, encoder: FakeEncoder | None = None, **how: object) -> BuildReport:
    encoder = encoder or FakeEncoder()
    origin = Origin(encoder.identity, None)
    return open_writer(place).build(sources, encoder, origin, **how)  # type: ignore[arg-type]


def ids(place: IndexLocation) -> tuple[str, ...]:
    with open_store(place).reading() as state:
        return state.article_ids


def text(place: IndexLocation, article: str) -> str:
    with open_store(place).reading() as state:
        return state.article(article).text


def test_a_build_adds_articles_and_says_how_many(place: IndexLocation, corpus: Path) -> None:
    report = build(place, corpus)
    assert (report.articles, report.passages, report.points, report.questions, report.embedded) == (2, 5, 9, 1, 2)
    assert ids(place) == ("pots", "tea")
    assert check_index(place).problems == ()


def test_what_has_not_changed_is_not_embedded_again(place: IndexLocation, corpus: Path) -> None:
    build(place, corpus)
    report = build(place, corpus, encoder=BrokenEncoder())
    assert (report.articles, report.embedded) == (2, 0)


def test_an_article_takes_the_place_of_its_older_self(place: IndexLocation, corpus: Path) -> None:
    build(place, corpus)
    (corpus / "pots.md").write_text("# Pots\n\n## Of iron\n\nThey rust.\n")
    report = build(place, corpus)
    assert (report.articles, report.embedded) == (2, 1)
    assert "They rust." in text(place, "pots")
    assert "glass" not in text(place, "pots")
    assert check_index(place).problems == ()


@pytest.mark.parametrize("how", [{"exactly": True}, {"gone": ["tea"]}, {"gone": ["tea", "unknown"]}])
def test_articles_of_other_sources_are_removed(how: dict[str, object], place: IndexLocation, corpus: Path) -> None:
    build(place, corpus)
    assert build(place, corpus / "pots.md", **how).articles == 1
    assert ids(place) == ("pots",)
    assert check_index(place).problems == ()


def test_what_is_built_is_never_gone(place: IndexLocation, corpus: Path) -> None:
    build(place, corpus)
    assert build(place, corpus, gone=["tea", "pots"]).articles == 2


def test_removing_takes_all_that_are_named(place: IndexLocation, corpus: Path) -> None:
    build(place, corpus)
    open_writer(place).remove(["pots"])
    assert ids(place) == ("tea",)
    assert check_index(place).problems == ()
    with pytest.raises(KeyError), open_store(place).reading() as state:
        state.article("pots")


def test_what_cant_be_read_leaves_the_index_as_it_was(place: IndexLocation, corpus: Path, tmp_path: Path) -> None:
    build(place, corpus)
    empty = tmp_path / "empty.md"
    empty.write_text("")
    with pytest.raises(ArticleError, match="empty"):
        build(place, empty)
    assert ids(place) == ("pots", "tea")


def test_an_embedding_that_fails_leaves_the_article_as_it_was(place: IndexLocation, corpus: Path) -> None:
    build(place, corpus)
    before = text(place, "pots")
    (corpus / "pots.md").write_text("# Pots\n\n## Of iron\n\nThey rust.\n")
    with pytest.raises(MemoryError):
        build(place, corpus, encoder=BrokenEncoder())
    assert text(place, "pots") == before
    assert check_index(place).problems == ()


@pytest.mark.parametrize("kind", ["folder", "database"])
def test_an_index_is_copied_with_nothing_embedded_again(
    kind: str, place: IndexLocation, corpus: Path, tmp_path: Path, database: str
) -> None:
    build(place, corpus)
    copy = tmp_path / "copy" if kind == "folder" else DatabaseAddress.of(f"{database}?collection=copy")
    heard: list[tuple[int, int]] = []
    assert copy_index(place, copy, lambda done, of: heard.append((done, of))) == 2
    assert heard == [(0, 2), (1, 2), (2, 2)]
    assert check_index(copy).problems == ()
    answers = [Guide(open_store(one), FakeEncoder()).ask(STEEP) for one in (place, copy)]
    assert answers[0].passages[0].text == answers[1].passages[0].text
    assert build(copy, corpus, encoder=BrokenEncoder()).embedded == 0


def test_a_copy_over_the_same_articles_takes_their_place(place: IndexLocation, corpus: Path, tmp_path: Path) -> None:
    build(place, corpus)
    (corpus / "pots.md").write_text("# Pots\n\n## Of iron\n\nThey rust.\n")
    newer = tmp_path / "newer"
    build(newer, corpus)
    assert copy_index(newer, place) == 2
    assert "They rust." in text(place, "pots")
    assert check_index(place).problems == ()


def test_where_there_is_no_index_nothing_is_copied(place: IndexLocation, tmp_path: Path) -> None:
    with pytest.raises(SearchIndexError):
        copy_index(place, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_watch_adds_and_removes_what_comes_and_goes(place: IndexLocation, corpus: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("# Cups\n\nThey are thin.\n")
    build(place, other)
    named = str(place) if isinstance(place, Path) else place.conninfo
    with watching(named, corpus) as process:
        (corpus / "pots.md").rename(corpus / "jugs.md")
        kept = () if isinstance(place, Path) else ("other",)  # of other sources, which a folder never holds
        said = f"jugs.md added, pots.md removed: {2 + len(kept)} articles, "
        assert process.line().startswith(said)
        assert ids(place) == ("jugs", *kept, "tea")
        (corpus / "jugs.md").unlink()
        assert process.line().startswith(f"jugs.md removed: {1 + len(kept)} article")
        assert ids(place) == (*kept, "tea")
