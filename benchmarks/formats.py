"""What Guide keeps of real public files of each kind: `python benchmarks/formats.py FOLDER [KIND ...]`.

The files aren't part of Guide: `python benchmarks/formats.py --fetch FOLDER | sh` gets them, as large as they are. For
each kind is counted how many files are read, how many of their headings and words are kept, and how many headings are
none. What is right is taken from the files themselves, each by a way that Guide doesn't go: `TRUTH` says which.
docs/formats.md has the table.
"""

import gzip
import io
import logging
import os
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pages import headings_and_words, spaced

from guide.articles.decoding import decode_text
from guide.articles.formats.convert import READERS, to_markdown
from guide.articles.formats.document import HEADINGS
from guide.articles.formats.tidy import tree_of
from guide.articles.markdown import parse_markdown
from guide.articles.page_marks import without_page_marks
from guide.articles.plain_text import parse_text
from guide.articles.text_lines import without_page_ends
from guide.errors import ArticleError
from guide.text.normalise import normalise, words

Kept = tuple[Counter[str], Counter[str]]
"""The headings and the words of a file, each with how often it stands there."""


MAX_BYTES = 5_000_000
"""Larger files are left out: one e-book, which takes minutes."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")

_NUMBERED = re.compile(r"\s*(?:chapter |appendix )?(?:\d+|[a-z](?=\.))(?:\.\d+)*\.?\s+", re.I)
"""The number of a section, which a PDF's bookmarks often lack."""


@dataclass(frozen=True, slots=True)
class Source:
    """Public files: a repository on GitHub at one commit, or a package of Debian, and which of its files are read."""

    name: str
    version: str
    files: Mapping[str, tuple[str, ...]]

    @property
    def folder(self) -> str:
        return self.name.replace("/", "+")

    def fetch(self) -> str:
        if "/" not in self.name:
            return f"apt-get download {self.name}={self.version} && dpkg -x {self.name}_*.deb {self.folder}"
        url = f"https://github.com/{self.name}"
        return f"git clone {url} {self.folder} && git -C {self.folder} checkout {self.version}"


SOURCES = (
    Source("github/opensource.guide", "ebc9678e39b55ff5e5c8801d1960904692188e90", {"Markdown": ("_articles/*.md",)}),
    Source("basecamp/handbook", "c9536061f26d0b5bd9f2f900d63e27e9f4deb4ed", {"Markdown": ("*.md",)}),
    Source(
        "alphagov/govuk-developer-docs",
        "972d1b4410ffd165f2f3e889eda30bcf7d1cc6b3",
        {"Markdown": ("source/manual/*.md",)},
    ),
    Source(
        "18F/handbook",
        "1e4955634d0369f17e5bbc0ebbf8f62e2a3dfe4b",
        {"Word": ("downloads/*.docx",), "PDF": ("downloads/*.pdf",)},
    ),
    Source(
        "GSA/plainlanguage.gov",
        "43230773bd7c589ac6394ead7b36a2554241abdc",
        {"Word": ("media/*.docx",), "PDF": ("media/**/*.pdf",)},
    ),
    Source(
        "mozilla/readability",
        "ab4027a8b37669745016869a37a504727992b2ba",
        {"HTML": ("test/test-pages/*/source.html",)},
    ),
    Source(
        "OWASP/Top10",
        "66ebc4798d2ca72973967a20264bdeb70dcf0a13",
        {"Word": ("20*/*.docx", "2013/drafts/*.docx", "2021/Data/*.docx")},
    ),
    Source(
        "OWASP/ASVS",
        "fe04986146b0db0a54d3eb2b9c755c78874ce910",
        {
            "Word": ("2.0/*.docx", "3.0/*.docx", "3.0.1/*.docx", "4.0/docs_*/*.docx", "5.0/docs_*/*.docx"),
            "PDF": ("4.0/*-en.pdf", "4.0/*-fr.pdf", "5.0/*.pdf"),
        },
    ),
    Source(
        "IDPF/epub3-samples",
        "7651e2002b631e6577fadf7e9e0692fa6efb8746",
        {"e-book": ("30/*/META-INF/container.xml",)},
    ),
    Source(
        "standardebooks/p-g-wodehouse_love-among-the-chickens",
        "225f938a7eea9b3fa721065cf04917f253733285",
        {"e-book": ("src/META-INF/container.xml",)},
    ),
    Source(
        "standardebooks/archibald-alexander_a-day-at-a-time",
        "049494facc96251df0c9d9661bd7da056c92fbcb",
        {"e-book": ("src/META-INF/container.xml",)},
    ),
    *(
        Source(
            name,
            version,
            {
                "e-book": ("usr/share/**/*.epub",),
                "PDF": ("usr/share/**/maint-guide.en.pdf", "usr/share/developers-reference/developers-reference.pdf"),
                "plain text": ("usr/share/doc/**/*.txt.gz",),
            },
        )
        for name, version in {
            "developers-reference": "12.18", "developers-reference-de": "12.18", "developers-reference-fr": "12.18",
            "debian-policy": "4.6.2.0", "debmake-doc": "1.17-7", "debian-faq": "11.1", "maint-guide": "1.2.53",
            "debian-reference-en": "2.100",
        }.items()
    ),
)  # fmt: skip


