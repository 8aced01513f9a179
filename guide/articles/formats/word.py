"""A Word document's parts → the same without hidden words and tables of contents, with headings and formulas that
mammoth can tell.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from guide.articles.formats.marks import FORMULA
from guide.text.normalise import words

HEADING = "GuideHeading"
"""The style of headings, with their level after it."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_NAMED = re.compile(r"heading ([1-9])", re.I)
_CONTENTS = re.compile(r"toc (?:[1-9]|heading)|table of figures", re.I)
_MAX_WORDS_OF_HEADING = 30
_MAX_WORDS_ABOVE_CONTENTS = 4
_TEXTS = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml")


def prepare(parts: Mapping[str, Any]) -> tuple[str, ...]:
    """What there is to say of the document, as ends of sentences that begin with the file's name. Changes the trees of
    `parts` in place: hidden words and tables of contents go, each formula is called one, and a paragraph with an
    outline level, of its own or of a style that its style is based on, has a heading's style.
    """
    styles = _Styles(parts.get("word/styles.xml"))
    hidden: list[str] = []
    for name, part in parts.items():
        if _TEXTS.fullmatch(name):
            _name_formulas(part)
            hidden += _take_hidden(part, styles)
            _take_contents(part, styles)
            _mark_headings(part, styles)
    if not (said := words(" ".join(hidden))):
        return ()
    return (f"hides {len(said)} words that aren't read, the first “{' '.join(said[:6])} …”.",)


class _Styles:
    """What the document's styles say, with those that they are based on."""

    def __init__(self, part: Any) -> None:
        styles = part.iter(f"{_W}style") if part is not None else ()
        self._styles = {style.get(f"{_W}styleId", ""): style for style in styles}

    def _chain(self, name: str) -> Iterator[Any]:
        seen = set[str]()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            base = self._styles[name].find(f"{_W}basedOn")
            name = base.get(f"{_W}val", "") if base is not None else ""

    def level(self, name: str) -> int:
        """The level of a heading of this style from 1 on; 0 if it is none."""
        for style in self._chain(name):
            outline = style.find(f"{_W}pPr/{_W}outlineLvl")
            if outline is not None:
                return _outline(outline)
            called = style.find(f"{_W}name")
            if called is not None and (found := _NAMED.fullmatch(called.get(f"{_W}val", ""))):
                return int(found[1])
        return 0

    def numbering(self, name: str) -> Any:
        """What makes paragraphs of this style items of a list; nothing if they are none."""
        found = (style.find(f"{_W}pPr/{_W}numPr") for style in self._chain(name))
        return next((one for one in found if one is not None), None)

    def is_of_contents(self, name: str) -> bool:
        """Whether a paragraph of this style is a line of a table of contents, or of a list of figures."""
        names = (style.find(f"{_W}name") for style in self._chain(name))
        return any(called is not None and _CONTENTS.fullmatch(called.get(f"{_W}val", "")) for called in names)

    def is_hidden(self, name: str) -> bool:
        """Whether text of this style is hidden."""
        marks = (style.find(f"{_W}rPr/{_W}vanish") for style in self._chain(name))
        return next((_is_on(mark) for mark in marks if mark is not None), False)


def counts_as_shown(parts: Mapping[str, Any]) -> bool:
    """Whether all numbered lists of the document count 1, 2, 3 from their first item to the last. mammoth reads them
    so, whatever a document says; what is counted by letters, begins later or goes on after a paragraph would be
    misquoted.
    """
    part = parts.get("word/numbering.xml")
    holders = {one.get(f"{_W}abstractNumId"): one for one in part.iter(f"{_W}abstractNum")} if part is not None else {}
    lists: dict[str, tuple[str, Any]] = {}
    for one in part.iter(f"{_W}num") if part is not None else ():
        base = one.find(f"{_W}abstractNumId").get(f"{_W}val")
        # Lists on one base count on from each other, unless they begin anew.
        anew = one.find(f"{_W}lvlOverride/{_W}startOverride") is not None
        lists[one.get(f"{_W}numId", "")] = (one.get(f"{_W}numId") if anew else base, holders.get(base))
    styles = _Styles(parts.get("word/styles.xml"))
    seen: set[str] = set()
    last = ""
    for paragraph in parts["word/document.xml"].iter(f"{_W}p"):
        properties = paragraph.find(f"{_W}pPr")
        number = properties.find(f"{_W}numPr") if properties is not None else None
        number = styles.numbering(_style_of(properties, "pStyle")) if number is None else number
        name, holder = lists.get(_style_of(number, "numId"), ("", None))
        level = _style_of(number, "ilvl") or "0"
        shown = [one for one in holder.iter(f"{_W}lvl") if one.get(f"{_W}ilvl") == level] if holder is not None else []
        if shown and _style_of(shown[0], "numFmt") == "bullet":
            name = ""
        elif shown and not _is_plain(shown[0]):
            return False
        if name in seen and name != last:
            return False
        if _text(paragraph).strip():
            seen |= {name} - {""}
            last = name
    return True


