"""Marks in the middle of sentences that would make them say something else: footnote marks, powers and formulas."""

import re
from typing import Any

FORMULA = "[formula]"
"""What stands for a formula, which plain text can't show."""

_NOTE_TYPES = {"noteref", "doc-noteref", "biblioref", "doc-biblioref"}
_NOTE_BODIES = {"footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes", "doc-footnote", "doc-endnote",
                "doc-endnotes"}  # fmt: skip
_NOTE_CLASS = re.compile(r"(?:^|[\s_-])(?:foot-?note|end-?note|note-?ref|fn-?ref|fnref|reference|citation)", re.I)
_NOTE = re.compile(r"[\s\[(]*(?:\d{1,3}|[*†‡§¶]{1,3}|[a-h]|[ivx]{1,4})(?:\s*[,;–-]\s*\d{1,3})*[\s\])]*")
_BACK = re.compile(r"[\s^↩↑⏎\ufe0e\ufe0f]*")
_UNIT = re.compile(r"(?:^|[\s\d(/])(?:[kcdmμµ]?m|ft|in|yd|mi|s|sec|h|kg)$")
_VARIABLE = re.compile(r"(?:^|[\s(+=*/·×−-])[B-HJ-Zb-z]$|\)$")
_POWERS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_BLOCKS = ("p", "li", "td", "th", "div", "dd", "dt", "br", "h1", "h2", "h3", "h4", "h5", "h6", "body")
_FORMULAS = ("math", "mjx-container")
_FORMULA_CLASS = re.compile(r"(?:^|\s)(?:mwe-math-element|katex(?:-display)?|MathJax(?:_Display|_SVG|_CHTML)?)(?:\s|$)")


def mend_marks(tree: Any) -> tuple[str, ...]:
    """What there is to say of numbers that may have been powers, as the end of a sentence that begins with the file's
    name. Changes `tree` in place: footnote marks go, footnotes stand at the end below “Notes”, a power stays a power,
    and a formula is called one.
    """
    name_formulas(tree)
    # Notes are counted from 1 on: where no raised number is 1, a 2 or 3 after a number is a power.
    counted = any(raised.text_content().strip(" []()") == "1" for raised in tree.iter("sup"))
    _notes(tree)
    unsure = [said for raised in list(tree.iter("sup")) if (said := _raised(raised, counted=counted))]
    if not unsure:
        return ()
    return (
        f"has {len(unsure)} raised numbers after numbers, which are left out as footnote marks, such as {unsure[0]}.",
    )


def name_formulas(tree: Any) -> None:
    """Changes `tree` in place: each formula is called one."""
    found = [
        element
        for element in tree.iter()
        if isinstance(element.tag, str)
        and (element.tag.rpartition(":")[2] in _FORMULAS or _FORMULA_CLASS.search(element.get("class", "")))
    ]
    outer = set(found)
    for element in found:
        if not any(above in outer for above in element.iterancestors()):
            for inner in list(element):
                element.remove(inner)
            element.text, element.tag = FORMULA, "span"
            element.attrib.clear()
    for preview in list(tree.iter("script")):
        if preview.get("type", "").startswith("math/") and not _shown_before(preview):
            preview.tag, preview.text = "span", FORMULA
            preview.attrib.clear()


def _shown_before(preview: Any) -> bool:
    before = preview.getprevious()
    return before is not None and (before.text or "") == FORMULA and not (before.tail or "").strip()


def _types(element: Any) -> set[str]:
    return set(f"{element.get('epub:type', '')} {element.get('role', '')}".split())


def _notes(tree: Any) -> None:
    """Takes out what refers to a note, and puts the notes themselves at the end."""
    for link in list(tree.iter("a", "span")):
        text = link.text_content()
        if _types(link) & _NOTE_TYPES and len(text) <= 12:
            holder = link.getparent()
            target = holder if holder is not None and holder.tag == "sup" and holder.text_content() == text else link
            target.drop_tree()
        elif link.tag == "a" and text.strip() and _BACK.fullmatch(text) and link.get("href", "#").startswith("#"):
            link.drop_tree()
    bodies = [
        element
        for element in tree.iter("aside", "section", "div", "li", "ol", "p")
        if _types(element) & _NOTE_BODIES or re.fullmatch(r"(?:foot|end)note-\d+", element.get("id", ""))
    ]
    outer = set(bodies)
    bodies = [body for body in bodies if not any(above in outer for above in body.iterancestors())]
    body = tree if tree.tag != "html" else tree.find("body")
    if not bodies or body is None:
        return
    heading = body.makeelement("h2")
    heading.text = "Notes"
    heading.set("class", "guide-notes")
    lists = []
    for note in bodies:
        tail, note.tail = note.tail, None
        place = note.getparent()
        before = note.getprevious()
        if tail and before is not None:
            before.tail = (before.tail or "") + tail
        elif tail:
            place.text = (place.text or "") + tail
        place.remove(note)
        if not note.text_content().strip():
            continue
        if note.tag == "li":
            holder = body.makeelement("ul")
            holder.append(note)
            note = holder
        elif note.tag == "aside":
            note.tag = "div"
        lists.append(note)
    if lists:
        body.append(heading)
        body.extend(lists)


def _raised(raised: Any, *, counted: bool) -> str:
    """A note's mark is dropped; a power is written with raised digits; “st” and the like stay as they are. What is
    given back are the words around a mark that may have been a power, otherwise nothing.
    """
    text = " ".join(raised.text_content().split())
    before = _text_before(raised)
    has_link = next(raised.iter("a"), None) is not None
    is_named = bool(_NOTE_CLASS.search(f"{raised.get('class', '')} {raised.get('id', '')}"))
    if _NOTE.fullmatch(text) and (has_link or is_named or not _is_power(before, text, counted=counted)):
        raised.drop_tree()
        is_sure = has_link or is_named or not (text.isdigit() and re.search(r"\d$", before))
        return "" if is_sure else f"{text} after “{' '.join(before.split()[-3:])}”"
    if re.fullmatch(r"[\d+\-−=()ni ]+", text):
        for inner in list(raised):
            raised.remove(inner)
        raised.text = text.replace(" ", "").translate(_POWERS)
        raised.drop_tag()
    return ""


def _is_power(before: str, text: str, *, counted: bool) -> bool:
    """Whether a raised sign after these words is a power, or the end of an ordinal or abbreviation; `counted` says that
    the text has notes, whose marks are numbers.
    """
    if text.isalpha():
        # 1<sup>a</sup>, n<sup>o</sup>; after a whole word a letter is a note's mark.
        return not re.search(r"[^\W\d_]{2}[.,;:!?”’\")]*$|[.,;:!?”’\")]$", before)
    if not text.isdigit():
        return False
    if number := re.search(r"(?:^|[^\d.,])(\d+)$", before):
        is_year = re.fullmatch("(?:1[5-9]|20)[0-9]{2}", number[1])
        return number[1] in ("2", "10") or (text in ("2", "3") and not counted and not is_year)
    return text in ("2", "3", "4") and bool(_UNIT.search(before) or _VARIABLE.search(before))


def _text_before(element: Any) -> str:
    """The last words before an element in its block."""
    found = ""
    while element is not None and len(found) < 40 and element.tag not in _BLOCKS:
        for before in element.itersiblings(preceding=True):
            inside = before.text_content() if isinstance(before.tag, str) and before.tag not in _BLOCKS else ""
            found = inside + (before.tail or "") + found
            if len(found) >= 40 or before.tag in _BLOCKS:
                return found[-40:]
        element = element.getparent()
        found = ((element.text if element is not None else "") or "") + found
    return found[-40:]
