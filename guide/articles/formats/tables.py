"""Tables as programs write them → tables whose first row names the columns only where the table shows it."""

import re
from typing import Any

from guide.articles.column_names import names_columns
from guide.errors import ArticleError
from guide.text.normalise import words

_BLOCKS = "p div ul ol dl table blockquote h1 h2 h3 h4 h5 h6 section article header footer pre figure details".split()
_MAX_CELLS = 100_000
"""Of a table with its merged cells written out, lest a number in a file makes it one of millions."""


def repair_table(table: Any) -> None:
    """Changes `table` in place: without merged cells, its caption as a paragraph above it, and its first row marked as
    names only if it shows that it holds them. What only places things on a page becomes an ordinary part of it, and so
    does a table of one row or column.

    Raises:
        ArticleError: it has more cells than are allowed.
    """
    for caption in [part for part in table if part.tag == "caption"]:
        caption.tag = "p"
        caption.tail = None
        table.addprevious(caption)
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    if _only_places(table, rows):
        _dissolve(table)
    else:
        _fill(table, rows)


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _only_places(table: Any, rows: list[Any]) -> bool:
    """Whether it is one of the tables that lay out a page, or has but one row or column."""
    if table.find(".//table") is not None or table.get("role") in ("presentation", "none"):
        return True
    filled = [[cell for cell in _cells(row) if cell.text_content().strip()] for row in rows]
    filled = [cells for cells in filled if cells]
    if len(filled) < 2 or all(
        len(cells) == 1 and len(_cells(row)) == 1 for row, cells in zip(rows, filled, strict=False)
    ):
        return True
    if next(table.iter("h1", "h2", "h3", "h4"), None) is None:
        return False
    in_cells = sum(next(cell.iter("h1", "h2", "h3", "h4"), None) is not None and len(words(cell.text_content())) > 12
                   for cells in filled for cell in cells)  # fmt: skip
    return in_cells > 0


def _dissolve(table: Any) -> None:
    table.tag = "div"
    for part in list(table.iter("tr", "td", "th")):
        if next(part.iterancestors("table"), None) is None and part.tag in ("tr", "td", "th"):
            has_blocks = next(part.iter(*_BLOCKS, "td", "th", "tr"), part) is not part or part.tag == "tr"
            has_blocks = has_blocks or any(inner is not part for inner in part.iter(*_BLOCKS))
            part.tag = "div" if has_blocks else "p"
    for part in [part for part in table.iter("thead", "tbody", "tfoot", "colgroup") if part.getparent() is table]:
        part.drop_tag()


def _fill(table: Any, rows: list[Any]) -> None:
    """Writes merged cells out, so that all rows have the same number of cells."""
    named = _has_names(table, rows)
    covered: dict[tuple[int, int], Any] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in _cells(row):
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
        for cell in _cells(row):
            row.remove(cell)
        for x in range(width):
            cell = row.makeelement("th" if y == 0 and named else "td")
            if (y, x) in covered:
                cell.text = cell_text(covered[y, x])
            row.append(cell)
    for part in list(table.iter("thead", "tbody", "tfoot", "colgroup")):
        part.drop_tag()
    if not named:
        head = rows[0].makeelement("tr")
        head.extend([head.makeelement("th") for _ in range(width)])
        rows[0].addprevious(head)


def _has_names(table: Any, rows: list[Any]) -> bool:
    """Whether the first row holds the names of the columns: as it is marked, or as it differs from those below it."""
    first, others = _cells(rows[0]), [_cells(row) for row in rows[1:]]
    if not first or not any(others):
        return False
    texts, below = _texts(first), [_texts(row) for row in others]
    cells_marked = [cell.tag == "th" and cell.get("scope") != "row" for cell in first]
    # The corner above the names of rows is often an empty cell of the ordinary kind.
    is_marked = all(mark or not text for mark, text in zip(cells_marked, texts, strict=True)) and any(cells_marked)
    if is_marked and not any(texts):
        return True  # the row of a table whose columns have no names
    if is_marked or rows[0].getparent().tag == "thead":
        return names_columns(texts, below)
    if any(cell.tag == "th" for row in [first, *others] for cell in row):
        return False
    is_bold = _all_bold(first) and not all(_all_bold(row) for row in others if row)
    return names_columns(texts, below, marked=is_bold)


def _texts(cells: list[Any]) -> list[str]:
    return [" ".join(cell.text_content().split()) for cell in cells]


def _all_bold(cells: list[Any]) -> bool:
    def is_bold(cell: Any) -> bool:
        bold = "".join(part.text_content() for part in cell.iter("b", "strong"))
        text = "".join(cell.text_content().split())
        return not text or "".join(bold.split()) == text

    return any(cell.text_content().strip() for cell in cells) and all(map(is_bold, cells))


def cell_text(element: Any) -> str:
    """The words of an element, those of blocks in it kept apart."""
    for block in [part for part in element.iter(*_BLOCKS, "li", "br") if part is not element]:
        block.tail = f" {block.tail or ''}"
        if block.tag != "br":
            block.text = f" {block.text or ''}"
    return " ".join(element.text_content().split())


def _span(cell: Any, name: str) -> int:
    number = cell.get(name, "1").strip()
    return max(int(number), 1) if re.fullmatch("[0-9]{1,4}", number) else 1
