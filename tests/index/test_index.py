"""The index: which neighbour wins and by how much, and that a folder is opened whole or not at all."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from guide.articles.assemble import assemble
from guide.articles.pieces import Parsed, Piece
from guide.embedding.encoder import Encoded, ModelIdentity
from guide.errors import SearchIndexError
from guide.guide import Guide
from guide.index.build import index_of
from guide.index.index import MANIFEST, Index, open_index, read_manifest
from guide.index.segment import LAYOUT, Segment, open_segment
from guide.records import Article, Query
from guide.retrieval.retrieve import Weights, retrieve

MODEL = ModelIdentity("two-dimensional", "0" * 64)


def article_of(sections: dict[str, str], article_id: str = "tea") -> Article:
    pieces = [
        piece
        for heading, words in sections.items()
        for piece in (Piece("heading", heading, 2), *(Piece("item", line) for line in words.split("/")))
    ]
    return assemble(Parsed([Piece("title", "Tea"), *pieces]), article_id=article_id, source="tea.txt")


class TableEncoder:
    """Embeds each text by the vector that a table has for a word of it: exact scores by hand."""

    def __init__(self, vectors: dict[str, tuple[float, ...]]) -> None:
        self.vectors = vectors

    def encode(self, texts: Sequence[str]) -> Encoded:
        rows = [self._vector(text) for text in texts]
        ends = [(0, len(text)) for text in texts]
        return Encoded(
            texts=np.array(rows, dtype=np.float32),
            tokens=np.array(rows, dtype=np.float32),
            ids=np.arange(len(rows), dtype=np.int32),
            spans=np.array(ends, dtype=np.int32),
            starts=np.arange(len(rows) + 1, dtype=np.int64),
        )

    def _vector(self, text: str) -> tuple[float, ...]:
        return next(vector for word, vector in self.vectors.items() if word in text)


@pytest.fixture(scope="module")
def index() -> Index:
    encoder = FakeEncoder()
    articles = [
        article_of({"Green tea": "It is mild/Two minutes are enough", "Black tea": "It is strong"}),
        article_of({"The pot": "Clay keeps warm/Glass shows the colour"}, "pot"),
    ]
    return index_of(articles, encoder, encoder.identity)


@pytest.fixture(scope="module")
def saved(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "index"
    index.save(folder)
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of a saved index, to be spoilt."""
    return Path(shutil.copytree(saved, tmp_path / "index"))


def file_of(folder: Path, name: str) -> Path:
    return folder / segment_folder(folder) / name


def segment_folder(folder: Path) -> str:
    (segment,) = read_manifest(folder)["segments"]
    return str(segment["folder"])


def test_an_opened_index_reads_what_was_saved(index: Index, saved: Path) -> None:
    opened = open_index(saved)
    assert list(opened.passages) == list(index.passages)
    assert dict(opened.texts) == dict(index.texts)
    assert opened.articles == index.articles
    assert [opened.passages_of(id) for id in opened.article_ids] == [index.passages_of(id) for id in index.article_ids]


# ── neighbours ───────────────────────────────────────────────────────────────────────────────────────────────────────

VECTORS = {"question": (1.0, 0.0), "green": (0.6, 0.8), "black": (0.8, 0.6), "white": (0.0, 1.0)}


def test_the_nearest_passage_wins_with_its_exact_similarity() -> None:
    encoder = TableEncoder(VECTORS)
    index = index_of([article_of({"One": "green", "Two": "black", "Three": "white"})], encoder, MODEL)
    only_passages = Weights(passage=1, point=0, bm25=0, late_passage=0, late_point=0)
    hits = retrieve(Query("question", "question"), index, encoder.encode(["question"]), weights=only_passages).hits
    assert [hit.passage.section for hit in hits] == [("Two",), ("One",), ("Three",)]
    assert [hit.score for hit in hits] == pytest.approx([0.8, 0.6, 0.0])


def test_the_best_point_counts_for_its_passage() -> None:
    # The passages' own vectors go by their first word, so they say the opposite of what their best points do.
    encoder = TableEncoder(
        {"question": (1.0, 0.0), "One\nwhite\nblack": (0.0, 1.0), "Two\ngreen": (0.6, 0.8), **VECTORS}
    )
    index = index_of([article_of({"One": "white/black", "Two": "green"})], encoder, MODEL)
    only_points = Weights(passage=0, point=1, bm25=0, late_passage=0, late_point=0)
    hits = retrieve(Query("question", "question"), index, encoder.encode(["question"]), weights=only_points).hits
    assert [(hit.passage.section, hit.score) for hit in hits] == [
        (("One",), pytest.approx(0.8)),
        (("Two",), pytest.approx(0.6)),
    ]


