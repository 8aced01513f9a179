"""No advice on a relationship is shown to somebody in danger: every such passage of the corpus is asked for."""

from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.read import read_article
from guide.guide import Guide
from guide.index.build import index_of
from guide.index.index import Index
from guide.records import Answer, Passage

CORPUS = Path(__file__).parents[2] / "corpus"
ENCODER = FakeEncoder()
INDEX = index_of([read_article(path) for path in sorted(CORPUS.glob("*.md"))], ENCODER, ENCODER.identity)
ADVICE = [passage for passage in INDEX.passages if passage.role == "advice"]
DANGER = {"abuse": "My husband hits me", "crisis": "I want to die"}

HARMLESS = {
    "emotional-detachment": {
        "What is emotional detachment?",
        "Detached or simply uninterested? Some misunderstandings cleared up",
        "What does emotional detachment look like in a relationship?",
        "Does emotional distance always do harm?",
        "Causes of emotional detachment",
        "Signs of emotional detachment in close relationships",
        "Emotional detachment and healthy boundaries compared",
        "What commonly lies behind detachment in a relationship",
        "When is it time to seek professional help?",
        "What does being emotionally detached mean?",
        "Is emotional detachment always a bad thing?",
        "Which signs does a detached partner typically show?",
        "Is it possible to reverse emotional detachment?",
        "About this article",
    },
    "healthy-boundaries": {
        "Healthy boundaries: what they are, how to set them and how to keep them",
        "What is a boundary?",
        "Kinds of boundaries",
        "When is it time to get help with boundaries?",
        "About this article",
    },
}
"""The sections that a person has read and found to ask nobody to open up, to rebuild trust, to do exercises as a couple
or to confront anybody. Whatever else there is counts as advice: a new section has to be read before it can be added.
"""


def asked_for(passage: Passage, index: Index = INDEX) -> str:
    """A question that the passage answers as well as any: its heading and its own words."""
    words = index.texts[passage.article_id][passage.start : passage.end]
    return " ".join(f"{passage.section[-1]} {words}".split())[:400]


def shown_by(answer: Answer) -> set[str]:
    """The ids of the passages that an answer shows or leads to."""
    return {passage.id for passage in answer.passages} | {related.passage_id for related in answer.related}


def test_every_passage_that_advises_is_held_back() -> None:
    advise = {one.id for one in INDEX.passages if one.section[-1] not in HARMLESS[one.article_id]}
    assert {passage.id for passage in ADVICE} == advise
    assert {passage.article_id for passage in ADVICE} == set(HARMLESS)


@pytest.mark.parametrize("level", DANGER)
@pytest.mark.parametrize("passage", ADVICE, ids=lambda passage: passage.section[-1])
def test_advice_stays_back_whatever_is_asked(passage: Passage, level: str) -> None:
    guide = Guide(INDEX, ENCODER)
    held = {one.id for one in ADVICE}
    asked = asked_for(passage)
    assert passage.id in {shown.id for shown in guide.ask(asked).passages}, "without danger it is shown"
    for answer in (guide.ask(asked, [DANGER[level]]), guide.ask(f"{DANGER[level]}. {asked}")):
        assert answer.safety.level == level or answer.safety.earlier == level
        assert not held & shown_by(answer)


ELSEWHERE = """\
# Walls

Daring to be vulnerable can bring two people close again.

## What walls are

A wall keeps feelings in, and other people out.

## What walls do

The rift grows. Don't leave it unspoken: tell your partner what you miss.

## Frequently asked questions

### Do walls come down?

They do, once couples talk it through and forgive.

## When to seek help

Couples therapy can help both of you to rebuild trust.

### Somebody to talk to

A counsellor can help you if walls make your daily life hard.
"""
"""Advice in an introduction, below a heading that announces none, among frequent questions and in a help section."""


