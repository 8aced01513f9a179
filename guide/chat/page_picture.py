"""The control by which a quotation from a PDF shows the picture of its page."""

from collections.abc import Collection

from markupsafe import Markup

from guide.chat.passage_html import EMPTY, Span
from guide.chat.texts import Texts, page_names
from guide.records import QuotedPassage


def page_picture(passage: QuotedPassage, spans: Collection[Span], texts: Texts) -> Markup:
    """What unfolds to the pages of a quotation, drawn once it is opened, with the words at `spans` marked, or all of
    them without any; nothing for what isn't from a PDF.
    """
    if not passage.pages:
        return EMPTY
    return Markup(
        '<details class="page-picture" data-article="{article}" data-passage="{passage}" data-pages="{pages}" '
        'data-points="{points}" data-drawing="{drawing}" data-fault="{fault}">'
        '<summary>{show}</summary><p class="small" role="status"></p></details>'
    ).format(
        article=passage.article,
        passage=passage.id,
        pages=" ".join(map(str, passage.pages)),
        points=" ".join(f"{start - passage.start}-{end - passage.start}" for start, end in sorted(spans)),
        drawing=texts["page_drawing"],
        fault=texts["page_fault"],
        show=texts["page_show"].format(page=page_names(passage.pages, texts)),
    )
