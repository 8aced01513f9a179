"""`guide evaluate` from files to figures, with an encoder that knows only words."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder
from numpy.typing import NDArray

from guide.articles.passages import split
from guide.cli import main
from guide.evaluate.ablation import BEGIN, END, STEPS, write_between
from guide.evaluate.costs import costs
from guide.evaluate.documents import article_of, index_documents
from guide.evaluate.loaders import DataError, PublicDocument
from guide.evaluate.search import SHIPPED, Asked, Collection, Remembering
from guide.index.build import build
from guide.index.index import open_index
from guide.retrieval.retrieve import WEIGHTS
from guide.safety.classifier import OUTPUTS

ARTICLE = Path(__file__).parent.parent / "data" / "sleeping-badly.txt"

Run = Callable[..., tuple[int, str, str]]

QUESTIONS = [
    {
        "id": "1",
        "kind": "direct",
        "question": "How does caffeine act in the afternoon?",
        "gold": ["still be at work at midnight"],
    },
    {
        "id": "2",
        "kind": "direct",
        "question": "Which light tells the body it is day?",
        "gold": ["of quite other words"],
    },
    {"id": "3", "kind": "wordless", "question": "?!", "gold": ["still be at work at midnight"]},
    {"id": "4", "kind": "far", "question": "Who won the chess tournament?", "gold": []},
]
CORPUS = [
    {"_id": "tea", "title": "Tea", "text": "Green leaves are steeped.\nBlack leaves are rolled first."},
    {"_id": "ice", "title": "Ice", "text": "Water freezes at night."},
    {"_id": "nil", "title": "", "text": " "},
]
QUERIES = [
    {"_id": "q1", "text": "How are black leaves rolled?"},
    {"_id": "q2", "text": "When does water freeze, at night?"},
    {"_id": "q3", "text": "???"},
]
JUDGED = "q1\ttea\t1\nq2\ttea\t1\nq3\tice\t1\n"
SQUAD = {
    "data": [
        {
            "title": "Tea",
            "paragraphs": [
                {"context": "Green leaves are steeped.", "qas": []},
                {
                    "context": "Black leaves are rolled first.",
                    "qas": [
                        {"id": "s1", "question": "Which leaves are rolled?"},
                        {"id": "s2", "question": "Which leaves are sold?", "is_impossible": True},
                    ],
                },
            ],
        },
        {
            "title": "Ice",
            "paragraphs": [
                {"context": "Water freezes at night.", "qas": [{"id": "s3", "question": "When does water freeze?"}]}
            ],
        },
    ]
}


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command takes the fake encoder for the real one."""
    for place in ("embedding.choose.open_builder", "embedding.choose.open_encoder", "guide.open_encoder"):
        monkeypatch.setattr(f"guide.{place}", lambda *settings: FakeEncoder())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `guide evaluate`; gives its exit code and what it printed on each stream."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = main(["evaluate", *(str(argument) for argument in arguments)])
        except SystemExit as left:
            code = int(left.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def index(tmp_path: Path) -> Path:
    encoder = FakeEncoder()
    build([ARTICLE], tmp_path / "index", encoder, encoder.identity)
    return tmp_path / "index"


def lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return lines(tmp_path / "own.jsonl", QUESTIONS)


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    lines(tmp_path / "drinks" / "corpus.jsonl", CORPUS)
    lines(tmp_path / "drinks" / "queries.jsonl", QUERIES)
    (tmp_path / "drinks" / "qrels").mkdir()
    (tmp_path / "drinks" / "qrels" / "test.tsv").write_text(JUDGED)
    return tmp_path / "drinks"


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(SQUAD))
    return path


def written(folder: Path, name: str) -> dict[str, dict[str, object]]:
    """The rows of the set `name` by their ids and kinds."""
    sets = {one["name"]: one for one in json.loads((folder / "results.json").read_text())["sets"]}
    return {f"{row['id']} {row['kind']}": row for row in sets[name]["rows"]}


