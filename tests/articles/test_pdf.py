"""Pages of a PDF: raised marks, broken words, boxes, bold items and page numbers, in files that reportlab sets."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from sample_files import pdf_of

from guide.articles.formats import pdf, pdf_workers
from guide.articles.formats.pdf_lines import to_html
from guide.articles.formats.pdf_parts import Line
from guide.articles.page_marks import page_mark, pages_between
from guide.articles.passages import split
from guide.articles.read import read_article
from guide.errors import ArticleError
from guide.index.article_store import EntryFile, write_entries
from guide.index.build import build
from guide.records import Article

LONG = "Tea is mild and keeps for a year in a dry and dark place, as long as the tin is closed after each use of it."


def read(tmp_path: Path, *flow: object, name: str = "tea.pdf") -> Article:
    path = tmp_path / name
    path.write_bytes(pdf_of(*flow))
    return read_article(path)


def blocks(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for section in article.sections for block in section.blocks]


@pytest.mark.parametrize(
    ("written", "quoted", "why"),
    [
        ("It helps most people<super>1</super> who try it.", "It helps most people who try it.", "after a word"),
        ("It was found in 2019<super>3</super> by chance.", "It was found in 2019 by chance.", "after a number"),
        ("It helps.<super>1,2</super> Few mind.", "It helps. Few mind.", "two marks after a full stop"),
        ("It helps<super>*</super> most.", "It helps most.", "a star"),
        ("A cup holds 3 dm<super>3</super> of it.", "A cup holds 3 dm³ of it.", "a unit's power"),
        ("There are 10<super>6</super> leaves.", "There are 10⁶ leaves.", "a power of ten"),
        ("The 1<super>st</super> cup is weak.", "The 1st cup is weak.", "an ordinal"),
        ("Use H<sub>2</sub>O, boiled.", "Use H2O, boiled.", "lowered, not raised"),
        ("Take 3 cups at 5 o’clock.", "Take 3 cups at 5 o’clock.", "numbers on the line"),
        ("Add 1<super>1</super>/<sub>2</sub> cups.", "Add 1 1/2 cups.", "half of a fraction"),
    ],
)
def test_a_raised_mark_is_left_out_and_a_power_is_kept(written: str, quoted: str, why: str, tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("p", written), ("p", LONG))
    assert blocks(article)[0] == quoted, why


def test_a_raised_number_after_a_number_is_named_in_the_notes(tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("p", "It was found in 2019<super>3</super> by chance."), ("p", LONG))
    said = "has 1 raised numbers after numbers, which are left out as footnote marks, such as 3 after “found in 2019”."
    assert said in article.notes


def test_text_with_lines_behind_it_is_no_table(tmp_path: Path) -> None:
    lines = ["Rinse the pot with hot water first, then", "let the leaves draw for three minutes.", "Pour slowly."]
    ruled = [[line, "", ""] for line in lines]
    article = read(tmp_path, ("h1", "Tea"), ("p", LONG), ("grid", ruled), ("p", LONG))
    assert blocks(article) == [LONG, *lines, LONG]
    table = [["Green", "2 minutes", "80 °C"], ["Black", "4 minutes", ""], ["Herbs", "8 minutes", "100 °C"]]
    article = read(tmp_path, ("h1", "Tea"), ("p", LONG), ("grid", table), ("p", LONG))
    assert "Black | 4 minutes | " in article.text


def test_footnotes_stand_at_the_end_and_interrupt_no_sentence(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("p", "Many people who drink it in the evening<super>1</super> say that it helps them to find"),
        ("small", "<super>1</super> Asked by the tea board in spring."),
        ("page", ""),
        ("p", "some sleep before midnight, and few of them wake."),
        ("p", LONG),
    )
    assert blocks(article) == [
        "Many people who drink it in the evening say that it helps them to find some sleep before midnight, and few of "
        "them wake.",
        LONG,
        "Asked by the tea board in spring.",
    ]
    assert (article.sections[-1].path[-1], article.sections[-1].role) == ("Notes", "credit")


@pytest.mark.parametrize(
    ("lines", "quoted", "why"),
    [
        (["It gives emo-", "tional rest."], "It gives emotional rest.", "English has the whole word"),
        (["It is well-", "known to all."], "It is well-known to all.", "both halves are words, the whole is none"),
        (["Fill a cup-", "and-a-half pot."], "Fill a cup-and-a-half pot.", "more hyphens follow"),
        (["Read pages 14-", "16 of it."], "Read pages 14-16 of it.", "a range of numbers"),
        (["Short- and long-", "term rest."], "Short- and long-term rest.", "a suspended hyphen stays"),
    ],
)
def test_a_word_broken_at_a_line_end_is_mended(lines: list[str], quoted: str, why: str, tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("lines", lines), ("p", LONG))
    assert blocks(article)[0] == quoted, why


def test_a_soft_hyphen_at_a_line_end_goes() -> None:
    lines = [
        Line(text, 40, 90, 90, top, 10, False) for text, top in (("It gives emo\u00ad", 40.0), ("tional rest.", 52.0))
    ]
    assert to_html([lines]) == f"<p>{page_mark(1)}It gives emotional rest.</p>"


def test_a_word_broken_at_the_end_of_a_page_is_mended(tmp_path: Path) -> None:
    article = read(
        tmp_path, ("h1", "Tea"), ("p", LONG), ("lines", ["It gives emo-"]), ("page", ""), ("lines", ["tional rest."])
    )
    assert blocks(article)[1] == "It gives emotional rest."


ASIDE = "Never pour boiling water on green tea, since it turns bitter within a minute and stays so."


@pytest.mark.parametrize("look", ["framed", "shaded", "rounded"])
def test_a_box_is_apart_from_the_sentence_around_it(look: str, tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("h2", "Kinds"),
        ("lines", ["There are many kinds of tea in the world and each of", "them is made in its own way, with water"]),
        (look, [("bold", "Take care"), ("p", ASIDE)]),
        ("lines", ["that is hot but has not quite boiled, and with time."]),
        ("p", LONG),
    )
    assert [(section.path[-1], *blocks_of(article, section.start, section.end)) for section in article.sections] == [
        (
            "Kinds",
            "There are many kinds of tea in the world and each of them is made in its own way, with water that is hot "
            "but has not quite boiled, and with time.",
        ),
        ("Take care", ASIDE),
        ("Kinds", LONG),
    ]


def blocks_of(article: Article, start: int, end: int) -> list[str]:
    found = [block for section in article.sections for block in section.blocks if start <= block.start < end]
    return [article.text[block.start : block.end] for block in found]


def test_a_shaded_heading_of_one_line_is_no_box(tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("shaded", [("h2", "Kinds")]), ("p", LONG), ("h2", "Water"), ("p", ASIDE))
    assert [section.path[-1] for section in article.sections] == ["Kinds", "Water"]


def test_a_frame_around_the_whole_page_is_no_box(tmp_path: Path) -> None:
    article = read(tmp_path, ("framed", [("h1", "Tea"), ("p", LONG), ("h2", "Kinds"), ("p", ASIDE)]))
    assert [(section.path[-1], *blocks_of(article, section.start, section.end)) for section in article.sections] == [
        ("Tea", LONG),
        ("Kinds", ASIDE),
    ]


@pytest.mark.parametrize("bullet", ["• ", "1. "])
def test_a_bold_item_over_two_lines_is_one_item_and_no_heading(bullet: str, tmp_path: Path) -> None:
    second = "2. " if bullet == "1. " else bullet
    items = [
        f"{bullet}Warm the pot with hot water before you put the leaves",
        "    into it",
        f"{second}Wait for three minutes",
    ]
    article = read(tmp_path, ("h1", "Tea"), ("p", LONG), ("bold lines", items), ("p", LONG + " So it is."))
    assert len(article.sections) == 1
    numbers = ("1. ", "2. ") if bullet == "1. " else ("", "")
    assert blocks(article)[1:3] == [
        numbers[0] + "Warm the pot with hot water before you put the leaves into it",
        numbers[1] + "Wait for three minutes",
    ]


def test_a_step_keeps_its_number(tmp_path: Path) -> None:
    steps = ["1. Boil the water.", "2. Warm the pot.", "3. Pour."]
    article = read(tmp_path, ("h1", "Tea"), ("p", LONG), ("lines", steps[:2]), ("p", LONG), ("lines", steps[2:]))
    assert blocks(article) == [LONG, *steps[:2], LONG, steps[2]]


def test_numbered_bold_headings_with_text_below_them_stay_headings(tmp_path: Path) -> None:
    article = read(
        tmp_path, ("h1", "Tea"), ("bold", "1. Kinds"), ("p", LONG), ("bold", "2. Water"), ("p", ASIDE), ("p", LONG)
    )
    assert [section.path[-1] for section in article.sections] == ["1. Kinds", "2. Water"]


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def words_by_page(article: Article) -> dict[str, tuple[int, ...]]:
    spans = [(block.start, block.end) for section in article.sections for block in section.blocks]
    return {article.text[start:end]: pages_between(article, start, end) for start, end in spans}


def test_each_word_is_on_its_page(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("p", LONG),
        ("page", ""),
        ("h2", "Water"),
        ("p", ASIDE),
        ("lines", ["It should be"]),
        ("page", ""),
        ("lines", ["hot."]),
        ("p", LONG + " So it is."),
        ("page", ""),
        ("page", ""),
        ("p", "The end."),
    )
    assert words_by_page(article) == {
        LONG: (1,),
        ASIDE: (2,),
        "It should be hot.": (2, 3),
        LONG + " So it is.": (3,),
        "The end.": (5,),
    }
    start = article.text.index("hot.")
    assert pages_between(article, start, start + 4) == (3,)
    assert not any(sign in article.text for sign in "\ufdd0\ufdd1\ufdd2\ufdd3")
    assert [section.path for section in article.sections] == [("Tea",), ("Water",)]


def test_footnotes_are_on_their_own_pages(tmp_path: Path) -> None:
    article = read(
        tmp_path,
        ("h1", "Tea"),
        ("p", LONG + "<super>1</super>"),
        ("small", "<super>1</super> Asked in spring."),
        ("page", ""),
        ("p", ASIDE),
    )
    assert words_by_page(article) == {LONG: (1,), ASIDE: (2,), "Asked in spring.": (1,)}


def test_a_mark_of_a_page_in_another_file_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "tea.md"
    path.write_text(f"# Tea\n\nIt is {page_mark(7)}mild.\n", encoding="utf-8")
    article = read_article(path)
    assert article.pages == ()
    assert blocks(article) == ["It is mild."]
    assert pages_between(article, 0, 4) == ()


def test_the_pages_of_a_passage_are_kept_in_the_index(tmp_path: Path) -> None:
    article = read(tmp_path, ("h1", "Tea"), ("p", LONG), ("page", ""), ("h2", "Water"), ("p", ASIDE))
    begins = write_entries(tmp_path / "articles.jsonl", [(article, split(article))])
    kept, passages = EntryFile(tmp_path / "articles.jsonl", begins).entry(0)
    assert kept == article
    assert [pages_between(kept, passage.start, passage.end) for passage in passages] == [(1,), (2,)]


# ── several processes ────────────────────────────────────────────────────────────────────────────────────────────────


NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
CUPS = [f"{ten}{one}" for ten in ("", "twenty-", "thirty-") for one in NUMBERS.split()][:21]


@pytest.fixture(scope="module")
def long_file() -> bytes:
    flow = [(("h2", f"Cup {cup}"), ("p", f"The taste of cup {cup}. {LONG}"), ("page", "")) for cup in CUPS]
    return pdf_of(("h1", "Tea"), *(part for page in flow for part in page))


def test_a_long_file_is_read_alike_by_one_process_and_by_several(
    long_file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_workers, "_processors", lambda: 3)
    started: list[subprocess.Popen[bytes]] = []
    start = pdf_workers._started

    def noted(command: list[str]) -> "subprocess.Popen[bytes] | None":
        worker = start(command)
        started.extend([worker] if worker else [])
        return worker

    monkeypatch.setattr(pdf_workers, "_started", noted)
    heard: list[tuple[int, int]] = []
    together = pdf.read(long_file, lambda done, of: heard.append((done, of)))
    # 21 pages by two processes further than this one: they have read their share, and are gone.
    assert [worker.returncode for worker in started] == [0, 0]
    assert heard == [(3 * n, 21) for n in range(1, 8)]
    monkeypatch.setattr(pdf_workers, "_processors", lambda: 1)
    assert pdf.read(long_file) == together
    assert len(started) == 2


def test_a_short_file_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_workers, "_processors", lambda: 8)
    monkeypatch.setattr(pdf_workers, "_started", lambda command: pytest.fail("a process was started"))
    pdf.read(pdf_of(("h1", "Tea"), ("p", LONG)))


@pytest.mark.parametrize("command", [["/no/such/python"], [sys.executable, "-c", "raise SystemExit(1)"]])
def test_what_a_process_fails_to_read_is_read_here(
    command: list[str], long_file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = pdf_workers._started
    monkeypatch.setattr(pdf_workers, "_processors", lambda: 2)
    monkeypatch.setattr(pdf_workers, "_started", lambda _: start(command))
    assert [cup for cup in CUPS if f"The taste of cup {cup}. " in pdf.read(long_file).html] == CUPS


def test_a_long_file_is_read_from_a_thread(long_file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_workers, "_processors", lambda: 2)
    with ThreadPoolExecutor(1) as thread:
        assert f"The taste of cup {CUPS[-1]}." in thread.submit(pdf.read, long_file).result(timeout=60).html


def test_an_error_leaves_no_process_behind(long_file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    sleeping = subprocess.Popen(sleep, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    monkeypatch.setattr(pdf_workers, "_processors", lambda: 2)
    monkeypatch.setattr(pdf_workers, "_started", lambda _: sleeping)

    def fail(data: bytes, places: range, progress: object) -> list[list[object]]:
        raise ArticleError("can't be read.")

    with pytest.raises(ArticleError):
        pdf_workers.read_together(long_file, 20, fail, lambda done, of: None)
    assert sleeping.wait(10) != 0


def test_a_build_hears_of_pages(long_file: bytes, tmp_path: Path) -> None:
    (tmp_path / "tea.pdf").write_bytes(long_file)
    heard: list[tuple[str, int, int, str]] = []
    encoder = FakeEncoder()
    build([tmp_path], tmp_path / "index", encoder, encoder.identity, progress=lambda *said: heard.append(said))
    assert heard[0] == ("reading", 0, 1, "tea.pdf")
    assert (heard[1][0], heard[1][3]) == ("reading pages", "tea.pdf")
    assert max(done for stage, done, *_ in heard if stage == "reading pages") == 21