@pytest.mark.parametrize("which", ["passage", "point"])
def test_faiss_finds_what_comparing_with_every_vector_finds(which: str, index: Index) -> None:
    (segment,) = index.segments
    search = getattr(segment, f"{which}_search")
    vectors = getattr(segment.embeddings, f"{which}s")
    questions = FakeEncoder().encode(["Is green tea mild?", "warm clay", "nothing of this"]).texts
    scores, rows = search.search(questions, len(vectors))
    expected = questions @ vectors.T
    assert np.allclose(scores, -np.sort(-expected, axis=1), atol=1e-6)
    assert np.allclose(np.take_along_axis(expected, rows, axis=1), scores, atol=1e-6)
    assert [sorted(found) for found in rows.tolist()] == [list(range(len(vectors)))] * len(questions)


def test_rows_stand_in_the_order_of_passages_and_their_points(index: Index) -> None:
    encoder = FakeEncoder()
    texts = ["Green tea\nIt is mild\nTwo minutes are enough", "Black tea\nIt is strong"]
    (segment,) = index.segments
    assert np.array_equal(segment.embeddings.passages[:2], encoder.encode(texts).texts)
    points = ["Green tea\nIt is mild", "Green tea\nTwo minutes are enough", "Black tea\nIt is strong"]
    assert np.array_equal(segment.embeddings.points[:3], encoder.encode(points).texts)
    assert segment.articles.first_points.tolist() == [0, 2, 3, 5]


# ── save and open ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_opened_is_what_was_saved(index: Index, saved: Path) -> None:
    opened = open_index(saved)
    assert (opened.articles, list(opened.passages), opened.model) == (index.articles, list(index.passages), index.model)
    (before_saving,), (segment,) = index.segments, opened.segments
    for name in ("passages", "points"):
        assert np.array_equal(getattr(segment.embeddings, name), getattr(before_saving.embeddings, name))
    for name in ("vectors", "ids", "segments", "first_segments", "frequencies"):
        before, after = getattr(before_saving.embeddings.tokens, name), getattr(segment.embeddings.tokens, name)
        assert before.dtype == after.dtype
        assert np.array_equal(before, after)
    for question in ("How long for green tea?", "a pot that keeps warm", "bread"):
        assert Guide(opened, FakeEncoder()).ask(question) == Guide(index, FakeEncoder()).ask(question)


def test_the_manifest_says_what_is_in_the_index(saved: Path) -> None:
    manifest = json.loads((saved / MANIFEST).read_text("utf-8"))
    assert manifest["format"] == 4
    assert manifest["model"] == {"name": "fake-bag-of-words", "sha256": FakeEncoder().identity.sha256, "dimension": 256}
    assert manifest["metric"] == "inner product of unit vectors"
    assert manifest["counts"] == {"articles": 2, "passages": 3, "points": 5}
    (segment,) = manifest["segments"]
    assert [(card["id"], card["title"]) for card in segment["articles"]] == [("tea", "Tea"), ("pot", "Tea")]
    assert segment["gone"] == []
    assert sorted(segment["files"]) == sorted(LAYOUT.files)
    assert {path.name for path in (saved / segment["folder"]).iterdir()} == set(LAYOUT.files)


def test_nothing_is_pickled(saved: Path) -> None:
    for path in saved.rglob("*.npy"):
        np.load(path, allow_pickle=False)
    assert {path.suffix for path in saved.rglob("*") if path.is_file()} == {".json", ".jsonl", ".faiss", ".npy"}


def test_saving_again_replaces_the_index_and_removes_only_what_builds_left(index: Index, folder: Path) -> None:
    mine = [folder / "files-of-mine", folder / "files-2024", folder / ".building-site"]
    for path in mine:
        path.mkdir()
        (path / "letter.txt").write_text("Dear all")
    left = folder / ".building-99999999"
    left.mkdir()
    (folder / ".building-99999999.json").write_text("{")
    old = segment_folder(folder)
    encoder = FakeEncoder()
    index_of(index.articles[:1], encoder, encoder.identity).save(folder)
    assert len(open_index(folder).articles) == 1
    names = {MANIFEST, segment_folder(folder), *(path.name for path in mine)}
    assert old not in names
    assert {path.name for path in folder.iterdir()} == names
    assert all((path / "letter.txt").read_text() == "Dear all" for path in mine)


