"""Markdown → pieces, by way of markdown-it-py's tokens."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from guide.articles.pieces import Parsed, Piece
from guide.errors import ArticleError

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---(?:\n|\Z)", re.S)
_TAG = re.compile(r"<[^<>]*>")
_NO_TEXT = ("<!", "<?", "<script", "<style")
"""The beginnings of HTML that holds nothing to read."""

KEYS = {
    "title", "author", "source", "based_on", "source_author", "publication", "language", "licence",
    "help_section", "advice_sections", "questions",
}  # fmt: skip


def parse_markdown(text: str) -> Parsed:
    """The pieces of a Markdown article and what its front matter says.

    Raises:
        ArticleError: the front matter isn't YAML of the known keys.
    """
    about, body = _front_matter(text)
    pieces = list(_pieces(MarkdownIt("commonmark").enable("table").parse(body)))
    questions = {str(name): _texts(asked, "questions") for name, asked in (about.get("questions") or {}).items()}
    return Parsed(
        pieces,
        title=_text(about, "title"),
        author=_text(about, "author") or _text(about, "source_author"),
        source=_text(about, "source") or _text(about, "based_on"),
        language=_text(about, "language") or "en",
        licence=_text(about, "licence"),
        help_section=_text(about, "help_section"),
        advice_sections=_texts(about.get("advice_sections") or [], "advice_sections"),
        questions=questions,
    )


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    found = _FRONT_MATTER.match(text)
    if not found:
        if re.match(rf"---\n(?:{'|'.join(KEYS)}):", text):
            raise ArticleError("The front matter has no end; close it with a line of three hyphens.")
        return {}, text
    try:
        about = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 2})" if where else ""
        raise ArticleError(f"The front matter isn't valid YAML{line}; write it as `key: value` lines.") from None
    if about is None:
        return {}, text[found.end() :]
    if not isinstance(about, dict):
        raise ArticleError("The front matter isn't a mapping; write it as `key: value` lines.")
    if unknown := sorted(str(key) for key in about if key not in KEYS):
        raise ArticleError(f"The front matter has {', '.join(unknown)}; the known keys are {', '.join(sorted(KEYS))}.")
    if not isinstance(about.get("questions") or {}, dict):
        raise ArticleError("The front matter's `questions` must map a section's heading to a list of questions.")
    return about, text[found.end() :]


def _text(about: dict[str, Any], key: str) -> str:
    value = about.get(key)
    # YAML reads an unquoted `no` as a truth value, and a date as a date.
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
        raise ArticleError(f"The front matter's `{key}` must be a text, and is {type(value).__name__}; quote it.")
    return "" if value is None else str(value)


def _texts(values: Any, key: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ArticleError(f"The front matter's `{key}` must hold lists of texts.")
    return tuple(values)


def _pieces(tokens: list[Token]) -> Iterator[Piece]:
    """Walks the token stream once; a list item's or a quotation's paragraphs are read where they stand."""
    titled = False
    items: list[list[str]] = []
    cells: list[str] = []
    in_head = False
    for number, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                level, text = int(token.tag[1]), _inline(tokens[number + 1])
                kind = "title" if level == 1 and not titled else "heading"
                titled = titled or level == 1
                if text:
                    yield Piece("title" if kind == "title" else "heading", text, level)
            case "list_item_open":
                if items and items[-1]:
                    # What stands before a nested list is an item of its own.
                    yield Piece("item", " ".join(items[-1]))
                    items[-1] = []
                items.append([])
            case "list_item_close":
                if texts := items.pop():
                    yield Piece("item", " ".join(texts))
            case "thead_open" | "thead_close":
                in_head = token.type == "thead_open"
            case "tr_open":
                cells = []
            case "tr_close":
                if in_head or any(cells):
                    yield Piece("columns" if in_head else "row", "", cells=tuple(cells))
            case "inline" if tokens[number - 1].type in ("th_open", "td_open"):
                cells.append(_inline(token))
            case "inline" | "fence" | "code_block" | "html_block" if text := _running_text(token, tokens[number - 1]):
                if items:
                    items[-1].append(text)
                else:
                    yield Piece("paragraph", text)


def _running_text(token: Token, before: Token) -> str:
    """The text of a paragraph, of code or of HTML; nothing for the words of a heading."""
    match token.type:
        case "inline":
            return _inline(token) if before.type == "paragraph_open" else ""
        case "html_block":
            has_text = not token.content.lstrip().lower().startswith(_NO_TEXT)
            return " ".join(unescape(_TAG.sub(" ", token.content)).split()) if has_text else ""
        case _:
            return " ".join(token.content.split())


def _inline(token: Token) -> str:
    """The plain text of an inline token: no emphasis marks, link targets or HTML tags."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or child.content.lower().startswith("<br"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return " ".join("".join(parts).split())
