"""A small article of our own, with a list and a table, and answers made of it by hand."""

import pytest

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split
from guide.chat.library import Library
from guide.chat.reading import render_article
from guide.records import Answer, Assessment, Passage, QuotedPassage, QuotedPoint

ARTICLE = """\
---
title: Keeping bees calm
questions:
  What calms bees?:
    - How do I keep them quiet?
---
# Keeping bees calm

Bees mirror their keeper. Move slowly.

## What calms bees?

Three things help:

- Cool smoke
- A warm day
- Slow hands

## Smoke and water compared

| Smoke | Water |
|---|---|
| Masks alarm | Cools wings |
| Lasts minutes | Lasts an hour |
"""


def library_of(markdown: str) -> Library:
    """The library of one article."""
    article = assemble(parse_markdown(markdown), article_id="bees")
    return Library.of([article], split(article))


def opened(library: Library) -> str:
    """The HTML of all articles, each as it is when it is opened."""
    return "".join(str(render_article(article, library)) for article in library.articles.values())


def quote(passage: Passage, library: Library, *answering: int) -> QuotedPassage:
    """`passage` as an answer quotes it; `answering` are the places of the points that answer."""
    text = library.articles[passage.article_id].text
    points = [passage.points[place] for place in answering]
    quoted = tuple(QuotedPoint(point.start, point.end, text[point.start : point.end], 0.8) for point in points)
    return QuotedPassage(
        id=passage.id,
        article=passage.article_id,
        section=passage.section,
        start=passage.start,
        end=passage.end,
        text=text[passage.start : passage.end],
        score=0.7,
        points=quoted,
        whole=passage.points,
        language=library.articles[passage.article_id].language,
    )


def answer(question: str, *passages: QuotedPassage, covered: bool = True, **other: object) -> Answer:
    """An answer that quotes `passages`."""
    fields = {
        "searched_as": question,
        "corrections": (),
        "confidence": 0.9,
        "not_mentioned": (),
        "related": (),
        "safety": Assessment("none", "self", "en"),
    } | other
    return Answer(question=question, covered=covered, passages=passages, **fields)  # type: ignore[arg-type]


@pytest.fixture
def library() -> Library:
    return library_of(ARTICLE)
