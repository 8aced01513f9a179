"""Files of other programs: the same article from each, nothing of what is around it, and a sentence for each fault."""

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from article_laws import obeys_the_laws
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_files import (
    AROUND,
    BLOCKS,
    TITLE,
    as_docx,
    as_epub,
    as_html,
    as_markdown,
    as_pdf,
    as_scan,
    zipped,
)

from guide.articles.formats.convert import INSTALL, to_markdown
from guide.articles.read import read_article
from guide.errors import ArticleError, GuideError
from guide.records import Article
from guide.text.normalise import normalise

DOCX = as_docx()
EPUB = as_epub()
PDF = as_pdf()
PAGE = as_html().encode()


def read(data: bytes | str, name: str, folder: Path) -> Article:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_article(path)


def outline(article: Article) -> list[tuple[object, ...]]:
    """Title, headings and blocks in order, with the cells of rows."""
    rows: list[tuple[object, ...]] = [(article.title,)]
    for section in article.sections:
        rows.append((section.role, section.path))
        for block in section.blocks:
            cells = tuple(article.text[start:end] for start, end in block.cells)
            rows.append((block.kind, article.text[block.start : block.end], cells, block.columns))
    return rows


# ── the same article ─────────────────────────────────────────────────────────────────────────────────────────────────


def anonymous(page: str) -> str:
    """The page made of `div` alone, whose classes say nothing, as builders of web sites write it."""
    for name in ("main", "nav", "aside", "header", "footer", "section"):
        page = page.replace(f"<{name} ", "<div ").replace(f"<{name}>", "<div>").replace(f"</{name}>", "</div>")
    for number, name in enumerate(('"post"', '"post-body entry-content"', '"post-title"', '"site-header"')):
        page = page.replace(f"class={name}", f'class="c{number}"')
    return page


SAME: list[tuple[str, str, Callable[[], bytes | str]]] = [
    ("a page of nothing but the article", "no.html", lambda: as_html(plain=True)),
    ("a saved page", "no.html", as_html),
    ("a saved page without names that say what is what", "no.htm", lambda: anonymous(as_html())),
    ("a page in Windows' encoding", "no.html", lambda: as_html(head="<meta charset=windows-1252>").encode("cp1252")),
    ("a page in UTF-16", "no.html", lambda: as_html().encode("utf-16")),
    ("a Word document with a title", "no.docx", as_docx),
    ("a Word document whose title is its first heading", "no.docx", lambda: as_docx(title_style=False)),
    ("an e-book of one file", "no.epub", as_epub),
    ("an e-book of a file for each section", "no.epub", lambda: as_epub(chapters=True)),
    ("a PDF", "no.pdf", as_pdf),
    ("a PDF with running titles and page numbers", "no.PDF", lambda: as_pdf(running=True)),
    ("a PDF of two columns", "no.pdf", lambda: as_pdf(columns=2)),
    ("a PDF with bold headings and indents", "no.pdf", lambda: as_pdf(modest=True)),
    ("a PDF of two columns with bold headings and indents", "no.pdf", lambda: as_pdf(columns=2, modest=True)),
]


