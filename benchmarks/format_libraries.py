"""What other libraries make of the files in tests/sample_files.py, beside Guide: `python benchmarks/formats.py`.

Each gives Markdown, which Guide's own parser reads; counted is how many of the article's pieces come out word for word
as what they are, and how many that aren't the article's. Libraries that aren't installed are left out:
`pip install 'markitdown[pdf,docx]' readability-lxml pypdf` adds them. pymupdf4llm and ebooklib are under the AGPL, and
so weren't considered. docs/formats.md has the table.
"""

import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from sample_files import as_docx, as_epub, as_html, as_markdown, as_pdf

from guide.articles.formats.convert import to_markdown
from guide.articles.markdown import parse_markdown
from guide.text.normalise import normalise

KINDS = {"title": "headings", "heading": "headings", "paragraph": "paragraphs", "item": "items", "columns": "rows"}
Convert = Callable[[Path], str]


def pieces(markdown: str) -> Counter[tuple[str, str]]:
    """The pieces of an article, by what they are."""
    found = parse_markdown(normalise(markdown)).pieces
    return Counter((KINDS.get(piece.kind, "rows"), piece.text or " | ".join(piece.cells)) for piece in found)


def tidied(html: str) -> str:
    """Markdown of HTML, as each library's is made here."""
    from markdownify import ATX, markdownify

    return markdownify(html, heading_style=ATX, escape_misc=True, table_infer_header=True)


def guide(path: Path) -> str:
    return to_markdown(path.read_bytes(), path.suffix).markdown


def markitdown(path: Path) -> str:
    from markitdown import MarkItDown

    return MarkItDown(enable_plugins=False).convert(str(path)).text_content


def trafilatura(path: Path) -> str:
    from trafilatura import extract

    return extract(path.read_bytes(), output_format="markdown", include_comments=False, include_formatting=True) or ""


def readability(path: Path) -> str:
    from readability import Document

    return tidied(Document(path.read_text()).summary())


def mammoth(path: Path) -> str:
    from mammoth import convert_to_html

    with path.open("rb") as stream:
        return tidied(convert_to_html(stream).value)


def pypdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n\n".join(page.extract_text() for page in PdfReader(path).pages)


def pdfplumber(path: Path) -> str:
    from pdfplumber import open as open_pdf

    with open_pdf(path) as pdf:
        return "\n\n".join(page.extract_text() for page in pdf.pages)


CANDIDATES: dict[str, list[tuple[str, Convert]]] = {
    ".html": [
        ("trafilatura", trafilatura), ("readability-lxml, markdownify", readability), ("markitdown", markitdown)
    ],
    ".docx": [("mammoth, markdownify", mammoth), ("markitdown", markitdown)],
    ".epub": [("markitdown", markitdown)],
    ".pdf": [("pypdf", pypdf), ("pdfplumber", pdfplumber), ("markitdown", markitdown)],
}  # fmt: skip


def samples() -> dict[str, bytes]:
    """The files by what they are, with their suffixes."""
    anonymous = as_html()
    for name in ("main", "nav", "aside", "header", "footer", "section"):
        anonymous = (
            anonymous.replace(f"<{name} ", "<div ").replace(f"<{name}>", "<div>").replace(f"</{name}>", "</div>")
        )
    return {
        "page, nothing around.html": as_html(plain=True).encode(),
        "page, saved.html": as_html().encode(),
        "page, saved, of nothing but div.html": anonymous.replace('class="post', 'class="c').encode(),
        "Word document.docx": as_docx(),
        "e-book.epub": as_epub(),
        "PDF.pdf": as_pdf(),
        "PDF, running titles.pdf": as_pdf(running=True),
        "PDF, two columns, bold headings.pdf": as_pdf(columns=2, modest=True),
    }


def main() -> None:
    """Prints the table."""
    logging.disable(logging.ERROR)
    expected = pieces(as_markdown())
    kinds = list(dict.fromkeys(KINDS.values()))
    print("| file | read with | " + " | ".join(kinds) + " | not the article's |\n|---|---|" + "---|" * (len(kinds) + 1))
    with tempfile.TemporaryDirectory() as folder:
        for name, data in samples().items():
            path = Path(folder) / name
            path.write_bytes(data)
            for candidate, convert in [("**Guide**", guide), *CANDIDATES[path.suffix]]:
                try:
                    found = pieces(convert(path))
                except ImportError:
                    continue
                right = found & expected
                counts = [
                    f"{sum(n for piece, n in right.items() if piece[0] == kind)} of "
                    f"{sum(n for piece, n in expected.items() if piece[0] == kind)}"
                    for kind in kinds
                ]
                print(f"| {path.stem} | {candidate} | " + " | ".join(counts) + f" | {(found - expected).total()} |")


if __name__ == "__main__":
    main()
