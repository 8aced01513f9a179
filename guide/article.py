"""Article files → `Article`: sections and blocks with character offsets.

A parser (`article_markdown`, `article_text`) turns a file into a stream of pieces; `assemble` writes them one after the
other into the normalised text and counts the characters as it writes. Nothing is searched for afterwards.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from guide.errors import ArticleError
from guide.formats import MAX_FILE_BYTES, READERS, refuse_mislabelled, to_markdown
from guide.records import Article, Block, BlockKind, Section, SectionRole

MAX_ARTICLE_BYTES = 8 * 1024 * 1024
"""A book of a million words; a larger file is hardly an article, and would be split without being looked at."""

SUFFIXES = (".md", ".markdown", ".txt", *READERS)
"""What Guide reads; all but the first three with the libraries of the extra `formats`."""

CELL_SEPARATOR = " | "

_FAQ = re.compile(r"\bFAQs?\b|\bfrequently asked\b|\bquestions (?:and|&) answers\b|\bQ ?& ?A\b", re.I)
_HELP = re.compile(r"\bwhen\b.*\b(?:help|professional|support|doctor|therap\w*|counsel\w*)\b", re.I)
_ADVICE = re.compile(
    r"\bhow (?:to|can|do|should)\b|\btips?\b|\bstrateg\w+|\bways to\b|\bsteps\b|\bwhat (?:to|you can) do\b",
    re.I,
)
_CREDIT = re.compile(r"^about (?:the|this) (?:author|writer|article|text|guide)\b", re.I)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article as a parser found it; `furniture` is kept in the text but belongs to no section."""

    kind: Literal["title", "heading", "paragraph", "item", "columns", "row", "credit", "furniture"]
    text: str
    level: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser hands over: the pieces in order and what the file says of itself."""

    pieces: list[Piece]
    title: str = ""
    author: str = ""
    source: str = ""
    language: str = "en"
    licence: str = ""
    help_section: str = ""
    advice_sections: tuple[str, ...] = ()
    questions: Mapping[str, tuple[str, ...]] | None = None


def read_article(path: Path) -> Article:
    """The article in `path`, of any kind in `SUFFIXES`; text is UTF-8.

    Raises:
        ArticleError: the file is missing, too large, not what its name says, not readable, or holds no passage.
    """
    from guide.article_markdown import parse_markdown
    from guide.article_text import parse_text

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
        text = normalise(to_markdown(data, suffix) if suffix in READERS else _decode(data))
        if len(text) > MAX_ARTICLE_BYTES:
            raise ArticleError(f"holds {len(text):,} characters; {MAX_ARTICLE_BYTES:,} are allowed: split it.")
    except ArticleError as error:
        said = " ".join(str(error).split())  # a library's words may have several lines
        raise ArticleError(f"{path} {said}") from error.__cause__
    if not text.strip():
        raise ArticleError(f"{path} is empty; an article needs at least a title and a paragraph.")
    try:
        parsed = parse_text(text) if suffix == ".txt" else parse_markdown(text)
        article = assemble(parsed, article_id=article_id(path), source=path.name)
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from None
    if any(section.blocks for section in article.sections):
        return article
    raise ArticleError(f"{path} holds no passage, only headings; add the article's paragraphs or lists.")


def normalise(text: str) -> str:
    """`text` in NFC with plain spaces and newlines, without control, zero-width and trailing characters."""
    text = unicodedata.normalize("NFC", _few_marks(text.replace("\r\n", "\n").replace("\r", "\n")))
    text = re.sub("[\u2028\u2029\u0085\v\f]", "\n", text)
    text = re.sub("[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    text = re.sub("[\u200b\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]", "", text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _few_marks(text: str) -> str:
    """`text` with at most 30 combining marks in a row, as in Unicode's stream-safe format (UAX #15, section 13).

    Composing takes the square of their number, and no language has more.
    """
    if text.isascii():
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= 30:
            kept.append(character)
    return "".join(kept)


def assemble(parsed: Parsed, *, article_id: str, source: str = "") -> Article:
    """The article that the pieces make, with offsets counted while its text is written.

    Raises:
        ArticleError: the front matter names a section that the article doesn't have.
    """
    writer = _Writer()
    for piece in parsed.pieces:
        writer.write(piece)
    title = parsed.title or writer.title or source
    sections = [draft.section(title, parsed) for draft in writer.drafts]
    headings = {section.path[-1] for section in sections} | writer.headings
    questions = parsed.questions or {}
    for name in (*filter(None, [parsed.help_section]), *parsed.advice_sections, *questions):
        if name not in headings:
            raise ArticleError(
                f"The front matter names a section {name!r}, which the article doesn't have; "
                f"its sections are {', '.join(sorted(headings))}."
            )
    return Article(
        id=article_id,
        title=title,
        author=parsed.author,
        source=parsed.source or source,
        language=parsed.language,
        licence=parsed.licence,
        text=writer.text(),
        sections=tuple(section for section in sections if section.blocks),
    )


class _Draft:
    """A section while it is being written."""

    def __init__(self, path: tuple[str, ...], start: int, *, credit: bool = False) -> None:
        self.path, self.start, self.credit = path, start, credit
        self.blocks: list[Block] = []

    def section(self, title: str, parsed: Parsed) -> Section:
        path = self.path or (title,)
        role = "credit" if self.credit else _role(self.path, parsed)
        end = self.blocks[-1].end if self.blocks else self.start
        return Section(path, role, self.start, end, tuple(self.blocks), (parsed.questions or {}).get(path[-1], ()))


class _Writer:
    """Writes pieces one after the other and counts characters as it goes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.title = ""
        self.headings: set[str] = set()
        self.drafts = [_Draft((), 0)]
        self._stack: list[tuple[int, str]] = []
        self._columns: tuple[str, ...] = ()
        self._interrupted = False
        self._last: str = ""

    def text(self) -> str:
        return "".join(self.parts) + ("\n" if self.parts else "")

    def write(self, piece: Piece) -> None:
        # Items and rows stand on lines of their own below each other, all else after a blank line.
        close = {"item": ("item",), "row": ("row", "columns"), "credit": ("credit",)}.get(piece.kind, ())
        self._put(("\n" if self._last in close else "\n\n") if self.parts else "")
        if piece.kind == "item":
            self._put("  • ")
        start = self.length
        cells: list[tuple[int, int]] = []
        for number, cell in enumerate(piece.cells):
            self._put(CELL_SEPARATOR if number else "")
            cells.append((self.length, self.length + len(cell)))
            self._put(cell)
        if not piece.cells:
            self._put(piece.text)
        self._place(piece, start, tuple(cells))
        self._last = piece.kind

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _place(self, piece: Piece, start: int, cells: tuple[tuple[int, int], ...]) -> None:
        """Files what was just written under its section."""
        if piece.kind == "title":
            self.title = self.title or piece.text
            self.drafts[-1].start = start if not self.drafts[-1].blocks else self.drafts[-1].start
        elif piece.kind == "heading":
            self._stack = [(level, name) for level, name in self._stack if level < piece.level]
            self._stack.append((piece.level, piece.text))
            self.headings.add(piece.text)
            self.drafts.append(_Draft(tuple(name for _, name in self._stack), start))
            self._interrupted = False
        elif piece.kind == "columns":
            self._columns = piece.cells
        elif piece.kind == "credit":
            if not self.drafts[-1].credit:
                self.drafts.append(_Draft(("About the author",), start, credit=True))
            self.drafts[-1].blocks.append(Block("paragraph", start, self.length))
        elif piece.kind == "furniture":
            self._interrupted = bool(self.drafts[-1].blocks)
        else:
            if self._interrupted or self.drafts[-1].credit:
                # Text goes on where a byline or a page's furniture interrupted it, and isn't quoted together with that.
                self.drafts.append(_Draft(tuple(name for _, name in self._stack), start))
            self._interrupted = False
            kind: BlockKind = piece.kind
            columns = self._columns if kind == "row" else ()
            self.drafts[-1].blocks.append(Block(kind, start, self.length, cells, columns))


