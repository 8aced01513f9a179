"""E-books: their chapters, one after the other."""

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from guide.articles.formats.archive import Archive
from guide.articles.formats.document import Document
from guide.articles.formats.html import decoded
from guide.articles.formats.tidy import tree_of
from guide.errors import ArticleError

_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""The encryption schemes that only garble fonts, in books that are open otherwise."""

_NO_TEXT = ("toc", "landmarks", "page-list", "pagebreak", "cover")
"""The `epub:type` of what isn't part of the text."""


def read(data: bytes) -> Document:
    """The text in the bytes of an e-book.

    Raises:
        ArticleError: the file is damaged, encrypted, or holds no text.
    """
    archive = Archive(data)
    if "META-INF/encryption.xml" in archive.names:
        methods = archive.xml("META-INF/encryption.xml").iter("{*}EncryptionMethod")
        if any(method.get("Algorithm") not in _FONTS_ONLY for method in methods):
            raise ArticleError("is encrypted for one reader (DRM); get a copy that is open.")
    place = archive.xml("META-INF/container.xml").find(".//{*}rootfile")
    if place is None:
        raise ArticleError("names no book in its META-INF/container.xml; save it again with the program that made it.")
    name = place.get("full-path", "")
    package = archive.xml(name)
    chapters = [text for part in _parts(package, posixpath.dirname(name)) for text in _body(archive.read(part))]
    return Document(
        html="\n".join(chapters),
        title=_said(package, "title"),
        author=_said(package, "creator"),
        language=_said(package, "language"),
    )


def _parts(package: Any, folder: str) -> Iterator[str]:
    """The names of the book's parts in reading order."""
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in item.get("properties", "").split() or reference.get("linear") == "no":
            continue
        if "html" in item.get("media-type", "html"):
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _body(data: bytes) -> Iterator[str]:
    """The HTML in a part's body, without tables of contents and page numbers."""
    from lxml import html

    body = tree_of(decoded(data)).find("body")
    if body is None:
        return
    for element in list(body.iter()):
        if set(element.get("epub:type", "").split()) & set(_NO_TEXT) and element is not body:
            element.drop_tree()
    yield html.tostring(body, encoding="unicode").replace("<body", "<div", 1).replace("</body>", "</div>")


def _said(package: Any, name: str) -> str:
    return (package.findtext(f".//{{http://purl.org/dc/elements/1.1/}}{name}") or "").strip()
