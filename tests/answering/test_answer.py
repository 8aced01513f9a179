"""Answers: every citation resolves, what may be shown to whom, and the JSON that others build on."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from json_values import KEYS, has_its_keys

from guide.answering.criteria import cite
from guide.answering.to_json import answer_to_json
from guide.articles.read import read_article
from guide.embedding.encoder import Encoded
from guide.errors import AnswerError, GuideError, ModelError, QuestionError
from guide.guide import Guide
from guide.index.build import index_of
from guide.index.index import Index
from guide.levels import LEVELS, Level
from guide.records import Answer, Assessment, Criterion, Passage, SectionRole
from guide.safety.visibility import may_show

ROOT = Path(__file__).parents[2]
CRISIS = "I want to kill myself"
ABUSE = "My husband hits me"
HOPELESS = "I feel numb and hopeless all the time"


@cache
def built() -> Index:
    encoder = FakeEncoder()
    articles = [
        read_article(ROOT / "corpus" / "emotional-detachment.md"),
        read_article(ROOT / "tests" / "data" / "sleeping-badly.txt"),
    ]
    return index_of(articles, encoder, encoder.identity)


@pytest.fixture(scope="module")
def index() -> Index:
    return built()


@pytest.fixture(scope="module")
def guide(index: Index) -> Guide:
    return Guide(index, FakeEncoder())


def as_json(answer: Answer) -> dict[str, object]:
    """The answer as who reads its JSON gets it."""
    row: dict[str, object] = json.loads(json.dumps(answer_to_json(answer)))
    return row


def resolves(answer: Answer, index: Index) -> None:
    """Asserts that each citation leads to the very words shown."""
    passages = {passage.id: passage for passage in index.passages}
    for shown in answer.passages:
        text = index.texts[shown.article]
        assert shown.text == text[shown.start : shown.end] != ""
        passage = passages[shown.id]
        assert (shown.article, shown.section) == (passage.article_id, passage.section)
        assert (shown.start, shown.end) == (passage.start, passage.end)
        assert shown.points
        # A row may be quoted whole, or the one cell of it that is asked for.
        spans = {span for point in passage.points for span in ((point.start, point.end), *point.cells)}
        for point in shown.points:
            assert point.text == text[point.start : point.end] != ""
            assert (point.start, point.end) in spans
        assert len({(point.start, point.end) for point in shown.points}) == len(shown.points)
        scores = [point.score for point in shown.points]
        places = [point.start for point in shown.points]
        # Best first, but for a heading's first sentences, which are told in order.
        assert scores == sorted(scores, reverse=True) or places == sorted(places)
    scores = [shown.score for shown in answer.passages]
    assert scores == sorted(scores, reverse=True)
    assert len({shown.id for shown in answer.passages}) == len(answer.passages)
    for criterion in answer.safety.criteria:
        if criterion.passage_id:
            cited = passages[criterion.passage_id]
            assert cited.start <= criterion.start < criterion.end <= cited.end
            assert criterion.quote == index.texts[cited.article_id][criterion.start : criterion.end]
    for related in answer.related:
        assert related.question.strip()
        assert related.passage_id in passages
    for match in answer.safety.matches:
        assert match.text == answer.question[match.start : match.end]


QUESTIONS = [
    "What is deep sleep?",
    "What are the signs of emotional detachment?",
    "How can I help a detached partner?",
    "healthy boundaries",
    "Who wrote this?",
    "How do I bake bread?",
    HOPELESS,
    ABUSE,
    CRISIS,
    "😴",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_resolves(question: str, guide: Guide, index: Index) -> None:
    resolves(guide.ask(question), index)
    resolves(guide.ask(question, ["What is emotional detachment?"]), index)


words = st.sampled_from(
    "sleep feel partner deep boundaries why how does it my I hopeless bread doctor table , ? . é 睡 \n".split()
)


@settings(max_examples=60)
@given(st.lists(words, min_size=1, max_size=12).map(" ".join), st.lists(st.sampled_from(QUESTIONS), max_size=2))
def test_any_question_gets_an_answer_whose_citations_resolve(question: str, history: list[str]) -> None:
    try:
        answer = Guide(built(), FakeEncoder()).ask(question, history)
    except QuestionError:
        return
    resolves(answer, built())
    assert 0 <= answer.confidence <= 1
    assert answer.question == question
    assert answer.passages or not answer.covered
    shown = {passage.id for passage in answer.passages}
    assert all(may_show(passage, answer.safety) for passage in built().passages if passage.id in shown)
    has_its_keys(as_json(answer))


def test_the_same_question_gets_the_same_answer(guide: Guide) -> None:
    assert guide.ask("What is deep sleep?") == guide.ask("What is deep sleep?")


def test_a_question_in_an_articles_words_finds_its_passage(guide: Guide) -> None:
    answer = guide.ask("Which stage is hardly disturbed by a passing train?")
    assert answer.passages[0].section == ("Table: Light Sleep vs. Deep Sleep",)
    assert answer.passages[0].points[0].text == (
        "Easily broken by a noise in the street | Hardly disturbed by a passing train"
    )


# ── safety ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ROLES: tuple[SectionRole, ...] = ("body", "advice", "help", "faq", "credit")
SHOWN = [
    ("none", "none", set(ROLES), "an ordinary question"),
    ("professional", "none", set(ROLES), "somebody who should seek help gets the ordinary answer as well"),
    ("abuse", "none", set(), "nothing that could be read as blame, or as advice to stay"),
    ("crisis", "none", set(), "help lines alone"),
    ("emergency", "none", set(), "help lines alone"),
    ("none", "professional", set(ROLES), "an ordinary question after all"),
    ("none", "abuse", set(ROLES) - {"advice", "help"}, "nor what is said to be wrong with a reader who needs help"),
    ("none", "crisis", set(ROLES) - {"advice"}, "no advice for the rest of the conversation"),
    ("professional", "emergency", set(ROLES) - {"advice"}, "no advice for the rest of the conversation"),
    ("abuse", "crisis", set(), "the graver of both"),
    ("crisis", "abuse", set(), "the graver of both"),
]


@pytest.mark.parametrize(
    ("level", "earlier", "roles"), [case[:3] for case in SHOWN], ids=[f"{c[0]} after {c[1]}" for c in SHOWN]
)
def test_what_may_be_shown(level: Level, earlier: Level, roles: set[SectionRole]) -> None:
    safety = Assessment(level, "self", "en", earlier=earlier)
    passages = [Passage("p-1", "tea", ("Tea",), role, 0, 1, ()) for role in ROLES]
    assert {passage.role for passage in passages if may_show(passage, safety)} == roles


def test_in_a_crisis_there_is_the_way_to_help_and_nothing_else(guide: Guide) -> None:
    answer = guide.ask(CRISIS, country="US")
    assert answer.safety.level in ("crisis", "emergency")
    assert (answer.passages, answer.related, answer.covered, answer.confidence) == ((), (), False, 0.0)
    assert answer.safety.message
    assert "988" in [line.phone for line in answer.safety.helplines]


def test_beside_a_card_on_abuse_nothing_is_quoted(guide: Guide) -> None:
    answer = guide.ask(ABUSE)
    assert answer.safety.level == "abuse"
    assert (answer.passages, answer.related, answer.covered, answer.reply) == ((), (), False, "")
    assert answer.not_mentioned == ()


def test_advice_stays_back_after_a_crisis(guide: Guide, index: Index) -> None:
    question = "How can I help an emotionally detached partner?"
    roles = {passage.id: passage.role for passage in index.passages}
    before, after = guide.ask(question), guide.ask(question, [CRISIS])
    assert "advice" in {roles[shown.id] for shown in before.passages}
    assert "advice" in {roles[related.passage_id] for related in before.related}
    assert len(after.passages) == len(before.passages)
    assert after.related
    assert "advice" not in {roles[shown.id] for shown in after.passages}
    assert "advice" not in {roles[related.passage_id] for related in after.related}


def test_criteria_are_quoted_from_the_article_that_states_them(guide: Guide, index: Index) -> None:
    answer = guide.ask(HOPELESS)
    assert answer.safety.level == "professional"
    assert answer.safety.criteria
    assert all(criterion.passage_id for criterion in answer.safety.criteria)
    resolves(answer, index)
    roles = {passage.id: passage.role for passage in index.passages}
    assert {roles[criterion.passage_id] for criterion in answer.safety.criteria} == {"help"}


def test_each_criterion_has_its_place_in_the_corpus_article(index: Index) -> None:
    ids = ("distress", "isolation", "numbness", "skills")
    safety = Assessment("professional", "self", "en", criteria=tuple(Criterion(name, "in our words") for name in ids))
    cited = cite(safety, index, "emotional-detachment").criteria
    assert [criterion.id for criterion in cited] == list(ids)
    assert [criterion.quote.split()[:6] for criterion in cited] == [
        ["Emotional", "detachment", "is", "bringing", "you", "significant"],
        ["The", "patterns", "in", "your", "relationships", "isolate"],
        ["You", "are", "living", "with", "lasting", "numbness"],
        ["You", "would", "like", "to", "build", "healthier"],
    ]


def test_a_criterion_that_an_article_does_not_state_keeps_guides_words(index: Index) -> None:
    safety = Assessment(
        "professional", "self", "en", criteria=(Criterion("numbness", "ours"), Criterion("skills", "ours too"))
    )
    numb, skills = cite(safety, index, "sleeping-badly").criteria
    assert numb.quote == "You feel hopeless or can’t get through the day"
    assert index.texts["sleeping-badly"][numb.start : numb.end] == numb.quote
    assert skills == Criterion("skills", "ours too")


class BrokenEncoder:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def encode(self, texts: Sequence[str]) -> Encoded:
        raise self.error


def test_what_fails_after_the_safety_gate_takes_its_decision_along(index: Index) -> None:
    broken = Guide(index, BrokenEncoder(RuntimeError("out of memory")))
    with pytest.raises(AnswerError, match=r"^Guide failed .*RuntimeError: out of memory") as caught:
        broken.ask(HOPELESS)
    assert caught.value.safety is not None
    assert caught.value.safety.level == "professional"
    with pytest.raises(ModelError) as refused:
        Guide(index, BrokenEncoder(ModelError("no model"))).ask(HOPELESS)
    assert refused.value.safety is not None
    assert refused.value.safety.level == "professional"


@pytest.mark.parametrize(
    "history", [[], ["What are the signs?"], ["What are the signs?", "What is the second one?"]], ids=len
)
@pytest.mark.parametrize("question", [CRISIS, "It makes me want to die", "The second one. I want to die"])
def test_the_way_to_help_needs_no_model(question: str, history: list[str], index: Index) -> None:
    answer = Guide(index, BrokenEncoder(RuntimeError("out of memory"))).ask(question, history)
    assert answer.safety.level in ("crisis", "emergency")


@pytest.mark.parametrize(
    ("question", "history"),
    [(CRISIS + "!" * 10_000, []), (CRISIS, [3]), (CRISIS, [{"role": "system", "content": "x"}]), ("", [CRISIS])],
    ids=["too long", "history of numbers", "history of no person", "empty, after a crisis"],
)
def test_a_question_that_cannot_be_used_still_gets_its_help_card(
    question: str, history: list[object], guide: Guide
) -> None:
    with pytest.raises(QuestionError) as caught:
        guide.ask(question, history)
    assert caught.value.safety is not None
    assert caught.value.safety.message
    assert caught.value.safety.helplines


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_json_has_just_the_keys_that_are_documented(guide: Guide) -> None:
    seen: set[str] = set()
    for question in QUESTIONS:
        row = as_json(guide.ask(question, country="IE"))
        seen |= has_its_keys(row)
        assert row["version"] == 1
        assert row["safety"]["level"] in LEVELS
    assert seen == set(KEYS)


def test_json_of_a_correction(guide: Guide) -> None:
    from dataclasses import replace

    from guide.records import Correction

    answer = replace(guide.ask("What is deep sleep?"), corrections=(Correction("slep", "sleep"),))
    assert answer_to_json(answer)["corrections"] == [{"from": "slep", "to": "sleep"}]


@pytest.mark.parametrize("kind", [AnswerError, ModelError, QuestionError])
def test_all_that_a_person_can_act_on_is_a_guide_error(kind: type[Exception]) -> None:
    assert issubclass(kind, GuideError)


def test_a_goodbye_after_a_danger_is_answered_warmly_and_with_the_way_to_help(guide: Guide) -> None:
    answer = guide.ask("ok bye", ["I want to kill myself"])
    assert answer.act == "goodbye"
    assert "take care" in answer.reply.lower()
    assert "people who listen" in answer.reply
