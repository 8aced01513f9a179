"""The tokens of Markdown → pieces: what is a heading, an item, a row, and what no text."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from guide.articles.markdown_inline import NO_TEXT, Inline, plain_line
from guide.articles.pieces import Piece, table_pieces
from guide.articles.template_code import without_template_code

_TAG = re.compile(r"<[^<>]*>")
_FOLD = re.compile(r"(<details\b[^>]*>|</details\s*>|<summary\b[^>]*>.*?</summary\s*>)", re.I | re.S)
_CALL_OUT = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*")
_NAVIGATION = re.compile(
    r"\W*(?:(?:go )?back(?: to (?:the )?(?:top|home|index|contents|overview|start))?|edit (?:this page|on github)"
    r"|previous|prev|next|home|(?:table of )?contents|skip to (?:content|main)|on this page)\W*(?:[:→»|].{0,80})?",
    re.I,
)
"""A line of links that leads around."""


class Walk:
    """Reads tokens once; a list item's or a quotation's paragraphs are read where they stand. HTML is turned into
    Markdown and read by `inner`.
    """

    def __init__(self, inner: MarkdownIt) -> None:
        self.pieces: list[tuple[Piece, str]] = []
        """Each with the words of its first line if all of them are bold, otherwise nothing."""
        self._inner = inner
        self._counts = Counter[str]()
        self._titled = False
        self._level = 1
        self._folds: list[int] = []
        self._items: list[list[str]] = []
        self._numbers: list[str] = []
        """The numbers of these items that aren't written yet."""
        self._terms: list[str] = []
        self._names: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...]] = []
        self._cells: list[str] = []
        self._in_head = self._in_notes = False

    def notes(self) -> Iterator[str]:
        """What there is to say of what was left out, as ends of sentences that begin with the article's name."""
        for name, says in NO_TEXT.items():
            if number := self._counts[name]:
                yield says.format(f"{number} time{'s' if number > 1 else ''}")

    def read(self, tokens: list[Token]) -> None:
        """Adds the pieces of the tokens."""
        html: list[str] = []
        numbers = _numbers_of(tokens)
        for number, token in enumerate(tokens):
            if token.type == "html_block":
                html.append(token.content)
                continue
            self._html("\n".join(html))
            html.clear()
            before = tokens[number - 1] if number else token
            if token.type == "inline":
                self._line(token, before)
            else:
                self._block(token, numbers.get(id(token), ""))
        self._html("\n".join(html))

    def _block(self, token: Token, number: str = "") -> None:
        match token.type:
            case "list_item_open" | "dd_open":
                self._flush()
                self._counts["task"] += bool(token.meta and token.meta.get("checked"))
                self._items.append([f"{', '.join(self._terms)}:"] if token.type == "dd_open" and self._terms else [])
                self._numbers.append(number)
            case "list_item_close" | "dd_close":
                self._flush()
                self._items.pop()
                self._numbers.pop()
            case "dl_open" | "dl_close":
                self._terms = []
            case "dt_open":
                # Terms above each other share what follows, the next ones begin anew.
                self._terms = self._terms if self._after_term else []
            case "table_open":
                self._flush()
                self._names, self._rows = (), []
            case "table_close":
                self._table()
            case "thead_open" | "thead_close":
                self._in_head = token.type == "thead_open"
            case "tr_open":
                self._cells = []
            case "tr_close" if self._in_head:
                self._names = tuple(self._cells)
            case "tr_close" if any(self._cells):
                self._rows.append(tuple(self._cells))
            case "footnote_block_open" | "footnote_block_close":
                self._in_notes = token.type == "footnote_block_open"
            case "container_any_open" if title := token.info.strip().partition(" ")[2].strip(" []"):
                self._text(plain_line(title))
            case "fence" | "code_block":
                self._text(" ".join(token.content.split()))
        self._after_term = token.type in ("dt_open", "dt_close")

    _after_term = False

    def _line(self, token: Token, before: Token) -> None:
        """Reads an inline token by what it stands in."""
        line = Inline(token, self._counts)
        match before.type:
            case "heading_open":
                self._heading(line.text, int(before.tag[1]))
            case "dt_open":
                self._terms.append(line.text)
                self._after_term = True
            case "th_open" | "td_open":
                self._cells.append(line.text)
            case "admonition_title_open":
                if line.text.lower() != str(before.attrs.get("class", "")) and token.content != token.content.title():
                    self._text(line.text)
            case "paragraph_open" if self._in_notes:
                self._add(Piece("footnote", line.text))
            case "paragraph_open" if found := _CALL_OUT.match(line.text):
                title = line.text[found.end() : line.first_line].strip()
                for text in (title, line.text[max(line.first_line, found.end()) :].strip()):
                    self._text(text)
            case "paragraph_open" if self._is_furniture(line):
                self._add(Piece("furniture", line.text))
            case "paragraph_open":
                self._text(line.text, line.bold)

    def _is_furniture(self, line: Inline) -> bool:
        """Whether a paragraph of nothing but links leads around in the page or beyond it."""
        if not line.all_links or not line.text:
            return False
        leads = line.to_headings and bool(self._items)
        return leads or line.is_picture or (not self._items and bool(_NAVIGATION.fullmatch(line.text)))

    def _heading(self, text: str, level: int) -> None:
        if not text:
            return
        kind = "title" if level == 1 and not self._titled else "heading"
        self._titled = True
        self._level = level
        self._add(Piece("title" if kind == "title" else "heading", text, level))

    def _text(self, text: str, bold: str = "") -> None:
        if not text:
            return
        if self._items:
            self._items[-1].append(text)
        else:
            self._add(Piece("paragraph", text), bold)

    def _flush(self) -> None:
        """What stands before a nested list or table is an item of its own; the first of an item has its number."""
        if self._items and self._items[-1]:
            self._add(Piece("item", " ".join(filter(None, [self._numbers[-1], *self._items[-1]]))))
            self._items[-1], self._numbers[-1] = [], ""

    def _table(self) -> None:
        for piece in table_pieces(self._names, self._rows):
            self._add(piece)

    def _add(self, piece: Piece, bold: str = "") -> None:
        self.pieces.append((piece, bold))

    def _html(self, source: str) -> None:
        """Reads HTML that stands between blocks of Markdown, where `details` may hold such blocks."""
        source = re.sub(r"<!--.*?-->", "", source, flags=re.S)
        if not source.strip():
            return
        for part in _FOLD.split(source):
            tag = part[:9].lower()
            if tag.startswith("<details"):
                self._folds.append(self._level)
            elif tag.startswith("</details"):
                if self._folds:
                    self._level = self._folds.pop()
                    self._add(Piece("end", "", self._level + 1))
            elif tag.startswith("<summary"):
                if summary := " ".join(unescape(_TAG.sub("", part)).split()):
                    self._flush()
                    self._level = (self._folds[-1] if self._folds else self._level) + 1
                    self._add(Piece("heading", summary, self._level))
            elif part.strip():
                self._fragment(part)

    def _fragment(self, source: str) -> None:
        source, times = without_template_code(source, is_html=True)
        self._counts["short code"] += times
        if not _TAG.sub("", source).strip():
            return
        if source.lstrip().lower().startswith(("<!", "<?", "<script", "<style")):
            return
        try:
            from guide.articles.formats.fragment import markdown_of
        except ImportError:
            self._counts["html"] += 1
            self._text(" ".join(unescape(_TAG.sub(" ", source)).split()))
            return
        self.read(self._inner.parse(markdown_of(source)))


def _numbers_of(tokens: list[Token]) -> dict[int, str]:
    """The numbers of the items of ordered lists, such as `3.`, by the `id` of the tokens that open them: as they are
    written, but counted on from the first where all are written alike, as people do who leave counting to a program.
    """
    numbers: dict[int, str] = {}
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append([])
        elif token.type == "list_item_open" and token.info and lists:
            lists[-1].append(token)
        elif token.type in ("ordered_list_close", "bullet_list_close") and (items := lists.pop()):
            alike = len({item.info for item in items}) == 1
            first = int(items[0].info)
            for place, item in enumerate(items):
                numbers[id(item)] = f"{first + place if alike else item.info}{item.markup}"
    return numbers
