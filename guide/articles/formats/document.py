"""What each reader of another program's files hands over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """The article in a file as HTML, and what the file says of itself."""

    html: str
    title: str = ""
    author: str = ""
    language: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    """What was left out or is unsure, each the end of a sentence that begins with the file's name."""


@dataclass(frozen=True, slots=True)
class Converted:
    """An article as Markdown with front matter, and what its reader noticed."""

    markdown: str
    notes: tuple[str, ...] = ()
    """Each the end of a sentence that begins with the file's name."""


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

MAX_TEXT_CHARACTERS = 8 * 1024 * 1024
"""A book of a million words; a longer text is hardly an article."""

MAX_UNPACKED_BYTES = 128 * 1024 * 1024
"""What a file may unpack to altogether; a zip bomb of a few kB unpacks to gigabytes."""
