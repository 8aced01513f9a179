"""Zip archives of XML, as Word documents and e-books are, opened with care."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from guide.articles.formats.document import MAX_UNPACKED_BYTES
from guide.errors import ArticleError

MAX_PART_BYTES = 16 * 1024 * 1024
"""What one part of text may unpack to; a tree of it takes some fifty times as much."""


class Archive:
    """The parts of a zip archive, by their names.

    Raises:
        ArticleError: it is cut off or damaged, protected by a password, or unpacks to too much.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except zipfile.BadZipFile:
            raise ArticleError("is cut off or damaged: its table of contents is gone; copy or save it again.") from None
        parts = self._zip.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise ArticleError("is protected by a password; save a copy without one.")
        self.size = sum(part.file_size for part in parts)
        """What it unpacks to, in bytes."""
        if self.size > MAX_UNPACKED_BYTES:
            raise ArticleError(f"unpacks to {self.size:,} bytes; {MAX_UNPACKED_BYTES:,} are allowed: split it.")
        self.names = tuple(part.filename for part in parts)

    def read(self, name: str) -> bytes:
        """The part of that name; no more is unpacked than the archive announces.

        Raises:
            ArticleError: there is none, or it is too large or damaged.
        """
        try:
            size = self._zip.getinfo(name).file_size
            if size > MAX_PART_BYTES:
                raise ArticleError(f"has a part {name} of {size:,} bytes; {MAX_PART_BYTES:,} are allowed: split it.")
            return self._zip.read(name)
        except KeyError:
            raise ArticleError(f"lacks its part {name}; save it again in the program that made it.") from None
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, zlib.error) as error:
            raise ArticleError(f"is damaged ({name}: {error}); copy or save it again.") from None

    def xml(self, name: str) -> Any:
        """The root element of that part. Entities, which could name other files or grow without end, are refused.

        Raises:
            ArticleError: as for `read`; or it isn't well-formed, or defines entities.
        """
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise ArticleError(f"is damaged ({name}: {str(error)[:100]}); copy or save it again.") from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise ArticleError(f"defines a document type in {name}, which no such file needs; it isn't read.")
        return root

    def with_parts(self, parts: Mapping[str, Any]) -> bytes:
        """An archive of these root elements, without pictures and whatever else isn't among them."""
        from lxml import etree

        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as written:
            for name in dict.fromkeys(self.names):
                if name in parts:
                    written.writestr(name, etree.tostring(parts[name], xml_declaration=True, encoding="utf-8"))
        return stream.getvalue()
