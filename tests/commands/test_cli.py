"""The command line: exit codes, JSON, batches, and a sentence for whatever goes wrong."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from json_values import has_its_keys

from guide.articles.read import read_article
from guide.cli import main
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import MANIFEST, read_manifest
from guide.index.segment import LAYOUT
from guide.records import AskRequest
from guide.safety.load_toml import load_table
from guide.safety.professionals import professionals

ARTICLE = Path(__file__).parents[1] / "data" / "sleeping-badly.txt"
CRISIS = "I want to kill myself"


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands take the fake encoder for the real one."""
    for place in ("guide.embedding.choose.open_builder", "guide.guide.open_encoder"):
        monkeypatch.setattr(place, lambda *settings: FakeEncoder())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "index"
    encoder = FakeEncoder()
    build([ARTICLE], folder, encoder, encoder.identity)
    return folder


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit code and what it printed on each stream."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ask_as_json(run: Run, index: Path) -> None:
    code, out, err = run(
        "ask", "--index", index, "--json", "--country", "IE", "Which sleep is easily broken by a noise?"
    )
    assert (code, err) == (0, "")
    row = json.loads(out)
    has_its_keys(row)
    assert row["passages"][0]["section"] == ["Table: Light Sleep vs. Deep Sleep"]
    first = row["passages"][0]
    assert first["text"] == read_article(ARTICLE).text[first["start"] : first["end"]]


def test_ask_on_a_terminal(run: Run, index: Path) -> None:
    code, out, err = run("ask", "--index", index, "Which sleep is easily broken by a noise in the street?")
    assert (code, err) == (0, "")
    assert "Table: Light Sleep vs. Deep Sleep  (sleeping-badly, characters 10" in out
    assert "Easily broken by a noise in the street" in out