def test_saving_the_same_mends_a_damaged_index(index: Index, folder: Path) -> None:
    file_of(folder, LAYOUT.points).write_bytes(b"")
    index.save(folder)
    assert list(open_index(folder).passages) == list(index.passages)
    index.save(folder)
    assert list(open_index(folder).passages) == list(index.passages)
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_a_folder_that_cannot_be_written(index: Index, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(
        SearchIndexError,
        match=r"can't be written \(a file stands where the folder should be\); name another folder with",
    ):
        index.save(tmp_path / "index")


# ── damage ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


@pytest.mark.parametrize("damage", [Path.unlink, cut, flip, lengthen], ids=["missing", "cut off", "one bit", "longer"])
@pytest.mark.parametrize("name", LAYOUT.files)
def test_a_damaged_file_is_named(name: str, damage: object, folder: Path) -> None:
    damage(file_of(folder, name))
    with pytest.raises(SearchIndexError) as caught:
        open_index(folder)
    found = "lacks its file " + name if damage is Path.unlink else f"is damaged: {name} isn't what was built"
    assert str(caught.value) == f"The index in {folder} {found}; run `guide build` again."


def empty(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [empty, halve])
@pytest.mark.parametrize("name", LAYOUT.files)
def test_a_damaged_file_that_is_read_before_it_is_checked_is_no_crash(
    name: str, damage: Callable[[Path], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if each were so large that it is checked while the index is used.
    monkeypatch.setattr("guide.index.verify.BACKGROUND_BYTES", 0)
    damage(file_of(folder, name))
    if (name, damage) == (LAYOUT.articles, halve):
        # What is in it is looked at later, when a question has found an article.
        open_index(folder, check_large=False)
        return
    said = rf"The index in {folder} is damaged \(\w.*\); run `guide build` again\."
    with pytest.raises(SearchIndexError, match=said):
        open_index(folder, check_large=False)


def rewrite(folder: Path, changes: dict[str, object]) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(manifest | changes), "utf-8")


@pytest.mark.parametrize("version", [0, 1, "2", None])
def test_an_index_of_another_version(version: object, folder: Path) -> None:
    rewrite(folder, {"format": version})
    with pytest.raises(
        SearchIndexError, match=rf"has the format {version!r}, this Guide reads 4; run `guide build` again"
    ):
        open_index(folder)


@pytest.mark.parametrize(
    "changes",
    [{"segments": []}, {"recipe": ""}, {"counts": {}}, {"model": {"name": "x", "sha256": "y"}}, {"more": 1}],
    ids=str,
)
def test_a_changed_manifest(changes: dict[str, object], folder: Path) -> None:
    rewrite(folder, changes)
    with pytest.raises(SearchIndexError, match=r"manifest\.json is damaged; run `guide build` again"):
        open_index(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["empty", "cut off", "no text", "deep"]
)
def test_a_manifest_that_is_no_json(content: bytes, folder: Path) -> None:
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(SearchIndexError, match=r"manifest\.json can't be read; run `guide build` again"):
        open_index(folder)


@pytest.mark.parametrize("content", ["[]", "null", "{}", '"text"'])
def test_a_manifest_that_is_something_else(content: str, folder: Path) -> None:
    (folder / MANIFEST).write_text(content)
    with pytest.raises(SearchIndexError, match=r"has the format None, this Guide reads 4"):
        open_index(folder)


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(
        SearchIndexError, match=r"There is no index in .*absent; build one with `guide build --index .*absent`"
    ):
        open_index(tmp_path / "absent")


def test_a_file_where_the_index_should_be(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(SearchIndexError, match=r"can't be read"):
        open_index(tmp_path / "index")


# ── another build meanwhile ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_index_that_is_replaced_while_it_is_opened_is_opened_anew(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the manifest and the files it names a build puts others in their place, twice."""
    encoder = FakeEncoder()
    others = [index_of([article], encoder, encoder.identity) for article in index.articles]
    tried: list[Path] = []

    def replaced_first(segment: Path, *more: object) -> Segment:
        tried.append(segment)
        if others:
            others.pop(0).save(folder)
        return open_segment(segment, *more)  # type: ignore[arg-type]

    monkeypatch.setattr("guide.index.index.open_segment", replaced_first)
    assert open_index(folder).article_ids == ("pot",)
    assert len(set(tried)) == len(tried) == 3


def test_a_file_that_is_lost_while_it_is_opened_is_no_reason_to_try_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []

    def lost(segment: Path, *more: object) -> Segment:
        tried.append(segment)
        raise FileNotFoundError(segment)

    monkeypatch.setattr("guide.index.index.open_segment", lost)
    with pytest.raises(SearchIndexError, match="is damaged"):
        open_index(folder)
    assert len(tried) == 1
