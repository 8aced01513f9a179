"""Article → passages: what is quoted and cited, each a list of points."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from guide.articles.advice import asks_for_closeness
from guide.records import Article, Block, Passage, PassageQuestion, Point, Section, SectionRole
from guide.text.normalise import words
from guide.text.sentences import sentences

MAX_WORDS = 120
"""A passage's length at most. Longer ones answer no better and take a reader out of the conversation."""

TOLERANCE = 1.3
"""How much longer than `MAX_WORDS` a section may be that stays whole: half a list is half an answer."""

_NUMBERED = re.compile(r"\(?(\d{1,3})[.)]\s")


def split(article: Article, *, max_words: int = MAX_WORDS) -> tuple[Passage, ...]:
    """The passages of `article` in reading order; each is a section or a part of one and cuts no point.

    An id depends on the article's id, the heading path and the passage's words alone, so it stays when other parts of
    the article change; of passages that are alike in all three, the later ones carry a number.

    A passage has the role of its section, except that one which asks its reader for closeness is advice wherever it
    stands (`guide.articles.advice`).
    """
    passages, seen = [], Counter[str]()
    for section in article.sections:
        for points in _parts(article.text, section, max_words):
            start, end = points[0].start, points[-1].end
            key = "\x1f".join((article.id, *section.path, article.text[start:end]))
            digest = sha256(key.encode()).hexdigest()[:10]
            seen[digest] += 1
            passages.append(
                Passage(
                    id=f"p-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else ""),
                    article_id=article.id,
                    section=section.path,
                    role=_role(article.text, section, points),
                    start=start,
                    end=end,
                    points=points,
                    questions=section.questions,
                    asked=_asked(article, section, start, end),
                )
            )
    return tuple(passages)


def _asked(article: Article, section: Section, start: int, end: int) -> tuple[PassageQuestion, ...]:
    """The questions that the passage from `start` to before `end` answers, each once."""
    named = [PassageQuestion(question, start, end, "front matter") for question in section.questions]
    beside = [question for question in article.asked if start <= question.start < end]
    return tuple({question.text: question for question in (*named, *beside)}.values())


def _role(text: str, section: Section, points: tuple[Point, ...]) -> SectionRole:
    if section.role in ("advice", "credit"):
        return section.role
    # A section on when to seek help is that, whatever it stands below.
    headings = section.path[-1:] if section.role == "help" else section.path
    said = (text[point.start : point.end] for point in points)
    return "advice" if asks_for_closeness((*headings, *said)) else section.role


def reading_text(text: str, item: Passage | Point) -> str:
    """The words of a passage or point as a search reads them: a table's cells with the names of their columns."""
    if isinstance(item, Passage):
        return "\n".join(reading_text(text, point) for point in item.points)
    if not item.columns:
        return text[item.start : item.end]
    named = zip(item.columns, item.cells, strict=True)
    return "; ".join(f"{column}: {text[start:end]}" if column else text[start:end] for column, (start, end) in named)


def _points(text: str, block: Block) -> Iterator[Point]:
    if block.kind == "paragraph":
        for start, end in sentences(text[block.start : block.end]):
            yield Point(block.start + start, block.start + end)
    else:
        yield Point(block.start, block.end, block.kind, block.cells, block.columns)


def _parts(text: str, section: Section, max_words: int) -> Iterator[tuple[Point, ...]]:
    """The section's points in parts of about the same length, each of at most `max_words` unless one point is
    longer.
    """
    points = [point for block in section.blocks for point in _points(text, block)]
    sizes = [len(words(text[point.start : point.end])) for point in points]
    if 0 < sum(sizes) <= max_words * TOLERANCE:
        yield tuple(points)
        return
    target = sum(sizes) / max(1, -(-sum(sizes) // max_words))
    part: list[Point] = []
    length = 0
    for together in _whole_steps(text, points, sizes, max_words):
        size = sum(sizes[place] for place in together)
        if part and (length + size > max_words or length + size / 2 > target):
            yield tuple(part)
            part, length = [], 0
        part += points[together.start : together.stop]
        length += size
    if part:
        yield tuple(part)


def _whole_steps(text: str, points: list[Point], sizes: list[int], max_words: int) -> Iterator[range]:
    """The places of points that stay together: all steps of a numbered list, with the items between them, unless they
    are longer than a passage may be; every other point by itself.
    """
    place = 0
    while place < len(points):
        end = place + 1
        if _number(text, points[place]) == 1:
            last = 1
            for further in range(place + 1, len(points)):
                number = _number(text, points[further])
                if points[further].kind != "item" or (number and number <= last):
                    break
                end, last = (further + 1, number) if number else (end, last)
        if sum(sizes[place:end]) <= max_words * TOLERANCE:
            yield range(place, end)
        else:
            yield from (range(one, one + 1) for one in range(place, end))
        place = end


def _number(text: str, point: Point) -> int:
    """The number that an item begins with; 0 if there is none."""
    found = _NUMBERED.match(text, point.start, point.end) if point.kind == "item" else None
    return int(found[1]) if found else 0
