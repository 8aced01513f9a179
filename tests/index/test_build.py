"""Building: the same from the same, nothing embedded twice, and whatever stops it, an index that works."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from filelock import FileLock

from guide.articles.sources import Skipped, article_paths
from guide.embedding.encoder import Encoded, ModelIdentity
from guide.errors import ArticleError, SearchIndexError
from guide.guide import Guide
from guide.index.build import PARTIAL_FOLDER, build, none_readable
from guide.index.build_report import BuildReport
from guide.index.catalogue import article_names, catalogue
from guide.index.index import MANIFEST, open_index, read_manifest
from guide.index.segment import LAYOUT

TEA = "# Tea\n\n## Green tea\n\nIt is mild.\n\n## Black tea\n\nIt is strong. Four minutes are enough.\n"
POTS = "Pots\n\nOf Clay\n\nThey keep warm.\n\nOf Glass\n\nThey show the colour.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with two articles."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "tea.md").write_text(TEA)
    (folder / "pots.txt").write_text(POTS)
    (folder / "cup.png").write_bytes(b"no article")
    return folder


def built(corpus: Path, index: Path, encoder: FakeEncoder | None = None) -> BuildReport:
    encoder = encoder or FakeEncoder()
    return build([corpus], index, encoder, encoder.identity)


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    """Articles, passages, points, and how many articles were embedded."""
    return report.articles, report.passages, report.points, report.embedded


def segment_folder(index: Path) -> str:
    (segment,) = read_manifest(index)["segments"]
    return str(segment["folder"])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ── the same from the same ───────────────────────────────────────────────────────────────────────────────────────────


def test_building_twice_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    assert counts(built(corpus, tmp_path / "a")) == (2, 4, 5, 2)
    built(corpus, tmp_path / "b")
    files = contents(tmp_path / "a")
    assert {Path(name).name for name in files} >= {MANIFEST, *LAYOUT.files}
    assert files == contents(tmp_path / "b")


def test_building_over_an_older_index_gives_the_same_bytes_as_building_anew(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "a")
    (corpus / "tea.md").write_text(TEA.replace("mild", "gentle"))
    (corpus / "coffee.md").write_text("# Coffee\n\nIt is bitter.\n")
    assert built(corpus, tmp_path / "a").embedded == 2
    built(corpus, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_building_in_another_process_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    # Sets and hashes of texts are ordered differently in every process.
    built(corpus, tmp_path / "a")
    script = (
        "import sys; from pathlib import Path; from fake_encoder import FakeEncoder\n"
        "from guide.index.build import build\n"
        "encoder = FakeEncoder(); build([Path(sys.argv[1])], Path(sys.argv[2]), encoder, encoder.identity)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", script, str(corpus), str(tmp_path / "b")]
    subprocess.run(command, env=environment, check=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


# ── nothing twice ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_articles_that_changed_are_embedded(corpus: Path, tmp_path: Path) -> None:
    first = FakeEncoder()
    built(corpus, tmp_path / "index", first)
    assert {"Green tea\nIt is mild.", "Of Clay\nThey keep warm."} <= set(first.texts)

    again = FakeEncoder()
    assert built(corpus, tmp_path / "index", again).embedded == 0
    assert again.calls == 0

    (corpus / "tea.md").write_text(TEA.replace("mild", "gentle"))
    changed = FakeEncoder()
    assert built(corpus, tmp_path / "index", changed).embedded == 1
    assert "Green tea\nIt is gentle." in changed.texts
    assert not any(text.startswith("Of ") for text in changed.texts)

    (corpus / "tea.md").unlink()
    fewer = FakeEncoder()
    assert counts(built(corpus, tmp_path / "index", fewer)) == (1, 2, 2, 0)
    assert fewer.calls == 0
    assert [article.id for article in open_index(tmp_path / "index").articles] == ["pots"]


def test_another_model_embeds_all_anew(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "index")
    other = FakeEncoder(128)
    assert built(corpus, tmp_path / "index", other).embedded == 2
    assert open_index(tmp_path / "index").passage_embeddings.shape == (4, 128)
    renamed = FakeEncoder(128)
    renamed.identity = ModelIdentity("another name", renamed.identity.sha256)
    # Who opens the index is told which model to set: it must be the one that made all of it.
    assert built(corpus, tmp_path / "index", renamed).embedded == 2
    assert open_index(tmp_path / "index").model == renamed.identity
    assert built(corpus, tmp_path / "index", renamed).embedded == 0


def test_a_damaged_index_is_built_anew(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    built(corpus, index)
    (index / segment_folder(index) / LAYOUT.points).write_bytes(b"no index")
    assert built(corpus, index).embedded == 2
    assert len(open_index(index).passages) == 4


# ── many ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

QUESTIONS = ("Is green tea mild?", "What keeps warm?", "Is coffee bitter?")


def answers(index: Path) -> list[tuple[str, str]]:
    """The best passage for each question."""
    guide = Guide(open_index(index), FakeEncoder())
    return [(shown.id, shown.text) for question in QUESTIONS for shown in guide.ask(question).passages[:1]]


def test_a_large_segment_stays_when_articles_are_added_changed_and_removed(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.index.build.LARGE_SEGMENT_POINTS", 5)
    built(corpus, tmp_path / "index")
    large = segment_folder(tmp_path / "index")
    (corpus / "coffee.md").write_text("# Coffee\n\nIt is bitter.\n")
    assert built(corpus, tmp_path / "index").embedded == 1
    assert read_manifest(tmp_path / "index")["segments"][0]["folder"] == large
    assert [segment["gone"] for segment in read_manifest(tmp_path / "index")["segments"]] == [[], []]
    fresh = tmp_path / "fresh"
    built(corpus, fresh)
    assert len(read_manifest(fresh)["segments"]) == 1
    assert answers(tmp_path / "index") == answers(fresh)

    # Half of the passages gone is too many to keep the segment, so allow for it here.
    monkeypatch.setattr("guide.index.build.MIN_LIVE_SHARE", 0.5)
    (corpus / "tea.md").write_text(TEA.replace("mild", "gentle"))
    assert counts(built(corpus, tmp_path / "index")) == (3, 5, 6, 1)
    first, second = read_manifest(tmp_path / "index")["segments"]
    assert (first["folder"], first["gone"]) == (large, ["tea"])
    assert sorted(card["id"] for card in second["articles"]) == ["coffee", "tea"]
    opened = open_index(tmp_path / "index")
    assert sorted(opened.article_ids) == ["coffee", "pots", "tea"]
    assert len(opened.passages) == len(list(opened.passages)) == 5
    assert opened.texts["tea"].count("gentle") == 1
    shutil.rmtree(fresh)
    built(corpus, fresh)
    assert answers(tmp_path / "index") == answers(fresh)

    monkeypatch.setattr("guide.index.build.MIN_LIVE_SHARE", 0.8)
    assert built(corpus, tmp_path / "index").embedded == 0
    assert len(read_manifest(tmp_path / "index")["segments"]) == 1
    assert answers(tmp_path / "index") == answers(fresh)


class StoppedEncoder(FakeEncoder):
    """An encoder that fails when it has embedded enough."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.left = calls

    def encode(self, texts: Sequence[str]) -> Encoded:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().encode(texts)


