"""The lines of plain text, as printers and fixed widths left them → lines as they were written."""

import re
from collections import Counter
from collections.abc import Sequence

from guide.text.lexicon import english
from guide.text.normalise import words

MAX_WIDTH = 100
"""Nobody breaks lines at more characters than this; longer ones are whole paragraphs."""

_MIN_WIDTH = 45
_PAGE_NUMBER = re.compile(r"\W*(?:page |seite |p\. ?)?(?:\d{1,4}|[ivxlc]{1,6})(?: ?(?:/|of|von) ?\d{1,4})?\W*", re.I)
_ALIGNED = re.compile(r"\S(?:\t| {3,})\S|^[ \t]*[|+]")
"""What a table's row or a drawing looks like."""

_SUSPENDED = {"and", "or", "to", "und", "oder", "y", "o", "et", "ou"}


def without_page_ends(text: str) -> tuple[str, str]:
    r"""The text without form feeds and what stands at the head and foot of its pages, and what there is to say of that,
    as the end of a sentence that begins with the article's name.

    >>> without_page_ends("Tea guide\nIt is\n1\n\fTea guide\nmild.\n2\n")[0]
    'It is\nmild.'
    """
    pages = [page.split("\n") for page in text.replace("\r\n", "\n").replace("\r", "\n").split("\f")]
    if len(pages) < 2:
        return text, ""
    ends = [_ends(page) for page in pages]
    times = Counter(_look(page[n]) for page, places in zip(pages, ends, strict=True) for n in places)
    kept, lost = "", Counter[str]()
    for page, places in zip(pages, ends, strict=True):
        often = max(2, len(pages) / 2)
        out = {n for n in places if times[_look(page[n])] >= often or _PAGE_NUMBER.fullmatch(page[n])}
        lost.update(page[n].strip() for n in out)
        body = "\n".join(line for n, line in enumerate(page) if n not in out).strip("\n")
        if not body.strip():
            continue
        goes_on = kept and not re.search(r"[.!?:”\"’)]\s*$", kept) and body.lstrip()[:1].islower()
        kept = body if not kept else f"{kept}\n{body}" if goes_on else f"{kept}\n\n{body}"
    if not lost:
        return kept, ""
    name = next((line for line, _ in lost.most_common() if re.search(r"[^\W\d_]{2}", line)), lost.most_common(1)[0][0])
    return kept, f"has {lost.total()} lines at the head or foot of its pages that are left out, such as “{name[:60]}”."


def _ends(page: Sequence[str]) -> list[int]:
    """The places of the first and the last two lines of a page that hold something."""
    filled = [n for n, line in enumerate(page) if line.strip()]
    return sorted({*filled[:2], *filled[-2:]})


def _look(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).casefold()


class Wrapping:
    """Whether the lines of a text were broken at a fixed width, and what they are when joined again."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.split("\n") if line.strip()]
        lengths = sorted(len(line) for line in lines if len(line) >= _MIN_WIDTH)
        short = sum(length <= MAX_WIDTH for length in lengths)
        is_fixed = len(lengths) >= 3 and short >= 0.97 * len(lengths)
        self.width = lengths[int(0.97 * (short - 1))] if is_fixed else 0
        """The width that lines were broken at, in characters; 0 if they weren't."""
        self._text = text
        self._known: set[str] = set()

    def goes_on(self, line: str, below: str) -> bool:
        """Whether `below` goes on with the sentence of `line`: a word was broken, or its first word found no room."""
        if _broken(line) and below[:1].islower():
            return True
        if not self.width or _ALIGNED.search(line) or _ALIGNED.search(below):
            return False
        if below[0].isspace() and not line[0].isspace():
            return False
        return len(line.rstrip()) + 1 + len(below.split(maxsplit=1)[0]) > self.width

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as one, with words whole that were broken at their ends."""
        parts = [lines[0].strip()]
        for line in lines[1:]:
            below = line.strip()
            broken = _broken(parts[-1])
            if not broken or not below[:1].isalnum():
                parts.append(f" {below}")
                continue
            first = words(below)[0]
            if first.lower() in _SUSPENDED:
                parts.append(f" {below}")
            else:
                if below[0].islower() and not self._has_hyphen(broken, first):
                    parts[-1] = parts[-1][:-1]
                parts.append(below)
        return "".join(parts)

    def _has_hyphen(self, before: str, after: str) -> bool:
        """Whether the two are a word with a hyphen: as the text writes them elsewhere, else as English does."""
        if not self._known:
            self._known = {word.lower() for word in words(self._text)}
        before, after = before.lower(), after.lower()
        if f"{before}-{after}" in self._known:
            return True
        if before + after in self._known or before + after in english():
            return False
        # “time-and-a-half” goes on with more hyphens.
        return before in english() and after.partition("-")[0] in english()


def _broken(line: str) -> str:
    """The beginning of the word that a hyphen breaks at the end of `line`, if there is one."""
    found = re.search(r"\w*\Z", line[-40:-1]) if line.endswith("-") else None
    return found[0] if found else ""