def _role(path: tuple[str, ...], parsed: Parsed) -> SectionRole:
    """What a section is for: as the front matter says, otherwise as its headings read."""
    if not path:
        return "body"
    heading = path[-1]
    if heading == parsed.help_section or (not parsed.help_section and len(path) == 1 and _HELP.search(heading)):
        return "help"
    if _CREDIT.search(heading):
        return "credit"
    named = parsed.advice_sections
    if any(name in named or (not named and _ADVICE.search(name)) for name in path):
        return "advice"
    # A how-to among the frequent questions is advice as well.
    if len(path) > 1 and _FAQ.search(path[-2]):
        return "advice" if _ADVICE.search(heading) else "faq"
    return "body"


def is_faq_heading(heading: str) -> bool:
    """Whether the questions below `heading` are frequently asked ones."""
    return bool(_FAQ.search(heading))


def words(text: str) -> list[str]:
    """The words of `text`, as counted everywhere in Guide."""
    return re.findall(r"\w+(?:['’\-]\w+)*", text)


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


def _decode(data: bytes) -> str:
    if b"\x00" in data:
        raise ArticleError("is a binary file, or text in UTF-16; save it as text with UTF-8 encoding.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte {error.start:,} is 0x{data[error.start]:02x}"
        raise ArticleError(f"isn't UTF-8 ({byte}); save it with UTF-8 encoding.") from None


def article_id(path: Path) -> str:
    """The id of the article in `path`, from the file's name."""
    return _slug(path.stem)


def _slug(name: str) -> str:
    """`name` as an identifier: lower case, words joined by hyphens."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "article"
