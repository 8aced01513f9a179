"""Lists as programs write them → lists whose items are marked as such, and nothing glued to them."""

import re
from itertools import groupby
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from guide.articles.formats.tables import cell_text

_BULLET = re.compile(r"^\s*[•●○◦▪▫‣⁃∙·■□➢➤►✓✔☐☑]\s+(?=\S)")
_DASH = re.compile(r"^\s*[-*]\s+(?=\S)")
_NUMBER = re.compile(r"^\s*\(?(\d{1,2}|[a-z])[.)]\s+(?=\S)")

_LETTERS = {"a": ascii_lowercase, "A": ascii_uppercase}
"""What a list counts with, by its type in HTML."""


def mend_lists(tree: Any) -> None:
    """Changes `tree` in place: definitions and typed bullets are items of lists, and what follows a list within an item
    is a paragraph of its own.
    """
    for definitions in list(tree.iter("dl")):
        _definitions(definitions)
    _typed(tree)
    for counted in list(tree.iter("ol")):
        _count(counted)
    for inner in list(tree.iter("ul", "ol")):
        holder = inner.getparent()
        if holder is not None and holder.tag == "li" and (inner.tail or "").strip():
            rest = holder.makeelement("p")
            rest.text, inner.tail = inner.tail, None
            for following in list(inner.itersiblings()):
                if following.tag in ("ul", "ol", "p", "div"):
                    break
                rest.append(following)
            inner.addnext(rest)


def _count(counted: Any) -> None:
    """A list that is counted by letters has them in its text; one that is counted in another way than from a number on
    has no numbers, lest a wrong one be quoted.
    """
    kind = counted.get("type", "1")
    items = [part for part in counted if part.tag == "li"]
    if kind == "1" and "reversed" not in counted.attrib and not any(item.get("value") for item in items):
        return
    counted.tag = "ul"
    for letter, item in zip(_LETTERS.get(kind, ()), items, strict=False):
        first = next((part for part in item.iter() if (part.text or "").strip()), item)
        first.text = f"{letter}. {(first.text or '').lstrip()}"


def _definitions(definitions: Any) -> None:
    """Each description becomes an item that begins with what it describes."""
    definitions.tag = "ul"
    terms: list[str] = []
    unused: list[Any] = []
    described = False
    for part in list(definitions.iter("dt", "dd")):
        if part.tag == "dt":
            terms, unused = ([], []) if described else (terms, unused)
            described = False
            terms.append(cell_text(part))
            unused.append(part)
        else:
            if terms:
                part.text = f"{', '.join(terms)}: {(part.text or '').lstrip()}"
            for term in unused:
                term.tail = None
                term.drop_tree()
            unused = []
            described = True
        part.tag = "li"


def _typed(tree: Any) -> None:
    """Paragraphs that begin with a bullet, or with numbers or dashes in a row, become items."""
    paragraphs = [part for part in tree.iter("p") if next(part.iterancestors("li", "td", "th"), None) is None]
    for paragraph in paragraphs:
        _divide(paragraph)
    paragraphs = [part for part in tree.iter("p") if next(part.iterancestors("li", "td", "th"), None) is None]
    for _, same in groupby(paragraphs, key=lambda part: (id(part.getparent()), _sign(part))):
        run = list(same)
        pattern = _sign(run[0])
        if pattern is None or (pattern is not _BULLET and not _in_order(run, pattern)):
            continue
        mark = found[1] if pattern is _NUMBER and (found := pattern.match(run[0].text_content())) else ""
        holder = run[0].makeelement("ol" if mark.isdigit() else "ul")
        if mark.isdigit():
            holder.set("start", str(int(mark)))
        run[0].addprevious(holder)
        for item in run:
            first = next(part for part in item.iter() if (part.text or "").strip())
            # A letter is the item's number, and stays.
            first.text = first.text if mark and not mark.isdigit() else pattern.sub("", first.text)
            item.tag = "li"
            holder.append(item)


def _divide(paragraph: Any) -> None:
    """Lines of one paragraph that each begin with a bullet become paragraphs."""
    breaks = [line for line in paragraph if line.tag == "br"]
    if not any(_BULLET.match(line.tail or "") for line in breaks):
        return
    for line in reversed(breaks):
        if not _BULLET.match(line.tail or ""):
            continue
        item = paragraph.makeelement("p")
        item.text = line.tail
        for following in list(line.itersiblings()):
            item.append(following)
        item.tail, paragraph.tail = paragraph.tail, None
        paragraph.addnext(item)
        paragraph.remove(line)


def _sign(paragraph: Any) -> Any:
    text = paragraph.text_content()
    first = next((part.text for part in paragraph.iter() if (part.text or "").strip()), "")
    return next(
        (pattern for pattern in (_BULLET, _DASH, _NUMBER) if pattern.match(text) and pattern.match(first)), None
    )


def _in_order(run: list[Any], pattern: Any) -> bool:
    """Whether there are several, and their numbers or letters go up one by one."""
    if len(run) < 2 or pattern is not _NUMBER:
        return len(run) > 1
    marks = [found[1] for part in run if (found := pattern.match(part.text_content()))]
    values = [int(mark) if mark.isdigit() else ord(mark) for mark in marks]
    return values == list(range(values[0], values[0] + len(values)))