def test_our_own_questions(run: Run, questions: Path, index: Path, tmp_path: Path) -> None:
    code, printed, _ = run(questions, "--index", index, "--out", tmp_path / "out")
    assert code == 0
    # Found, not in any passage, and without a word to search for: one of three.
    assert re.search(r"\| hit@1 +\| 0\.333 \|", printed)
    assert re.search(r"\| direct +\| 2 +\| 0\.500 \|", printed)
    rows = written(tmp_path / "out", "own")
    assert [rows[key]["measures"]["hit@1"] for key in ("1 direct", "2 direct", "3 wordless")] == [1, 0, 0]
    assert rows["3 wordless"]["measures"]["nDCG@10"] == 0
    assert (rows["3 wordless"]["found"], rows["3 wordless"]["confidence"]) == ([], 0)
    assert rows["4 far"]["measures"] == {}
    assert {path.name for path in (tmp_path / "out").glob("*.png")} == {
        "own-abstention.png", "own-by-kind.png", "own-reliability.png",
    }  # fmt: skip


SAID = [
    {"id": "1", "kind": "act", "text": "hiya", "act": "greeting", "gold": []},
    {
        "id": "2",
        "kind": "everyday",
        "text": "how does caffeine act in the afternoon",
        "act": "question",
        "gold": ["still be at work at midnight"],
        "history": ["i sleep badly"],
    },
    {"id": "3", "kind": "everyday", "text": "???", "act": "question", "gold": ["still be at work at midnight"]},
    {"id": "4", "kind": "neartopic", "text": "who won the chess tournament", "act": "question", "gold": []},
]


def test_everyday_messages(run: Run, index: Path, tmp_path: Path) -> None:
    said = lines(tmp_path / "said.jsonl", SAID)
    code, printed, _ = run(said, "--index", index, "--out", tmp_path / "out")
    assert code == 0
    assert printed.startswith("## said: 4 messages\n")
    assert re.search(r"\| acts understood +\| \d\.\d{3} \| \d\.\d{3}–\d\.\d{3} +\| 1 +\|", printed)
    # One message, whether it is refused by an encoder that knows only words or not.
    assert re.search(r"\| refused of neartopic +\| ([01])\.000 \| (0\.207–1|0\.000–0)\.\d{3} +\| 1 +\|", printed)
    assert re.search(r"\| everyday \| 2 +\| 0\.500 +\| 0\.500 +\|", printed)
    rows = written(tmp_path / "out", "said")
    assert rows["2 everyday"]["measures"] == {"first passage": 1, "one of three": 1, "points": 1, "first screen": 1}
    assert rows["2 everyday"]["history"] == ["i sleep badly"]
    assert (rows["3 everyday"]["understood"], rows["3 everyday"]["found"]) in (("", []), ("gibberish", []))
    assert rows["1 act"]["measures"] == rows["4 neartopic"]["measures"] == {}


def test_everyday_messages_beside_a_public_set(run: Run, index: Path, beir: Path, tmp_path: Path) -> None:
    said = lines(tmp_path / "said.jsonl", SAID)
    code, printed, _ = run(said, "--beir", beir, "--index", index, "--out", tmp_path / "out")
    assert code == 0
    assert "## said: 4 messages" in printed
    assert "## drinks: 3 questions" in printed
    sets = json.loads((tmp_path / "out" / "results.json").read_text())["sets"]
    assert [one["name"] for one in sets] == ["drinks", "said"]


