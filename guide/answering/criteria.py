"""The help-seeking criteria that an article states, in its own words."""

import re
from dataclasses import replace

from guide.index.index import Index
from guide.records import Assessment, Criterion, Passage, Point

_RECOGNISED_BY = {
    "numbness": re.compile(r"\bnumb\w*|\bapath\w+|\bhopeless\w*|\bempt(?:y|iness)\b", re.I),
    "isolation": re.compile(r"\bisolat\w+|\bconflict\w*|\bcut off\b|\bquarrel\w*|\blonel\w+", re.I),
    "skills": re.compile(r"\bskills?\b|\bwhere to (?:start|begin)\b|\bhealthier\b|\bhow to (?:start|begin)\b", re.I),
    "distress": re.compile(r"\bdistress\w*|\bfunction\w*|\bimpair\w*|\bdaily life\b|\bsuffer\w*|\bget through\b", re.I),
}
"""What an article's criterion speaks of, by the criterion's id; the first that fits and is free is taken."""


def criteria_of(index: Index, article_id: str) -> dict[str, tuple[Passage, Point]]:
    """The points of the article's help-seeking section that state a criterion, by the criterion's id."""
    text = index.texts[article_id]
    stated: dict[str, tuple[Passage, Point]] = {}
    for passage in index.passages_of(article_id):
        if passage.role != "help":
            continue
        items = [point for point in passage.points if point.kind == "item"] or list(passage.points)
        for point in items:
            words = text[point.start : point.end]
            fits = (name for name, sign in _RECOGNISED_BY.items() if name not in stated and sign.search(words))
            if name := next(fits, None):
                stated[name] = (passage, point)
    return stated


def cite(assessment: Assessment, index: Index, article_id: str) -> Assessment:
    """`assessment` with each of its criteria in the article's own words and place, where the article states it."""
    if not assessment.criteria:
        return assessment
    stated = criteria_of(index, article_id)
    text = index.texts[article_id]

    def cited(criterion: Criterion) -> Criterion:
        if criterion.id not in stated:
            return criterion
        passage, point = stated[criterion.id]
        return Criterion(criterion.id, text[point.start : point.end], passage.id, point.start, point.end)

    return replace(assessment, criteria=tuple(cited(criterion) for criterion in assessment.criteria))