@pytest.mark.parametrize(("name", "made"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_headings_lists_and_tables_are_those_of_the_article(
    name: str, made: Callable[[], bytes | str], tmp_path: Path
) -> None:
    expected = outline(read(as_markdown(), "no.md", tmp_path))
    article = read(made(), name, tmp_path)
    assert outline(article) == expected
    assert (article.id, article.source, article.language) == ("no", name, "en")
    assert [words for words in AROUND if words in article.text] == []
    obeys_the_laws(article)


def test_a_page_printed_by_a_browser_is_read_too(browser_path: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(as_html(plain=True))
        page.add_style_tag(content="td, th { border: 1px solid }")
        page.pdf(path=tmp_path / "no.pdf", format="A5")
        browser.close()
    expected = outline(read(as_markdown(), "no.md", tmp_path))
    assert outline(read_article(tmp_path / "no.pdf")) == expected


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    head = '<meta charset="utf-8"><link rel="canonical" href="https://window.example/no">'
    page = read(as_html(head=head).replace('lang="en"', 'lang="en-GB"'), "no.html", tmp_path)
    assert (page.author, page.language, page.source) == ("The editors", "en", "https://window.example/no")
    for data, name in ((DOCX, "no.docx"), (EPUB, "no.epub"), (PDF, "no.pdf")):
        assert read(data, name, tmp_path).author == "The editors"


# A typed bullet makes a paragraph an item; a test of its own has these.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="•●○◦▪▫‣⁃∙·■□➢➤►✓✔☐☑")
    | st.sampled_from("  *_#-+1.|<>&[]()`~\\!")
)


@settings(max_examples=150)
@given(TEXTS)
@example("1. no list")
@example("# no heading")
@example("a <b> & *c* _d_ [e](f) `g` | h ~~i~~ \\ &amp; ![j](k)")
@example("---")
@example("+ no list")
@example("=====")
def test_words_that_look_like_markup_stay_as_they_are(words: str) -> None:
    import html

    from guide.articles.assemble import assemble
    from guide.articles.markdown import parse_markdown

    plain = " ".join(normalise(words).split())
    book = as_epub(body=f"<h1>Tea</h1><p>Before.</p><p>{html.escape(words)}</p><p>After.</p>")
    article = assemble(parse_markdown(normalise(to_markdown(book, ".epub").markdown)), article_id="tea")
    found = [article.text[block.start : block.end] for block in article.sections[0].blocks]
    assert found == list(filter(None, ["Before.", plain, "After."]))


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────

EVIL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def changed(data: bytes, name: str, content: bytes | str) -> bytes:
    """The archive with another part of that name."""
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(data)) as archive:
        return zipped({part: archive.read(part) for part in archive.namelist()} | {name: content})


FAULTS: list[tuple[str, bytes | str, str]] = [
    ("scan.pdf", as_scan(), "holds no text; it is scanned: run it through text recognition (OCR) first."),
    ("locked.pdf", as_pdf(opens_with="sesame"), "is protected by a password; save a copy without one."),
    ("cut.pdf", PDF[: len(PDF) // 2], "can't be read as .pdf (PdfminerException"),
    ("word.pdf", DOCX, "holds a Word document, not what .pdf stands for; rename it to word.docx."),
    ("text.pdf", as_markdown(), "holds plain text, not what .pdf stands for; rename it to text.txt."),
    ("paper.docx", PDF, "holds a PDF, not what .docx stands for; rename it to paper.pdf."),
    ("paper.txt", PDF, "holds a PDF, not what .txt stands for; rename it to paper.pdf."),
    ("book.docx", EPUB, "holds an e-book, not what .docx stands for; rename it to book.epub."),
    ("page.md", PAGE, "holds a web page, not what .md stands for; rename it to page.html."),
    ("zip.docx", zipped({"tea.txt": "Tea"}), "holds a zip archive, not what .docx stands for; save the article as"),
    ("cut.docx", DOCX[: len(DOCX) // 2], "is cut off or damaged: its table of contents is gone"),
    ("short.docx", DOCX[:900], "is cut off or damaged: its table of contents is gone"),
    ("cut.epub", EPUB[: len(EPUB) // 2], "is cut off or damaged: its table of contents is gone"),
    (
        "old.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "is protected by a password or an old Word document",
    ),
    ("evil.docx", changed(DOCX, "word/document.xml", EVIL + "<x>&e;</x>"), "defines a document type in word/document"),
    ("evil.epub", changed(EPUB, "OEBPS/book.opf", EVIL + "<x>&e;</x>"), "defines a document type in OEBPS/book.opf"),
    ("bad.docx", changed(DOCX, "word/document.xml", "<x>"), "is damaged (word/document.xml: "),
    ("null.docx", changed(DOCX, "word/webSettings.xml", b"<x>\x00</x>"), "is damaged (word/webSettings.xml: "),
    ("bad.epub", changed(EPUB, "META-INF/container.xml", "<x/>"), "names no book in its META-INF/container.xml"),
    ("less.epub", changed(EPUB, "OEBPS/book.opf", "<x/>"), "holds no passage"),
    ("drm.epub", changed(EPUB, "META-INF/encryption.xml", "<e><EncryptionMethod/></e>"), "is encrypted for one reader"),
    ("empty.html", "<html><body><script>fill()</script></body></html>", "holds no article that can be told"),
    ("none.html", b"", "holds no article that can be told"),
    (
        "mixed.html",
        as_html().encode() + b"<p>caf\xe9</p>" * 9,
        "says that its encoding is utf-8, which isn't so (9 characters can't be read, the first after “)</script>",
    ),
    (
        "odd.html",
        as_html(head="<meta charset=klingon>").encode("cp1252"),
        "says that its encoding is 'klingon', which is unknown",
    ),
]


@pytest.mark.parametrize(("name", "data", "says"), FAULTS, ids=[f"{row[0]}: {row[2][:30]}" for row in FAULTS])
def test_a_fault_is_one_sentence_that_names_the_file(name: str, data: bytes | str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ArticleError) as caught:
        read(data, name, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / name} ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


LIMITS = [
    ("guide.articles.read.MAX_FILE_BYTES", "no.docx", DOCX, r"has [\d,]+ bytes; an article may have 5,000"),
    ("guide.articles.read.MAX_FILE_BYTES", "no.html", PAGE, r"an article may have 2,000"),
    (
        "guide.articles.formats.archive.MAX_UNPACKED_BYTES",
        "no.docx",
        DOCX,
        r"unpacks to [\d,]+ bytes; 5,000 are allowed",
    ),
    (
        "guide.articles.formats.archive.MAX_PART_BYTES",
        "no.docx",
        DOCX,
        r"has a part \S+ of [\d,]+ bytes; 5,000 are allowed",
    ),
    (
        "guide.articles.formats.archive.MAX_UNPACKED_BYTES",
        "no.epub",
        EPUB,
        r"unpacks to [\d,]+ bytes; 2,000 are allowed",
    ),
    ("guide.articles.formats.pdf.MAX_PAGES", "no.pdf", PDF, r"has [\d,]+ pages; a PDF may have 1: split it"),
]


@pytest.mark.parametrize(("limit", "name", "data", "says"), LIMITS)
def test_what_is_too_large_is_refused_with_the_limit(
    limit: str, name: str, data: bytes, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit, 1 if "PAGES" in limit else 5_000 if name == "no.docx" else 2_000)
    with pytest.raises(ArticleError, match=says):
        read(data, name, tmp_path)


@pytest.mark.parametrize("wrapped", [False, True], ids=["packed once", "packed twice"])
def test_a_pdf_that_unpacks_to_too_much_is_refused(
    wrapped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = zlib.compress(bytes(40 << 20), 9)
    stream = zlib.compress(packed, 9) if wrapped else packed
    filters = b"[/FlateDecode /FlateDecode]" if wrapped else b"/FlateDecode"
    bomb = (
        b"%%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> "
        b"endobj\n3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R>> endobj\n4 0 obj <</Length "
        b"%d /Filter %s>> stream\n%s\nendstream endobj\ntrailer <</Root 1 0 R>>\n" % (len(stream), filters, stream)
    )
    assert len(bomb) < 50_000
    monkeypatch.setattr("guide.articles.formats.pdf.MAX_UNPACKED_BYTES", 10 << 20)
    with pytest.raises(ArticleError, match=r"bomb\.pdf unpacks to more than the 10,485,760 bytes that are allowed"):
        read(bomb, "bomb.pdf", tmp_path)


def test_a_pdf_that_only_forbids_changes_is_read_and_one_that_forbids_copying_is_not(tmp_path: Path) -> None:
    assert read(as_pdf(forbids="modify"), "no.pdf", tmp_path).title == TITLE
    with pytest.raises(ArticleError, match="doesn't allow its text to be copied; save an open copy of it"):
        read(as_pdf(forbids="copy"), "no.pdf", tmp_path)


def test_entities_in_a_chapter_name_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password is swordfish")
    chapter = f'<!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}">]><html><body><p>Tea. &e;</p></body></html>'
    article = read(changed(EPUB, "OEBPS/text/part0.xhtml", chapter), "no.epub", tmp_path)
    assert "swordfish" not in article.text


@pytest.mark.parametrize(
    ("name", "data", "library"),
    [
        ("no.html", PAGE, "trafilatura"),
        ("no.pdf", PDF, "pdfplumber"),
        ("no.docx", DOCX, "mammoth"),
        ("no.epub", EPUB, "lxml"),
    ],
)
def test_without_the_libraries_the_command_that_installs_them_is_named(
    name: str, data: bytes, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ArticleError) as caught:
        read(data, name, tmp_path)
    assert f"{name} needs {library}, which reads {name[2:]} and isn't installed; run {INSTALL}" in str(caught.value)


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────────

FILES = {"no.html": PAGE, "no.docx": DOCX, "no.epub": EPUB, "no.pdf": PDF}
fuzzed = settings(max_examples=40)


def read_or_refused(data: bytes, name: str, folder: Path) -> None:
    try:
        article = read(data, name, folder)
    except GuideError as error:
        if "\n" in str(error):
            raise
    else:
        obeys_the_laws(article)


@pytest.mark.parametrize("name", FILES)
@fuzzed
@given(st.data())
def test_a_file_that_is_cut_off_or_changed_is_read_or_refused(name: str, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(content[: data.draw(st.integers(0, len(content)))]), name, tmp_path)


@pytest.mark.parametrize("name", FILES)
@fuzzed
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name: str, content: bytes, tmp_path: Path) -> None:
    begins = {"no.pdf": b"%PDF-1.7\n", "no.docx": b"PK\x03\x04word/document.xml"}.get(name, b"")
    read_or_refused(begins + content, name, tmp_path)


@fuzzed
@given(
    content=st.binary(max_size=300),
    part=st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml"]),
)
def test_any_part_of_a_document_is_read_or_refused(content: bytes, part: str, tmp_path: Path) -> None:
    read_or_refused(changed(DOCX, part, content), "no.docx", tmp_path)


TAGS = st.sampled_from("h1 h2 h6 p ul ol li table tr td th div article span b a br img script blockquote pre".split())


@fuzzed
@given(tags=st.lists(st.tuples(TAGS, st.booleans(), st.text(max_size=12)), max_size=60))
def test_any_nesting_of_elements_is_read_or_refused(tags: list[tuple[str, bool, str]], tmp_path: Path) -> None:
    body = "".join(f"<{'/' * closes}{tag}>{text}" for tag, closes, text in tags)
    page = f"<html><meta charset=utf-8><body><p>Tea is mild.</p>{body}"
    read_or_refused(page.encode("utf-8", "replace"), "no.html", tmp_path)
    read_or_refused(as_epub(body=body.replace("\x00", "")), "no.epub", tmp_path)


def test_elements_nested_thousands_deep_are_read_or_refused(tmp_path: Path) -> None:
    read_or_refused(b"<html><p>Tea.</p>" + b"<div>" * 20_000 + b"Tea is mild.", "no.html", tmp_path)
    read_or_refused(as_epub(body="<ul><li>tea" * 5_000), "no.epub", tmp_path)


def test_the_samples_have_what_they_are_for() -> None:
    assert {kind for kind, _ in BLOCKS} == {"p", "h2", "h3", "ul", "ol", "table"}
    assert all(words in as_html() for words in AROUND)
    assert TITLE in as_html()
