"""The Markdown of today's programs: a parser for CommonMark with what GitHub, pandoc, Obsidian, Hugo, Jekyll, MkDocs
and Docusaurus add to it. The marks become tokens, so that none is quoted as text, and nothing within code is touched.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

_SHORT_CODE = re.compile(r"\{\{(?!\{)[^{}\n]{1,300}\}\}|\{%[^{}\n]{1,300}%\}")
_WIKI_LINK = re.compile(
    r"!?\[\[([^\[\]|\n]{0,200})(?:\\?\|([^\[\]\n]{0,200}))?\]\]"
    # A link whose target is a short code.
    r"|\[([^\[\]\n]{1,200})\]\(\s*\{[{%][^{}\n]{1,300}[}%]\}[^()\s]*\s*\)"
)
_ATTRIBUTES = re.compile(
    r"""\{(?::[^{}\n]{0,200}|\s*[#.][\w:-]+(?:\s+(?:[#.]?[\w:-]+)(?:=(?:"[^"{}\n]*"|\S+))?)*\s*)\}"""
)
_COMMENT = re.compile(r"%%[^%\n]{0,300}%%")
_HIGHLIGHT = re.compile(r"==(?=[^\s=])|(?<=[^\s=])==(?!=)")
_FORMULA = re.compile(r"\$\$[^$]{1,2000}\$\$|\$(?=\S)(?=[^$\n]{0,200}(?:\\[A-Za-z]|[\^_]))[^$\n]{1,200}(?<=\S)\$(?!\d)")
_ORIGIN = re.compile(r":contentReference\[[^\]\n]{0,80}\]\{[^{}\n]{0,80}\}")
"""What a chat assistant leaves in texts that are copied from it, in place of a link to its source."""

_IMPORT = re.compile(
    r"(?:import\s.{1,200}?from\s+['\"][^'\"\n]+['\"];?|export\s+(?:const|default|function)\b.{0,300})$"
)
_MAX_LINES_OF_COMMENT = 100
_CONTENTS = re.compile(r"(?:\[\[?_?TOC_?\]?\]|\{:toc\}|\$toc|@\[toc\](?:\(.{0,40}\))?)$", re.I)


@lru_cache(maxsize=1)
def commonmark() -> MarkdownIt:
    """A parser for what other formats are turned into: CommonMark with tables."""
    return MarkdownIt("commonmark").enable("table")


@lru_cache(maxsize=1)
def extended() -> MarkdownIt:
    """A parser for Markdown as people write it. Beside those of its plugins it makes the tokens `short_code`,
    `wiki_link`, `formula`, `comment` and, for lines of their own, `comment_block`.
    """
    parser = MarkdownIt("commonmark", {"tasklists": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin).use(admon_plugin)
    container_plugin(parser, "any", validate=lambda params, *_: True)
    parser.inline.ruler.before("escape", "short_code", _short_code)
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.inline.ruler.before("escape", "left_out", _left_out)
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.block.ruler.before("paragraph", "left_out", _left_out_lines, {"alt": ["paragraph"]})
    return parser


def is_short_code(text: str) -> bool:
    """Whether the parser for Markdown as people write it takes all of `text` for one short code."""
    return bool(_SHORT_CODE.fullmatch(text))


def _short_code(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "{" or not (found := _SHORT_CODE.match(state.src, state.pos)):
        return False
    return _token(state, found, "short_code", found[0], silent)


def _wiki_link(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "[!" or not (found := _WIKI_LINK.match(state.src, state.pos)):
        return False
    if found[3]:
        return _token(state, found, "wiki_link", found[3], silent)
    page, _, place = found[1].partition("#")
    words = "" if found[0].startswith("!") else (found[2] or page or place.replace("#", " ")).strip()
    return _token(state, found, "wiki_link", words, silent)


def _left_out(state: StateInline, silent: bool) -> bool:
    """Attributes, comments and the marks of a highlight, which hold no words to read."""
    marks = {"{": _ATTRIBUTES, "%": _COMMENT, "=": _HIGHLIGHT, ":": _ORIGIN}
    pattern = marks.get(state.src[state.pos])
    if pattern is None or not (found := pattern.match(state.src, state.pos)):
        return False
    return _token(state, found, "comment", "", silent)


def _formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$" or not (found := _FORMULA.match(state.src, state.pos)):
        return False
    return _token(state, found, "formula", "[formula]", silent)


def _token(state: StateInline, found: re.Match[str], name: str, content: str, silent: bool) -> bool:
    if not silent:
        state.push(name, "", 0).content = content
    state.pos = found.end()
    return True


def _left_out_lines(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines of their own for programs alone: imports, the place of a table of contents, comments of several lines."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    last = start
    if line.startswith("%%") and line.count("%%") == 1:
        until = min(end, start + _MAX_LINES_OF_COMMENT)
        last = next(
            (n for n in range(start + 1, until) if state.src[state.bMarks[n] : state.eMarks[n]].endswith("%%")), -1
        )
        if last < 0:
            return False
    elif not (_IMPORT.match(line) or _CONTENTS.match(line)):
        return False
    if not silent:
        state.line = last + 1
        state.push("comment_block", "", 0).content = line
    return True
