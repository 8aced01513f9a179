"""E-books: their chapters, one after the other."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from guide.articles.decoding import decode_page
from guide.articles.formats.archive import Archive
from guide.articles.formats.document import HEADINGS, MAX_TEXT_CHARACTERS, Document
from guide.articles.formats.marks import name_formulas
from guide.articles.formats.panels import said_of, unfold
from guide.articles.formats.tidy import tree_of
from guide.errors import ArticleError
from guide.text.normalise import words

_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""The encryption schemes that only garble fonts, in books that are open otherwise."""

_NO_TEXT = {
    "toc",
    "landmarks",
    "page-list",
    "pagebreak",
    "cover",
    "doc-toc",
    "doc-pagebreak",
    "doc-pagelist",
    "doc-cover",
}
"""The `epub:type` or role of what isn't part of the text."""

_PAGE_CLASS = re.compile(r"(?:^|[\s_-])(?:page-?(?:num(?:ber)?|break)|pb)(?:$|[\s_-])", re.I)

_NUMBER = re.compile(r"(?i:chapter |part |book )?(?:\d{1,3}|[IVXLC]{1,8}|[ivxlc]{1,8})[.:]?")
_MAX_WORDS_OF_TITLE = 14

Chapter = tuple[str, str, int]
"""A part's name, the id of an element in it or nothing, and how deep it stands in the contents, from 0 on."""


def read(data: bytes) -> Document:
    """The text in the bytes of an e-book.

    Raises:
        ArticleError: the file is damaged, encrypted, or holds no text.
    """
    from lxml import html

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
    folder = posixpath.dirname(name)
    named: dict[str, list[tuple[str, str, int]]] = {}
    for (part, fragment, depth), label in _contents(archive, package, folder):
        named.setdefault(part, []).append((fragment, label, depth))
    parts = list(_parts(package, folder))
    _refuse_longer_than_allowed(archive, parts)
    chapters, notes = [], list[str]()
    for part in parts:
        page, note = decode_page(archive.read(part))
        body = tree_of(page).find("body")
        if body is None:
            continue
        notes += [f"{said} ({part})" for said in (note, said_of(unfold(body), body)) if said]
        _leave_out(body)
        name_formulas(body)  # books of mathematics hold twenty times as much of them as of text
        _name_chapters(body, named.get(part, []))
        _join_titles(body)
        body.tag = "div"
        chapters.append(html.tostring(body, encoding="unicode"))
    return Document(
        html="\n".join(chapters),
        title=_said(package, "title"),
        author=_said(package, "creator"),
        language=_said(package, "language"),
        notes=tuple(notes),
    )


def _refuse_longer_than_allowed(archive: Archive, parts: list[str]) -> None:
    """Does nothing if the text of these parts may be an article's; counted before anything is made of it, which takes
    minutes.

    Raises:
        ArticleError: it is too long.
    """
    characters = 0
    for part in parts if archive.size > MAX_TEXT_CHARACTERS else ():
        characters += len(tree_of(decode_page(archive.read(part))[0]).text_content())
        if characters > MAX_TEXT_CHARACTERS:
            raise ArticleError(f"holds more than the {MAX_TEXT_CHARACTERS:,} characters that are allowed: split it.")


def _parts(package: Any, folder: str) -> Iterator[str]:
    """The names of the book's parts in reading order."""
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in item.get("properties", "").split() or reference.get("linear") == "no":
            continue
        if "html" in item.get("media-type", "html"):
            yield _place(folder, item.get("href", ""))


