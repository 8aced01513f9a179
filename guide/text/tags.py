"""Tags of languages (BCP 47), as people and programs write them, and the direction in which a language is written."""

import re
from typing import Literal

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wy-z](?:-[a-z0-9]{2,8})+)*"
)
"""A tag without what Guide has no use for: extended languages and private use."""
_LOCALE_END = re.compile(r"[.@].*")

_RIGHT_TO_LEFT_SCRIPTS = frozenset("Adlm Arab Aran Hebr Mand Mend Nkoo Orkh Rohg Samr Syrc Thaa Yezi".split())
_RIGHT_TO_LEFT = frozenset(
    "ar arc arz azb bal ckb dv fa glk he iw ji ks lrc mzn nqo pnb prs ps sd sdh syr ug ur yi".split()
)
"""Languages that are written from right to left where their tag names no script, by ISO 639 code."""


def language_tag(written: str) -> str:
    """The tag that somebody wrote, with its language, script and region as BCP 47 writes them; empty where it is none.

    >>> language_tag("en_US"), language_tag("PT-br"), language_tag("zh-hant-tw"), language_tag("de_DE.UTF-8")
    ('en-US', 'pt-BR', 'zh-Hant-TW', 'de-DE')
    >>> language_tag("de-DE-1996"), language_tag("English"), language_tag("<b>"), language_tag("")
    ('de-DE', '', '', '')
    """
    found = _TAG.fullmatch(_LOCALE_END.sub("", written.strip()).replace("_", "-").lower())
    if found is None:
        return ""
    script, region = found["script"] or "", found["region"] or ""
    return "-".join(filter(None, (found["language"], script.title(), region.upper())))


def language_alone(tag: str) -> str:
    """The language of a tag, without its script and region; empty where it is none.

    >>> language_alone("en-US"), language_alone("pt_BR"), language_alone("nonsense")
    ('en', 'pt', '')
    """
    return language_tag(tag).partition("-")[0]


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """The direction in which the language of a tag is written; from left to right where that isn't known.

    >>> direction("ar-EG"), direction("az-Arab"), direction("ar-Latn"), direction("de"), direction("nonsense")
    ('rtl', 'rtl', 'ltr', 'ltr', 'ltr')
    """
    language, *rest = language_tag(tag).split("-")
    script = next((part for part in rest if len(part) == 4), "")
    is_rtl = script in _RIGHT_TO_LEFT_SCRIPTS if script else language in _RIGHT_TO_LEFT
    return "rtl" if is_rtl else "ltr"
