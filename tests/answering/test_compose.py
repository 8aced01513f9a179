"""What an answer is made of beside its passages: the questions to ask next, and criteria in an article's words."""

import pytest
from fake_encoder import FakeEncoder

from guide.answering.compose import MAX_RELATED
from guide.answering.criteria import cite, criteria_of
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.guide import Guide
from guide.index.build import index_of
from guide.index.index import Index
from guide.records import Assessment, Criterion

SUBJECTS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")


def index_over(markdown: str) -> Index:
    encoder = FakeEncoder()
    article = assemble(parse_markdown(markdown), article_id="article")
    return index_of([article], encoder, encoder.identity)


def questions_of(*subjects: str) -> list[str]:
    return [f"What is {subject}?" for subject in subjects]


@pytest.fixture(scope="module")
def guide() -> Guide:
    """Over an article with a question for each subject, in their order."""
    sections = "\n\n".join(f"## What is {subject}?\n\nIt is {subject} itself." for subject in SUBJECTS)
    return Guide(index_over(f"# Names\n\n{sections}\n"), FakeEncoder())


# ── what to ask next ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "history", "related"),
    [
        ("alpha", [], ["bravo", "charlie", "delta"]),
        ("charlie", [], ["delta", "echo", "foxtrot"]),
        ("echo", [], ["foxtrot", "alpha", "bravo"]),
        ("foxtrot", [], ["alpha", "bravo", "charlie"]),
        ("charlie", ["delta"], ["echo", "foxtrot", "alpha"]),
        ("delta", ["echo", "foxtrot", "alpha"], ["bravo", "charlie"]),
    ],
)
def test_related_questions_go_on_from_the_answer_in_the_articles_order(
    asked: str, history: list[str], related: list[str], guide: Guide
) -> None:
    answer = guide.ask(f"What is {asked} itself?", questions_of(*history))
    assert answer.passages[0].section[-1] == f"What is {asked}?"
    assert [one.question for one in answer.related] == questions_of(*related)
    by_id = {passage.id: passage.section[-1] for passage in guide.passages}
    assert [by_id[one.passage_id] for one in answer.related] == questions_of(*related)
    assert MAX_RELATED == 3


def test_a_question_that_was_asked_is_not_offered_however_it_was_written(guide: Guide) -> None:
    answer = guide.ask("what is ALPHA?", ["WHAT IS BRAVO? ", "What is charlie?"])
    assert [one.question for one in answer.related] == questions_of("delta", "echo", "foxtrot")


# ── criteria ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HELP = """\
# Names

## When to seek professional help

- You feel numb and isolated
- You have no skills left
- You are cut off from everybody
- You feel empty, and suffer
"""
IDS = ("distress", "isolation", "numbness", "skills")


def test_each_point_states_one_criterion_and_each_criterion_is_stated_once() -> None:
    index = index_over(HELP)
    text = index.texts["article"]
    stated = {name: text[point.start : point.end] for name, (_, point) in criteria_of(index, "article").items()}
    assert stated == {
        # Also of isolation, but a point is quoted for one criterion only …
        "numbness": "You feel numb and isolated",
        "skills": "You have no skills left",
        # … for which the next that speaks of it is taken.
        "isolation": "You are cut off from everybody",
        # Numbness has been stated.
        "distress": "You feel empty, and suffer",
    }


def test_no_words_of_the_article_are_quoted_for_two_criteria() -> None:
    safety = Assessment("professional", "self", "en", criteria=tuple(Criterion(name, f"our {name}") for name in IDS))
    cited = cite(safety, index_over(HELP), "article").criteria
    assert [criterion.id for criterion in cited] == list(IDS)
    assert [criterion.quote for criterion in cited] == [
        "You feel empty, and suffer",
        "You are cut off from everybody",
        "You feel numb and isolated",
        "You have no skills left",
    ]
    fewer = cite(safety, index_over(HELP.replace("- You are cut off from everybody\n", "")), "article").criteria
    assert [criterion.quote for criterion in fewer if criterion.id == "isolation"] == ["our isolation"]
