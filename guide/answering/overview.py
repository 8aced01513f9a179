"""An article in its own words: one sentence for each of its sections."""

import re
from collections.abc import Sequence
from dataclasses import replace

from guide.answering.structure import lead, top_sections
from guide.answering.talk import Talk
from guide.index.catalogue import article_names
from guide.index.state import State
from guide.records import Answer, Choice, Hit
from guide.text.stems import stems

MOST_LEADS = 24
"""How many sections an overview has at most; of a longer article, the most central ones."""

FEW_LINES = 3
"""How many sections “in short” asks for."""

MOST_CHOICES = 6

_NUMBERS = {
    word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)
}
_COUNT = re.compile(
    rf"\b(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})\s+(?:\w+\s+)?"
    r"(?:lines?|sentences?|points?|bullets?|things?|parts?|items?|takeaways?|ideas?|l[ií]neas?|frases?|puntos?)\b",
    re.I,
)
_IN_SHORT = re.compile(
    r"\btl;?\s?dr\b|\bin (?:short|brief)\b|\b(?:briefly|nutshell)\b|\bfew (?:lines|sentences|words)\b", re.I
)
_OF_ANY_ARTICLE = frozenset(stems("whole article text page summarise summarize sum up summary overview short brief"))


def overview(talk: Talk, message: str, about: str = "") -> Answer:
    """An overview of the article that `message` names, or of the one with the id `about` that the conversation is
    about; where there are several and it can't be told which, a reply that asks, with the articles as choices.
    """
    id = _named(talk, message) or about or _only(talk.article_ids)
    return overview_of(talk, id, _count(message)) if id else which_article(talk)


def overview_of(talk: Talk, article_id: str, count: int | None = None) -> Answer:
    """A lead sentence for each section of the article, in its order, without its credits and what may not be shown;
    with a `count`, those of so many most central sections.
    """
    text = talk.index.texts[article_id]
    sections = [
        [passage for passage in section if passage.role != "credit"]
        for section in top_sections(talk.index.passages_of(article_id))
    ]
    visible = [[passage for passage in section if talk.may_quote(passage)] for section in sections]
    leads = [found for section in visible if (found := lead(section, text))]
    wanted = min(count or MOST_LEADS, MOST_LEADS)
    if len(leads) > wanted:
        central = set(_most_central(talk.index, article_id, leads, wanted))
        leads = [hit for hit in leads if hit.passage.id in central]
    shown = [hit.passage.section[0] for hit in leads]
    answer = talk.quote(leads, brief=True, shown=shown, related=False)
    if any(section and not kept for section, kept in zip(sections, visible, strict=True)):
        reply = talk.say("partly_held_back" if leads else "held_back")
        return replace(answer, reply=reply.text)
    return answer


def which_article(talk: Talk) -> Answer:
    """The reply that asks which article is meant, with them as choices; after a question of Guide's own it asks none,
    so that it never asks twice in a row.
    """
    names = article_names(talk.index)
    titles = [names[id] for id in talk.article_ids[:MOST_CHOICES]]
    choices = tuple(Choice(title, talk.say("overview_of", title=title).text) for title in titles)
    last = next((turn for turn in reversed(talk.request.history) if turn.role == "user"), None)
    asked_before = last is not None and last.asked_back
    reply = talk.say("choose_article" if asked_before else "which_article")
    return talk.reply_alone(replace(reply, choices=choices), asks_back=not asked_before, shown=titles)


def article_called(talk: Talk, title: str) -> str:
    """The id of the article of just this name; empty if there is none."""
    names = article_names(talk.index)
    return next((id for id in talk.article_ids if names[id] == title), "")


def _named(talk: Talk, message: str) -> str:
    """The id of the article whose title the message names best; empty if it names none, or several alike."""
    names = article_names(talk.index)
    said, asked = message.casefold(), set(stems(message)) - _OF_ANY_ARTICLE
    whole = [id for id in talk.article_ids if names[id].casefold() in said]
    if len(whole) == 1:
        return whole[0]
    shared = {id: len(asked.intersection(stems(names[id]))) for id in talk.article_ids} if asked else {}
    best = max(shared.values(), default=0)
    return _only([id for id, count in shared.items() if best and count == best])


def _only(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else ""


def _count(message: str) -> int | None:
    """How many lines `message` asks for; nothing if it doesn't say."""
    if found := _COUNT.search(message):
        count = found["count"].lower()
        return max(1, _NUMBERS.get(count) or int(count))
    return FEW_LINES if _IN_SHORT.search(message) else None


def _most_central(index: State, article_id: str, leads: Sequence[Hit], count: int) -> list[str]:
    """The ids of the `count` passages of `leads` whose embeddings are nearest to the mean of the article's."""
    vectors = index.passage_vectors(article_id)
    nearness = vectors @ vectors.mean(axis=0)
    by_id = {passage.id: float(near) for passage, near in zip(index.passages_of(article_id), nearness, strict=True)}
    return sorted((hit.passage.id for hit in leads), key=lambda id: -by_id[id])[:count]
