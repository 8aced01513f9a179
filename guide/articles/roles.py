"""What a section is for, as the front matter says or as its headings read."""

import re

from guide.articles.pieces import Parsed
from guide.records import SectionRole

_FAQ = re.compile(r"\bFAQs?\b|\bfrequently asked\b|\bquestions (?:and|&) answers\b|\bQ ?& ?A\b", re.I)


_HELP = re.compile(r"\bwhen\b.*\b(?:help|professional|support|doctor|therap\w*|counsel\w*)\b", re.I)


_ADVICE = re.compile(
    r"\bhow (?:to|can|do|should)\b|\btips?\b|\bstrateg\w+|\bways to\b|\bsteps\b|\bwhat (?:to|you can) do\b",
    re.I,
)


_CREDIT = re.compile(r"^about (?:the|this) (?:author|writer|article|text|guide)\b", re.I)


def role_of(path: tuple[str, ...], parsed: Parsed) -> SectionRole:
    """What a section is for: as the front matter says, otherwise as its headings read."""
    if not path:
        return "body"
    heading = path[-1]
    if heading == parsed.help_section or (not parsed.help_section and len(path) == 1 and _HELP.search(heading)):
        return "help"
    if _CREDIT.search(heading):
        return "credit"
    named = parsed.advice_sections
    if any(name in named or (not named and _ADVICE.search(name)) for name in path):
        return "advice"
    # A how-to among the frequent questions is advice as well.
    if len(path) > 1 and _FAQ.search(path[-2]):
        return "advice" if _ADVICE.search(heading) else "faq"
    return "body"


def is_faq_heading(heading: str) -> bool:
    """Whether the questions below `heading` are frequently asked ones."""
    return bool(_FAQ.search(heading))
