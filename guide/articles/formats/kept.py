"""How many of a page's words are kept, section by section, and what is missing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guide.articles.formats.document import HEADINGS
from guide.articles.formats.main_part import blocks, is_around, text_of
from guide.text.normalise import words

ENOUGH = 0.9
"""The share of a section's words below which it is said that some are missing."""

_MIN_MISSING = 10
"""Fewer words are a button, a date or a caption."""


@dataclass
class _Part:
    """A section of a page: its words, and those that were kept."""

    heading: str
    shown: int = 0
    kept: int = 0
    missing: str = ""


def loss(page: Any, article: Any) -> str:
    """The end of a sentence about the sections of `page` of whose words fewer than nine tenths stand in `article`, with
    the first that are missing; nothing if there are none.

    Sections before the first kept heading and after the last, and what a page marks as navigation and the like, are
    around the article and not counted.
    """
    parts = [(part, words(text)) for part, text in _parts(page)]
    whole = Counter(tuple(words(text_of(block))) for block in blocks(article))
    # What of a block is kept, where only a part of it is.
    left = Counter(word for text in (whole - Counter(tuple(text) for _, text in parts)).elements() for word in text)
    for part, said in parts:
        if whole[tuple(said)] > 0:
            whole[tuple(said)] -= 1
            found = len(said)
        else:
            taken = Counter(said) & left
            left.subtract(taken)
            found = taken.total()
        part.shown += len(said)
        part.kept += found
        if not part.missing and 2 * found < len(said):
            part.missing = " ".join(said[:6])
    sections = list({id(part): part for part, _ in parts}.values())
    kept = [number for number, part in enumerate(sections) if part.kept >= ENOUGH * part.shown and part.shown]
    if not kept:
        return ""
    poor = [
        part
        for part in sections[kept[0] : kept[-1] + 1]
        if part.kept < ENOUGH * part.shown and part.shown - part.kept >= _MIN_MISSING and part.missing
    ]
    if not poor:
        return ""
    missing = sum(part.shown - part.kept for part in poor)
    shown = sum(part.shown for part in sections[kept[0] : kept[-1] + 1])
    where = f" below “{poor[0].heading[:60]}”" if poor[0].heading else ""
    return (
        f"lost {missing:,} of the {shown:,} words that the page shows, in {len(poor)} of its sections; the first "
        f"missing{where}: “{poor[0].missing} …”."
    )


def _parts(page: Any) -> Iterator[tuple[_Part, str]]:
    """The blocks of a page, each with the section that it stands in."""
    body = page.find("body") if page.tag == "html" else page
    around = {element for element in body.iter() if isinstance(element.tag, str) and is_around(element)}
    part = _Part("")
    for block in blocks(body):
        if block in around or any(above in around for above in block.iterancestors()):
            continue
        if block.tag in HEADINGS:
            part = _Part(" ".join(block.text_content().split()))
        yield part, text_of(block)


def _folded(text: str) -> list[str]:
    return words(text)
