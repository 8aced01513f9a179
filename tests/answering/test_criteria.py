"""Whose words a criterion on the card has: those of the article that the answer quotes, where it states it."""

import pytest
from fake_encoder import FakeEncoder

from guide.answering.criteria import cite, cite_criteria, criteria_of
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.guide import Guide
from guide.index.build import index_of
from guide.index.index import Index
from guide.levels import Level
from guide.records import Answer, AskRequest, Assessment, Criterion, QuotedPassage
from guide.safety.gate import assess
from guide.safety.wording import criterion_words

ENCODER = FakeEncoder()


def indexed(**texts: str) -> Index:
    """The index of articles, by their ids."""
    articles = [assemble(parse_markdown(text), article_id=id) for id, text in texts.items()]
    return index_of(articles, ENCODER, ENCODER.identity)


WALLS = """\
# Walls around feelings

## What are walls?

Somebody with walls keeps feelings in.

## When is it time to seek help?

A counsellor can be of use if:

- You feel numb or see no way forward for weeks
- Daily life no longer works
"""
LIMITS = """\
# Limits among neighbours

## What are limits?

A limit among neighbours says where a garden ends.

## When to look for help

Mediators can help once:

- Every talk over the fence ends in a quarrel
"""


def stated(lines: str, before: str = "A counsellor can help if:") -> dict[str, str]:
    """The criteria that an article with these lines in its help section states, in its words."""
    index = indexed(one=f"# One\n\n## When to seek help\n\n{before}\n\n{lines}\n")
    text = index.texts["one"]
    return {name: text[point.start : point.end] for name, (_, point) in criteria_of(index, "one").items()}


WORDINGS = [
    # other words for the same criteria
    ("- Nothing gives you joy any more", "numbness"),
    ("- You have lost interest in all that you used to like", "numbness"),
    ("- Everything has seemed flat for a month", "numbness"),
    ("- You feel down most of the day", "numbness"),
    ("- You have lost touch with your friends", "isolation"),
    ("- You push the people you love away", "isolation"),
    ("- You keep arguing at home", "isolation"),
    ("- You have withdrawn from family and friends", "isolation"),
    ("- You can't sleep or eat", "distress"),
    ("- Worry interferes with your job", "distress"),
    ("- You hardly get out of bed", "distress"),
    ("- You no longer cope", "distress"),
    ("- You want to change and can't see how to go about it", "skills"),
    ("- You would like to learn other ways", "skills"),
    # none of them
    ("- You snore", None),
    ("- You have had a fever for three days", None),
    ("- You keep a diary", None),
    # what to do, and what professionals do
    ("- Ask your doctor about numbness", None),
    ("- A therapist teaches skills", None),
    ("- Look for a group for lonely people", None),
]


@pytest.mark.parametrize(("line", "name"), WORDINGS, ids=[line for line, _ in WORDINGS])
def test_a_criterion_in_other_words(line: str, name: str | None) -> None:
    assert stated(line) == ({name: line.removeprefix("- ")} if name else {})


SENTENCES = [
    ("See your doctor if you feel numb for weeks.", "numbness"),
    ("When every evening ends in a quarrel, a counsellor can help.", "isolation"),
    ("A counsellor can teach you skills.", None),
    ("Therapy helps against numbness.", None),
    ("It is fine to come even if you can function.", None),
    ("You don't have to be in distress.", None),
    ("A course on coping is open to you if you live in town.", None),
]


@pytest.mark.parametrize(("sentence", "name"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_a_criterion_in_a_sentence_is_what_follows_its_if(sentence: str, name: str | None) -> None:
    assert stated(sentence, before="") == ({name: sentence} if name else {})


def test_a_list_of_something_else_states_none() -> None:
    assert stated("- Meetings of lonely people\n- Distress lines", before="These are near you:") == {}


def test_only_the_help_section_states_criteria() -> None:
    assert criteria_of(indexed(one="# One\n\n## Signs\n\nYou may be detached if:\n\n- You feel numb\n"), "one") == {}


def test_a_criterion_may_speak_of_closeness() -> None:
    line = "- You would like to rebuild trust and don't know where to begin"
    assert stated(line) == {"skills": line.removeprefix("- ")}


BOTH = indexed(walls=WALLS, limits=LIMITS)
NUMB, QUARREL = "I feel numb and hopeless all the time.", "We fight more and more, every day."


@pytest.mark.parametrize(
    ("asked", "article", "expected"),
    [
        (NUMB, "walls", "You feel numb or see no way forward for weeks"),
        (NUMB, "limits", None),  # the other article states it
        (QUARREL, "limits", "Every talk over the fence ends in a quarrel"),
        (QUARREL, "walls", None),
    ],
)
def test_a_criterion_has_the_words_of_the_article_that_is_quoted(
    asked: str, article: str, expected: str | None
) -> None:
    answer = Guide(BOTH, ENCODER).ask(f"{asked} What are walls, and limits among neighbours?", articles=[article])
    assert answer.safety.level == "professional"
    assert {passage.article for passage in answer.passages} == {article}
    (own,) = assess(asked).criteria
    (criterion,) = answer.safety.criteria
    if expected is None:
        assert criterion == own
    else:
        of = {passage.id: passage.article_id for passage in BOTH.passages}
        assert (criterion.id, criterion.quote, of[criterion.passage_id]) == (own.id, expected, article)
        assert BOTH.texts[article][criterion.start : criterion.end] == expected


@pytest.mark.parametrize("asked", [NUMB, QUARREL])
def test_what_is_assessed_without_an_answer_has_the_cards_own_words(asked: str) -> None:
    (criterion,) = Guide(BOTH, ENCODER).assess(AskRequest(asked)).criteria
    assert criterion == Criterion(criterion.id, criterion_words(criterion.id))


def test_passages_that_are_only_near_are_from_no_article_unless_all_are_from_one() -> None:
    met = Criterion("numbness", "own words")
    near = [
        QuotedPassage(passage.id, passage.article_id, passage.section, passage.start, passage.end, "", 0.1, ())
        for passage in BOTH.passages
    ]
    safety = Assessment("professional", "self", "en", criteria=(met,))

    def cited(*passages: QuotedPassage, covered: bool) -> str:
        answer = Answer("q", "q", (), covered, 0.1, (), passages, (), safety)
        return cite_criteria(answer, BOTH).safety.criteria[0].quote

    of_walls, of_limits = (next(one for one in near if one.article == id) for id in ("walls", "limits"))
    assert cited(of_walls, of_limits, covered=False) == met.quote
    assert cited(of_walls, covered=False) == "You feel numb or see no way forward for weeks"
    assert cited(of_limits, of_walls, covered=True) == met.quote
    assert cited(covered=False) == met.quote


def test_a_criterion_in_a_passage_that_is_held_back_keeps_the_cards_words() -> None:
    index = indexed(one="# One\n\n## When to seek help\n\n- You want to rebuild trust and don't know where to begin\n")
    met = (Criterion("skills", "own words"),)
    earlier: Level
    for earlier, quote in (("none", "You want to rebuild trust and don't know where to begin"), ("abuse", "own words")):
        safety = Assessment("professional", "self", "en", criteria=met, earlier=earlier)
        assert [criterion.quote for criterion in cite(safety, index, "one").criteria] == [quote]