def test_a_build_that_is_stopped_goes_on_from_there(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        (corpus / f"cup{number}.md").write_text(f"# Cup {number}\n\nIt holds {number} sips.\n")
    monkeypatch.setattr("guide.index.build.BATCH_POINTS", 2)
    stopped = StoppedEncoder(calls=9)
    with pytest.raises(KeyboardInterrupt):
        build([corpus], tmp_path / "index", stopped, stopped.identity)
    again = FakeEncoder()
    report = built(corpus, tmp_path / "index", again)
    assert 0 < report.embedded < 8
    twice = set(stopped.texts) & set(again.texts)
    # Only the batch in hand when it was stopped is embedded again.
    assert {text.split("\n")[0] for text in twice} == {"Cup 4"}
    assert not (tmp_path / "index" / PARTIAL_FOLDER).exists()
    built(corpus, tmp_path / "fresh")
    assert contents(tmp_path / "index") == contents(tmp_path / "fresh")


# ── stopped ──────────────────────────────────────────────────────────────────────────────────────────────────────────

KILLED_AT_EVERY_STEP = """
import os, shutil, signal, sys
from pathlib import Path
from fake_encoder import FakeEncoder
from guide.index.build import build

corpus, old, copies = map(Path, sys.argv[1:])
encoder = FakeEncoder()
step = 0
while True:
    step += 1
    folder = copies / f"{step:03}"
    shutil.copytree(old, folder)
    child = os.fork()
    if child == 0:
        left = step

        def count(event, arguments):
            global left
            if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"):
                if str(folder) in str(arguments[0]):
                    left -= 1
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        build([corpus], folder, encoder, encoder.identity)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""
"""Builds again and again, each time killed one step further, until a build ends by itself."""


def test_a_build_that_is_killed_leaves_an_index_that_works(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "old")
    (corpus / "tea.md").write_text(TEA.replace("mild", "gentle"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    (tmp_path / "copies").mkdir()
    arguments = [str(corpus), str(tmp_path / "old"), str(tmp_path / "copies")]
    subprocess.run([sys.executable, "-c", KILLED_AT_EVERY_STEP, *arguments], env=environment, check=True)

    found = []
    for folder in sorted((tmp_path / "copies").iterdir()):
        answer = Guide(open_index(folder), FakeEncoder()).ask("Is green tea mild or gentle?")
        found.append(answer.passages[0].text)
        built(corpus, folder)
        assert {path.name for path in folder.iterdir()} == {".lock", MANIFEST, segment_folder(folder)}
    old, new = "It is mild.", "It is gentle."
    # The old index up to some step, the new one from there on.
    assert found == [old] * found.count(old) + [new] * found.count(new)
    assert found.count(old) > len(LAYOUT.files)
    assert found.count(new) > 1


def test_a_build_at_the_same_time_is_refused(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "index")
    before = contents(tmp_path / "index")
    (corpus / "tea.md").write_text("# Tea\n\nNo more.\n")
    with (
        FileLock(tmp_path / "index" / ".lock"),
        pytest.raises(
            SearchIndexError, match=r"Another build is writing to .*index; wait until it ends, or name another folder"
        ),
    ):
        built(corpus, tmp_path / "index")
    assert contents(tmp_path / "index") == before
    built(corpus, tmp_path / "index")
    assert len(open_index(tmp_path / "index").passages) == 3


# ── what can't be read ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_cannot_be_read_is_skipped_and_the_others_are_indexed(corpus: Path, tmp_path: Path) -> None:
    bad = corpus / "bad.txt"
    bad.write_bytes(b"\x00")
    report = built(corpus, tmp_path / "index")
    assert counts(report) == (2, 4, 5, 2)
    reason = f"{bad} is a binary file; save it as text with UTF-8 encoding."
    assert report.skipped == (Skipped(bad, reason, kept=False),)
    assert open_index(tmp_path / "index").article_ids == ("pots", "tea")

    bad.write_text("# Bad\n\nNo more.\n")
    assert built(corpus, tmp_path / "index").skipped == ()
    assert open_index(tmp_path / "index").article_ids == ("bad", "pots", "tea")


@pytest.mark.parametrize("dimension", [256, 128], ids=["the same model", "another model"])
def test_an_article_stays_when_its_file_can_no_longer_be_read(corpus: Path, tmp_path: Path, dimension: int) -> None:
    built(corpus, tmp_path / "index")
    before = open_index(tmp_path / "index").article("tea")
    (corpus / "tea.md").write_bytes(b"\x00")
    for embedded in (0 if dimension == 256 else 2, 0):
        report = built(corpus, tmp_path / "index", FakeEncoder(dimension))
        assert counts(report) == (2, 4, 5, embedded)
        assert [(skipped.path, skipped.kept) for skipped in report.skipped] == [(corpus / "tea.md", True)]
        assert open_index(tmp_path / "index").article("tea") == before

    (corpus / "tea.md").unlink()
    assert counts(built(corpus, tmp_path / "index", FakeEncoder(dimension))) == (1, 2, 2, 0)


def test_where_no_file_can_be_read_the_index_stays_as_it_was(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "index")
    before = contents(tmp_path / "index")
    empty = tmp_path / "empty.md"
    empty.touch()
    encoder = FakeEncoder()
    with pytest.raises(ArticleError, match=r"empty\.md is empty; .*\. There is no .*absent\.md; .*"):
        build([empty, tmp_path / "absent.md"], tmp_path / "index", encoder, encoder.identity)
    assert contents(tmp_path / "index") == before


def test_where_no_file_can_be_read_each_reason_is_said_once() -> None:
    mislabelled = [(Path(f"in/{name}.docx"), f"in/{name}.docx holds a PDF; rename it to {name}.pdf.") for name in "abc"]
    others = [(Path(f"in/{name}.md"), f"in/{name}.md has fault {name}.") for name in ("ux", "vx", "wx", "xx")]
    said = none_readable([Skipped(path, reason, kept=False) for path, reason in (*mislabelled, *others)])
    assert said == (
        "in/a.docx holds a PDF; rename it to a.pdf. The same goes for 2 more: b.docx, c.docx. "
        "in/ux.md has fault ux. in/vx.md has fault vx. Nor can 2 more be read: wx.md, xx.md."
    )


def test_an_address_is_not_fetched(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    page = Path("https://window.example/no.html")
    with pytest.raises(
        ArticleError, match=r"no\.html is an address, and none is fetched; save the page and name its file"
    ):
        build([page], tmp_path / "index", fake_encoder, fake_encoder.identity)


def test_the_second_of_two_articles_of_one_name_is_skipped(corpus: Path, tmp_path: Path) -> None:
    (corpus / "Tea.txt").write_text(POTS)
    report = built(corpus, tmp_path / "index")
    reason = f"{corpus / 'tea.md'} has the same name as {corpus / 'Tea.txt'}; rename one of them."
    assert report.skipped == (Skipped(corpus / "tea.md", reason, kept=False),)
    assert sorted(open_index(tmp_path / "index").article_ids) == ["pots", "tea"]


def test_questions_beside_two_articles_of_one_name_are_those_of_the_one_that_is_read(
    corpus: Path, tmp_path: Path
) -> None:
    (corpus / "tea.txt").write_text(POTS)
    (corpus / "tea.questions.jsonl").write_text('{"words": "It is mild.", "question": "is it strong"}')
    report = built(corpus, tmp_path / "index")
    reason = (
        f"{corpus / 'tea.txt'} has the same name as {corpus / 'tea.md'}; rename one of them. "
        "Until then tea.questions.jsonl counts for tea.md alone."
    )
    assert [one.reason for one in report.skipped] == [reason]
    assert report.questions == 1


def test_a_document_of_another_kind_is_named_and_a_picture_is_not(corpus: Path, tmp_path: Path) -> None:
    (corpus / "notes.odt").write_bytes(b"PK")
    (corpus / "~$word.docx").write_bytes(b"a lock of Word")
    (skipped,) = built(corpus, tmp_path / "index").skipped
    assert "notes.odt is of the kind '.odt'; Guide reads .md, .markdown, .txt, .html" in skipped.reason


# ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_report_counts_and_says_what_looks_wrong(corpus: Path, tmp_path: Path) -> None:
    (corpus / "tea2.md").write_text("# Tea\n\n## Green tea\n\nIt is mild.\n\n## When to see a doctor\n\nSoon.\n")
    report = built(corpus, tmp_path / "index")
    assert (report.sections, report.inspected, report.embedded) == (6, 3, 3)
    assert [(notice.article, notice.sign) for notice in report.notices] == [
        ("pots", "help"),
        ("tea", "help"),
        ("tea2", "title"),
    ]
    assert built(corpus, tmp_path / "index").notices == report.notices


def test_of_a_large_index_what_is_new_is_inspected(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.index.build.LARGE_SEGMENT_POINTS", 5)
    built(corpus, tmp_path / "index")
    (corpus / "coffee.md").write_text("# Coffee\n\nIt is bitter.\n")
    report = built(corpus, tmp_path / "index")
    assert (report.articles, report.inspected, report.sections) == (3, 1, 1)
    assert [notice.article for notice in report.notices] == ["coffee"]


def test_progress_is_told_up_to_the_end(corpus: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int, str]] = []
    encoder = FakeEncoder()
    build([corpus], tmp_path / "index", encoder, encoder.identity, progress=lambda *done: told.append(done))
    names = ("pots.txt", "tea.md", "")
    assert [entry for entry in told if entry[0] == "reading"] == [("reading", n, 2, names[n]) for n in range(3)]
    embedded = [entry for entry in told if entry[0] == "embedding"]
    assert embedded[-1] == ("embedding", 9, 9, "")
    assert embedded == sorted(embedded)


# ── what is built ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_folders_give_their_articles_in_order_and_nothing_twice(corpus: Path) -> None:
    assert article_paths([corpus, corpus / "tea.md"]) == [corpus / "pots.txt", corpus / "tea.md"]


def test_a_file_that_is_given_twice_is_one_article(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    shutil.copy(corpus / "tea.md", tmp_path / "copies" / "tea.md")
    sources = [corpus / "tea.md", corpus / ".." / "corpus" / "tea.md", tmp_path / "copies", corpus]
    encoder = FakeEncoder()
    report = build(sources, tmp_path / "index", encoder, encoder.identity)
    assert (counts(report), report.skipped) == ((2, 4, 5, 2), ())
    assert sorted(open_index(tmp_path / "index").article_ids) == ["pots", "tea"]
    # Each passage and each point.
    assert len(encoder.texts) == 4 + 5


def test_a_folder_without_articles(tmp_path: Path) -> None:
    (tmp_path / "cup.png").write_bytes(b"no article")
    with pytest.raises(
        ArticleError, match=r"The folder .* holds no article \(\.md, \.markdown, \.txt, \.html, .*\); put one there"
    ):
        article_paths([tmp_path])


def test_articles_are_listed_and_told_apart_by_their_names(corpus: Path, tmp_path: Path) -> None:
    (corpus / "tea2.md").write_text("---\nlicence: CC0\nauthor: A. Cook\n---\n\n# tea\n\nIt is hot. It is wet.\n")
    built(corpus, tmp_path / "index")
    index = open_index(tmp_path / "index")
    assert article_names(index) == {"pots": "Pots", "tea": "Tea (tea)", "tea2": "tea (tea2)"}
    rows = {row.id: row for row in catalogue(index)}
    assert list(rows) == ["pots", "tea", "tea2"]
    row = rows["tea2"]
    assert (row.title, row.author, row.source, row.licence) == ("tea", "A. Cook", "tea2.md", "CC0")
    assert (row.sections, row.passages, row.points) == (1, 1, 2)


def test_names_that_differ_in_signs_alone_are_both_indexed(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a.b.md", "a-b.md", "🌱.md", "🌳.md"):
        (folder / name).write_text(f"# {name}\n\nThis is {name}.\n", encoding="utf-8")
    assert built(folder, tmp_path / "index").skipped == ()
    ids = open_index(tmp_path / "index").article_ids
    assert len(ids) == 4
    # The plain name stays by itself when the other is removed, and the other gets its plain id back.
    (folder / "a-b.md").unlink()
    built(folder, tmp_path / "index")
    opened = open_index(tmp_path / "index")
    assert opened.texts["a-b"].startswith("a.b.md")
    assert len(opened.article_ids) == 3
