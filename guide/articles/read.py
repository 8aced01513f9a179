"""Article files → `Article`: sections and blocks with character offsets.

A parser (`article_markdown`, `article_text`) turns a file into a stream of pieces; `assemble` writes them one after the
other into the normalised text and counts the characters as it writes. Nothing is searched for afterwards.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from guide.articles.assemble import article_id, assemble
from guide.articles.decoding import decode_text
from guide.articles.formats.convert import MAX_FILE_BYTES, READERS, refuse_mislabelled, to_markdown
from guide.articles.formats.document import MAX_TEXT_CHARACTERS
from guide.articles.page_marks import without_page_marks
from guide.articles.pieces import Parsed, names_no_article
from guide.articles.question_file import read_questions_beside
from guide.articles.text_lines import without_page_ends
from guide.errors import ArticleError
from guide.records import Article
from guide.text.normalise import normalise

MAX_ARTICLE_BYTES = MAX_TEXT_CHARACTERS
"""What a text file may have; a larger one would be split without being looked at."""

SUFFIXES = (".md", ".markdown", ".txt", *READERS)
"""What Guide reads; all but the first three with the libraries of the extra `formats`."""


def read_article(path: Path, id: str = "", progress: Callable[[int, int], None] = lambda done, of: None) -> Article:
    """The article in `path`, of any kind in `SUFFIXES`, with the questions in the files beside it; its `id`
    comes from the file's name if none is given. `progress` hears how many pages of a PDF are read, and of how many.

    Raises:
        ArticleError: the file is missing, too large, not what its name says, not readable, or holds no passage.
    """
    from guide.articles.markdown import parse_markdown
    from guide.articles.plain_text import parse_text

    suffix = path.suffix.lower()
    size = _size(path)
    if suffix not in SUFFIXES:
        raise ArticleError(
            f"{path} is of the kind {path.suffix or '(no suffix)'!r}; Guide reads {', '.join(SUFFIXES)}."
        )
    limit = MAX_FILE_BYTES if suffix in READERS else MAX_ARTICLE_BYTES
    if size > limit:
        raise ArticleError(f"{path} has {size:,} bytes; an article may have {limit:,}: split it into several files.")
    data = _bytes(path)
    try:
        refuse_mislabelled(data, path)
        if suffix in READERS:
            converted = to_markdown(data, suffix, progress)
            text, noted = converted.markdown, converted.notes
        else:
            text, note = decode_text(data)
            noted = (note,)
        text, on_pages = without_page_ends(text) if suffix == ".txt" else (text, "")
        text = normalise(text if suffix == ".pdf" else without_page_marks(text))
        if len(text) > MAX_ARTICLE_BYTES:
            raise ArticleError(f"holds {len(text):,} characters; {MAX_ARTICLE_BYTES:,} are allowed: split it.")
    except ArticleError as error:
        said = " ".join(str(error).split())  # a library's words may have several lines
        raise ArticleError(f"{path} {said}") from error.__cause__
    if not text.strip():
        raise ArticleError(f"{path} is empty; an article needs at least a title and a paragraph.")
    try:
        parsed = parse_text(text) if suffix == ".txt" else parse_markdown(text, as_written=suffix not in READERS)
        article = assemble(parsed, article_id=id or article_id(path), source=path.name, name=_name(parsed, path))
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from None
    if any(section.blocks for section in article.sections):
        questions, faults = read_questions_beside(path, article)
        unused = [f"has questions that can't be used: {fault}" for fault in faults]
        notes = (*filter(None, [*noted, on_pages]), *article.notes, *unused)
        return replace(article, notes=notes, asked=questions)
    raise ArticleError(f"{path} holds no passage, only headings; add the article's paragraphs or lists.")


def _name(parsed: Parsed, path: Path) -> str:
    """What an article of another program is called if it has no title: its first heading, or its file's name without
    the ending; nothing for Markdown and plain text.
    """
    if path.suffix.lower() not in READERS:
        return ""
    headings = (without_page_marks(piece.text) for piece in parsed.pieces if piece.kind == "heading")
    first = next(headings, "")
    return first if first and not names_no_article(first) else path.stem


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        if re.match("https?:/", str(path)):
            raise ArticleError(f"{path} is an address, and none is fetched; save the page and name its file.") from None
        raise ArticleError(
            f"There is no {path}; name an article that exists ({', '.join(SUFFIXES)}), or a folder of them."
        ) from None
    except OSError as error:
        raise ArticleError(f"{path} can't be read ({error.strerror}); name another file.") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path} can't be read ({error.strerror}); check the file and its permissions.") from None
