"""What an answer quotes, as HTML: passages under their sections' names, each with the way to its place."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from guide.chat.library import Library, point_anchor
from guide.chat.page_picture import page_picture
from guide.chat.passage_html import EMPTY, Span, language_attributes, points_html, quoted, quoted_html
from guide.chat.texts import NAMED_TITLES, Texts, how_many_more, page_names
from guide.levels import is_danger
from guide.records import Answer, QuotedPassage, QuotedPoint


def visible_passages(answer: Answer) -> tuple[QuotedPassage, ...]:
    """The passages that are read without a tap; none in danger."""
    return () if is_danger(answer.safety.level) else answer.in_view


def render_quotes(answer: Answer, library: Library, texts: Texts, turn: str) -> Markup:
    """The passages that answer: whole, the further ones folded; of a brief answer, and where several may be meant, only
    the points that answer.
    """
    in_view = visible_passages(answer)
    seen = len(in_view)
    shape = _brief if answer.points_alone else _quote
    figures = [shape(passage, n, library, texts, turn) for n, passage in enumerate(in_view, 1)]
    figures += [_quote(passage, n, library, texts, turn) for n, passage in enumerate(answer.passages[seen:], seen + 1)]
    articles = dict.fromkeys(passage.article for passage in answer.passages)
    others = [library.name(article) for article in articles if article != answer.passages[0].article]
    shown = EMPTY.join(figures[:seen])
    return Markup("{}{}{}{}").format(
        Markup('<div class="briefs">{}</div>').format(shown) if answer.points_alone else shown,
        _phrased(answer, texts, turn),
        render_not_mentioned(answer, texts),
        _more(figures[seen:], list(filter(None, others)), texts),
    )


def render_not_mentioned(answer: Answer, texts: Texts) -> Markup:
    """The words of the question that the article doesn't mention; nothing without any."""
    if not answer.not_mentioned:
        return EMPTY
    terms = Markup(", ").join(quoted(term, texts) for term in answer.not_mentioned)
    return Markup('<p class="not-mentioned">{} {}.</p>').format(texts["not_mentioned"], terms)


def named_path(passage: QuotedPassage, library: Library) -> tuple[str, ...]:
    """The headings above the passage, after its article's name where there are several articles."""
    return (*filter(None, (_article_name(passage, library),)), *passage.section)


def spans_to_mark(passage: QuotedPassage) -> frozenset[Span]:
    """The spans of the points that answer; none where all points do, because marking all of them tells nothing apart.
    A sentence that only announces what follows (“Three things help:”) doesn't count.
    """
    marked = frozenset((point.start, point.end) for point in passage.points)
    others = (
        (point.start, point.end)
        for point in passage.whole
        if not passage.text[: point.end - passage.start].rstrip().endswith(":")
    )
    return frozenset() if marked.issuperset(others) else marked


def _quote(passage: QuotedPassage, number: int, library: Library, texts: Texts, turn: str) -> Markup:
    marked = spans_to_mark(passage)
    points = [point for point in passage.points if (point.start, point.end) in marked]
    return Markup(
        '<figure class="quote">{caption}<blockquote cite="#{id}"{language}>{words}</blockquote>'
        '<a class="cite" id="{turn}-c{number}" href="#{id}" data-points="{points}">'
        '<span class="number">{number}</span> {cite}<span class="unseen">, {under}</span></a>{picture}</figure>'
    ).format(
        caption=_caption(passage, library, texts),
        id=passage.id,
        language=language_attributes(passage.language),
        words=quoted_html(passage, marked=marked),
        turn=turn,
        number=number,
        points=_anchors(passage, points),
        under=texts["cite_under"].format(section=passage.section[-1]),
        cite=texts["cite"],
        picture=page_picture(passage, (), texts),
    )


