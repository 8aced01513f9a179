"""Questions that people ask, matched by a search: they find the words that answer, and are never quoted themselves."""

import json
from dataclasses import replace

import pytest
from fake_encoder import FakeEncoder

from guide.answering.to_json import answer_to_json
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.guide import Guide
from guide.index.build import index_of
from guide.index.index import Index
from guide.records import Article, Hit, PassageQuestion, Query
from guide.retrieval import retrieve as retrieval
from guide.retrieval.retrieve import WEIGHTS, retrieve

ENCODER = FakeEncoder(4_096)

TEA = """\
# Tea

## Green tea

It is mild. Long steeping makes it bitter. A cup holds little caffeine.

## Black tea

It is strong. Milk goes well with it. I would never drink it at night.
"""
DRAGONS = "# Dragons\n\n## Breath\n\nDragons breathe fire at noon.\n"

BITTER = "Long steeping makes it bitter."
ASKED = {
    BITTER: ["why is my brew so awful", "grandma says i ruin every pot"],
    "A cup holds little caffeine.": ["can i sleep after one"],
    "Milk goes well with it.": ["is cow juice allowed", "how do brits take theirs"],
}


def article(text: str, asked: dict[str, list[str]], name: str = "tea") -> Article:
    """The article with these questions, by the words that answer them."""
    parsed = assemble(parse_markdown(text), article_id=name, source=f"{name}.md")
    placed = [
        PassageQuestion(question, parsed.text.index(words), parsed.text.index(words) + len(words), "file")
        for words, questions in asked.items()
        for question in questions
    ]
    return replace(parsed, asked=tuple(placed))


def index_over(*articles: Article) -> Index:
    return index_of(articles, ENCODER, ENCODER.identity)


def found(index: Index, message: str, **options: object) -> tuple[Hit, ...]:
    query = Query(message, message)
    return retrieve(query, index, ENCODER.encode([message]), **options).hits  # type: ignore[arg-type]


def first_point(index: Index, hit: Hit) -> str:
    point = hit.points[0].point
    return index.texts[hit.passage.article_id][point.start : point.end]


BARE = index_over(article(TEA, {}))
WITH = index_over(article(TEA, ASKED))

# Each shares words with a point that doesn't answer, and none of its own with the one that does.
MESSAGES = [
    ("mild brew so awful", BITTER),
    ("i ruin every mild pot", BITTER),
    ("can i sleep after mild", "A cup holds little caffeine."),
    ("is cow juice allowed at night", "Milk goes well with it."),
]


@pytest.mark.parametrize(("message", "words"), MESSAGES)
def test_a_message_like_somebodys_question_finds_its_passage_first_and_the_very_point(message: str, words: str) -> None:
    first = found(WITH, message)[0]
    assert words in WITH.texts["tea"][first.passage.start : first.passage.end]
    assert first_point(WITH, first) == words
    assert first_point(BARE, found(BARE, message)[0]) != words, "without the questions it isn't found"


def test_without_their_weight_the_questions_change_nothing() -> None:
    weights = replace(WEIGHTS, question=0.0)
    for message, _ in MESSAGES:
        with_them, without = (found(index, message, weights=weights) for index in (WITH, BARE))
        assert [hit.score for hit in with_them] == [hit.score for hit in without]
        assert [hit.passage.id for hit in with_them] == [hit.passage.id for hit in without]


def test_a_front_matters_question_is_its_sections_and_raises_no_point() -> None:
    text = TEA.replace("# Tea", '---\nquestions:\n  Green tea: ["why is my brew so awful"]\n---\n# Tea', 1)
    index = index_over(article(text, {}))
    first = found(index, "why is my brew so awful")[0]
    assert first.passage.section[-1] == "Green tea"
    assert first_point(index, first) == "It is mild."


def test_an_article_without_questions_beside_one_that_has_some_is_found_for_what_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = index_over(article(TEA, ASKED), article(DRAGONS, {}, "dragons"))
    message = "why do dragons breathe fire so often after one pot"
    assert found(index, message)[0].passage.article_id == "dragons"
    monkeypatch.setattr(retrieval, "UNASKED", -1.0)
    assert found(index, message)[0].passage.article_id == "tea", "taken to match badly it would be drowned"


@pytest.mark.parametrize(("message", "words"), MESSAGES)
def test_no_question_is_quoted_or_handed_out(message: str, words: str) -> None:
    guide = Guide(WITH, ENCODER)
    answer = guide.ask(message)
    text = WITH.texts["tea"]
    assert answer.passages
    for passage in answer.passages:
        assert passage.text == text[passage.start : passage.end]
        assert all(point.text == text[point.start : point.end] for point in passage.points)
    handed_out = json.dumps(answer_to_json(answer), ensure_ascii=False).replace(message, "")
    assert words in handed_out
    assert [question for questions in ASKED.values() for question in questions if question in handed_out] == []
