"""Files to measure with: what is read of them, and a sentence for whatever is wrong with one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.evaluate.loaders import (
    Beir,
    DataError,
    EverydayMessage,
    Message,
    PublicDocument,
    Question,
    SquadArticle,
    SquadQuestion,
    is_everyday,
    read_beir,
    read_everyday,
    read_messages,
    read_questions,
    read_squad,
)

GOOD = '{"id": "1", "kind": "direct", "question": "Why?", "gold": ["Because."]}\n'


def test_our_own_questions(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    more = '{"id": "2", "kind": "follow_up", "question": "How so?", "gold": [], "history": ["Why?"], "section": "S"}\n'
    path.write_text("\ufeff" + GOOD + "\n" + more, encoding="utf-8")
    assert read_questions(path) == [
        Question("1", "direct", "Why?", (), ("Because.",)),
        Question("2", "follow_up", "How so?", ("Why?",), (), "S"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD + "no json\n", r"^Line 2 of .* can't be used: Expecting value.*must be a JSON object with id, kind"),
        (GOOD + "[1]\n", r"^Line 2 of .* can't be used: found a list; it must be"),
        (GOOD + '{"id": "2", "kind": "k", "question": "q"}\n', r"^Line 2 of .* lacks 'gold'; it must be"),
        (GOOD + '{"id": "2", "kind": "k", "question": " ", "gold": []}', r"^Line 2 of .*question is ' ', not a text"),
        (GOOD + '{"id": 2, "kind": "k", "question": "q", "gold": []}', r"^Line 2 of .*id is 2, not a text"),
        (GOOD + '{"id": "2", "kind": "k", "question": "q", "gold": "a"}', r"gold is 'a', not a list of texts"),
        (GOOD + '{"id": "2", "kind": "k", "question": "q", "gold": [""]}', r"gold is \[''\], not a list of texts"),
        (GOOD + '{"id": "2", "kind": "k", "question": "q", "gold": [], "history": "h"}', r"history is 'h', not a list"),
        (GOOD + "[" * 100_000 + "\n", r"^Line 2 of .* can't be used"),
        (GOOD + GOOD, r"has the id '1' twice; give each row its own"),
        ("\n\n", r"is empty; name a file that holds something"),
    ],
    ids=[
        "no JSON", "no object", "no gold", "an empty question", "a number for an id", "a text for a list", "empty gold",
        "a text for the history", "nested too deep", "an id twice", "no line",
    ],
)  # fmt: skip
def test_a_bad_question_file(content: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match=says):
        read_questions(path)


@pytest.mark.parametrize("read", [read_questions, read_everyday, is_everyday, read_messages, read_squad])
def test_a_file_that_is_missing_or_no_text(read: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none can't be read \(No such file or directory\); name a file that is there"):
        read(tmp_path / "none")
    (tmp_path / "latin").write_bytes(b"caf\xe9\n")
    with pytest.raises(DataError, match=r"latin isn't text in UTF-8; convert it"):
        read(tmp_path / "latin")
    with pytest.raises(DataError, match=r"can't be read \(Is a directory\)"):
        read(tmp_path)


def test_messages(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text('{"text": "All is well.", "label": "none", "origin": "written"}\n')
    assert read_messages(path) == [Message("All is well.", "none", "", "written")]
    path.write_text('{"text": "All is well.", "label": "fine"}\n')
    with pytest.raises(DataError, match="label is 'fine', not one of crisis, abuse, professional, none;"):
        read_messages(path)


SAID = '{"id": "1", "kind": "act", "text": "hi", "act": "greeting", "gold": []}\n'


def test_everyday_messages(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    more = {"id": "2", "kind": "followup", "text": "and him?", "act": "question", "gold": ["He goes quiet."]}
    more |= {"history": ["why am i so numb"], "allowed": ["none", "professional"], "note": "somebody else"}
    path.write_text(SAID + json.dumps(more) + "\n", encoding="utf-8")
    assert read_everyday(path) == [
        EverydayMessage("1", "act", "hi", "greeting", ()),
        EverydayMessage(
            "2", "followup", "and him?", "question", ("He goes quiet.",), ("why am i so numb",),
            ("none", "professional"), "somebody else",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (SAID, "has the id '1' twice; give each row its own"),
        (
            '{"id": "2", "kind": "act", "text": "hi", "act": "greeting"}',
            r"^Line 2 of .* lacks 'gold'; it must be a JSON",
        ),
        ('{"id": "2", "kind": "act", "text": " ", "act": "greeting", "gold": []}', r"text is ' ', not a text; it must"),
        (
            '{"id": "2", "kind": "act", "text": "hi", "act": "hello", "gold": []}',
            "act is 'hello', not one of question, s",
        ),
        ('{"id": "2", "kind": "act", "text": "hi", "act": "ack", "gold": "a"}', "gold is 'a', not a list of texts"),
        (
            '{"id": "2", "kind": "act", "text": "hi", "act": "ack", "gold": [], "history": [1]}',
            r"history is \[1\], not a list of texts",
        ),
        (
            '{"id": "2", "kind": "act", "text": "hi", "act": "ack", "gold": [], "allowed": ["fine"]}',
            r"allowed is \['fine'\], not a list of levels \(none, ",
        ),
        (
            '{"id": "2", "kind": "k", "question": "q", "gold": []}',
            "lacks 'text'; it must be .* id, kind, text, act and",
        ),
        ("[1]", "found a list; it must be a JSON object with id, kind, text, act and gold"),
        ("{", "^Line 2 of .* can't be used: Expecting property name"),
    ],
)
def test_a_bad_file_of_everyday_messages(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    path.write_text(SAID + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=says):
        read_everyday(path)


@pytest.mark.parametrize(
    ("content", "everyday"),
    [
        (SAID, True),
        ("\ufeff\n  \n" + SAID + GOOD, True),
        (GOOD + SAID, False),
        ('{"text": "Why?", "question": "Why?"}', False),
        ('["text"]\n', False),
        ('"text"\n', False),
        ("text\n", False),
        ("[" * 100_000, False),
        ("", False),
    ],
)
def test_a_file_of_messages_is_told_by_its_first_row(content: str, everyday: bool, tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    path.write_text(content, encoding="utf-8")
    assert is_everyday(path) is everyday


# ── BEIR ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

CORPUS = '{"_id": "a", "title": "Tea", "text": "Tea is hot."}\n{"_id": "b", "text": ""}\n'
QUERIES = '{"_id": "q1", "text": "What is hot?"}\n{"_id": "q2", "text": "Not judged"}\n'
JUDGED = "query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\tb\t0\n"


def beir(folder: Path, *, corpus: str = CORPUS, queries: str = QUERIES, judged: str = JUDGED) -> Path:
    (folder / "qrels").mkdir()
    (folder / "corpus.jsonl").write_text(corpus)
    (folder / "queries.jsonl").write_text(queries)
    (folder / "qrels" / "test.tsv").write_text(judged)
    return folder


@pytest.mark.parametrize(
    "judged",
    [JUDGED, JUDGED.partition("\n")[2], JUDGED.replace("\n", "\r\n"), JUDGED + "\n\n"],
    ids=["as published", "without column names", "Windows line ends", "blank lines"],
)
def test_a_beir_folder(judged: str, tmp_path: Path) -> None:
    documents = (PublicDocument("a", "Tea", "Tea is hot."), PublicDocument("b", "", ""))
    assert read_beir(beir(tmp_path, judged=judged)) == Beir(documents, {"q1": "What is hot?"}, {"q1": {"a": 2.0}})


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"judged": "q1\ta\n"}, r"^Line 1 of .*test\.tsv is no judgement; it needs a query's id"),
        ({"judged": "q1\ta\tmuch\n"}, r"^Line 1 of .* is no judgement"),
        ({"judged": "q1\ta\tinf\n"}, r"^Line 1 of .* is no judgement"),
        ({"judged": "q1 a 1\n"}, r"with tabs between them"),
        ({"judged": "q9\ta\t1\n"}, r"judges the query 'q9', which isn't there"),
        ({"judged": "q1\tz\t1\n"}, r"judges the document 'z', which isn't there"),
        ({"judged": "q1\ta\t0\n"}, r"says of no document that it is relevant; name another split with --split"),
        ({"corpus": '{"title": "Tea"}\n'}, r"^Line 1 of .*corpus\.jsonl lacks '_id'"),
        ({"corpus": '{"_id": "a"}\n'}, r"^Line 1 of .*corpus\.jsonl lacks 'text'"),
        ({"corpus": CORPUS + CORPUS}, r"has the id 'a' twice"),
        ({"queries": '{"_id": "q1", "text": 3}\n'}, r"^Line 1 of .*queries\.jsonl can't be used: text is 3"),
    ],
    ids=lambda value: next(iter(value.values()))[:20] if isinstance(value, dict) else "",
)
def test_a_bad_beir_folder(files: dict[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=says):
        read_beir(beir(tmp_path, **files))


def test_a_split_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no judgements .*dev\.tsv; the splits there are test: name one with --split"):
        read_beir(beir(tmp_path), "dev")


# ── SQuAD ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_squad_file(tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    asked = [{"id": "1", "question": "Hot?"}, {"id": "2", "question": "Blue?", "is_impossible": True}]
    paragraphs = [{"context": "Tea is hot.", "qas": []}, {"context": "Ice is cold.", "qas": asked}]
    path.write_text(json.dumps({"version": "v2.0", "data": [{"title": "Drinks", "paragraphs": paragraphs}]}))
    questions = (SquadQuestion("1", "Hot?", 1, True), SquadQuestion("2", "Blue?", 1, False))
    assert read_squad(path) == [SquadArticle("Drinks", ("Tea is hot.", "Ice is cold."), questions)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", r"isn't SQuAD 2\.0 \(it isn't JSON: Expecting property name"),
        ("[]", r"isn't SQuAD 2\.0 \(it can't be used: found a list\)"),
        ("{}", r"isn't SQuAD 2\.0 \(it lacks 'data'\); it needs data › paragraphs › context"),
        ('{"data": []}', r"holds no article"),
        ('{"data": [{"title": "T"}]}', r"it lacks 'data › 1 › paragraphs'"),
        (
            '{"data": [{"paragraphs": [{"context": "", "qas": []}]}]}',
            r"data › 1 › paragraphs › 1 › context is '', not a text",
        ),
        (
            '{"data": [{"paragraphs": [{"context": "C", "qas": [{"id": "1"}]}]}]}',
            r"it lacks 'data › 1 › paragraphs › 1 › qas › 1 › question'",
        ),
    ],
)
def test_a_bad_squad_file(content: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    path.write_text(content)
    with pytest.raises(DataError, match=says):
        read_squad(path)
