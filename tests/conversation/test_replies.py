"""What Guide says in its own words: the same keys in each language, never the same twice in a row, and choices."""

import re
import tomllib
from itertools import pairwise

import pytest

from guide.conversation.act_rule import ActDataError
from guide.conversation.read_replies import read_replies
from guide.conversation.replies import GO_ON, credits_of, replies, reply_for
from guide.conversation.topics import Topic
from guide.conversation.understand import understand
from guide.languages.words import languages
from guide.records import Article

FREQUENT = ("greeting", "thanks", "goodbye", "ack", "smalltalk", "abuse_of_bot", "gibberish", "vague", "meta_back")
TOPICS = tuple(
    Topic(kind, f"What about {kind or 'the rest'}?", "A heading", f"p{number}", "body")
    for number, kind in enumerate(("signs_self", "signs_other", "causes", "to_do", "meaning", ""))
)


@pytest.mark.parametrize("language", languages())
def test_every_language_says_the_same_things(language: str) -> None:
    english, other = replies("en"), replies(language)
    assert other.replies.keys() == english.replies.keys()
    assert other.choice_labels.keys() == english.choice_labels.keys()
    assert {key: re.findall(r"{\w+}", words) for key, words in other.credits.items()} == {
        key: re.findall(r"{\w+}", words) for key, words in english.credits.items()
    }
    assert {key: sorted(re.findall(r"{\w+}", " ".join(texts))) for key, texts in other.moves.items()} == {
        key: sorted(re.findall(r"{\w+}", " ".join(texts))) for key, texts in english.moves.items()
    }
    for key, entry in english.replies.items():
        assert (other.replies[key].choices, other.replies[key].asks_back) == (entry.choices, entry.asks_back), key
        assert ["{credits}" in text for text in other.replies[key].texts] == [
            "{credits}" in text for text in entry.texts
        ]


@pytest.mark.parametrize("key", replies("en").replies)
def test_no_reply_is_said_twice_in_a_row(key: str) -> None:
    texts = [reply_for(key, turn).text for turn in range(8)]
    assert all(one != other for one, other in pairwise(texts))
    assert texts == [reply_for(key, turn).text for turn in range(8)]
    if key in FREQUENT:
        assert len(set(texts)) >= 3


@pytest.mark.parametrize("key", replies("en").replies)
def test_a_question_is_asked_exactly_where_the_reply_says_so(key: str) -> None:
    assert reply_for(key, 0).asks_back == (key in ("vague", "ack_alone"))
    assert len(reply_for(key, 0, topics=TOPICS).choices) <= (
        {"vague": 4, "ack_alone": 4, "cant_answer": 4, "ack": 3}.get(key, 2)
    )


def test_choices_are_what_was_not_asked_yet() -> None:
    asked = [TOPICS[0].message, TOPICS[1].message.upper()]
    offered = reply_for("greeting", 0, topics=TOPICS, asked=asked).choices
    assert [choice.message for choice in offered] == [TOPICS[2].message, TOPICS[3].message]
    assert [choice.label for choice in offered] == ["Why it happens", "What can help"]
    assert reply_for("vague", 1, "es", topics=TOPICS).choices[0].label == "Señales en mí"
    assert reply_for("greeting", 0).choices == ()


def test_what_a_yes_is_offered_leads_on_and_is_never_the_same_twice_in_a_row() -> None:
    offered = [[choice.message for choice in reply_for("ack", turn, topics=TOPICS).choices[1:]] for turn in range(1, 7)]
    assert offered[0] == [TOPICS[2].message, TOPICS[3].message]
    assert all(set(one).isdisjoint(other) for one, other in pairwise(offered))
    assert reply_for("ack", 1, topics=TOPICS, asked=[TOPICS[2].message]).choices[1].message == TOPICS[3].message


def test_going_on_is_understood_as_that() -> None:
    assert reply_for("ack", 0, topics=TOPICS).choices[0].message == GO_ON
    assert understand(GO_ON).move == "more"


def test_another_language_than_those_gets_english() -> None:
    assert reply_for("thanks", 0, "fi") == reply_for("thanks", 0, "en")


def test_an_unknown_key_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        reply_for("nothing", 0)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[replies.hi]\ntexts = ['one']", "two texts or more"),
        ("[replies.hi]\ntexts = ['one', 'two']\nchoices = ['nine']", "topic, next, vague or more"),
        ("[replies.hi]\ntexts = ['one', 'two']\ntone = 'warm'", "There is no key"),
    ],
)
def test_damaged_replies_are_refused(source: str, said: str) -> None:
    with pytest.raises(ActDataError, match=said):
        read_replies({"choice_labels": {}, "moves": {}, "credits": {}} | tomllib.loads(source))


def test_a_language_without_a_table_is_refused() -> None:
    with pytest.raises(ActDataError, match="moves"):
        read_replies({"choice_labels": {}, "replies": {}, "credits": {}})


def test_credits_name_author_and_source() -> None:
    one = Article("a", "Sleep", "Ann Lee", "sleep.md", "en", "", ())
    retold = Article("b", "Rest", "Bo Oz", "The Book of Rest", "en", "", ())
    assert credits_of([one]) == "“Sleep” by Ann Lee"
    assert credits_of([one, retold]) == "“Sleep” by Ann Lee and “Rest” (its source: “The Book of Rest” by Bo Oz)"
    assert "2 more articles" in credits_of([one, one, one, one])
    assert credits_of([one, retold], "es") == "«Sleep», de Ann Lee y «Rest» (su fuente: «The Book of Rest», de Bo Oz)"
