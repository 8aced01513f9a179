"""What the articles can be asked about, and the question that an answer to Guide's own question means."""

from pathlib import Path

import pytest

from guide.config import Config
from guide.conversation.topics import asked_first, overview_question, question_meant, topics_of
from guide.conversation.understand import understand
from guide.embedding.choose import open_builder
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    folder = tmp_path_factory.mktemp("topics") / "index"
    encoder = open_builder(Config())
    build(sorted(CORPUS.glob("*.md")), folder, encoder, encoder.identity)
    return Guide(open_index(folder), encoder)


@pytest.mark.model
@pytest.mark.parametrize("article", ["emotional-detachment", "healthy-boundaries"])
def test_each_choice_leads_to_its_section(guide: Guide, article: str) -> None:
    choices = guide.ask("help", articles=[article]).choices
    assert 2 <= len(choices) <= 4
    named = next(one for one in guide.articles if one.id == article)
    topics = {topic.message: topic for topic in topics_of([(named, guide.index.passages_of(article))])}
    for choice in choices:
        assert understand(choice.message).move == "search"
        found = guide.ask(choice.message, articles=[article])
        assert topics[choice.message].heading in [passage.section[-1] for passage in found.passages[:3]], choice


@pytest.mark.model
def test_an_answer_chooses_what_it_names(guide: Guide) -> None:
    article = next(one for one in guide.articles if one.id == "emotional-detachment")
    topics = topics_of([(article, guide.index.passages_of(article.id))])
    by_kind = {topic.kind: topic.message for topic in reversed(topics)}
    assert question_meant("him", "help", topics) == by_kind["to_do_other"]
    assert question_meant("me", "something happened", topics) == by_kind["signs_self"]
    assert question_meant("the causes", "help", topics) == by_kind["causes"]
    assert question_meant("idk", "help", topics) == overview_question(topics) == by_kind["meaning"]
    assert question_meant("loneliness", "it hurts", topics) == "it hurts loneliness"
    assert guide.ask("him", ["help"]).passages
    assert not guide.ask("its complicated", ["help"]).asks_back


BLAME = "Is it me, is it him, or is it how we are together?"


@pytest.mark.model
def test_who_is_to_blame_is_offered_first_and_found(guide: Guide) -> None:
    article = next(one for one in guide.articles if one.id == "emotional-detachment")
    topics = topics_of([(article, guide.index.passages_of(article.id))])
    assert asked_first(topics, "is it my fault")[0].message == BLAME
    assert asked_first(topics, "somehow")[0] == topics[0]
    assert guide.ask("is it my fault").choices[0].message == BLAME
    assert question_meant("me", "am i to blame", topics) == BLAME
    lies_behind = "What commonly lies behind detachment in a relationship"
    assert guide.ask("is it me or him").passages[0].section == (lies_behind,)
    after = guide.ask("is it my fault", ["what are signs of emotional detachment"])
    assert any("to blame" in point.text for passage in after.in_view for point in passage.points)
    assert lies_behind in [passage.section[-1] for passage in after.in_view]


@pytest.mark.model
@pytest.mark.parametrize("before", ["what can i do about it", "list the strategies", "what are the causes"])
def test_children_whom_no_article_mentions_are_named_after_any_message(before: str, guide: Guide) -> None:
    answer = guide.ask("what about kids", [before])
    assert (answer.covered, answer.not_mentioned) == (True, ("kids",))


@pytest.mark.model
@pytest.mark.parametrize("message", ["who gets it", "who does it happen to", "who has this the most?"])
def test_who_gets_it_is_about_the_article(message: str, guide: Guide) -> None:
    for history in ([], ["what is emotional detachment"]):
        answer = guide.ask(message, history, articles=["emotional-detachment"])
        assert answer.act in ("question", "statement")
        assert answer.passages[0].section == ("Causes of emotional detachment",)
    assert guide.ask("who gets my messages").act == "identity"


@pytest.mark.model
def test_a_greeting_after_a_crisis_is_no_small_talk_and_abuse_has_no_reply(guide: Guide) -> None:
    assert "Bye" not in guide.ask("bye", ["i want to kill myself"]).reply
    assert guide.ask("hello, my husband hits me every day").reply == ""
    assert (
        guide.ask("who wrote this").passages[0].section == ("About this article",) or guide.ask("who wrote this").reply
    )
