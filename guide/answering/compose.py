"""Hits → answer: what is quoted, how sure Guide is, and what the article doesn't cover."""

from collections.abc import Iterable, Sequence

from guide.answering.closest import closest_of
from guide.answering.confidence import confidence, not_mentioned, signals, threshold, word_support
from guide.articles.page_marks import pages_between
from guide.index.state import State
from guide.records import (
    Answer,
    Assessment,
    Hit,
    Passage,
    Query,
    QuotedPassage,
    QuotedPoint,
    Related,
    Turn,
)
from guide.retrieval.retrieve import Retrieval
from guide.safety.visibility import may_show

MAX_RELATED = 3

LEAST_OF_TOLD = 0.1
"""The confidence from which what somebody tells counts as about the articles' subject. People seldom tell in an
article's words: of 13 sentences on a cold partner or parent 11 reach it, of 10 on bicycles and boilers none.
"""


def compose(query: Query, found: Retrieval, index: State, safety: Assessment, asked: Iterable[Turn] = ()) -> Answer:
    """The answer that the hits of `found` give to `query`."""
    hits = found.hits
    supports = word_support(query, found, index)
    chance = confidence(signals(query, found, supports)) if hits else 0.0
    covered = bool(hits) and chance >= threshold()
    passages = tuple(quoted_passage(hit, index) for hit in hits)
    closest = closest_of(passages, chance) if covered else ()
    return Answer(
        question=query.question,
        searched_as=query.text,
        corrections=query.corrections,
        covered=covered,
        confidence=chance,
        not_mentioned=_unmentioned(query, not_mentioned(query, supports, covered=covered)),
        passages=passages,
        related=related_to(query.question, hits, index, safety, [turn.content for turn in asked]),
        safety=safety,
        also_asked=query.also_asked,
        answers=query.answers,
        closest=closest,
        shown=tuple(passage.points[0].text for passage in closest) or (items_shown(hits, index) if covered else ()),
    )


def _unmentioned(query: Query, found: tuple[str, ...]) -> tuple[str, ...]:
    """The words to name as not mentioned: a group of people as a whole, and the words `found` that aren't its."""
    if not query.group:
        return found
    return (query.group, *(word for word in found if word.lower() not in query.group.lower().split()))


def is_spoken_of(query: Query, found: Retrieval, index: State, *, told: bool) -> bool:
    """Whether the hits of `found` answer `query`; of what was only told, whether it is likely to be about the same."""
    chance = confidence(signals(query, found, word_support(query, found, index))) if found.hits else 0.0
    return chance >= (LEAST_OF_TOLD if told else threshold())


def without_passages(query: Query, safety: Assessment, reply: str = "") -> Answer:
    """The answer that quotes nothing: to somebody in crisis the way to help and nothing else; otherwise also `reply`,
    which says why.
    """
    return Answer(query.question, query.text, (), False, 0.0, (), (), (), safety, reply=reply)


def quoted_passage(hit: Hit, index: State) -> QuotedPassage:
    """The exact words of the hit's passage and of its points, with their places."""
    passage = hit.passage
    article = index.article(passage.article_id)
    text = article.text
    points = tuple(
        QuotedPoint(
            found.point.start,
            found.point.end,
            text[found.point.start : found.point.end],
            found.score,
            found.point.kind,
            found.point.cells,
            found.point.columns,
        )
        for found in hit.points
    )
    start, end = passage.start, passage.end
    return QuotedPassage(
        id=passage.id,
        article=passage.article_id,
        section=passage.section,
        start=start,
        end=end,
        text=text[start:end],
        score=hit.score,
        points=points,
        whole=passage.points,
        language=article.language,
        pages=pages_between(article, start, end),
    )


def quotes_again(answer: Answer, history: Sequence[Turn]) -> bool:
    """Whether `answer` quotes by the same points the passage that was quoted for the last message, as far as its turn
    says; to the same question it is meant to.
    """
    last = next((turn for turn in reversed(history) if turn.role == "user"), None)
    if not answer.covered or last is None or last.content.casefold().split() == answer.question.casefold().split():
        return False
    return answer.passages[0].id in last.quoted[:1] and answer.shown == last.shown


def items_shown(hits: Sequence[Hit], index: State) -> tuple[str, ...]:
    """What “the second one” means after an answer of `hits`: the points that the first passage answers with, in reading
    order, or the headings of the sections that it only announces; nothing without a hit.
    """
    for hit in hits[:1]:
        passage, depth = hit.passage, len(hit.passage.section)
        announced = [
            other.section[depth]
            for other in index.passages_of(passage.article_id)
            if len(other.section) > depth and other.section[:depth] == passage.section
        ]
        if announced:
            return tuple(dict.fromkeys(announced))
        text = index.texts[passage.article_id]
        points = sorted((found.point for found in hit.points), key=lambda point: point.start)
        return tuple(text[point.start : point.end] for point in points)
    return ()


def related_to(
    question: str, hits: Sequence[Hit], index: State, safety: Assessment, asked: Sequence[str]
) -> tuple[Related, ...]:
    """Questions that the article answers next, in its own order, from where the best hit stands; neither `question` nor
    what was `asked` before.
    """
    if not hits:
        return ()
    best = hits[0].passage
    passages = index.passages_of(best.article_id)
    place = passages.index(best)
    shown = {hit.passage.section for hit in hits[:1]}
    taken = {text.casefold().strip() for text in (question, *asked)}
    related: list[Related] = []
    for passage in (*passages[place + 1 :], *passages[:place]):
        question = _question_of(passage)
        if not question or passage.section in shown or question.casefold() in taken or not may_show(passage, safety):
            continue
        shown.add(passage.section)
        related.append(Related(question, passage.id))
        if len(related) == MAX_RELATED:
            break
    return tuple(related)


def _question_of(passage: Passage) -> str:
    """A question that the passage answers: one its article names, or its heading if that is a question."""
    heading = passage.section[-1]
    return heading if heading.endswith("?") else next(iter(passage.questions), "")
