"""The help-seeking criteria that an article states, in its own words."""

import re
from collections.abc import Iterator
from dataclasses import replace

from guide.index.state import State
from guide.records import Answer, Assessment, Criterion, Passage, Point
from guide.safety.visibility import may_show


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


_RECOGNISED_BY = {
    "numbness": _any_of(
        r"\bnumb\w*|\bapath\w+|\bhopeless\w*|\bdespair\w*|\bjoyless\w*|\blistless\w*|\bemptiness\b|\bempty inside\b",
        r"\bwithout (?:any )?hope\b|\bfeel\w* (?:almost |next to )?nothing\b|\b(?:can['’]t|cannot|unable to) feel\b",
        r"\b(?:feel\w*|felt|seem\w*|everything) (?:\w+ )?(?:empty|flat|pointless|dull)\b",
        r"\b(?:los(?:t|e|es|ing)|loss of|lack of|no|no longer \w+) (?:\w+ )?(?:interest|joy|pleasure|hope|feelings?)\b",
        r"\b(?:nothing|hardly anything) (?:matters|interests|moves|gives|brings|touches|makes)\b",
        r"\b(?:depressed|low|down|sad) (?:for|most|nearly|all|day after)\b",
    ),
    "isolation": _any_of(
        r"\bisolat\w+|\bconflicts?\b|\bquarrel\w*|\blonel\w+|\bargu(?:e|ing|ments?)\b|\b(?:fight|row)(?:s|ing)?\b",
        r"\b(?:cut|shut)(?:ting)? (?:\w+ ){0,3}(?:off|out)\b|\bpush\w* (?:\w+ ){1,4}away\b",
        r"\b(?:withdr[ae]w|retreat)\w* (?:\w+ )?from (?:\w+ )?(?:people|friends|family|others|everybody|everyone)\b",
        r"\blos(?:t|e|es|ing) (?:touch|contact|(?:\w+ )?friends)\b|\b(?:nobody|no one) (?:is )?(?:left|to talk)\b",
        r"\b(?:fewer and fewer|hardly any|no) (?:people|friends|contacts?)\b",
        r"\bavoid\w* (?:\w+ )?(?:people|friends|everybody|everyone|others|company)\b",
        r"\brelationships? (?:\w+ )?(?:ends?|breaks?|fails?|falls? apart)\b",
    ),
    "skills": _any_of(
        r"\bskills?\b|\b(?:where|how) to (?:start|begin|go about)\b|\bhealthier\b",
        r"\b(?:new|better|other|different) ways\b|\b(?:want|wish|like) to (?:change|learn)\b",
    ),
    "distress": _any_of(
        r"\bdistress\w*|\bfunction(?:s|ing)?\b|\bimpair\w*|\bsuffer\w*|\boverwhelm\w*|\bunbearable\b|\bcop(?:e|ing)\b",
        r"\b(?:daily|everyday|day-to-day) (?:life|tasks?|routines?|living)\b|\bout of bed\b|\bget\w* through\b",
        r"\bin the way of\b|\binterfer\w+ with\b|\b(?:too much|hard) to bear\b",
        r"\b(?:affect|disturb|disrupt|harm|take over)s? (?:\w+ ){0,2}(?:work|job|sleep|life|health|studies)\b",
        r"\b(?:can['’]t|cannot|unable to|hard to|difficult to|trouble) (?:work|sleep|eat|concentrat|study|manag)\w*",
    ),
}
"""What an article's criterion speaks of, by the criterion's id; the first that fits and is free is taken."""

_CONDITION = re.compile(r"\b(?:if|when|whenever|once|as soon as)\b(?P<what>.*)", re.I | re.S)
_ANNOUNCED = re.compile(r"\b(?:if|when|whenever|once|signs?|following|any of)\b", re.I)
_OF_THE_READER = re.compile(r"^(?:you|your|they|their)\b(?! (?:can|could|may|might|will|should)\b)", re.I)
_NO_CONDITION = re.compile(
    r"\beven (?:if|when)\b|\b(?:need not|needn['’]t|(?:do not|don['’]t) (?:have|need) to)\b|\bno need\b|\bnot a sign\b",
    re.I,
)
_WHAT_TO_DO = re.compile(
    r"^(?:(?:an?|the|your) )?(?:\w+ )?(?:doctor|gp|therap|counsel|psych|professional|helpline|group)\w*\b"
    r"|^(?:ask|book|call|choose|contact|find|go|join|learn|look|make|ring|search|see|seek|speak|talk|tell|try|visit)\b",
    re.I,
)


def cite_criteria(answer: Answer, index: State) -> Answer:
    """`answer`, the criteria on its card in the words and place of the article that it quotes, where that article
    states them. No other article is cited.
    """
    article_id = _quoted_article(answer)
    return replace(answer, safety=cite(answer.safety, index, article_id)) if article_id else answer


def _quoted_article(answer: Answer) -> str:
    """The id of the article that the answer is from. Passages that are only near are from none, unless all are from
    one.
    """
    articles = list(dict.fromkeys(passage.article for passage in answer.passages))
    return articles[0] if articles and (answer.covered or len(articles) == 1) else ""


def cite(assessment: Assessment, index: State, article_id: str) -> Assessment:
    """`assessment` with each of its criteria in the article's own words and place, where the article states it and its
    passage may be shown; the others stay as they are.
    """
    if not assessment.criteria:
        return assessment
    stated = criteria_of(index, article_id)
    text = index.texts[article_id]

    def cited(criterion: Criterion) -> Criterion:
        passage, point = stated.get(criterion.id, (None, None))
        if passage is None or point is None or not may_show(passage, assessment):
            return criterion
        return Criterion(criterion.id, text[point.start : point.end], passage.id, point.start, point.end)

    return replace(assessment, criteria=tuple(cited(criterion) for criterion in assessment.criteria))


def criteria_of(index: State, article_id: str) -> dict[str, tuple[Passage, Point]]:
    """The points of the article's help-seeking section that state a criterion, by the criterion's id."""
    text = index.texts[article_id]
    helping = [(one.start, one.end) for one in index.article(article_id).sections if one.role == "help"]
    stated: dict[str, tuple[Passage, Point]] = {}
    for passage in index.passages_of(article_id):
        if not any(start <= passage.start and passage.end <= end for start, end in helping):
            continue
        for point, condition in _conditions(passage, text):
            fits = (name for name, sign in _RECOGNISED_BY.items() if name not in stated and sign.search(condition))
            if name := next(fits, None):
                stated[name] = (passage, point)
    return stated


def _conditions(passage: Passage, text: str) -> Iterator[tuple[Point, str]]:
    """The points that say when to seek help, each with its condition: what follows an “if”, or a whole item of a list
    of such conditions. What to do, and what professionals do, is none.
    """
    announced = passage.section[-1]
    has_items = any(point.kind == "item" for point in passage.points)
    for point in passage.points:
        words = text[point.start : point.end]
        is_item = point.kind == "item"
        if not is_item:
            announced = words
        if is_item is not has_items or _NO_CONDITION.search(words):
            continue
        if found := _CONDITION.search(words):
            yield point, found["what"]
            continue
        is_announced = is_item and bool(_ANNOUNCED.search(announced) or _OF_THE_READER.search(words))
        if is_announced and not _WHAT_TO_DO.search(words):
            yield point, words
