"""What pages fold away or say with attributes → plain headings, paragraphs and items, in the same place."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from guide.articles.formats.document import HEADINGS
from guide.text.normalise import words

_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_PANEL_NAME = re.compile(
    r"accordion|collaps|expand|toggle|panel|faq|answer|tab-?(?:content|pane)|disclosure|details", re.I
)
_NO_PANELS = ("html", "body", "head")
_MENU_ROLES = ("navigation", "menu", "dialog", "alertdialog", "search", "tooltip")
_MAX_WORDS_OF_QUESTION = 30
_MIN_WORDS_OF_TEXT = 8
AGAIN = "data-guide-again"
"""Marks a heading that is written a second time, where the text of its section goes on."""


Hidden = tuple[Any, list[str]]
"""The element in which hidden text stood, and the text's words."""


def unfold(tree: Any) -> list[Hidden]:
    """The hidden text that was taken out. Changes `tree` in place: a fold's question is a heading, its answer is shown,
    and where the section goes on after it, its heading stands again.
    """
    _roles(tree)
    opened = _targets(tree)
    folds = list(_folds(tree, opened))
    for question, panel in folds:
        _show(panel)
        _as_heading(question)
    for button in list(tree.iter("button")):
        holder = next(button.iterancestors(*HEADINGS, "summary"), None)
        if holder is not None:
            button.drop_tag()
    _go_on(tree, folds)
    _check_boxes(tree)
    return list(_hidden(tree))


def _roles(tree: Any) -> None:
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and element.get("role") == "heading" and element.tag not in HEADINGS:
            level = element.get("aria-level", "2")
            element.tag = f"h{level}" if re.fullmatch("[1-6]", level) else "h6"


def _targets(tree: Any) -> dict[str, Any]:
    """What opens each panel, by the panel's id."""
    opened: dict[str, Any] = {}
    for element in tree.iter("button", "a", "div", "span", "summary", "li", *HEADINGS):
        for name in ("aria-controls", "data-target", "data-bs-target", "href"):
            target = element.get(name, "")
            if target and (name == "aria-controls" or target.startswith("#")):
                opened.setdefault(target.lstrip("#"), element)
    return opened


def _folds(tree: Any, opened: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Each question and the panel with its answer."""
    for details in list(tree.iter("details")):
        summary = details.find("summary")
        if summary is not None and summary.text_content().strip():
            yield summary, details
            details.tag = "div"
    for panel in list(tree.iter("div", "section", "ul", "dd", "p", "article")):
        if not _is_hidden(panel) or panel.get("role") in _MENU_ROLES or not panel.text_content().strip():
            continue
        opener = opened.get(panel.get("id", "")) if panel.get("id") else None
        if opener is None and _is_panel(panel):
            opener = _question_before(panel)
        if opener is not None and 0 < len(words(opener.text_content())) <= _MAX_WORDS_OF_QUESTION:
            yield opener, panel


def _is_panel(panel: Any) -> bool:
    names = f"{panel.get('class', '')} {panel.get('id', '')}"
    return (
        panel.get("role") in ("region", "tabpanel")
        or bool(_PANEL_NAME.search(names))
        or _question_before(panel) is not None
    )


def _question_before(panel: Any) -> Any:
    before = panel.getprevious()
    if before is None or not isinstance(before.tag, str):
        return None
    return (
        before if before.tag in (*HEADINGS, "button", "dt", "summary") else next(before.iter(*HEADINGS, "button"), None)
    )


def _is_hidden(element: Any) -> bool:
    is_hidden = element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true"
    return is_hidden or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def _show(panel: Any) -> None:
    for element in (panel, *panel.iter("div", "section", "p", "ul")):
        for name in ("hidden", "aria-hidden"):
            if name in element.attrib:
                del element.attrib[name]
        if _HIDDEN_STYLE.search(element.get("style", "")):
            del element.attrib["style"]


def _as_heading(question: Any) -> None:
    """A question that isn't within a heading becomes one, below those of its section."""
    if question.tag in HEADINGS or next(question.iterancestors(*HEADINGS), None) is not None:
        return
    inner = next(question.iter(*HEADINGS), None)
    if inner is not None:
        question.tag = "div"
    elif question.tag != "dt":
        question.tag = "h6"
        for part in list(question.iter("p", "div")):
            part.drop_tag()


def _go_on(tree: Any, folds: list[tuple[Any, Any]]) -> None:
    """Writes a section's heading again where its text goes on after the last of its folds."""
    made = {id(question): question for question, _ in folds if question.tag == "h6"}
    current = None
    section: dict[int, Any] = {}
    for heading in tree.iter(*HEADINGS):
        if id(heading) in made:
            section[id(heading)] = current
        else:
            current = heading
    for question, panel in folds:
        above = section.get(id(question))
        if above is None or panel.getparent() is None:
            continue
        following = _next_text(panel)
        if following is None or following.tag in HEADINGS or next(following.iter(*HEADINGS), None) is not None:
            continue
        again = following.makeelement(above.tag)
        again.text = " ".join(above.text_content().split())
        again.set(AGAIN, "")
        following.addprevious(again)


def _next_text(panel: Any) -> Any:
    """The next block with words after `panel` beside it, or beside what holds nothing else."""
    element = panel
    for _ in range(4):
        for following in element.itersiblings():
            if isinstance(following.tag, str) and (following.text_content().strip()):
                return following
        element = element.getparent()
        if element is None or element.tag in ("body", "main", "article", "html"):
            return None
    return None


def _check_boxes(tree: Any) -> None:
    """What has a box to tick is an item."""
    for box in list(tree.iter("input")):
        if box.get("type", "").lower() not in ("checkbox", "radio"):
            continue
        label = next(box.iterancestors("label"), None)
        if label is None:
            following = box.getnext()
            label = following if following is not None and following.tag == "label" else None
        box.drop_tree()
        if label is None or next(label.iterancestors("li", "td"), None) is not None or label.tag != "label":
            continue
        label.tag = "li"
        holder = label.makeelement("ul")
        label.addprevious(holder)
        holder.tail, label.tail = label.tail, None
        holder.append(label)


def _hidden(tree: Any) -> Iterator[Hidden]:
    """Takes out what is hidden and no panel; gives what reads like text."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in (
            *_NO_PANELS,
            "script",
            "style",
            "svg",
            "path",
            "img",
            "i",
            "input",
        ):
            continue
        holder = element.getparent()
        if holder is None or not _is_hidden(element):
            continue
        for script in list(element.iter("script", "style")):
            script.drop_tree()
        said = words(element.text_content())
        is_menu = element.get("role") in _MENU_ROLES or next(element.iter("nav"), None) is not None
        linked = sum(len(words(link.text_content())) for link in element.iter("a"))
        if (
            element.tag in ("p", "div", "section", "ul", "ol")
            and len(said) >= 8
            and not is_menu
            and 2 * linked < len(said)
        ):
            yield holder, said
        element.drop_tree()


def said_of(hidden: Iterable[Hidden], article: Any) -> str:
    """The end of a sentence about the hidden text in `article`; nothing if there was none."""
    found = [
        said for holder, said in hidden if holder is article or any(one is article for one in holder.iterancestors())
    ]
    if not found:
        return ""
    return f"hides {sum(map(len, found)):,} words that aren't read, the first “{' '.join(found[0][:6])} …”."
