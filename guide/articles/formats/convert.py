"""Files of other programs → Markdown, which `article_markdown` reads: web pages, PDF, Word documents and e-books.

Each reader gives the article's HTML; what it takes is imported when the first such file is met. Nothing is fetched, no
script runs, and what a file unpacks to is bounded.
"""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from guide.articles.formats.document import Converted, Document
from guide.articles.formats.panels import AGAIN
from guide.errors import ArticleError
from guide.text.tags import language_alone

MAX_FILE_BYTES = 32 * 1024 * 1024
"""How many bytes a file of another program may have; pictures and fonts make it larger than its text."""


READERS = {
    ".html": "guide.articles.formats.html",
    ".htm": "guide.articles.formats.html",
    ".xhtml": "guide.articles.formats.html",
    ".pdf": "guide.articles.formats.pdf",
    ".docx": "guide.articles.formats.docx",
    ".epub": "guide.articles.formats.epub",
}
"""The module that reads files of each suffix."""

AS_MARKDOWN: Mapping[str, Any] = {
    "heading_style": "atx",
    "escape_misc": True,
    "strip": ["a"],
    "table_infer_header": True,
    "bs4_options": {"features": "lxml"},  # twice as fast as Python's own parser
}
"""How markdownify writes Markdown."""

INSTALL = "`pip install 'quoted-guide[formats]'`"


def to_markdown(data: bytes, suffix: str, progress: Callable[[int, int], None] = lambda done, of: None) -> Converted:
    """The article in a file of that suffix as Markdown with front matter, and what its reader noticed. `progress` hears
    how many pages of a PDF are read, and of how many.

    Raises:
        ArticleError: it can't be read, with the reason as the end of a sentence that begins with the file's name; or
            the libraries for it aren't installed.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ArticleError(
            f"has {len(data):,} bytes; a file of this kind may have {MAX_FILE_BYTES:,}: split it, or leave its "
            "pictures out."
        )
    try:
        read: Callable[..., Document] = import_module(READERS[suffix]).read
        return _markdown(read(data, progress) if suffix == ".pdf" else read(data))
    except ArticleError:
        raise
    except ImportError as error:
        raise ArticleError(
            f"needs {error.name}, which reads {suffix} and isn't installed; run {INSTALL}, or save the article as "
            "Markdown or plain text."
        ) from None
    except Exception as error:
        # The libraries are made for files that other programs wrote; what a damaged one makes of them has no end.
        raise ArticleError(
            f"can't be read as {suffix} ({_said(error)}); it may be damaged or cut off: open it in the program that "
            "made it and save it again."
        ) from error


def _said(error: Exception) -> str:
    """The first line of what a library said."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:100]}" if lines else type(error).__name__


def refuse_mislabelled(data: bytes, path: Path) -> None:
    """Does nothing if the file's first bytes are those of the kind that its name says.

    Raises:
        ArticleError: they aren't, with the reason as the end of a sentence that begins with the file's name.
    """
    suffix = path.suffix.lower()
    suffix = ".html" if READERS.get(suffix) == READERS[".html"] else suffix
    kind = file_kind_of(data)
    # Of an archive that is cut off, what it holds may be gone; its reader says so.
    is_cut_off = kind == ".zip" and suffix in (".docx", ".epub") and b"PK\x05\x06" not in data
    if kind == suffix or is_cut_off or (not kind and suffix not in _SIGNED):
        return
    if kind == ".doc" and suffix == ".docx":
        raise ArticleError("is protected by a password or an old Word document; save it as .docx without a password.")
    if not kind and _is_text(data):
        raise ArticleError(f"holds plain text, not what {suffix} stands for; rename it to {path.stem}.txt.")
    advice = f"rename it to {path.stem}{kind}" if kind in READERS else "save the article as .docx, .pdf, .html or .txt"
    raise ArticleError(f"holds {_KINDS[kind]}, not what {suffix} stands for; {advice}.")


def _is_text(data: bytes) -> bool:
    """Whether the bytes may be those of plain text: there are some, and none of them a control sign."""
    return bool(data.strip()) and not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data)


_SIGNED = (".pdf", ".docx", ".epub")
"""The kinds whose files always begin in the same way."""

_KINDS = {
    ".pdf": "a PDF",
    ".docx": "a Word document",
    ".epub": "an e-book",
    ".html": "a web page",
    ".zip": "a zip archive",
    ".doc": "a document of an old Office program",
    "": "something else",
}


def file_kind_of(data: bytes) -> str:
    """The suffix of what `data` holds, as far as it can be told; otherwise nothing.

    >>> file_kind_of(b"%PDF-1.7 ..."), file_kind_of(b"Tea is mild.")
    ('.pdf', '')
    """
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        # The archive's list of names stands at its end and is gone if the file is cut off; each name also stands with
        # its part.
        packed = {b"word/document.xml": ".docx", b"META-INF/container.xml": ".epub"}
        return next((kind for name, kind in packed.items() if name in data), ".zip")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ".doc"
    return ".html" if _PAGE.match(data) else ""


_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).){0,1000}-->\s*)*<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)


def _markdown(document: Document) -> Converted:
    import yaml
    from lxml import html
    from markdownify import markdownify

    from guide.articles.formats.tidy import tidy, tree_of

    tree = tree_of(f"<html><body>{document.html}</body></html>")
    notes = tidy(tree)
    titled = _rank_headings(tree)
    about = {
        "title": "" if titled else document.title,
        "author": document.author,
        "source": document.source,
        "language": language_alone(document.language),
    }
    front = yaml.safe_dump({key: " ".join(text.split()) for key, text in about.items() if text}, allow_unicode=True)
    page = html.tostring(tree, encoding="unicode")
    body = markdownify(page, **AS_MARKDOWN)
    return Converted(f"---\n{front}---\n\n{body.strip()}\n", (*document.notes, *notes))


def _rank_headings(tree: Any) -> bool:
    """Whether the first heading is the title: the only one of the highest level. It becomes `h1`, all others `h2` and
    so on, without gaps: programs begin with whatever level looks right.
    """
    headings = [
        element
        for element in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")
        if element.text_content().strip() and next(element.iterancestors("table"), None) is None
    ]
    used = [element.tag for element in headings if AGAIN not in element.attrib]
    titled = bool(used) and used[0] == min(used) and used.count(min(used)) == 1
    ranks = {tag: rank for rank, tag in enumerate(sorted(set(used)), start=1 if titled else 2)}
    for element in headings:
        element.tag = f"h{min(ranks[element.tag], 6)}"
    return titled
