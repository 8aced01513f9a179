"""What a build's report says of many files, in one line for all that share it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from guide.articles.inspect import Notice, Sign
from guide.articles.sources import Skipped

NAMED = 3
"""How many of the files that share a line are named in it."""

KEPT = " The article stays in the index as it was read before."

SHARED: Mapping[Sign, str] = {
    "giant paragraph": "has one paragraph of very many words below a heading; divide it.",
    "long sentence": "has very long sentences; are full stops lost?",
    "headings": "has no headings, or short lines that stand as paragraphs; mark headings as such.",
    "characters": "has characters that were lost or mistaken; mind the file’s encoding.",
    "duplicate": "says something more than once, or shares sentences with another article.",
    "title": "has the same title as another article.",
}
"""What is said of several articles where what is said of one names its own words and numbers."""

_OWN = re.compile(r"“[^”]*”|\d[\d.,]*")
"""What is one article's own in a sentence about it: its words, and numbers."""

_OWN_LIST = re.compile(r": …(?:, …| and … more)*\.$")
"""What is left of a list of these at the end of a sentence."""


def grouped_notices(notices: Sequence[Notice], few: int) -> list[str]:
    """A line for each notice, but one for all those of a kind that more than `few` articles share, in the place of its
    first.
    """
    pairs = ((notice.article, f"{notice.article} {notice.text}", _shared(notice)) for notice in notices)
    return _grouped(pairs, few, "articles")


def grouped_skips(skipped: Sequence[Skipped], few: int) -> list[str]:
    """A line for each file that was skipped, but one for all those that share their reason, if these are more than
    `few`.
    """
    pairs = []
    for one in skipped:
        name, kept = str(one.path), KEPT if one.kept else ""
        pairs.append((one.path.name, one.reason + kept, one.reason.replace(name, "").strip(" :") + kept))
    return _grouped(pairs, few, "files")


def _shared(notice: Notice) -> str:
    return SHARED.get(notice.sign) or _OWN_LIST.sub(".", _OWN.sub("…", notice.text))


def _grouped(pairs: Iterable[tuple[str, str, str]], few: int, noun: str) -> list[str]:
    """Lines of (whom it is about, what is said of it alone, what is said of all that share it)."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, line, shared in pairs:
        groups.setdefault(shared, []).append((name, line))
    lines: list[str] = []
    for shared, members in groups.items():
        names = list(dict.fromkeys(name for name, _ in members))
        if len(names) <= few:
            lines += [line for _, line in members]
            continue
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        lines.append(f"{len(names)} {noun} ({', '.join(names[:NAMED])}{more}): each {shared}")
    return lines
