"""Pieces → `Article`: they are written one after the other into the normalised text, and every offset is counted while
it is written. Nothing is searched for afterwards.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from guide.articles.credits import first_citation, is_about
from guide.articles.page_marks import by_page, without_page_marks
from guide.articles.pieces import CELL_SEPARATOR, Parsed, Piece, names_no_article
from guide.articles.roles import role_of
from guide.errors import ArticleError
from guide.records import Article, Block, BlockKind, Section

ABOUT_AUTHOR = ("About the author",)
"""The path of what says who wrote an article, where no heading does."""

CITED = "References"
"""The heading of citations at the end of a section, where they have none."""


def assemble(parsed: Parsed, *, article_id: str, source: str = "", name: str = "") -> Article:
    """The article that the pieces make, with offsets counted while its text is written. Without a title it has the
    `name`, or that of its source.

    Raises:
        ArticleError: the front matter names a section that the article doesn't have.
    """
    writer = _Writer()
    for piece in parsed.pieces:
        writer.write(piece)
    title = _title(parsed.title, writer.title, name or source)
    text = writer.text()
    sections = [section for draft in writer.drafts for section in draft.sections(title, parsed, text)]
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
        text=text,
        sections=tuple(section for section in sections if section.blocks),
        notes=(*parsed.notes, *_on_credits(sections)),
        pages=tuple(writer.pages),
    )


def _title(*candidates: str) -> str:
    """The first of them that names an article, otherwise the first that there is."""
    return next((one for one in candidates if one and not names_no_article(one)), next(filter(None, candidates), ""))


def _on_credits(sections: Sequence[Section]) -> Iterator[str]:
    """What there is to say of sections that hold what an article is made of, since they answer nothing else."""
    names = dict.fromkeys(s.path[-1] for s in sections if s.role == "credit" and s.blocks and s.path != ABOUT_AUTHOR)
    if told := [f"“{name}”" for name in names if not is_about(name)]:
        more = f" and {len(told) - 3} more" if len(told) > 3 else ""
        yield f"has references, navigation or licences, which answer only who wrote it: {', '.join(told[:3])}{more}."


class _Draft:
    """A section while it is being written."""

    def __init__(self, path: tuple[str, ...], start: int, *, credit: bool = False) -> None:
        self.path, self.start, self.credit = path, start, credit
        self.blocks: list[Block] = []

    def sections(self, title: str, parsed: Parsed, text: str) -> Iterator[Section]:
        """The section that it makes of the article's `text`, and a second one of the citations at its end, if any."""
        path = self.path or (title,)
        texts = [text[block.start : block.end] for block in self.blocks]
        role = "credit" if self.credit else role_of(self.path, parsed, title, texts)
        questions = (parsed.questions or {}).get(path[-1], ())
        first = first_citation(path[-1], texts) if role != "credit" else len(texts)
        if first or not texts:
            end = self.blocks[first - 1].end if first else self.start
            yield Section(path, role, self.start, end, tuple(self.blocks[:first]), questions)
        if first < len(texts):
            cited = self.blocks[first:]
            where = (*path, CITED) if first else path
            yield Section(where, "credit", cited[0].start if first else self.start, cited[-1].end, tuple(cited))


class _Writer:
    """Writes pieces one after the other and counts characters as it goes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.title = ""
        self.headings: set[str] = set()
        self.pages: list[tuple[int, int]] = []
        self.drafts = [_Draft((), 0)]
        self._stack: list[tuple[int, str]] = []
        self._columns: tuple[str, ...] = ()
        self._interrupted = False
        self._last: str = ""

    def text(self) -> str:
        return "".join(self.parts) + ("\n" if self.parts else "")

    def write(self, piece: Piece) -> None:
        if piece.kind == "end":
            self._stack = [(level, name) for level, name in self._stack if level < piece.level]
            self._interrupted = True
            return
        # Items and rows stand on lines of their own below each other, all else after a blank line.
        close = {"item": ("item",), "row": ("row", "columns"), "credit": ("credit",), "footnote": ("footnote",)}.get(
            piece.kind, ()
        )
        self._put(("\n" if self._last in close else "\n\n") if self.parts else "")
        if piece.kind == "item":
            self._put("  • ")
        start = self.length
        cells: list[tuple[int, int]] = []
        for number, cell in enumerate(piece.cells):
            self._put(CELL_SEPARATOR if number else "")
            begin = self.length
            self._put(cell)
            cells.append((begin, self.length))
        if not piece.cells:
            self._put(piece.text)
        self._place(_without_marks(piece), start, tuple(cells))
        self._last = piece.kind

    def _put(self, text: str) -> None:
        """Writes the text, and where the pages of a PDF begin in it."""
        for page, stretch in by_page(text):
            if page:
                self.pages.append((self.length, page))
            self.parts.append(stretch)
            self.length += len(stretch)

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
        elif piece.kind in ("credit", "footnote"):
            path = ABOUT_AUTHOR if piece.kind == "credit" else ("Notes",)
            if not self.drafts[-1].credit or self.drafts[-1].path != path:
                self.drafts.append(_Draft(path, start, credit=True))
            self.drafts[-1].blocks.append(Block("paragraph", start, self.length))
        elif piece.kind == "furniture":
            self._interrupted = self._interrupted or bool(self.drafts[-1].blocks)
        else:
            if self._interrupted or self.drafts[-1].credit:
                # Text goes on where a byline or a page's furniture interrupted it, and isn't quoted together with that.
                self.drafts.append(_Draft(tuple(name for _, name in self._stack), start))
            self._interrupted = False
            kind: BlockKind = "paragraph" if piece.kind not in ("item", "row") else piece.kind
            columns = self._columns if kind == "row" else ()
            self.drafts[-1].blocks.append(Block(kind, start, self.length, cells, columns))


def _without_marks(piece: Piece) -> Piece:
    text, cells = without_page_marks(piece.text), tuple(map(without_page_marks, piece.cells))
    return replace(piece, text=text, cells=cells)


def article_ids(paths: Sequence[Path]) -> dict[Path, str]:
    """The ids of the articles in `paths`, from the files' names. Names that differ only in signs, such as `a.b` and
    `a-b`, get different ids, which stay whatever the order; equal names have the same, whatever their capitals.

    >>> article_ids([Path("tea.md"), Path("tea_.md")])  # doctest: +ELLIPSIS
    {PosixPath('tea.md'): 'tea', PosixPath('tea_.md'): 'tea-...'}
    """
    names: dict[str, set[str]] = {}
    for path in paths:
        names.setdefault(article_id(path), set()).add(path.stem.casefold())
    return {path: _told_apart(article_id(path), path.stem.casefold(), names[article_id(path)]) for path in paths}


def article_id(path: Path) -> str:
    """The id of the article in `path`, from the file's name, if no other file has nearly the same one."""
    return _slug(path.stem)


def _told_apart(slug: str, name: str, names: set[str]) -> str:
    if len(names) == 1 or name == slug:
        return slug
    return f"{slug}-{sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:6]}"


def _slug(name: str) -> str:
    """`name` as an identifier: lower case, words joined by hyphens."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name).lower()).strip("-") or "article"
