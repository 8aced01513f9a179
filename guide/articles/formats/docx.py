"""Word documents, by way of mammoth, which knows their styles and lists."""

from io import BytesIO
from typing import Any

from guide.articles.formats.archive import Archive
from guide.articles.formats.document import Document

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Heading 1'] => h2:fresh
p[style-name='Heading 2'] => h3:fresh
p[style-name='Heading 3'] => h4:fresh
p[style-name='Heading 4'] => h5:fresh
p[style-name='Heading 5'] => h6:fresh
"""
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes) -> Document:
    """The article of the document; comments, headers, footers and deleted words are left out.

    Raises:
        ArticleError: the file is damaged or not safe to read.
    """
    import mammoth

    archive = Archive(data)
    archive.read("word/document.xml")
    for name in archive.names:
        if name.endswith((".xml", ".rels")):
            archive.xml(name)
    # Pictures are neither read nor looked for outside.
    found = mammoth.convert_to_html(
        BytesIO(data),
        style_map=_STYLES,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(lambda image: {}),
    )
    about = archive.xml("docProps/core.xml") if "docProps/core.xml" in archive.names else None
    return Document(
        html=found.value,
        title=_said(about, "title"),
        author=_said(about, "creator"),
        language=_said(about, "language"),
    )


def _said(about: Any, name: str) -> str:
    return ((about.findtext(f"{_DUBLIN_CORE}{name}") if about is not None else None) or "").strip()