def test_advice_stays_back_wherever_it_stands() -> None:
    article = assemble(parse_markdown(ELSEWHERE), article_id="walls")
    index = index_of([article], ENCODER, ENCODER.identity)
    guide = Guide(index, ENCODER)
    advice = {"Walls", "What walls do", "Do walls come down?", "When to seek help"}
    held = {passage.id for passage in index.passages if passage.section[-1] in advice}
    assert len(held) == len(advice)
    for passage in index.passages:
        asked = asked_for(passage, index)
        assert passage.id in {shown.id for shown in guide.ask(asked).passages}, "without danger it is shown"
        now = guide.ask(f"My boyfriend hit me last night. {asked}")
        afterwards = guide.ask(asked, ["My boyfriend hit me last night"])
        assert (now.safety.level, afterwards.safety.earlier) == ("abuse", "abuse")
        assert not held & (shown_by(now) | shown_by(afterwards))
        assert not shown_by(now)
        assert not now.reply
        assert not now.not_mentioned


HURT = ["my girlfriend hit me in front of everyone", "he slapped me at the party last week"]
HELP = [passage for passage in INDEX.passages if passage.role == "help"]


@pytest.mark.parametrize("told", HURT)
@pytest.mark.parametrize("passage", HELP, ids=lambda passage: passage.section[-1])
def test_what_calls_for_help_in_a_reader_is_not_quoted_to_who_is_hurt(passage: Passage, told: str) -> None:
    guide = Guide(INDEX, ENCODER)
    asked = f"{asked_for(passage)[:300]}?"
    assert guide.ask(asked).passages[0].id == passage.id, "without danger it is the first"
    after = guide.ask(asked, [told])
    assert (after.safety.level, after.safety.earlier) == ("none", "abuse")
    # Nor is what comes next to it.
    assert not shown_by(after)
    assert after.reply.endswith("in danger, some of it could do harm.")
    both = guide.ask(asked, ["i want to die", told])
    assert both.safety.also_earlier == "abuse"
    assert not shown_by(both)
    # To who told of a crisis alone, where to turn is shown.
    assert passage.id in shown_by(guide.ask(asked, ["i want to die"]))


@pytest.mark.parametrize("told", HURT)
@pytest.mark.parametrize(
    "message", ["it happened a single time", "my friends say i am cold", "i avoid emotional talks", "is it normal?"]
)
def test_what_goes_on_from_abuse_or_tells_of_people_is_not_searched_for(message: str, told: str) -> None:
    guide = Guide(INDEX, ENCODER)
    for history in ([told], ["What are kinds of boundaries?", told]):
        after = guide.ask(message, history)
        assert (after.safety.level, after.safety.earlier) == ("none", "abuse")
        assert not shown_by(after)
        assert "the way to help is on this page" in after.reply or "under the help on this page" in after.reply
    # Once it is taken back, it is an ordinary message.
    back = guide.ask(message, [{"role": "user", "content": told, "withdrawn": True}])
    assert (back.safety.earlier, back.safety.taken_back) == ("abuse", True)
    assert "on this page" not in back.reply


@pytest.mark.parametrize("told", HURT)
def test_an_ordinary_question_after_abuse_is_answered_and_not_with_the_words_of_the_abuse(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = Guide(INDEX, ENCODER)
    alone, after = (
        guide.ask("What are causes of emotional detachment?"),
        guide.ask("What are causes of emotional detachment?", [told]),
    )
    assert after.in_view[0].section[-1] == alone.in_view[0].section[-1] == "Causes of emotional detachment"
    assert after.searched_as == alone.searched_as
    # A message that leans on the question goes on from it, and not from the blow before it.
    leaning = guide.ask("and does it always do harm?", [told, "What are causes of emotional detachment?"])
    assert not {"hit", "slapped"} & set(leaning.searched_as.split())
    # What no article answers isn't said to be held back, and no word is named as missing.
    monkeypatch.setattr("guide.answering.compose.not_mentioned", lambda *_, **__: ("volcanoes",))
    monkeypatch.setattr("guide.answering.compose.threshold", lambda: 2.0)
    for history, missing in (([], ("volcanoes",)), ([told], ())):
        unanswered = guide.ask("How do volcanoes erupt?", history)
        assert (unanswered.covered, unanswered.reply, unanswered.not_mentioned) == (False, "", missing)