def files_of(kind: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """The files of a kind, each with the suffix of what it holds."""
    for source in SOURCES:
        for pattern in source.files.get(kind, ()):
            for path in sorted((folder / source.folder).glob(pattern)):
                yield path, ".epub" if path.name == "container.xml" else Path(path.name.removesuffix(".gz")).suffix


def data_of(path: Path) -> bytes:
    """The bytes of a file; an e-book that lies unpacked is packed first."""
    if path.name == "container.xml":
        book = path.parent.parent
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(book.rglob("*")):
                if part.is_file() and part.suffix.lower() in (
                    ".xml",
                    ".opf",
                    ".ncx",
                    ".xhtml",
                    ".html",
                    ".htm",
                    ".svg",
                ):
                    archive.write(part, part.relative_to(book).as_posix())
        return packed.getvalue()
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def counted(headings: Iterator[str] | list[str], text: str) -> Kept:
    """Both compared by their letters alone; a sign of Chinese or Japanese is a word."""
    names = Counter(re.sub(r"[\W_]+", "", heading.casefold()) for heading in headings)
    return Counter({name: times for name, times in names.items() if name}), Counter(_WORD.findall(text.casefold()))


def as_read(data: bytes, suffix: str) -> Kept:
    """What Guide keeps, of PDFs the headings without their numbers.

    Raises:
        ArticleError: it can't be read.
    """
    if suffix in READERS:
        parsed = parse_markdown(normalise(to_markdown(data, suffix).markdown), as_written=False)
    else:
        text, _ = decode_text(data)
        is_plain = suffix == ".txt"
        parsed = parse_text(normalise(without_page_ends(text)[0])) if is_plain else parse_markdown(normalise(text))
    pieces = parsed.pieces
    headings = [without_page_marks(piece.text) for piece in pieces if piece.kind in ("title", "heading")]
    if not any(piece.kind not in ("title", "heading", "furniture", "end") for piece in pieces):
        raise ArticleError("holds no passage")
    if suffix == ".pdf":
        headings = [_NUMBERED.sub("", heading) for heading in headings]
    texts = [without_page_marks(piece.text or " ".join(piece.cells)) for piece in pieces]
    return counted(headings, "\n".join(texts))


def markdown_truth(data: bytes, path: Path) -> Kept:
    """The lines that begin with hashes; words as CommonMark's HTML has them."""
    from markdown_it import MarkdownIt

    text = re.sub(r"\A---\n.*?\n---\n", "", data.decode("utf-8-sig").replace("\r\n", "\n"), flags=re.S)
    headings = re.findall(
        r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.sub(r"^( *)(```|~~~).*?^ *\2", "", text, flags=re.S | re.M), re.M
    )
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    inline = [MarkdownIt().renderInline(re.sub(r"\{[#.:][^}]*\}$", "", heading)) for heading in headings]
    plain = [unescape(re.sub(r"<[^>]*>", "", heading)) for heading in inline]
    return counted(plain, spaced(tree_of(shown)))


def text_truth(data: bytes, path: Path) -> Kept:
    """The lines that are underlined; all words. Headings count only where there are such lines."""
    text = decode_text(data)[0]
    underlined = re.findall(r"(?m)^[ ]{0,3}(\S.{1,78})\n[ ]{0,3}([=~^*-])\2{2,}[ ]*$", text)
    return counted([heading for heading, _ in underlined], text)


def page_truth(data: bytes, path: Path) -> Kept:
    """The article as the makers of readability hold it to be: `expected.html` beside the page."""
    page = path.with_name("expected.html").read_text("utf-8")
    return headings_and_words(page)[0], counted([], spaced(tree_of(page)))[1]


def word_truth(data: bytes, path: Path) -> Kept:
    """The paragraphs with an outline level, of their own or of their style, outside tables, by python-docx; words that
    aren't deleted, hidden, a text box's second form or a table of contents.
    """
    from docx import Document
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    document = Document(io.BytesIO(data))
    headings, texts = [], []
    for element in document.element.body.iter(qn("w:p")):
        above = {parent.tag for parent in element.iterancestors()}
        if "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback" in above:
            continue
        paragraph = Paragraph(element, document)
        style: Any = paragraph.style
        level, name = None, style.name or ""
        while style is not None:
            outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if level is None and outline is not None:
                level = int(outline.get(qn("w:val")))
            elif level is None and (found := re.fullmatch("(?i)heading ([1-9])", style.name or "")):
                level = int(found[1]) - 1
            style = style.base_style
        own = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        level = int(own.get(qn("w:val"))) if own is not None else level
        text = "".join(
            (part.text or "") if part.tag == qn("w:t") else " "
            for part in element.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
            if next(part.iterancestors(qn("w:p"))) is element
            and part.getparent().find(f"{qn('w:rPr')}/{qn('w:vanish')}") is None
        )
        if re.match("(?i)toc|table of figures", name):
            continue
        texts.append(text)
        is_heading = (level is not None and level < 9) or name == "Title"
        if is_heading and qn("w:tbl") not in above and 0 < len(words(text)) <= 30:
            headings.append(text)
    return counted(headings, "\n".join(texts))


def book_truth(data: bytes, path: Path) -> Kept:
    """`h1` to `h6` in the pages that are read in a row, or where a book has none, the names in its contents; words but
    those of formulas and of readings above signs.
    """
    from lxml import etree, html

    headings, texts, labels = [], [], []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        container = etree.fromstring(archive.read("META-INF/container.xml"))
        package_name = container.find(".//{*}rootfile").get("full-path")
        package = etree.fromstring(archive.read(package_name))
        items = {item.get("id"): item for item in package.iterfind(".//{*}item")}
        base = Path(package_name).parent
        for reference in package.iterfind(".//{*}itemref"):
            item = items[reference.get("idref")]
            if reference.get("linear") == "no" or "html" not in item.get("media-type"):
                continue
            page = html.document_fromstring(archive.read((base / unquote(item.get("href"))).as_posix()))
            if "nav" in (item.get("properties") or ""):
                labels = [link.text_content() for link in page.iter("a")]
                continue
            for element in list(page.iter("script", "style", "head", "math", "rt", "rp", "object", etree.Comment)):
                if element.getparent() is not None:
                    element.drop_tree()
            headings += [one.text_content() for one in page.iter(*HEADINGS)]
            texts.append(spaced(page))
    return counted(headings or labels, "\n".join(texts))


def pdf_truth(data: bytes, path: Path) -> Kept:
    """The bookmarks; words as PDFium finds them, without lines that stand on three pages or more, and without pages of
    which half the lines end with a number: contents and index. Headings count only where there are bookmarks.
    """
    from pypdfium2 import PdfDocument

    pdf = PdfDocument(data)
    pages = [pdf[number].get_textpage().get_text_range().splitlines() for number in range(len(pdf))]
    looks = Counter(look for page in pages for look in {re.sub(r"\d+", "#", line.strip()) for line in page})
    texts = []
    for page in pages:
        lines = [line for line in page if line.strip()]
        numbered = [line for line in lines if re.search(r"\d\s*$", line)]
        if len(numbered) < max(8, len(lines) / 2):
            texts += [line for line in lines if looks[re.sub(r"\d+", "#", line.strip())] < 3]
    return counted([_NUMBERED.sub("", mark.get_title()) for mark in pdf.get_toc()], "\n".join(texts))


TRUTH: dict[str, Callable[[bytes, Path], Kept]] = {
    "Markdown": markdown_truth,
    "plain text": text_truth,
    "HTML": page_truth,
    "Word": word_truth,
    "e-book": book_truth,
    "PDF": pdf_truth,
}


def _seconds() -> float:
    """The processor's seconds so far, of this process and of those that read the pages of a PDF."""
    return sum(os.times()[:4])


def measure(kind: str, folder: Path, *, each: bool) -> str:
    """A line of the table; with `each` a line for each file before it."""
    total = Counter[str]()
    seconds = 0.0
    for path, suffix in files_of(kind, folder):
        data = data_of(path)
        if len(data) > MAX_BYTES:
            continue
        total["files"] += 1
        total["bytes"] += len(data)
        start = _seconds()
        try:
            headings, kept = as_read(data, suffix)
        except ArticleError as error:
            seconds += _seconds() - start
            if each:
                print(f"{path.relative_to(folder)} isn't read: {error}")
            continue
        seconds += _seconds() - start
        total["read"] += 1
        right, shown = TRUTH[kind](data, path)
        found = Counter[str](
            headings=right.total(), found=(headings & right).total(), words=shown.total(), kept=(kept & shown).total(),
            others=(headings - right).total() if right else 0,
        )  # fmt: skip
        total += found
        if each:
            share = found["kept"] / max(found["words"], 1)
            print(f"{path.relative_to(folder)} {found['found']}/{found['headings']} +{found['others']} {share:.1%}")
            print("   lost", [*(right - headings)][:12], "\n   false", [*(headings - right)][:12])
            print("   words", (shown - kept).most_common(12))
    if not total["files"]:
        return f"| {kind} | no files; --fetch says how to get them |"
    return (
        f"| {kind} | {total['read']} of {total['files']} | {total['found']:,} of {total['headings']:,} "
        f"| {total['others']:,} | {total['kept'] / max(total['words'], 1):.1%} | {seconds / total['bytes'] * 1e6:.1f} |"
    )


def main(arguments: list[str]) -> None:
    """Prints the table, or the commands that get the files."""
    logging.disable(logging.CRITICAL)
    if arguments[0] == "--fetch":
        print(f"mkdir -p {arguments[1]} && cd {arguments[1]}", *(source.fetch() for source in SOURCES), sep="\n")
        return
    each = "--each" in arguments
    folder, *kinds = [one for one in arguments if one != "--each"]
    print(
        "| kind | files read | headings kept | headings that are none | words kept | s/MB |\n|---|---|---|---|---|---|"
    )
    for kind in kinds or TRUTH:
        print(measure(kind, Path(folder), each=each), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
