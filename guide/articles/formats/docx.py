"""Word documents, by way of mammoth, which knows their styles and lists."""

import re
from io import BytesIO
from typing import Any

from guide.articles.formats.archive import Archive
from guide.articles.formats.document import Document
from guide.articles.formats.word import HEADING, counts_as_shown, prepare

_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        *(f"p.{HEADING}{level} => h{min(level + 1, 6)}:fresh" for level in range(1, 10)),
    ]
)
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes) -> Document:
    """The article of the document; comments, headers, footers, hidden and deleted words are left out.

    Raises:
        ArticleError: the file is damaged or not safe to read.
    """
    import mammoth

    archive = Archive(data)
    archive.read("word/document.xml")
    parts = {name: archive.xml(name) for name in archive.names if name.endswith((".xml", ".rels"))}
    notes = prepare(parts)
    # Pictures are neither read nor looked for outside.
    found = mammoth.convert_to_html(
        BytesIO(archive.with_parts(parts)),
        style_map=_STYLES,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(lambda image: {}),
    )
    about = parts.get("docProps/core.xml")
    return Document(
        html=found.value if counts_as_shown(parts) else re.sub(r"<(/?)ol>", r"<\1ul>", found.value),
        title=_said(about, "title"),
        author=_said(about, "creator"),
        language=_said(about, "language"),
        notes=notes,
    )


def _said(about: Any, name: str) -> str:
    return ((about.findtext(f"{_DUBLIN_CORE}{name}") if about is not None else None) or "").strip()
