"""What a section is for, as the front matter says or as its headings read."""

import re

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


_CREDIT = re.compile(r"^about (?:the|this) (?:author|writer|article|text|guide)\b", re.I)

_REFERENCES = re.compile(
    r"(?:[\d.]+ )?(?:"
    r"(?:list of |selected |key |all )?(?:references?|sources|bibliography|citations|works cited|literature)"
    r"(?: (?:and|&) (?:notes|sources|references|further reading|external links|resources|citations))?"
    r"|notes and references|notes|foot-?notes|end-?notes|further reading|external links|see also"
    r"|licen[cs]e(?:s|d under.{0,60}| information)?|licen[cs]ing|copyright(?: notice)?|acknowledge?ments?"
    r"|(?:image )?credits|contributors|editorial (?:process|policy|standards)"
    r"|bibliografía|referencias|fuentes|notas|enlaces externos|véase también|licencia|agradecimientos)\W*",
    re.I,
)
"""Headings over what an article is made of, each as a whole: “Sources of stress” is none."""

_NAVIGATION = re.compile(
    r"(?:related (?:articles|posts|pages|topics|stories|content|reading|links)|you may also like"
    r"|more (?:articles|stories)|read (?:next|more)|recommended(?: reading)?"
    r"|(?:table of )?contents|toc|navigation|on this page|in this (?:article|guide|section|page)|índice)\W*",
    re.I,
)
"""Headings over what leads around or away. What stands below them may be the article itself, set one level too low."""


def role_of(path: tuple[str, ...], parsed: Parsed, title: str = "") -> SectionRole:
    """What a section is for: as the front matter says, otherwise as its headings read.

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
    if is_about(path[-1]) or _NAVIGATION.fullmatch(path[-1]) or any(_REFERENCES.fullmatch(name) for name in path):
        return "credit"
    if not parsed.advice_sections and any(_ADVICE.search(name) for name in path):
        return "advice"
    # A how-to among the frequent questions is advice as well.
    if len(path) > 1 and _FAQ.search(path[-2]):
        return "advice" if _ADVICE.search(path[-1]) else "faq"
    return "body"


def is_about(heading: str) -> bool:
    """Whether what is below `heading` says who wrote the article, or how it came about."""
    return bool(_CREDIT.search(heading))


def is_faq_heading(heading: str) -> bool:
    """Whether the questions below `heading` are frequently asked ones."""
    return bool(_FAQ.search(heading))
