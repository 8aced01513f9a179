"""What a section is for, as the front matter says or as its headings read."""

import re
from collections.abc import Sequence

from guide.articles.credits import is_about, is_references, leads_around, lists_literature
from guide.articles.pieces import Parsed
from guide.records import SectionRole

_FAQ = re.compile(r"\bFAQs?\b|\bfrequently asked\b|\bquestions (?:and|&) answers\b|\bQ ?& ?A\b", re.I)


_HELPERS = r"(?:help|professionals?|support|doctors?|therap\w*|counsel\w*|psycholog\w*|psychiatr\w*)"

_SEEK = (
    r"(?:(?:seek|get|see|call|ask|find|look|turn|reach|consider|consult|contact|visit|speak|talk|go)(?:e?s|t?ing)?"
    r"|(?:I|you|we)(?: \w+)? need)"
)
_HELP = re.compile(
    # What may stand between is bounded: a heading can be as long as a book.
    rf"\bwhen\b.{{0,60}}\b{_SEEK}\b.{{0,60}}\b{_HELPERS}\b"
    rf"|\bwhen\b.{{0,60}}\b{_HELPERS}\b.{{0,60}}\b(?:needed|necessary|due|useful|helps?|makes? sense|right|best)\b",
    re.I,
)
"""A heading over when to look for help; one over when to help or support somebody else isn't meant."""


_ADVICE = re.compile(
    r"\bhow (?:to|can|do|should)\b|\btips?\b|\bstrateg\w+|\bways to\b|\bsteps\b|\bwhat (?:to|you can) do\b",
    re.I,
)


def role_of(path: tuple[str, ...], parsed: Parsed, title: str = "", texts: Sequence[str] = ()) -> SectionRole:
    """What a section of these `texts` is for: as the front matter says, otherwise as its headings read.

    What the front matter says of a heading holds for those below it, unless it says otherwise of them. The
    introduction, which has no heading, goes by the article's `title`, and only where the front matter names that.
    """
    for name in reversed(path or (title,)):
        if name and name == parsed.help_section:
            return "help"
        if name in parsed.advice_sections:
            return "advice"
    if not path:
        return "body"
    if not parsed.help_section and any(_HELP.search(name) for name in path):
        return "help"
    leads = leads_around(path[-1], texts) or lists_literature(path[-1], texts)
    if leads or is_about(path[-1]) or any(map(is_references, path)):
        return "credit"
    if not parsed.advice_sections and any(_ADVICE.search(name) for name in path):
        return "advice"
    # A how-to among the frequent questions is advice as well.
    if len(path) > 1 and _FAQ.search(path[-2]):
        return "advice" if _ADVICE.search(path[-1]) else "faq"
    return "body"


def is_faq_heading(heading: str) -> bool:
    """Whether the questions below `heading` are frequently asked ones."""
    return bool(_FAQ.search(heading))
