"""HTML as programs write it → HTML whose headings, lists and tables are marked as what they are."""

import re
from typing import Any

from guide.errors import ArticleError
from guide.text.normalise import words

_DROPPED = "script style noscript template iframe object svg math form button input select textarea nav img".split()
_BLOCKS = "p div ul ol dl table blockquote h1 h2 h3 h4 h5 h6".split()
_MAX_WORDS_OF_BOLD_HEADING = 14
_MAX_CELLS = 100_000
"""Of a table with its merged cells written out, lest a number in a file makes it one of millions."""


def tree_of(page: str) -> Any:
    """The tree of the HTML in `page`, without comments; a tree without text if there is none."""
    from lxml import html

    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    return html.document_fromstring(page if page.strip() else "<p></p>", parser=parser)


def repair_html(tree: Any) -> None:
    """Changes `tree` in place: tables without merged cells, captions as paragraphs above them, definitions as items of
    lists, and headings without links to themselves.
    """
    for link in [link for link in tree.iter("a") if re.fullmatch(r"[¶#§🔗\s]+", link.text_content())]:
        link.drop_tree()
    for table in list(tree.iter("table")):
        if table.find(".//table") is not None:
            _dissolve(table)
        else:
            _fill(table)
    for definitions in list(tree.iter("dl")):
        _list(definitions)


def tidy(tree: Any) -> None:
    """Changes `tree` in place: mended, with nothing that isn't text, and lines of nothing but bold type as headings."""
    for element in list(tree.iter(*_DROPPED)):
        element.drop_tree()
    repair_html(tree)
    for paragraph in list(tree.iter("p")):
        if _is_bold_heading(paragraph):
            paragraph.tag = "h6"


def _dissolve(table: Any) -> None:
    """Makes a table that only places others on a page an ordinary part of it."""
    table.tag = "div"
    for part in table.iter("tr", "td", "th", "caption"):
        owner = next(part.iterancestors("table"), None)
        if owner is None:
            part.tag = "div"
    for part in [part for part in table.iter("thead", "tbody", "tfoot") if part.getparent() is table]:
        part.drop_tag()


def _fill(table: Any) -> None:
    """Writes merged cells out, so that all rows have the same number of cells, and puts the caption above the table."""
    for caption in list(table.iter("caption")):
        caption.tag = "p"
        caption.tail = None
        table.addprevious(caption)
    covered: dict[tuple[int, int], Any] = {}
    rows = list(table.iter("tr"))
    for y, row in enumerate(rows):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        x = 0
        for cell in cells:
            while (y, x) in covered:
                x += 1
            for below in range(min(_span(cell, "rowspan"), len(rows) - y)):
                for beside in range(_span(cell, "colspan")):
                    covered[y + below, x + beside] = cell
                if len(covered) > _MAX_CELLS:
                    raise ArticleError(f"has a table of more than {_MAX_CELLS:,} cells; split it.")
    if not covered:
        return
    width = 1 + max(x for _, x in covered)
    for y, row in enumerate(rows):
        for cell in [cell for cell in row if cell.tag in ("td", "th")]:
            row.remove(cell)
        for x in range(width):
            cell = row.makeelement("th" if y == 0 else "td")
            if (y, x) in covered:
                cell.text = _text(covered[y, x])
            row.append(cell)


def _text(element: Any) -> str:
    """The words of an element, those of blocks in it kept apart."""
    for block in [part for part in element.iter(*_BLOCKS, "li", "br") if part is not element]:
        block.tail = f" {block.tail or ''}"
        if block.tag != "br":
            block.text = f" {block.text or ''}"
    return " ".join(element.text_content().split())


def _span(cell: Any, name: str) -> int:
    number = cell.get(name, "1").strip()
    return max(int(number), 1) if re.fullmatch("[0-9]{1,4}", number) else 1


def _list(definitions: Any) -> None:
    """Makes a list of definitions a list whose items are a term and what it stands for."""
    definitions.tag = "ul"
    term = None
    for part in list(definitions.iter("dt", "dd")):
        if part.tag == "dt":
            term = part
            part.tag = "li"
        elif term is None:
            part.tag = "li"
        else:
            term.tail = None
            part.tag = "li"
            part.text = f"{_text(term)}: {(part.text or '').lstrip()}"
            term.drop_tree()
            term = None


def _is_bold_heading(paragraph: Any) -> bool:
    """Whether a paragraph is a short line of nothing but bold type, with text after it."""
    text = paragraph.text_content().strip()
    bold = "".join(part.text_content() for part in paragraph.iterchildren("b", "strong"))
    short = 0 < len(words(text)) <= _MAX_WORDS_OF_BOLD_HEADING and not text.endswith((".", ",", ";", ":"))
    if (
        not short
        or "".join(text.split()) != "".join(bold.split())
        or next(paragraph.iterancestors("li", "table", "blockquote"), None) is not None
    ):
        return False
    following = paragraph.getnext()
    return following is not None and following.tag in _BLOCKS
