"""The front matter of a Markdown article → what it says of the article, the text below it, and what it says in vain."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from guide.text.normalise import normalise
from guide.text.tags import language_tag

KEYS = (
    "title", "author", "source", "based_on", "source_author", "publication", "language", "licence",
    "help_section", "advice_sections", "questions",
)  # fmt: skip
"""The keys that Guide knows."""

ALIASES = {
    "lang": "language", "locale": "language", "license": "licence", "authors": "author", "description": "description",
    "summary": "description", "excerpt": "description",
}  # fmt: skip
"""What site generators call the same; the key of Guide counts where both stand there."""

MAX_FRONT_MATTER = 64 * 1024
"""YAML is read slowly, and nobody writes more than this about an article."""

_FENCED = {
    "---": re.compile(r"\A---\n(.*?)^(?:---|\.\.\.)(?:\n|\Z)", re.S | re.M),
    "+++": re.compile(r"\A\+\+\+\n(.*?)^\+\+\+(?:\n|\Z)", re.S | re.M),
}
_BARE = re.compile(r"\A(?:---\n\n+)?((?:[a-z]\w{0,30}:(?: .*)?\n(?:[ \t]+\S.*\n|- .*\n)*){2,})(?:---\n|(?=\n|#))")
_KEY = re.compile(r"[\"']?[A-Za-z_][\w .-]{0,40}[\"']?\s*[:=](?:\s|$)")
_LINE = re.compile(r"(\w+): +(\S.*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an article's front matter says, in the keys of Guide and `description`; `notes` are ends of sentences that
    begin with the article's name.
    """

    texts: Mapping[str, str]
    advice_sections: tuple[str, ...]
    questions: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]


def read_front_matter(text: str) -> tuple[FrontMatter, str]:
    """What the front matter of `text` says, and the text below it. YAML stands between lines of `---` (or ends with
    `...`), TOML between lines of `+++`, JSON in braces. Faults lose what they are in, and stand in the notes.
    """
    about, body, notes = _read(text.lstrip("\n"))
    texts, ours, others = {}, {}, []
    for name, value in about.items():
        key = _key(name)
        if key in ("advice_sections", "questions"):
            ours[key] = value
        elif key not in (*KEYS, "description"):
            others.append(name)
        elif name.lower() in KEYS or key not in texts:
            said = _text(value)
            if said is None:
                notes.append(f"has front matter whose `{name}` is no text and isn't used.")
            elif said:
                texts[key] = said
    if (language := texts.pop("language", "")) and (tag := language_tag(language)):
        texts["language"] = tag
    elif language:
        notes.append(
            f"has front matter whose `language`, {language[:40]!r}, is no code such as `en` or `pt-BR` and isn't used."
        )
    advice = _texts(ours.get("advice_sections"))
    if advice is None:
        notes.append("has front matter whose `advice_sections` is no list of headings and isn't used.")
    questions = _questions(ours.get("questions"))
    if questions is None:
        notes.append("has front matter whose `questions` doesn't map headings to lists of questions and isn't used.")
    notes += _on_others(others)
    return FrontMatter(texts, advice or (), questions or {}, tuple(notes)), body


def _key(name: str) -> str:
    return ALIASES.get(name.lower(), name.lower())


def _read(text: str) -> tuple[dict[str, Any], str, list[str]]:
    """The front matter's keys and values, the text below it, and what is wrong with it."""
    if bare := _BARE.match(text):
        about, is_any, notes = _parsed(bare[1], "---")
        if is_any and any(_key(name) == "title" for name in about):
            return (
                about,
                text[bare.end() :],
                ["has front matter that doesn't stand right below a line of `---`.", *notes],
            )
    if text.startswith("{"):
        return _json(text)
    fence = text[:3]
    first = re.match(r"(?:\n*(?=---|\+\+\+|\.\.\.))?.*", text[4:])
    begins = first is not None and (_KEY.match(first[0]) or first[0].lstrip("\n").startswith(("#", "{", fence, "...")))
    if fence not in _FENCED or text[3:4] != "\n" or not begins:
        return {}, text, []
    found = _FENCED[fence].match(text)
    if found is None:
        # Up to the first line that can't belong to it.
        end = re.search(r"^(?![\w\"']+[ \w.-]*\s*[:=]|[ \t]+\S|- )", text[4:], re.M)
        source, body = text[4 : 4 + end.start()] if end else text[4:], text[4 + end.start() :] if end else ""
        about, _, notes = _parsed(source, fence)
        return about, body, [f"has front matter without an end; close it with a line of `{fence}`.", *notes]
    about, is_any, notes = _parsed(found[1], fence)
    return (about, text[found.end() :], notes) if is_any else ({}, text, [])