def test_what_an_article_has_in_brackets_is_no_mark_up(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "brackets.md"
    path.write_text("# Brackets\n\nThese [bold]words[/bold] and :smile: stay as they are.\n")
    run("build", path, "--index", tmp_path / "index")
    for command in (["passages"], ["ask", "These bold words and smile?"]):
        _, out, _ = run(*command, "--index", tmp_path / "index")
        assert "These [bold]words[/bold] and :smile: stay as they are." in out


def test_an_earlier_question_counts(run: Run, index: Path) -> None:
    code, out, _ = run("ask", "--index", index, "--json", "--after", CRISIS, "How to sleep better?")
    assert code == 0
    roles = {section.path: section.role for section in read_article(ARTICLE).sections}
    shown = [roles[tuple(passage["section"])] for passage in json.loads(out)["passages"]]
    assert len(shown) == 5
    assert "advice" not in shown
    assert json.loads(out)["safety"]["message"]


@pytest.mark.parametrize("withdrawn", [["--withdrawn"], []])
def test_a_question_can_be_withdrawn(
    withdrawn: list[str], run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[AskRequest] = []
    answer = Guide.answer
    monkeypatch.setattr(Guide, "answer", lambda self, request: asked.append(request) or answer(self, request))
    code, _, _ = run("ask", "--index", index, *withdrawn, "How to sleep better?")
    assert code == 0
    assert [request.withdrawn for request in asked] == [bool(withdrawn)]


def test_in_a_crisis_the_help_card_comes_first_and_alone(run: Run, index: Path) -> None:
    code, out, _ = run("ask", "--index", index, "--country", "US", CRISIS)
    assert code == 0
    assert "988" in out
    assert "sleeping-badly" not in out


def test_passages(run: Run, index: Path) -> None:
    code, out, _ = run("passages", "--index", index, "--json")
    assert code == 0
    rows = json.loads(out)
    article = read_article(ARTICLE)
    assert [tuple(row["section"]) for row in rows] == [section.path for section in article.sections]
    for row in rows:
        assert list(row) == ["id", "article", "section", "role", "start", "end", "text", "points"]
        assert row["text"] == article.text[row["start"] : row["end"]]
        for point in row["points"]:
            assert point["text"] == article.text[point["start"] : point["end"]]
    (table,) = (row for row in rows if row["section"] == ["Table: Light Sleep vs. Deep Sleep"])
    assert table["points"][1]["columns"] == ["Light Sleep", "Deep Sleep"]
    assert table["points"][1]["cells"] == ["What the McKay sisters call dozing", "What they call being out cold"]

    code, out, _ = run("passages", "--index", index)
    assert code == 0
    assert all(row["id"] in out for row in rows)


def test_build_says_what_it_did(run: Run, tmp_path: Path) -> None:
    shown = f"{tmp_path / 'index'}: 1 article, 15 sections, 15 passages, 38 points; "
    assert run("build", ARTICLE, "--index", tmp_path / "index")[:2] == (0, f"{shown}1 article embedded anew.\n")
    assert run("build", ARTICLE, "--index", tmp_path / "index")[:2] == (0, f"{shown}0 articles embedded anew.\n")


# ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ROWS = [
    (b'{"question": "What is deep sleep?"}', "", "a question"),
    (b"{", "The row isn't JSON (", "cut off"),
    (b"\xff\xfe", "The row isn't JSON (", "not UTF-8"),
    (b"[" * 100_000, "The row isn't JSON (", "too deep"),
    (b"[]", 'The row has no text named "question"; write it as {"question": "\u2026"}.', "a list"),
    (b"{}", 'The row has no text named "question"', "no question"),
    (b'{"question": 3}', 'The row has no text named "question"', "a number for a question"),
    (b'{"question": ""}', "The question is empty; type what you want to know.", "an empty question"),
    (b'{"question": "' + b"x" * 10_000 + b'"}', "The question has 10,000 characters", "too long a question"),
    (
        b'{"question": "Why?", "history": "What?"}',
        "The row's history must be a list of turns, oldest first, not a text.",
        "a text for a list",
    ),
    (
        b'{"question": "Why?", "history": [3]}',
        "Entry 1 of the history is a number; it must be a text or an object with",
        "a number for a turn",
    ),
    (
        b'{"question": "Why?", "country": 3}',
        "The country is a number; it must be a two-letter code such as US or IE, or left out.",
        "a number for a country",
    ),
    (b'{"question": "half \\ud83d of one"}', "", "half a character"),
    (b'{"question": "Why?", "history": null, "country": null}', "", "nulls are as good as nothing"),
    (
        b'{"question": "Why is it harmful?", "history": ["Is one bad night harmful?", '
        b'{"role": "assistant", "content": "No"}], "country": "zz", "more": 1}',
        "",
        "all that a row can have, a country that there isn't, and a key nobody asked for",
    ),
]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """All rows in one file, with a blank line before them and in between."""
    path = tmp_path / "batch.jsonl"
    path.write_bytes(b"\n" + b"\n\n".join(row for row, _, _ in ROWS))
    return path


def check_rows(out: str) -> None:
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == len(ROWS)
    for number, (row, (_, says, why)) in enumerate(zip(rows, ROWS, strict=True)):
        if says:
            assert row["error"].startswith(says), why
            assert row["line"] == 2 * number + 2, why
            assert set(row) - {"safety"} == {"line", "error"}, why
            assert "\n" not in row["error"]
        else:
            has_its_keys(row)


def test_a_batch_goes_on_after_bad_rows(run: Run, index: Path, batch: Path) -> None:
    code, out, err = run("ask", "--index", index, "--batch", batch)
    assert (code, err) == (0, "")
    check_rows(out)


def test_a_batch_from_standard_input(run: Run, index: Path, batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(batch.read_bytes())))
    code, out, _ = run("ask", "--index", index, "--batch", "-")
    assert code == 0
    check_rows(out)


def test_a_batch_answers_as_a_single_question_does(run: Run, index: Path, tmp_path: Path) -> None:
    question, earlier = "Why is it harmful?", "Is one bad night harmful?"
    path = tmp_path / "batch.jsonl"
    path.write_text(json.dumps({"question": question, "history": [earlier], "country": "US"}))
    _, alone, _ = run("ask", "--index", index, "--json", "--country", "US", "--after", earlier, question)
    _, out, _ = run("ask", "--index", index, "--batch", path)
    assert json.loads(out) == json.loads(alone)


