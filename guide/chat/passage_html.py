"""An article's words as HTML: paragraphs, lists and tables of points. The same for a quotation and for the article."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from guide.chat.library import point_anchor
from guide.chat.texts import Texts
from guide.records import Passage, Point, QuotedPassage, QuotedPoint
from guide.text.tags import direction, language_tag

Span = tuple[int, int]
Words = Callable[[int, int], str]
"""Gives the words between two offsets of the article."""

EMPTY, LINE = Markup(""), Markup("\n")

_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]\s")


def quoted(words: str, texts: Texts) -> Markup:
    """`words` in the quotation marks of the language of `texts`, in their own direction."""
    return Markup.escape(texts["quoted"]).format(words=Markup("<bdi>{}</bdi>").format(words))


def language_attributes(language: str) -> Markup:
    """The attributes of an element whose words are in `language`: its tag, and the direction in which it is written,
    which its first letters decide where the language isn't known.
    """
    tag = language_tag(language)
    return Markup(' lang="{}" dir="{}"').format(tag, direction(tag) if tag else "auto")


def passage_html(
    passage: Passage, text: str, language: str, *, marked: Collection[Span] = (), anchors: bool = False
) -> Markup:
    """The words of `passage` of the article `text`, written in `language`, the points at `marked` spans marked; with
    `anchors`, each point has its id.
    """
    return _html(passage.points, passage, text[passage.start : passage.end], language, marked, anchors)


def quoted_html(passage: QuotedPassage, *, marked: Collection[Span] = ()) -> Markup:
    """The words of a quotation, the points at `marked` spans marked; as plain paragraphs if it doesn't say how its
    words are laid out.
    """
    if passage.whole:
        return _html(passage.whole, passage, passage.text, passage.language, marked, anchors=False)
    lines = (line for line in passage.text.splitlines() if line.strip())
    return LINE.join(Markup("<p{}>{}</p>").format(_own_direction(passage.language), line) for line in lines)


def points_html(passage: QuotedPassage, points: Sequence[QuotedPoint]) -> Markup:
    """The words of some points of a quotation alone: rows as a table with its columns' names, others as paragraphs."""
    shapes = [
        Point(point.start, point.end, "row" if point.cells else "sentence", point.cells, point.columns)
        for point in points
    ]
    return _html(shapes, passage, passage.text, passage.language, (), anchors=False)


def _html(
    points: Sequence[Point],
    passage: Passage | QuotedPassage,
    words: str,
    language: str,
    marked: Collection[Span],
    anchors: bool,
) -> Markup:
    """`words` are the passage's own; all offsets count from the article's beginning."""

    def text(start: int, end: int) -> str:
        return words[start - passage.start : end - passage.start]

    own = _own_direction(language)
    return LINE.join(_block(together, passage, text, own, marked, anchors) for together in _blocks(points, text))


def _own_direction(language: str) -> Markup:
    """What lets a paragraph take the direction of its first letters; nothing in a language that is written from right
    to left, whose paragraphs may begin with a name in other letters.
    """
    return EMPTY if direction(language) == "rtl" else Markup(' dir="auto"')


def _blocks(points: Sequence[Point], text: Words) -> Iterator[list[Point]]:
    """The points that stand together: a list's items, a table's rows, a paragraph's sentences."""
    for kind, together in groupby(points, key=lambda point: (point.kind, point.columns)):
        group = list(together)
        if kind[0] != "sentence":
            yield group
            continue
        paragraph: list[Point] = []
        for point in group:
            if paragraph and "\n" in text(paragraph[-1].end, point.start):
                yield paragraph
                paragraph = []
            paragraph.append(point)
        yield paragraph


def _block(
    points: list[Point],
    passage: Passage | QuotedPassage,
    text: Words,
    own: Markup,
    marked: Collection[Span],
    anchors: bool,
) -> Markup:
    def anchor(span: Span) -> Markup:
        if not anchors:
            return EMPTY
        return Markup(' id="{}" class="point"').format(point_anchor(passage.id, passage.start, *span))

    def words(span: Span, *, whole: Span | None = None) -> Markup:
        shape = Markup("<mark>{}</mark>") if span in marked or whole in marked else Markup("{}")
        return shape.format(text(*span))

    def step(span: Span) -> Markup:
        # Its own number or letter stands in place of a bullet.
        return Markup(' class="step"') if _NUMBERED.match(text(*span)) else EMPTY

    spans = [(point.start, point.end) for point in points]
    match points[0].kind:
        case "item":
            shape = Markup("<li{}{}><span{}>{}</span></li>")
            rows = (shape.format(own, step(span), anchor(span), words(span)) for span in spans)
            return Markup("<ul>{}</ul>").format(LINE.join(rows))
        case "row":
            heads = EMPTY.join(Markup('<th scope="col">{}</th>').format(name) for name in points[0].columns)
            cell = Markup("<td{}><span{}>{}</span></td>")
            rows = (
                Markup("<tr{}>{}</tr>").format(
                    anchor(span),
                    LINE.join(cell.format(own, anchor(one), words(one, whole=span)) for one in point.cells),
                )
                for span, point in zip(spans, points, strict=True)
            )
            return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(heads, LINE.join(rows))
        case _:
            parts: list[Markup] = []
            for number, span in enumerate(spans):
                if number:
                    parts.append(Markup("{}").format(text(spans[number - 1][1], span[0])))
                parts.append(Markup("<span{}>{}</span>").format(anchor(span), words(span)))
            return Markup("<p{}>{}</p>").format(own, EMPTY.join(parts))