def _parsed(source: str, fence: str) -> tuple[dict[str, Any], bool, list[str]]:
    """The keys and values of front matter, whether it is any, and what is wrong with it."""
    if len(source) > MAX_FRONT_MATTER:
        return {}, True, [f"has front matter of {len(source):,} characters, which isn't read."]
    try:
        # Without types: YAML reads an unquoted `no` as a truth value, and dates as dates.
        about: object = tomllib.loads(source) if fence == "+++" else _yaml(source)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 2})" if where else ""
        kind = "TOML" if fence == "+++" else "YAML"
        kept = _simple_lines(source) if fence == "---" else {}
        names = " and ".join(f"`{name}`" for name in kept)
        but = f"; only its {names} could be read" if kept else ""
        return kept, True, [f"has front matter that isn't valid {kind}{line}{but}; quote texts that hold a colon."]
    if about is None or about == "":
        return {}, True, []
    return (dict(about), True, []) if isinstance(about, dict) else ({}, False, [])


def _yaml(source: str) -> object:
    return yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and mappings alone


def _simple_lines(source: str) -> dict[str, str]:
    """The texts that stand on lines of their own in front matter that is no YAML."""
    lines = [found for line in source.split("\n") if (found := _LINE.fullmatch(line))]
    return {
        line[1]: line[2].strip("\"'")
        for line in lines
        if line[1] in ("title", "author", "language", "lang", "source", "licence") and line[2][0] not in "[{&*!|>%@`"
    }


def _json(text: str) -> tuple[dict[str, Any], str, list[str]]:
    try:
        about, end = json.JSONDecoder().raw_decode(text[:MAX_FRONT_MATTER])
    except (ValueError, RecursionError):
        return {}, text, []
    if not about or text[end : end + 1] not in ("\n", ""):
        return {}, text, []
    return about, text[end:], []


def _text(value: Any) -> str | None:
    """A value as a text of one line; nothing if it is no text."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    if isinstance(value, list):
        names = [_text(one) for one in value]
        return ", ".join(name for name in names if name) if all(name is not None for name in names) else None
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None if isinstance(value, bool) or not hasattr(value, "isoformat") else str(value)
    said = " ".join(normalise(str(value)).split())
    return "" if said in ("null", "~") else said


def _texts(value: Any) -> tuple[str, ...] | None:
    if value is None or value == "":
        return ()
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        return None
    return tuple(" ".join(normalise(one).split()) for one in values)


def _questions(value: Any) -> dict[str, tuple[str, ...]] | None:
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        return None
    found = {str(name): _texts(asked) for name, asked in value.items()}
    return {name: asked for name, asked in found.items() if asked} if all(found.values()) else None


def _on_others(names: list[str]) -> Iterator[str]:
    """What there is to say of keys that Guide doesn't know: slips of its own, and those of other programs."""
    near = {name: get_close_matches(_spelling(name), KEYS, n=1, cutoff=0.8) for name in names}
    # Others have `languages` or `sources` of their own.
    slips = {name: keys[0] for name, keys in near.items() if keys and name != f"{keys[0]}s"}
    for name, key in slips.items():
        yield f"has front matter with the key `{name}`, which isn't used; is `{key}` meant?"
    if others := [f"`{name}`" for name in names if name not in slips]:
        more = f" and {len(others) - 8} more" if len(others) > 8 else ""
        yield f"has front matter with keys that Guide doesn't use: {', '.join(others[:8])}{more}."


def _spelling(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.lower())
