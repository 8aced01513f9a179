"""Saved web pages: the article without the navigation, banners, adverts and comments around it."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from guide.articles.formats.document import Document
from guide.articles.formats.tidy import repair_html, tree_of
from guide.errors import ArticleError

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LANGUAGE = re.compile(r"<html\b[^>]*\blang\s*=\s*[\"']?([\w-]+)", re.I)


def read(data: bytes) -> Document:
    """The article in the bytes of a web page.

    Raises:
        ArticleError: the page's encoding isn't what it says, or it holds no article.
    """
    from trafilatura import extract_with_metadata

    page = decoded(data)
    tree = tree_of(page)
    repair_html(tree)
    # Without `favor_recall` lists and headings are lost where a page has no navigation around its article.
    found = extract_with_metadata(
        tree, output_format="html", favor_recall=True, include_comments=False, include_formatting=True
    )
    if found is None or not found.text or not found.text.strip():
        raise ArticleError(
            "holds no article that can be told from what stands around it; a page that a script fills in must be "
            "saved from the browser once it is shown, or copied into a text file."
        )
    language = _LANGUAGE.search(page)
    return Document(
        html=found.text,
        title=found.title or "",
        author=(found.author or "").split(";")[0],
        language=language[1] if language else "",
        source=found.url or "",
    )


def decoded(data: bytes) -> str:
    """The text of HTML or XHTML, in the encoding that it names, otherwise UTF-8.

    Raises:
        ArticleError: it is in another encoding.
    """
    named = _CHARSET.search(data[:1024])
    encoding = named[1].decode("ascii", "replace").lower() if named else "utf-8"
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith(BOM_UTF8) or encoding.startswith("utf-16"):
        # A page that names UTF-16 in plain bytes isn't in it.
        encoding = "utf-8-sig"
    elif encoding in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"):
        # As browsers take these names.
        encoding = "cp1252"
    try:
        return _DECLARATION.sub("", data.decode(encoding))
    except LookupError:
        raise ArticleError(f"says that its encoding is {encoding!r}, which is unknown; save it as UTF-8.") from None
    except UnicodeDecodeError as error:
        says = f"says that its encoding is {named[1].decode()}" if named else "names no encoding, so it must be UTF-8"
        raise ArticleError(
            f"{says}, which isn't so (byte {error.start:,} is 0x{data[error.start]:02x}); save it as UTF-8."
        ) from None
