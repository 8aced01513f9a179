"""What comes after an answer: fewer of its words, more of the articles, or the definition."""

import re
from dataclasses import replace

from guide.answering.overview import FEW_LINES, overview_of
from guide.answering.structure import hit_of, whole
from guide.answering.talk import LastShown, Talk
from guide.records import Answer, Hit, Passage, QuotedPassage, QuotedPoint

SEARCHED_FOR_DEFINITION = 20
"""Among how many of the passages nearest to the topic a definition or an entry of the frequent questions is looked
for."""

NEAR_ENOUGH = 0.85
"""The share of the quoted passage's score from which a definition or a frequent question is about the same: at less, it
is about the subject and about something else, such as a definition after causes."""

MOST_FURTHER = 4
"""How many of the further passages come at once: the first of them is quoted, the others are one tap away."""

_NAMED = re.compile(r"(?P<name>[^:|.!?]{2,60}):\s+\S")
"""An item that says what it is about, and then more of it."""

_DEFINES = re.compile(r"^(?:so |and )?what(?:['’]?s| is| are\b| do(?:es)?\b.*\bmean)\b", re.I)


def shorter(talk: Talk, last: LastShown) -> Answer:
    """What was shown last, the answering words of its first passage alone. Of an overview, fewer sections; any other
    list of several passages that are short already stays as it is.
    """
    if last.summed_up and len(last.answer.passages) > FEW_LINES:
        return overview_of(talk, last.summed_up, FEW_LINES)
    answer = again(talk, last)
    if not answer.covered:
        return answer
    if answer.brief and (len(answer.passages) > 1 or len(answer.passages[0].points) == 1):
        return replace(answer, reply=" ".join(filter(None, (answer.reply, talk.say("shortest").text))))
    first = answer.in_view[0]
    if answer.brief:
        first = replace(first, points=_fewer(first))
        if first.points == answer.in_view[0].points:
            return replace(answer, reply=" ".join(filter(None, (answer.reply, talk.say("shortest").text))))
    return replace(answer, passages=(first,), related=(), phrased=(), brief=True, closest=())


def _fewer(passage: QuotedPassage) -> tuple[QuotedPoint, ...]:
    """The first of the passage's answering sentences; of a list, what each item says before its colon. An item alone
    would be one answer of many: where one has no such words, the list stays as it is.
    """
    if passage.points[0].kind == "sentence":
        return passage.points[:1]
    named = [_NAMED.match(point.text) for point in passage.points]
    if not all(named):
        return passage.points
    return tuple(
        replace(point, end=point.start + found.end("name"), text=found["name"], cells=(), columns=())
        for point, found in zip(passage.points, named, strict=True)
        if found
    )


def again(talk: Talk, last: LastShown) -> Answer:
    """What was shown last, once more. Where advice comes first on the topic and is held back, its reply says so."""
    answer = _again(talk, last.answer)
    if not talk.holds_back or answer.reply:
        return answer
    best = talk.search(last.topic, everything=True)[1].hits[:1]
    held_back = any(not talk.may_quote(hit.passage) for hit in best)
    return replace(answer, reply=talk.say("partly_held_back").text) if held_back else answer


def more(talk: Talk, last: LastShown) -> Answer:
    """What the articles say further on the topic and hasn't been shown: the other passages that were found, best first;
    when these are used up, what follows in the article; at its end a reply that says so. Where nothing answered the
    question, the answer is once more that nothing does.
    """
    if not last.base.covered:
        return _again(talk, last.base)
    found = _further(talk, last)
    kept = [hit for hit in found if hit.passage.id not in last.seen and talk.may_quote(hit.passage)]
    left_out = any(not talk.may_quote(hit.passage) for hit in found)
    if kept:
        answer = talk.quote(kept[:MOST_FURTHER], like=last.base)
    else:
        following, skipped = _following(talk, last)
        left_out = left_out or skipped
        if following is None:
            answer = talk.begin("no_more")
        else:
            answer = talk.quote([following], like=last.base, reply=talk.say("next_in_article"))
    return replace(answer, reply=f"{answer.reply} {talk.say('partly_held_back').text}".strip()) if left_out else answer


def simpler(talk: Talk, last: LastShown) -> Answer:
    """The definition, or the frequent question, that is as near to the topic as what was just quoted; where there is
    none, the words of that which answer, alone, since Guide can only quote; nothing but that where nothing answered.
    """
    if not last.base.covered:
        return talk.reply_alone(talk.say("only_quotes"))
    _, found = talk.search(last.topic, limit=SEARCHED_FOR_DEFINITION)
    just_quoted = {passage.id for passage in last.answer.in_view}
    of_quoted = [hit.score for hit in found.hits if hit.passage.id in just_quoted]
    enough = NEAR_ENOUGH * max(of_quoted, default=found.hits[0].score if found.hits else 0.0)
    for hit in found.hits:
        if explains(hit.passage) and hit.score >= enough and hit.passage.id not in just_quoted:
            return talk.quote([hit], like=last.base)
    fewer = shorter(talk, last)
    if not fewer.covered or not _leaves_out(fewer.in_view[0], last.answer):
        return talk.reply_alone(talk.say("only_quotes"))
    return replace(fewer, reply=" ".join(filter(None, (talk.say("main_words").text, fewer.reply))))


def _leaves_out(passage: QuotedPassage, answer: Answer) -> bool:
    """Whether the points of `passage` alone are less than `answer` shows."""
    if answer.brief:
        return (passage,) != answer.in_view
    return len(answer.in_view) > 1 or len(passage.points) < len(passage.whole)


def explains(passage: Passage) -> bool:
    """Whether the passage says what something is or means: a frequent question, or a heading that asks for that."""
    return passage.role == "faq" or bool(_DEFINES.search(passage.section[-1]))


def _again(talk: Talk, answer: Answer) -> Answer:
    return replace(answer, question=talk.request.question, also_asked=())


def _further(talk: Talk, last: LastShown) -> list[Hit]:
    """What is about the topic, best first; also what may not be shown, so that it can be said that it is left out."""
    if last.further is not None and not talk.holds_back:
        return list(last.further)
    shown = list(last.further) if last.further is not None else list(talk.search(last.topic)[1].hits)
    if not talk.holds_back:
        return shown
    of_all = talk.search(last.topic, everything=True)[1].hits
    return shown + [hit for hit in of_all if not talk.may_quote(hit.passage)]


def _following(talk: Talk, last: LastShown) -> tuple[Hit | None, bool]:
    """The next passage of the article after the answer's first that hasn't been shown, and whether one before it is
    left out.
    """
    first = last.base.passages[0]
    left_out = False
    for passage in talk.index.passages_of(first.article):
        if passage.start < first.end or passage.id in last.seen or passage.role == "credit":
            continue
        if talk.may_quote(passage):
            hit = whole(passage, talk.index.texts[first.article])
            listed = [found.point for found in hit.points if found.point.kind != "sentence"]
            # Prose says first what it is about; of a list, every item counts.
            return hit_of(passage, listed or [hit.points[0].point]), left_out
        left_out = True
    return None, left_out
