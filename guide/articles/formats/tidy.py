"""HTML as programs write it → HTML whose headings, lists and tables are marked as what they are."""

import re
from typing import Any

from guide.articles.formats.lists import mend_lists
from guide.articles.formats.marks import mend_marks
from guide.articles.formats.tables import repair_table
from guide.text.normalise import words

_DROPPED = "script style noscript template iframe object svg form button input select textarea nav img".split()
_BLOCKS = "p div ul ol dl table blockquote h1 h2 h3 h4 h5 h6".split()
_MAX_WORDS_OF_BOLD_HEADING = 14


def tree_of(page: str) -> Any:
    """The tree of the HTML in `page`, without comments; a tree without text if there is none."""
    from lxml import html

    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    return html.document_fromstring(page if page.strip() else "<p></p>", parser=parser)


def repair_html(tree: Any) -> tuple[str, ...]:
    """What there is to say of what was changed, as ends of sentences that begin with the file's name. Changes `tree` in
    place: tables without merged cells, captions as paragraphs above them, definitions as items of lists, headings
    without links to themselves, and sentences without footnote marks or the readings above signs (ruby).
    """
    for link in [link for link in tree.iter("a") if re.fullmatch(r"[¶#§🔗\s]+", link.text_content())]:
        link.drop_tree()
    for reading in list(tree.iter("rt", "rp")):
        reading.drop_tree()
    said = mend_marks(tree)
    for table in list(tree.iter("table")):
        repair_table(table)
    mend_lists(tree)
    return said


def tidy(tree: Any) -> tuple[str, ...]:
    """What there is to say, as for `repair_html`. Changes `tree` in place: mended, with nothing that isn't text, and
    lines of nothing but bold type as headings.
    """
    said = repair_html(tree)
    for element in list(tree.iter(*_DROPPED)):
        if element.tag == "form" and element.text_content().strip():
            element.tag = "div"
        else:
            element.drop_tree()
    for paragraph in list(tree.iter("p")):
        if _is_bold_heading(paragraph):
            paragraph.tag = "h6"
    return said


def _is_bold_heading(paragraph: Any) -> bool:
    """Whether a paragraph is a short line of nothing but bold type, with text after it."""
    text = paragraph.text_content().strip()
    bold = "".join(part.text_content() for part in paragraph.iterchildren("b", "strong"))
    short = 0 < len(words(text)) <= _MAX_WORDS_OF_BOLD_HEADING and not text.endswith((".", ",", ";"))
    if (
        not short
        or not re.search(r"[^\W\d_]", text)
        or "".join(text.split()) != "".join(bold.split())
        or next(paragraph.iterancestors("li", "table", "blockquote"), None) is not None
    ):
        return False
    following = paragraph.getnext()
    return following is not None and following.tag in _BLOCKS
