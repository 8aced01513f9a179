"""The commands with which somebody loads their own articles and looks at what became of them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from sample_files import TITLE, as_docx, as_html, as_scan

from guide.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands take the fake encoder for the real one."""
    monkeypatch.setattr("guide.embedding.choose.open_builder", lambda *settings: FakeEncoder())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit code and what it printed on each stream."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with articles of several kinds, one of them unreadable, and a file that is no article."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "no.html").write_text(as_html())
    (folder / "no-again.docx").write_bytes(as_docx())
    (folder / "scan.pdf").write_bytes(as_scan())
    (folder / "page_files").mkdir()
    (folder / "page_files" / "advert.html").write_text("<html><p>Buy one mattress.</p></html>")
    (folder / "desk.jpg").write_bytes(b"\xff\xd8")
    return folder


def test_a_library_is_built_with_a_report_of_what_was_skipped_and_what_looks_wrong(
    run: Run, library: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    assert run("build", library, "--index", index)[:2] == (
        1,
        f"{index}: 2 articles, 18 sections, 18 passages, 56 points; 2 articles embedded anew.\n\n"
        "Skipped, 1 file:\n"
        f"  {library / 'scan.pdf'} holds no text; it is scanned: run it through text recognition (OCR) first.\n\n"
        "To look into, `guide passages` shows the split:\n"
        "  no shares 23 of its 23 sentences with no-again, such as “A no is a small word that many people swallow.”.\n"
        f"  no has the same title as no-again, “{TITLE}”.\n",
    )

    (library / "no-again.docx").write_bytes(as_docx()[:900])
    (library / "scan.pdf").unlink()
    code, out, _ = run("build", library, "--index", index)
    assert (code, out.splitlines()[0]) == (
        1,
        f"{index}: 2 articles, 18 sections, 18 passages, 56 points; 0 articles embedded anew.",
    )
    assert "no-again.docx is cut off or damaged" in out
    assert "copy or save it again. The article stays in the index as it was read before.\n" in out

    (library / "no-again.docx").unlink()
    assert run("build", library, "--index", index) == (
        0,
        f"{index}: 1 article, 9 sections, 9 passages, 28 points; 0 articles embedded anew.\n",
        "Loading the model …\nReading files: 0 of 1, no.html\n",
    )


def test_articles_are_listed(run: Run, library: Path, tmp_path: Path) -> None:
    run("build", library, "--index", tmp_path / "index")
    code, out, err = run("articles", "--index", tmp_path / "index")
    assert (code, err) == (0, "")
    assert out == (
        f"no-again  {TITLE}\n  9 sections, 9 passages, 28 points; by The editors; no-again.docx; en\n"
        f"no  {TITLE}\n  9 sections, 9 passages, 28 points; by The editors; no.html; en\n"
    )
    rows = json.loads(run("articles", "--json", "--index", tmp_path / "index")[1])
    assert [row["name"] for row in rows] == [f"{TITLE} (no-again)", f"{TITLE} (no)"]
    assert list(rows[0]) == [
        "id", "title", "name", "author", "source", "language", "licence", "sections", "passages", "points"
    ]  # fmt: skip


def test_passages_of_one_article_are_shown_with_what_their_sections_are_for(
    run: Run, library: Path, tmp_path: Path
) -> None:
    run("build", library, "--index", tmp_path / "index")
    code, out, _ = run("passages", "--article", "no", "--index", tmp_path / "index")
    headings = [line.split("  ")[2:] for line in out.splitlines() if line.startswith("p-")]
    assert (code, len(headings)) == (0, 9)
    assert ["When to look for professional help", "[help]"] in headings
    assert ["Frequently asked questions › Is it selfish to say no?", "[faq]"] in headings
    assert ["Why a no is hard to say"] in headings
    rows = json.loads(run("passages", "--article", "no", "--json", "--index", tmp_path / "index")[1])
    assert {row["article"] for row in rows} == {"no"}

    code, out, err = run("passages", "--article", "yes", "--index", tmp_path / "index")
    assert (code, out, err) == (1, "", "guide: The index has no article 'yes'; `guide articles` lists those it has.\n")


ON_A_TERMINAL = """
import sys
from fake_encoder import FakeEncoder
import guide.embedding.choose
from guide.cli import main

guide.embedding.choose.open_builder = lambda *settings: FakeEncoder()
sys.exit(main(sys.argv[1:]))
"""


def test_on_a_terminal_a_bar_shows_how_far_the_build_is(library: Path, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals")
    terminal, inner = pty.openpty()
    command = [sys.executable, "-c", ON_A_TERMINAL, "build", str(library), "--index", str(tmp_path / "index")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=inner, stderr=inner, env=environment) as started:
        os.close(inner)
        shown = b""
        with suppress(OSError):  # how a terminal ends on Linux
            while read := os.read(terminal, 10_000):
                shown += read
        os.close(terminal)
    assert started.returncode == 1
    assert all(sign in shown for sign in (b"Reading files", b"3/3", b"Embedding", b"74/74", b"0:00:00"))


def test_the_questions_that_find_a_passage_are_listed_with_who_wrote_them(run: Run, tmp_path: Path) -> None:
    articles, index = tmp_path / "articles", tmp_path / "index"
    articles.mkdir()
    (articles / "tea.md").write_text(
        '---\nquestions:\n  Green: ["Is it mild?"]\n---\n# Tea\n\n## Green\n\nIt is.\n\n## Black\n\nStrong.\n'
    )
    (articles / "tea.questions.jsonl").write_text('{"words": "It is.", "question": "for [my] nerves"}\nx\n')
    (articles / "tea.questions.model.jsonl").write_text('{"words": "It is.", "question": "soft one"}\n')
    code, out, _ = run("build", articles, "--index", index)
    assert (code, out.splitlines()[0]) == (
        0,
        f"{index}: 1 article, 2 sections, 2 passages, 2 points, 3 questions; 1 article embedded anew.",
    )
    assert "  tea has questions that can't be used: tea.questions.jsonl, line 2: isn't a JSON object;" in out

    code, out, _ = run("passages", "--questions", "--index", index)
    lines = [line for line in out.splitlines() if not line.startswith("p-")]
    assert (code, lines) == (
        0,
        ["  ? Is it mild?  [front matter]", "  ? for [my] nerves  [file]", "  ? soft one  [model]"],
    )
    green, black = json.loads(run("passages", "--questions", "--json", "--index", index)[1])
    assert black["questions"] == []
    assert [asked["origin"] for asked in green["questions"]] == ["front matter", "file", "model"]
    start = green["start"]
    assert green["questions"][1] == {
        "question": "for [my] nerves", "origin": "file", "start": start, "end": start + 6, "words": "It is."
    }  # fmt: skip
    assert "questions" not in json.loads(run("passages", "--json", "--index", index)[1])[0]
