"""Saved web pages: the article without the navigation, banners, adverts and comments around it."""

import re
from copy import deepcopy
from typing import Any

from guide.articles.decoding import decode_page
from guide.articles.formats.document import Document
from guide.articles.formats.kept import loss
from guide.articles.formats.main_part import main_part
from guide.articles.formats.panels import said_of, unfold
from guide.articles.formats.tidy import repair_html, tree_of
from guide.articles.template_code import said_of_template_code, without_template_code
from guide.errors import ArticleError

_LANGUAGE = re.compile(r"<html\b[^>]*\blang\s*=\s*[\"']?([\w-]+)", re.I)


def read(data: bytes) -> Document:
    """The article in the bytes of a web page.

    Raises:
        ArticleError: the page's encoding isn't what it says, or it holds no article.
    """
    from lxml import html
    from trafilatura import extract_with_metadata

    page, note = decode_page(data)
    page, times = without_template_code(page, is_html=True)
    tree = tree_of(page)
    hidden = unfold(tree)
    notes = [note, said_of_template_code(times), *repair_html(tree)]
    # trafilatura tells the article from what is around it, and changes the tree; what it is made of is read from ours.
    found = extract_with_metadata(deepcopy(tree), output_format="txt", favor_recall=True, include_comments=False)
    whole = deepcopy(tree)
    article = main_part(tree, found.text or "") if found is not None else None
    if found is None or article is None:
        raise ArticleError(
            "holds no article that can be told from what stands around it; a page that a script fills in must be "
            "saved from the browser once it is shown, or copied into a text file."
        )
    notes += [said_of(hidden, article), loss(whole, article)]
    language = _LANGUAGE.search(page)
    return Document(
        html=html.tostring(article, encoding="unicode", with_tail=False),
        title=_title(whole) or found.title or "",
        author=(found.author or "").split(";")[0],
        language=language[1] if language else "",
        source=found.url or "",
        notes=tuple(filter(None, notes)),
    )


def _title(tree: Any) -> str:
    """The page's only heading of the first level."""
    titles = [" ".join(heading.text_content().split()) for heading in tree.iter("h1")]
    titles = [title for title in titles if title]
    return titles[0] if len(titles) == 1 else ""
