"""Template code of other programs: what Nunjucks, Liquid, Hugo or ERB fill in when they make a page of a file."""

import re
from collections.abc import Callable

_OPENS = re.compile(
    r"(?P<code><(?P<tag>pre|code|script|style)\b)"
    r"|(?P<fence>^ {0,3}(?P<mark>`{3,}|~{3,}))"
    r"|(?P<ticks>`+)"
    r"|(?<![\w}^_\\])(?P<shows>\{\{)|(?P<does>\{%|<%|\{\#(?=\s))",
    re.M,
)
_ENDS = {"{%": "%}", "<%": "%>", "{#": "#}"}
_BRACE = re.compile(r"[{}]")
_MAX_CHARACTERS = 20_000
"""How long a piece of template code may be, such as the cells of a table."""


def without_template_code(
    text: str, *, is_html: bool, leave: Callable[[str], bool] = lambda code: False
) -> tuple[str, int]:
    """HTML or Markdown without template code (`{{ … }}`, `{% … %}`, `<% … %>`, `{# … #}`), and how many pieces of it
    there were. What shows something within a line stands as […]; code samples stay, and what `leave` says.

    >>> without_template_code("<p>Call {{ phone }} now.</p>{% endblock %}", is_html=True)
    ('<p>Call […] now.</p>', 2)
    """
    if not any(mark in text for mark in ("{{", "{%", "<%", "{#")):
        return text, 0
    kept: list[str] = []
    place = written = times = 0
    lost: set[str] = set()
    while found := _OPENS.search(text, place):
        if found["code"] or found["fence"] or found["ticks"]:
            place = _end_of_sample(text, found, lost, is_html=is_html)
            continue
        end = _end(text, found, lost)
        code = text[found.start() : end]
        place = end or found.end()
        if not end or leave(code):
            continue
        times += 1
        shows = found["shows"] or code.startswith("<%=")
        kept += [text[written : found.start()], "[…]" if shows and _within_line(text, found.start(), end) else ""]
        written = end
    return "".join([*kept, text[written:]]), times


def said_of_template_code(times: int) -> str:
    """What there is to say of template code that was left out, as the end of a sentence that begins with the file's
    name; nothing if there was none.
    """
    often = f"{times} time{'s' if times > 1 else ''}"
    return (
        f"has template code of another program, which is left out with what it would show ({often})." if times else ""
    )


def _end_of_sample(text: str, found: re.Match[str], lost: set[str], *, is_html: bool) -> int:
    """Where a sample of code ends; where it begins, if it is none. `lost` gathers the ends that don't come any more."""
    if found["code"]:
        end = f"</{found['tag']}"
    elif is_html:
        return found.end()
    else:
        end = f"\n{found['mark']}" if found["fence"] else found["ticks"]
    at = -1 if end in lost else text.find(end, found.end())
    if at < 0:
        lost.add(end)
        return len(text) if found["fence"] else found.end()
    return at + len(end)


def _end(text: str, found: re.Match[str], lost: set[str]) -> int:
    """Where template code ends; 0 if it doesn't. `lost` gathers the ends that don't come any more."""
    if found["shows"]:
        # Its data may hold braces.
        depth = 0
        for brace in _BRACE.finditer(text, found.start(), found.start() + _MAX_CHARACTERS) if "{" not in lost else ():
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                return brace.end()
        lost.add("{")
    end = "}}" if found["shows"] else _ENDS[found["does"]]
    at = -1 if end in lost else text.find(end, found.end())
    if at < 0:
        lost.add(end)
    return at + len(end) if 0 <= at <= found.start() + _MAX_CHARACTERS else 0


def _within_line(text: str, start: int, end: int) -> bool:
    """Whether words stand on both sides on the line, and not within a tag."""
    before = text[max(text.rfind("\n", max(start - 500, 0), start) + 1, start - 500, 0) : start].rstrip()
    line_end = text.find("\n", end, end + 500)
    after = text[end : line_end if line_end >= 0 else end + 500].lstrip()
    in_tag = before.rfind("<") > before.rfind(">")
    return bool(before and after) and not in_tag and before[-1] not in ">}" and after[0] not in "<{"