def _brief(passage: QuotedPassage, number: int, library: Library, texts: Texts, turn: str) -> Markup:
    """The points that answer, in reading order, each with its citation."""
    if not passage.points:
        return _quote(passage, number, library, texts, turn)
    shape = Markup(
        '<li><blockquote cite="#{id}"{language}>{words}</blockquote>'
        '<a class="cite" id="{turn}-c{number}{place}" href="#{id}" data-points="{points}">'
        '<span class="number">{number}</span><span class="unseen"> {cite}, {under}</span></a></li>'
    )
    items = EMPTY.join(
        shape.format(
            id=passage.id,
            language=language_attributes(passage.language),
            words=points_html(passage, points),
            turn=turn,
            number=number,
            place=f"-{place}" if place else "",
            points=_anchors(passage, points),
            cite=texts["cite"],
            under=texts["cite_under"].format(section=passage.section[-1]),
        )
        for place, points in enumerate(_together(passage.points))
    )
    spans = [(point.start, point.end) for point in passage.points]
    return Markup('<figure class="brief">{}<ul class="points">{}</ul>{}</figure>').format(
        _caption(passage, library, texts), items, page_picture(passage, spans, texts)
    )


def _together(points: Sequence[QuotedPoint]) -> Iterator[list[QuotedPoint]]:
    """The points in reading order, one by one; rows of a table stay together."""
    ordered = sorted(points, key=lambda point: point.start)
    for columns, group in groupby(ordered, key=lambda point: point.columns if point.cells else None):
        if columns is None:
            yield from ([point] for point in group)
        else:
            yield list(group)


def _anchors(passage: QuotedPassage, points: Sequence[QuotedPoint]) -> str:
    return " ".join(point_anchor(passage.id, passage.start, point.start, point.end) for point in points)


def _caption(passage: QuotedPassage, library: Library, texts: Texts) -> Markup:
    """The section's name and, where there are several articles, its article's; the whole path unfolds where there is
    more of it.
    """
    section, article = passage.section[-1], _article_name(passage, library)
    # What stands before the first heading is called as its article.
    if article and section == library.titles[passage.article]:
        section, article = article, ""
    name = Markup('<span class="section-name"{}>{}</span>').format(language_attributes(passage.language), section)
    if article:
        name += Markup(' <cite class="of-article" dir="auto">{}</cite>').format(article)
    if passage.pages:
        name += Markup(' <span class="of-page">{}</span>').format(page_names(passage.pages, texts))
    if len(passage.section) == 1:
        return Markup("<figcaption>{}</figcaption>").format(name)
    return Markup(
        '<figcaption><details class="path"><summary><span>{}<span class="unseen">, {}</span></span></summary>'
        '<p dir="auto">{}</p></details></figcaption>'
    ).format(name, texts["path"], " › ".join(named_path(passage, library)))


def _article_name(passage: QuotedPassage, library: Library) -> str:
    return library.name(passage.article) if len(library.articles) > 1 else ""


def _phrased(answer: Answer, texts: Texts, turn: str) -> Markup:
    """What a language model made of the quotations, below those in view, each sentence with its citations."""
    if not answer.phrased:
        return EMPTY
    cite = Markup('<a class="cite" id="{}-p{}-{}" href="#{}">[{}]</a>')
    numbers = {passage.id: number for number, passage in enumerate(answer.passages, start=1)}
    sentences = Markup(" ").join(
        Markup("<bdi>{}</bdi> {}").format(
            sentence.text,
            Markup(" ").join(cite.format(turn, place, numbers[id], id, numbers[id]) for id in sentence.passage_ids),
        )
        for place, sentence in enumerate(answer.phrased, start=1)
    )
    return Markup('<div class="phrased"><h3>{}</h3><p>{}</p></div>').format(texts["phrased"], sentences)


def _more(figures: Sequence[Markup], others: Sequence[str], texts: Texts) -> Markup:
    """The further passages, folded; `others` are the names of the articles that the first one isn't from."""
    if not figures:
        return EMPTY
    label = texts["more_one"] if len(figures) == 1 else texts["more_many"].format(count=len(figures))
    if others:
        titles = ", ".join(texts["quoted"].format(words=name) for name in others[:NAMED_TITLES])
        if (further := len(others) - NAMED_TITLES) > 0:
            titles += f" {how_many_more(further, texts)}"
        label = texts["more_from"].format(more=label, titles=titles)
    return Markup('<details class="more"><summary>{}</summary>{}</details>').format(label, EMPTY.join(figures))
