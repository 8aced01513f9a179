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


MAX_UNPACKED_BYTES = 128 * 1024 * 1024
"""What a file may unpack to altogether; a zip bomb of a few kB unpacks to gigabytes."""
