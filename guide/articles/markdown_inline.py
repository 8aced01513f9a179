"""The words of a line of Markdown, as they are read: without marks, and with no word that was crossed out."""

import re
from collections import Counter

from markdown_it.token import Token

NO_TEXT = {
    "struck": "has text that is crossed out; it is left out ({}).",
    "task": "has boxes that are ticked; their ticks are left out ({}).",
    "short code": "has short codes or variables of another program; nothing is known of what they show ({}).",
    "embedded": "embeds other files, which aren't read ({}).",
    "formula": "has formulas, which stand as “[formula]” ({}).",
    "note": "has marks of footnotes that stand nowhere; they are left out ({}).",
    "power": "has raised numbers after numbers, which are left out as marks of footnotes ({}).",
    "html": "has HTML within its text, which is read without its headings and lists; `pip install "
    "'quoted-guide[formats]'` brings what reads it ({}).",
}
"""What there is to say of each kind of thing that is no text, with how often it stands there."""

_STRUCK = re.compile(r"<(/?)(?:del|s|strike)\b[^>]*>", re.I)
_RAISED = re.compile(r"<(/?)sup\b[^>]*>", re.I)
_LOST_NOTE = re.compile(r"\[\^[^\]\s]{1,30}\](?!\()")
_UNIT = re.compile(r"(?:^|[\s\d(/])(?:[kcdmµ]?m|ft|in|s|kg)$")
_POWERS = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")


class Inline:
    """The words of an inline token, and what is to be known of them."""

    def __init__(self, token: Token, counts: Counter[str]) -> None:
        self._counts = counts
        self._children = token.children or []
        self._parts: list[str] = []
        self._struck = self._bold = self._linked = 0
        self._raised = -1
        self._first: str | None = None
        self._all_bold = True
        self.all_links = any(child.type == "link_open" for child in self._children)
        """Whether all words are those of links."""
        self.is_picture = self.all_links and any(child.type == "image" for child in self._children)
        """Whether there is nothing but pictures that are links, such as badges."""
        hrefs = [str(child.attrs.get("href", "")) for child in self._children if child.type == "link_open"]
        self.to_headings = bool(hrefs) and all(href.startswith("#") for href in hrefs)
        codes = [child.content for child in self._children if child.type == "short_code"]
        self._closed = {found[1] for code in codes if (found := re.match(r"\{\{[<%]?\s*/\s*([\w.-]+)", code))}
        self._worded = [
            number
            for number, child in enumerate(self._children)
            if child.type not in ("short_code", "html_inline") and child.content.strip()
        ]
        for number, child in enumerate(self._children):
            self._read(child, number)
        self.text = _one_line("".join(self._parts))
        self.first_line = len(self.text if self._first is None else self._first)
        """Where the first line ends."""
        first = self.text[: self.first_line]
        self.bold = first if self._all_bold and self._has_bold else ""
        """The words of the first line, if all of them are bold."""

    _has_bold = _has_words = False

    def _read(self, child: Token, number: int) -> None:
        match child.type:
            case "text" | "code_inline" | "image" | "wiki_link":
                self._word(child)
            case "softbreak" | "hardbreak":
                self._break()
            case "strong_open" | "strong_close":
                self._bold += child.nesting
            case "link_open" | "link_close":
                self._linked += child.nesting
            case "s_open" | "s_close":
                self._strike(opens=child.nesting == 1)
            case "html_inline":
                self._html(child.content)
            case "short_code":
                self._short_code(child.content, number)
            case "formula":
                self._counts["formula"] += 1
                self._put(child.content)

    def _word(self, child: Token) -> None:
        content = child.content
        if child.type == "text" and "[^" in content:
            content, lost = _LOST_NOTE.subn("", content)
            self._counts["note"] += lost
        if child.type == "wiki_link" and not content:
            self._counts["embedded"] += 1
        self.is_picture = self.is_picture and (child.type == "image" or not content.strip())
        self._put(content)

    def _put(self, content: str) -> None:
        if self._struck:
            return
        self._parts.append(content)
        if content.strip():
            self._has_words = True
            self.all_links = self.all_links and (self._linked > 0 or not re.search(r"\w", content))
            if self._first is None:
                self._has_bold = self._has_bold or self._bold > 0
                self._all_bold = self._all_bold and (self._bold > 0 or not content.strip(" :*"))

    def _break(self) -> None:
        if self._first is None and self._has_words:
            self._first = _one_line("".join(self._parts))
        self._parts.append(" ")

    def _strike(self, *, opens: bool) -> None:
        self._struck = max(0, self._struck + (1 if opens else -1))
        self._counts["struck"] += opens

    def _html(self, tag: str) -> None:
        if tag.lower().startswith("<br"):
            self._break()
        elif found := _STRUCK.fullmatch(tag):
            self._strike(opens=not found[1])
        elif found := _RAISED.fullmatch(tag):
            if not found[1]:
                self._raised = len(self._parts)
            elif self._raised >= 0:
                before, mark = (
                    "".join(self._parts[max(0, self._raised - 3) : self._raised]),
                    "".join(self._parts[self._raised :]).strip(),
                )
                self._parts[self._raised :] = [self._raised_as(before, mark)]
                self._raised = -1

    def _raised_as(self, before: str, mark: str) -> str:
        """A raised mark as it is read: the mark of a note as nothing, a power in raised digits, all else as it is."""
        if re.fullmatch(r"[\d+\-−n]{1,4}", mark):
            is_power = re.search(r"(?:^|\D)(?:2|10)$", before) or (mark in "234" and _UNIT.search(before))
            if is_power or not mark.isdigit():
                return mark.translate(_POWERS)
            self._counts["power"] += bool(re.search(r"\d$", before))
            return ""
        return "" if re.fullmatch(r"[\[(]?(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[*†‡§¶]{1,3}|[a-h])[\])]?", mark) else mark

    def _short_code(self, code: str, number: int) -> None:
        """Leaves out what formats the words around it; what shows a word in the middle of others stands as […]."""
        self._counts["short code"] += 1
        if code.startswith(("{%", "{{%", "{{</", "{{< /")):
            return
        before = bool(self._worded) and self._worded[0] < number
        after = bool(self._worded) and self._worded[-1] > number
        name = re.search(r"[\w.-]+", code)
        shows = (before and after) if code.startswith("{{<") else (before or after)
        if shows and not (name and name[0] in self._closed):
            self._put("[…]")


def plain_line(markdown: str) -> str:
    """Some Markdown of one line without its marks.

    >>> plain_line("Be *careful*")
    'Be careful'
    """
    from guide.articles.markdown_dialects import extended

    (token,) = extended().parseInline(markdown)
    return Inline(token, Counter()).text


def _one_line(text: str) -> str:
    return " ".join(text.split())