def test_a_bad_row_after_a_crisis_message_has_the_help_card(run: Run, index: Path, tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text(json.dumps({"question": CRISIS + "!" * 10_000, "country": "US"}))
    _, out, _ = run("ask", "--index", index, "--batch", path)
    row = json.loads(out)
    assert row["line"] == 1
    has_its_keys(row["safety"], "safety")
    assert row["safety"]["level"] in ("crisis", "emergency")


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


def said(result: tuple[int, str, str]) -> str:
    """The one sentence of a command that failed with exit code 1."""
    code, _, err = result
    assert code == 1
    # A build has said before what it was at.
    shown = re.fullmatch(r"(?:Loading the model …\n(?:Reading files: .+\n)?)?guide: (.+)\n", err)
    assert shown, err
    return shown[1]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "The question is empty"),
        (" \n", "The question is empty"),
        ("x" * 10_000, "The question has 10,000 characters"),
    ],
    ids=["empty", "blank", "10,000 characters"],
)
def test_a_question_that_cannot_be_answered(question: str, says: str, run: Run, index: Path) -> None:
    assert said(run("ask", "--index", index, question)).startswith(says)
    code, out, _ = run("ask", "--index", index, "--json", question)
    assert code == 1
    assert json.loads(out)["error"].startswith(says)
    assert json.loads(out)["safety"]["level"] == "none"


def test_a_message_without_words_is_answered_and_no_error(run: Run, index: Path) -> None:
    code, out, err = run("ask", "--index", index, "--json", "?!")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert (answer["act"], answer["passages"]) == ("gibberish", [])
    assert answer["reply"]


@pytest.mark.parametrize("country", ["Ireland", "XYZ", "", "I", "1E", "ÉI", " IE"])
@pytest.mark.parametrize("command", ["ask", "assess"])
def test_a_country_that_is_no_code_is_refused_after_the_help_card(
    command: str, country: str, run: Run, index: Path
) -> None:
    options = ["--index", index] if command == "ask" else ["--rules"]
    refused = f"The country is {country!r}; it must be a two-letter code such as US or IE, or left out."
    code, out, err = run(command, *options, "--country", country, CRISIS)
    assert (code, err) == (1, f"guide: {refused}\n")
    assert "findahelpline.com" in out
    code, out, err = run(command, *options, "--json", "--country", country, CRISIS)
    assert (code, json.loads(out)["error"], json.loads(out)["safety"]["level"]) == (1, refused, "crisis")


def test_uk_is_gb(run: Run, index: Path) -> None:
    for command in (["ask", "--index", index], ["assess", "--rules"]):
        british = run(*command, "--json", "--country", "GB", CRISIS)
        assert run(*command, "--json", "--country", "uk", CRISIS) == british
    assert run("helplines", "uk") == run("helplines", "GB") == run("helplines", "united kingdom")


def test_help_lines_are_of_a_country_by_code_or_name(run: Run) -> None:
    code, out, _ = run("helplines", "Ireland", "--json")
    assert (code, {line["country"] for line in json.loads(out)}) == (0, {"IE", "*"})
    assert said(run("helplines", "Atlantis")) == (
        "The country is 'Atlantis'; it must be a two-letter code such as US or IE, or left out."
    )
    assert said(run("helplines", "ZZ")).startswith("No help line is known for 'ZZ'; the countries are AU Australia, ")


def test_ways_to_a_professional_are_listed_with_their_pages_and_the_first_call(run: Run) -> None:
    code, out, _ = run("helplines", "Norway", "--professional")
    assert code == 0
    assert out.startswith("Norway (NO)\n  couples and family: Familievernkontor (family counselling offices): https://")
    assert "      for: Couples, families and people on their own" in out
    assert "      cost: Free\n      how: Self-referral: book a time yourself" in out
    assert "      seen on 2026-11-27 at https://www.regjeringen.no/" in out
    assert out.endswith("\n  ".join(["On the first call:", *professionals().first_call]) + "\n")
    code, out, _ = run("helplines", "--professional")
    assert [line.rsplit("(", 1)[1] for line in out.splitlines() if line.endswith(")") and line[0] != " "][:2] == [
        "AU)", "AT)",
    ]  # fmt: skip