def _is_plain(level: Any) -> bool:
    """Whether a list's level counts from 1 on in numbers, and shows nothing else."""
    text = re.fullmatch(r"\(?%\d[.)]?", _style_of(level, "lvlText"))
    return _style_of(level, "numFmt") == "decimal" and (_style_of(level, "start") or "1") == "1" and text is not None


def _outline(element: Any) -> int:
    value = element.get(f"{_W}val", "")
    return int(value) + 1 if re.fullmatch("[0-8]", value) else 0


def _is_on(mark: Any) -> bool:
    return mark.get(f"{_W}val", "true").lower() not in ("0", "false", "off")


def _style_of(properties: Any, kind: str) -> str:
    style = properties.find(f"{_W}{kind}") if properties is not None else None
    return style.get(f"{_W}val", "") if style is not None else ""


def _name_formulas(part: Any) -> None:
    for formula in list(part.iter(f"{_MATH}oMath")):
        for inner in list(formula):
            formula.remove(inner)
        formula.tag = f"{_W}r"
        formula.append(text := formula.makeelement(f"{_W}t"))
        text.text = FORMULA
    for group in list(part.iter(f"{_MATH}oMathPara")):
        # What mammoth doesn't know it passes over with all that is in it.
        holder, place = group.getparent(), group.getparent().index(group)
        for number, run in enumerate(list(group.iter(f"{_W}r"))):
            holder.insert(place + number, run)
        holder.remove(group)


def _take_hidden(part: Any, styles: _Styles) -> Iterator[str]:
    for paragraph in part.iter(f"{_W}p"):
        in_style = styles.is_hidden(_style_of(paragraph.find(f"{_W}pPr"), "pStyle"))
        for run in list(paragraph.iter(f"{_W}r")):
            properties = run.find(f"{_W}rPr")
            mark = properties.find(f"{_W}vanish") if properties is not None else None
            is_hidden = in_style or styles.is_hidden(_style_of(properties, "rStyle"))
            if _is_on(mark) if mark is not None else is_hidden:
                yield "".join(text.text or "" for text in run.iter(f"{_W}t"))
                run.getparent().remove(run)


def _take_contents(part: Any, styles: _Styles) -> None:
    """Takes out the lines of tables of contents, and the few words that stand right above them."""
    lines = [p for p in part.iter(f"{_W}p") if styles.is_of_contents(_style_of(p.find(f"{_W}pPr"), "pStyle"))]
    taken = set(lines)
    for line in lines:
        above = line.getprevious()
        is_first = above is not None and above.tag == f"{_W}p" and above not in taken
        if is_first and len(words(_text(above))) <= _MAX_WORDS_ABOVE_CONTENTS and _text(above).strip():
            taken.add(above)
            above.getparent().remove(above)
        line.getparent().remove(line)


def _mark_headings(part: Any, styles: _Styles) -> None:
    for paragraph in part.iter(f"{_W}p"):
        properties = paragraph.find(f"{_W}pPr")
        if properties is None or not _is_short(paragraph):
            continue
        outline = properties.find(f"{_W}outlineLvl")
        name = _style_of(properties, "pStyle")
        level = _outline(outline) if outline is not None else styles.level(name)
        style = properties.find(f"{_W}pStyle")
        if not level and styles.level(name) and style is not None:
            # Its outline level says that it is no heading.
            properties.remove(style)
        elif level:
            if style is None:
                style = properties.makeelement(f"{_W}pStyle")
                properties.insert(0, style)
            style.set(f"{_W}val", f"{HEADING}{level}")


def _is_short(paragraph: Any) -> bool:
    return len(words(_text(paragraph))) <= _MAX_WORDS_OF_HEADING


def _text(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))