def _place(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def _contents(archive: Archive, package: Any, folder: str) -> Iterator[tuple[Chapter, str]]:
    """What the book's contents name, and how: the navigation of EPUB 3, or the NCX of older books."""
    for item in package.iterfind(".//{*}manifest/{*}item"):
        name = _place(folder, item.get("href", ""))
        if name not in archive.names:
            continue
        if "nav" in item.get("properties", "").split():
            page = tree_of(decode_page(archive.read(name))[0])
            lists = [nav for nav in page.iter("nav") if "toc" in (nav.get("epub:type") or nav.get("role") or "toc")]
            links = [(link, len(list(link.iterancestors("li")))) for nav in lists for link in nav.iter("a")]
            found = [(link.get("href", ""), link.text_content(), depth - 1) for link, depth in links]
        elif item.get("media-type") == "application/x-dtbncx+xml":
            points = [(point, sum(1 for _ in point.iterancestors("{*}navPoint"))) for point in _ncx(archive, name)]
            found = [
                ((content.get("src", "") if (content := point.find("{*}content")) is not None else ""),
                 point.findtext("{*}navLabel/{*}text") or "", depth)
                for point, depth in points
            ]  # fmt: skip
        else:
            continue
        for href, label, depth in found:
            target, _, fragment = href.partition("#")
            if target and (label := " ".join(label.split())):
                yield (_place(posixpath.dirname(name), target), unquote(fragment), max(depth, 0)), label
        return


def _ncx(archive: Archive, name: str) -> Iterator[Any]:
    try:
        yield from archive.xml(name).iter("{*}navPoint")
    except ArticleError:
        # Older books' contents often name a document type; their chapters are read without names then.
        return


def _leave_out(body: Any) -> None:
    """Drops tables of contents and page numbers."""
    for element in list(body.iter()):
        if element is body or element.getparent() is None:
            continue
        types = set(f"{element.get('epub:type', '')} {element.get('role', '')}".split())
        is_number = bool(_PAGE_CLASS.search(element.get("class", ""))) and re.fullmatch(
            r"\W*(?:p(?:age|g)?\W*)?(?:\d{1,4}|[ivxlc]{1,7})?\W*", element.text_content().strip(), re.I
        )
        if types & _NO_TEXT or is_number:
            element.drop_tree()


def _name_chapters(body: Any, named: list[tuple[str, str, int]]) -> None:
    """Makes headings of what the contents name, unless there are some where they point to."""
    places = {element.get("id"): element for element in body.iter() if element.get("id")}
    for fragment, label, depth in named:
        start = places.get(fragment) if fragment else body
        if start is None:
            continue
        block = _first_block(start, body)
        if block is None or block.tag in HEADINGS:
            continue
        if _letters(block.text_content()) == _letters(label):
            block.tag = f"h{min(depth + 2, 6)}"
        elif not fragment and next(body.iter(*HEADINGS), None) is None and re.search(r"[^\W\d_]", label):
            heading = body.makeelement(f"h{min(depth + 2, 6)}")
            heading.text = label
            body.insert(0, heading)
            heading.tail, body.text = body.text, None


def _join_titles(body: Any) -> None:
    """Gives headings of nothing but a chapter's number the title that stands on the next line."""
    for heading in list(body.iter(*HEADINGS)):
        number, line = " ".join(heading.text_content().split()), heading.getnext()
        if not _NUMBER.fullmatch(number) or line is None or line.tag not in ("p", *HEADINGS):
            continue
        title = " ".join(line.text_content().split())
        in_group = line.getparent().tag == "hgroup" or "title" in line.get("epub:type", "")
        # Elsewhere the next line is often the first of the text.
        reads_as_title = (
            line.tag == "p"
            and line.getnext() is not None
            and title[:1].isupper()
            and not re.search(r"\d|[.,;:!?…”\"’]$", title)
        )
        if 0 < len(words(title)) <= _MAX_WORDS_OF_TITLE and (in_group or reads_as_title):
            for part in list(heading):
                part.drop_tree()
            heading.text = f"{number.rstrip('.:')}: {title}"
            line.drop_tree()


def _first_block(start: Any, body: Any) -> Any:
    """The first paragraph or heading with words at `start` or after it."""
    begun = start is body
    for element in body.iter():
        begun = begun or element is start
        if not begun or not element.text_content().strip():
            continue
        if element.tag in HEADINGS or element.tag == "p":
            return element
        if element.tag in ("div", "span", "a") and next(element.iter("p", "div", *HEADINGS), element) is element:
            inside = [part for part in element.iter("p", "div", *HEADINGS) if part is not element]
            if not inside and element.tag == "div":
                return element
    return None


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def _said(package: Any, name: str) -> str:
    return (package.findtext(f".//{{http://purl.org/dc/elements/1.1/}}{name}") or "").strip()
