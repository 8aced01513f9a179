"""What comes after an answer: fewer of its words, more of the articles, or the definition."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from guide.answering.heads import heads_of
from guide.answering.overview import FEW_LINES, overview_of
from guide.answering.structure import hit_of, whole
from guide.answering.talk import LastShown, Talk
from guide.records import Answer, Hit, Passage, QuotedPassage

SEARCHED_FOR_DEFINITION = 20
"""Among how many of the passages nearest to the topic a definition or an entry of the frequent questions is looked
for."""

NEAR_ENOUGH = 0.85
"""The share of the quoted passage's score from which a definition or a frequent question is about the same: at less, it
is about the subject and about something else, such as a definition after causes."""

MOST_FURTHER = 4
"""How many of the further passages come at once: the first of them is quoted, the others are one tap away."""

NOTICEABLY = 0.8
"""The share of the characters shown before up to which fewer are noticed."""

NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_AT_MOST = re.compile(
    rf"\b([1-9]|10|{'|'.join(NUMBERS)})\s+(?:tips?|points?|things?|bullets?|signs?|causes?|reasons?|steps?|ways?)\b",
    re.I,
)

_DEFINES = re.compile(r"^(?:so |and )?what(?:['’]?s| is| are\b| do(?:es)?\b.*\bmean)\b", re.I)


def shorter(talk: Talk, last: LastShown, message: str) -> Answer:
    """What was shown last, in noticeably fewer words: the answering words of its first passage alone, then the head of
    each, then of prose its first sentence; never one of several answers, unless `message` asks for so few. Of an
    overview, fewer sections. What can't be shorter stays as it is, and the reply says so.
    """
    if last.summed_up and len(last.answer.passages) > FEW_LINES:
        return overview_of(talk, last.summed_up, FEW_LINES)
    answer = again(talk, last)
    if not answer.covered:
        return answer
    found, length = answer, _length(answer)
    for passages in _shorter_ones(talk, answer, last, _most_points(message)):
        fewer = replace(answer, passages=passages, related=(), phrased=(), brief=True, closest=())
        if _length(fewer) < length:
            found = fewer
        if _length(found) < NOTICEABLY * length:
            break
    if found is not answer:
        return found
    shortest = talk.say("shortest").text
    return answer if shortest in answer.reply else replace(answer, reply=f"{answer.reply} {shortest}".strip())


def _shorter_ones(talk: Talk, answer: Answer, last: LastShown, most: int) -> Iterator[tuple[QuotedPassage, ...]]:
    """What may stand in place of what `answer` shows, from the longest to the shortest."""
    in_view = answer.in_view
    if most:
        yield _first_points(in_view, most)
    best = last.base.passages[0]
    if answer.closest and len(best.points) > 1:
        # Of the passage that fits best all that answers, not only what there was room for beside the others.
        in_view = (best,)
    if not answer.points_alone or in_view != answer.in_view:
        yield in_view
    yield tuple(map(heads_of, in_view))
    if in_view is answer.closest:
        yield tuple(map(heads_of, _first_points(in_view, len(in_view))))
    [*others, only] = in_view
    if not others and all(point.kind == "sentence" for point in only.points) and not _advises(talk, only):
        yield (replace(only, points=only.points[:1]),)


def _first_points(passages: Sequence[QuotedPassage], most: int) -> tuple[QuotedPassage, ...]:
    """The first `most` points: of one passage its best ones, of several the best one of each."""
    if len(passages) == 1:
        return (replace(passages[0], points=passages[0].points[:most]),)
    return tuple(replace(passage, points=passage.points[:1]) for passage in passages[:most])


def _most_points(message: str) -> int:
    """How many points `message` wants at most; 0 if it doesn't say."""
    found = _AT_MOST.search(message)
    return (NUMBERS.get(found[1].lower()) or int(found[1])) if found else 0


def _length(answer: Answer) -> int:
    """How many characters of the article are read without a tap."""
    if answer.points_alone:
        return sum(len(point.text) for passage in answer.in_view for point in passage.points)
    return sum(len(passage.text) for passage in answer.in_view)


def _advises(talk: Talk, quoted: QuotedPassage) -> bool:
    """Whether the passage tells what to do: of several such sentences, one alone would be one tip of many."""
    return any(
        passage.role in ("advice", "help")
        for passage in talk.index.passages_of(quoted.article)
        if passage.id == quoted.id
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
    fewer = shorter(talk, last, "")
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