def test_no_plot_is_drawn_of_messages_alone(
    run: Run, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.evaluate.plots.importlib.util.find_spec", lambda name: None)
    assert run(lines(tmp_path / "said.jsonl", SAID), "--index", index, "--out", tmp_path / "out")[0] == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["results.json"]


def test_messages_have_no_stages(run: Run, index: Path, tmp_path: Path) -> None:
    code, printed, error = run(lines(tmp_path / "said.jsonl", SAID), "--index", index, "--ablation")
    assert (code, printed) == (2, "")
    assert re.search(r"--ablation takes sets of questions, and \S+said\.jsonl holds everyday messages", error)


def test_questions_are_asked_with_the_gate_as_it_ships(
    run: Run, questions: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def classify(texts: Sequence[str]) -> NDArray[np.float32]:
        read.extend(texts)
        return np.eye(1, OUTPUTS, dtype=np.float32).repeat(len(texts), axis=0)

    monkeypatch.setattr("guide.safety.choose.open_classifier", lambda: classify)
    assert run(questions, "--index", index)[0] == 0
    assert "How does caffeine act in the afternoon?" in read
    once = len(read)
    read.clear()
    # With each stage the same messages are sent again, and read once.
    assert run(questions, "--index", index, "--ablation")[0] == 0
    assert 0 < len(read) <= once
    read.clear()
    monkeypatch.setenv("GUIDE_GATE", "rules")
    assert run(questions, "--index", index)[0] == 0
    assert read == []


def test_a_beir_folder(run: Run, beir: Path, tmp_path: Path) -> None:
    code, printed, _ = run("--beir", beir, "--out", tmp_path / "out")
    assert code == 0
    rows = written(tmp_path / "out", "drinks")
    assert rows["q1 query"]["found"] == ["tea", "ice"]
    assert rows["q2 query"]["found"] == ["ice", "tea"]
    assert [rows[key]["measures"]["P@1"] for key in ("q1 query", "q2 query")] == [1, 0]
    assert rows["q2 query"]["measures"]["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)
    assert "## drinks: 3 questions" in printed


def test_a_squad_file(run: Run, squad: Path, tmp_path: Path) -> None:
    assert run("--squad", squad, "--out", tmp_path / "out")[0] == 0
    rows = written(tmp_path / "out", "squad")
    assert set(rows) == {
        "s1 answerable", "s1 another_article", "s2 unanswerable", "s3 answerable", "s3 another_article",
    }  # fmt: skip
    assert rows["s1 answerable"]["found"] == ["1", "0"]
    assert rows["s1 answerable"]["measures"] == {"hit@1": 1, "hit@3": 1, "MRR": 1}
    # Asked of the article on ice, which has one paragraph.
    assert (rows["s1 another_article"]["found"], rows["s1 another_article"]["answerable"]) == (["0"], False)
    assert rows["s1 another_article"]["confidence"] < rows["s1 answerable"]["confidence"]


def test_only_the_first_articles(run: Run, squad: Path, tmp_path: Path) -> None:
    assert run("--squad", squad, "--limit", 1, "--out", tmp_path / "out")[0] == 0
    assert set(written(tmp_path / "out", "squad")) == {"s1 answerable", "s2 unanswerable"}


def test_several_sets_at_once_and_what_each_stage_adds(
    run: Run, questions: Path, index: Path, beir: Path, squad: Path, tmp_path: Path
) -> None:
    document = tmp_path / "doc.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    options = ("--index", index, "--beir", beir, "--squad", squad, "--ablation", "--write", document)
    code, printed, _ = run(questions, *options)
    assert code == 0
    before, table, after = re.split(f"{BEGIN}|{END}", document.read_text())
    assert (before, after) == ("before\n", "\nafter\n")
    assert table.strip() in printed
    header, _, *steps = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
    assert header == [
        "stages", "own (3): hit@1 / hit@3", "ms", "drinks (3): nDCG@10 / P@1", "ms",
        "squad (2): hit@1", "ms",
    ]  # fmt: skip
    assert [step[0] for step in steps] == [name for name, *_ in STEPS]
    # The last row is what ships; none of these questions has a history to time.
    assert steps[-1][1::2] == ["0.333 / 0.333", "0.544 / 0.333", "1.000"]
    assert steps[-1][2::2] == ["–", "–", "–"]
    # One comparison of tokens serves passages and points.
    assert steps[4][2::2] == ["–", "–", "–"]
    timed = [cell for number in (0, 1, 2, 3, 6) for cell in steps[number][2::2]]
    assert all(re.fullmatch(r"\d+\.\d\d", cell) for cell in timed)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "give a file of QUESTIONS, --beir FOLDER or --squad FILE"),
        (("--squad", "none.json"), 1, "none.json can't be read (No such file or directory)"),
        (("--beir", "none"), 1, "corpus.jsonl can't be read"),
        (("none.jsonl",), 1, "none.jsonl can't be read"),
        (("--squad", "none.json", "--limit", "0"), 2, "--limit is 0, it must be 1 or more"),
        (("none.jsonl", "--write", "doc.md"), 2, "--write needs --ablation"),
    ],
)
def test_misuse_is_a_sentence(arguments: tuple[str, ...], code: int, says: str, run: Run) -> None:
    found, printed, error = run(*arguments)
    assert (found, printed) == (code, "")
    assert says in error
    assert "Traceback" not in error


def test_two_sets_of_one_name(run: Run, beir: Path) -> None:
    code, _, error = run("--beir", beir, "--beir", beir)
    assert code == 2
    assert "two sets are called drinks; rename one" in error