def test_ways_to_a_professional_as_json(run: Run) -> None:
    code, out, _ = run("helplines", "uk", "--professional", "--json")
    found = json.loads(out)
    assert (code, {route["country"] for route in found["routes"]}) == (0, {"GB"})
    assert found["first_call"] == list(professionals().first_call)
    code, out, _ = run("helplines", "ES", "--professional", "--json")  # a country of which none could be sourced
    assert [route["country"] for route in json.loads(out)["routes"]] == ["*"]
    code, out, _ = run("helplines", "--professional", "--json")
    assert len(json.loads(out)["routes"]) == len(professionals().routes)
    assert said(run("helplines", "Atlantis", "--professional")) == (
        "The country is 'Atlantis'; it must be a two-letter code such as US or IE, or left out."
    )


@pytest.mark.parametrize(
    ("command", "registry", "table"),
    [
        (["helplines"], "helplines", "helpline"),
        (["helplines", "IE"], "helplines", "helpline"),
        (["serve"], "helplines", "helpline"),
        (["helplines", "--professional"], "professionals", "route"),
        (["serve"], "professionals", "route"),
    ],
)
def test_a_registry_that_is_damaged_is_refused(
    command: list[str], registry: str, table: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(name: str, keys: set[str]) -> dict[str, Any]:
        raw = load_table(name, keys)
        raw[table][1]["phone"] = "112 or 999"
        return raw

    monkeypatch.setattr(f"guide.safety.check_{registry}.load_table", damaged)
    monkeypatch.setattr("guide.web.serve.serve", lambda *arguments, **settings: None)
    assert "has phone = '112 or 999'; expected one number of digits, spaces and hyphens" in said(run(*command))


@pytest.mark.parametrize("half", [chr(0xD83D), chr(0xDCE9)], ids=["from JSON", "from bytes that aren't UTF-8"])
def test_half_a_character_becomes_a_sign(half: str, run: Run, index: Path) -> None:
    asked = f"What is deep sleep? {half}"
    code, out, err = run("ask", "--index", index, "--json", "--after", f"Hello {half}", asked)
    assert (code, err) == (0, "")
    assert json.loads(out)["question"] == "What is deep sleep? �"
    shown = said(run("ask", "--index", index, "--article", half, asked))
    assert shown == "The index has no article '�'; `guide articles` lists those it has."
    code, out, _ = run("assess", "--rules", "--json", "--after", half, f"{CRISIS} {half}")
    assert (code, json.loads(out)["level"], half in out) == (0, "crisis", False)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tea.md", b"", "is empty"),
        ("tea.md", b"\x00\x01", "is a binary file"),
        ("tea.txt", b"Tea\n", "holds no passage"),
        ("tea.md", b"# Tea\n\n## Kinds\n", "holds no passage"),
        ("tea.md", b"---\ntitle: [\n---\n\n# Tea\n", "holds no passage"),
        ("tea.odt", b"PK", "is of the kind '.odt'"),
        ("", b"", "holds no article"),
    ],
)
def test_an_article_that_cannot_be_used(name: str, content: bytes, says: str, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    if name:
        (folder / name).write_bytes(content)
    assert says in said(run("build", folder / name, "--index", tmp_path / "index"))
    assert not (tmp_path / "index").exists()


def test_an_article_that_is_missing(run: Run, tmp_path: Path) -> None:
    assert said(run("build", tmp_path / "absent.md")).startswith(
        f"There is no {tmp_path / 'absent.md'}; name an article"
    )
    assert "File name too long" in said(run("build", "a" * 300))


@pytest.mark.parametrize(
    "command", [["ask", CRISIS], ["ask", CRISIS, "--json"], ["passages"], ["ask", "--batch", "x"]], ids=str
)
def test_an_index_that_is_absent_of_another_version_or_damaged(
    command: list[str], run: Run, index: Path, tmp_path: Path
) -> None:
    import shutil

    copy = Path(shutil.copytree(index, tmp_path / "index"))
    (copy / read_manifest(copy)["segments"][0]["folder"] / LAYOUT.points).write_bytes(b"")
    results = {"is damaged: points.faiss": run(*command, "--index", copy)}
    (copy / MANIFEST).write_text(json.dumps({"format": 0}))
    results["has the format 0, this Guide reads 4"] = run(*command, "--index", copy)
    results["There is no index in"] = run(*command, "--index", tmp_path / "absent")
    for says, result in results.items():
        assert says in said(result)
        assert "guide build" in said(result)
        if CRISIS in command:
            assert ("helplines" if "--json" in command else "findahelpline.com") in result[1], (
                "the help card needs no index"
            )


def test_an_index_that_the_environment_names_is_named_with_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_INDEX", str(tmp_path / "nowhere"))
    for command in (["ask", "Why?"], ["passages"]):
        assert "GUIDE_INDEX names that index" in said(run(*command))
        assert "GUIDE_INDEX" not in said(run(*command, "--index", tmp_path / "elsewhere"))
    assert "GUIDE_INDEX" not in said(run("ask", ""))
    monkeypatch.setenv("GUIDE_INDEX", "postgresql://db/guide?collection=")
    assert "GUIDE_INDEX: " in run("articles")[2]


def test_an_empty_question_is_said_before_an_index_that_is_absent(run: Run, tmp_path: Path) -> None:
    assert said(run("ask", " ", "--index", tmp_path / "absent")).startswith("The question is empty")
    code, out, _ = run("ask", "", "--after", CRISIS, "--json", "--index", tmp_path / "absent")
    assert code == 1
    assert json.loads(out)["error"].startswith("The question is empty")
    assert json.loads(out)["safety"]["earlier"] == "crisis"


def test_a_folder_of_other_files_becomes_no_index(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n\nIt is hot.")
    assert said(run("build", tmp_path / "tea.md", "--index", tmp_path)).startswith(f"{tmp_path} holds other files")
    assert [path.name for path in tmp_path.iterdir()] == ["tea.md"]


def test_an_index_of_another_model(run: Run, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.guide.open_encoder", lambda *settings: FakeEncoder(8))
    shown = said(run("ask", "--index", index, "Why?"))
    assert re.match(
        r"The index in .* was built with fake-bag-of-words \(\w{12}…\), the model in use is .* \(\w{12}…\);", shown
    )


def test_a_batch_file_that_is_missing(run: Run, index: Path, tmp_path: Path) -> None:
    result = run("ask", "--index", index, "--batch", tmp_path / "absent.jsonl")
    assert said(result).endswith("absent.jsonl can't be read (No such file or directory); name a file of JSON lines.")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["ask"],
        ["ask", "Why?", "--batch", "x"],
        ["ask", "Why?", "What?"],
        ["build", "--json"],
        ["serve", "--port", "x"],
    ],
    ids=str,
)
def test_misuse(arguments: list[str], run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: guide")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["ask", "--help"], ["build", "--help"], ["passages", "--help"], ["serve", "--help"]]
)
def test_help(arguments: list[str], run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert out.startswith("usage: guide")


# ── as a process ─────────────────────────────────────────────────────────────────────────────────────────────────────


def process(*arguments: str | Path | bytes, **settings: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "guide", *arguments]
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path} | settings, capture_output=True)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["ask", "--index", "absent", b"caf\xe9"], 1, b"guide: There is no index in absent"),
        (["ask"], 2, b"give either a QUESTION or --batch FILE"),
    ],
    ids=["an index that is absent, and a question that isn't UTF-8", "no question"],
)
def test_exit_codes(arguments: list[str | bytes], code: int, says: bytes) -> None:
    done = process(*arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("settings", [{}, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}], ids=str)
def test_bytes_that_are_not_utf_8_are_assessed(settings: dict[str, str]) -> None:
    done = process("assess", "--rules", "--json", b"I want to kill myself, caf\xe9", **settings)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["level"] == "crisis"


def test_a_terminal_of_another_encoding_gets_what_it_can_show() -> None:
    done = process("ask", "--index", "absent", "Ich will sterben", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert done.stderr.startswith(b"guide: There is no index in absent")
    assert b"112" in done.stdout
    assert b"Traceback" not in done.stderr