def test_plots_are_asked_for_without_matplotlib(
    run: Run, squad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.evaluate.plots.importlib.util.find_spec", lambda name: None)
    code, printed, error = run("--squad", squad, "--out", tmp_path / "out")
    assert (code, printed) == (1, "")
    assert error.startswith("guide: Plots need matplotlib")
    assert not (tmp_path / "out").exists()


# ── documents ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_document_as_an_article() -> None:
    article = article_of(PublicDocument("d/1", "Tea", "Leaves are steeped.\n\nThey\u00a0are rolled."))
    assert article.id == "d/1"
    points = [article.text[point.start : point.end] for passage in split(article) for point in passage.points]
    assert points == ["Leaves are steeped.", "They are rolled."]
    assert {passage.section for passage in split(article)} == {("Tea",)}


def test_a_document_of_a_title_alone_is_its_title() -> None:
    article = article_of(PublicDocument("1", "Tea", ""))
    assert [article.text[passage.start : passage.end] for passage in split(article)] == ["Tea"]


def test_an_index_is_kept_until_something_changes(tmp_path: Path) -> None:
    documents = [PublicDocument("1", "Tea", "Leaves are steeped.")]
    first, again, changed = FakeEncoder(), FakeEncoder(), FakeEncoder()
    kept = index_documents(documents, first, first.identity, tmp_path, "tea")
    assert first.texts == ["Tea\nLeaves are steeped."] * 2
    same = index_documents(documents, again, again.identity, tmp_path, "tea")
    assert (again.calls, list(same.passages)) == (0, list(kept.passages))
    index_documents([replace(documents[0], text="Boiled.")], changed, changed.identity, tmp_path, "tea")
    assert changed.texts == ["Tea\nBoiled."] * 2


def test_documents_without_a_word_are_refused(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    with pytest.raises(DataError, match="No document of tea holds a word"):
        index_documents([PublicDocument("1", "", "…")], encoder, encoder.identity, tmp_path, "tea")


def test_the_same_texts_are_embedded_once(fake_encoder: FakeEncoder) -> None:
    remembering = Remembering(fake_encoder)
    assert remembering.encode(["a", "b"]) is remembering.encode(["a", "b"])
    remembering.encode(["a"])
    assert fake_encoder.texts == ["a", "b", "a"]


def test_every_stage_is_timed_and_only_what_is_asked_is_embedded(index: Path, fake_encoder: FakeEncoder) -> None:
    collection = Collection(open_index(index), Remembering(FakeEncoder()))
    asked = [(Asked("Why is light bad?"), collection), (Asked("?!"), collection)]
    stages = {"spelling", "embedding", "passages", "points", "BM25", "late interaction"}
    assert set(costs(asked, fake_encoder)) == stages
    assert set(fake_encoder.texts) == {"Why is light bad?"}
    follow_up = (Asked("And at night?", ("Why is light bad?",)), collection)
    assert set(costs([*asked, follow_up], fake_encoder)) == stages | {"follow-ups"}


# ── ablation ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_step_adds_one_stage_until_all_ship() -> None:
    def parts(step: int) -> set[str]:
        stages = STEPS[step][1]
        weights = {name for name in WEIGHTS.__dataclass_fields__ if getattr(stages.weights, name)}
        return weights | {name for name in ("mend", "follow") if getattr(stages, name)}

    assert parts(0) == {"passage"}
    for step in range(1, len(STEPS)):
        assert parts(step) > parts(step - 1)
        assert len(parts(step) - parts(step - 1)) == 1
    assert STEPS[-1][1] == SHIPPED


def test_a_document_without_the_markers(tmp_path: Path) -> None:
    document = tmp_path / "doc.md"
    document.write_text(f"{BEGIN}\nno end\n")
    with pytest.raises(DataError, match="lacks the lines"):
        write_between(document, "table")
    assert document.read_text() == f"{BEGIN}\nno end\n"
    with pytest.raises(DataError, match="can't be read and written"):
        write_between(tmp_path / "none.md", "table")


def test_a_set_that_nothing_answers_has_no_ablation(run: Run, index: Path, tmp_path: Path) -> None:
    far = lines(tmp_path / "far.jsonl", QUESTIONS[3:])
    code, _, error = run(far, "--index", index, "--ablation")
    assert code == 1
    assert "No question of far has an answer" in error
