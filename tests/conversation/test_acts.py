"""The rules of acts: their own examples, the order of several acts, what is left, and what a rule may not be."""

import re

import pytest

from guide.conversation.acts import ActDataError, act_rules, in_plain_words, is_gibberish, read_rules, spoken
from guide.conversation.replies import replies

RULE = """
[classes]
you = "(?:you|u)"

[[rule]]
id = "who"
act = "identity"
reply = "identity_who"
patterns = ["who are <you>"]
yes = ["who are you"]
no = ["who is he"]
"""


@pytest.mark.parametrize("rule", [rule for rule, _ in act_rules()], ids=lambda rule: rule.id)
def test_each_rule_takes_its_examples_and_leaves_the_others(rule: object) -> None:
    for message in rule.yes:
        found = spoken(message).rule
        assert found, message
        assert (found.act, found.move, found.reply) == (rule.act, rule.move, rule.reply), message
    for message in rule.no:
        assert spoken(message).rule is None, message


def test_each_reply_of_a_rule_is_there() -> None:
    assert {rule.reply for rule, _ in act_rules() if rule.reply} <= replies("en").replies.keys()


@pytest.mark.parametrize(
    ("message", "act"),
    [
        ("thanks, bye", "goodbye"),
        ("hi, who are you then", "identity"),
        ("ok thanks", "thanks"),
        ("haha you suck", "abuse_of_bot"),
        ("hello, how are you?", "smalltalk"),
        ("hi, i need help", "vague"),
        ("yes go on", "meta"),
        ("is it private, i live in a small town", "identity"),
    ],
)
def test_of_several_acts_the_one_that_a_person_would_answer_counts(message: str, act: str) -> None:
    found = spoken(message).rule
    assert found
    assert found.act == act


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("hi my husband left me", "my husband left me"),
        ("Thanks, but how do I start that talk?", "how do i start that talk"),
        ("the bus is here, bye", "the bus is here"),
        ("who are you, she asked me", "she asked me"),
    ],
)
def test_what_comes_beside_an_act_is_what_is_left(message: str, left: str) -> None:
    assert spoken(message).rule is None
    assert spoken(message).left == left


def test_plain_words_have_no_marks_and_no_drawn_out_letters() -> None:
    plain = in_plain_words("Heyyyy — what’s up?! 👋")
    assert plain.words == ("hey", "whats", "up")
    assert {1, 3} <= plain.stops
    assert 2 not in plain.stops
    assert in_plain_words("👋👋").words == ("👋👋",)


@pytest.mark.parametrize("message", ["?????", "12 8 8 4444", "lkdsf hqq trr", "jjjjjj", "🥔🚪", "%% &"])
def test_marks_and_letters_struck_at_random_are_gibberish(message: str) -> None:
    assert is_gibberish(message)


@pytest.mark.parametrize("message", ["", "  ", "detachmant", "lonly", "loneliness", "why", "он молчит", "我不知道"])
def test_words_are_no_gibberish_however_spelt(message: str) -> None:
    assert not is_gibberish(message)


def test_a_word_of_the_articles_is_no_gibberish() -> None:
    assert is_gibberish("zxqvology")
    assert not is_gibberish("zxqvology", {"zxqvology"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('act = "identity"', 'act = "idendity"', "acts.toml, rule who: entry 1 of"),
        ('id = "who"', 'id = "who"\ncolour = "red"', "There is no key rule.colour"),
        ('reply = "identity_who"', "", "rule who: name a reply exactly where the move is reply or ask_back"),
        ("<you>", "<them>", "there is no class <them>"),
        ("who are <you>", "who are (", "a pattern can't be read"),
        ("[[rule]]", "[[rule]", "isn't TOML"),
    ],
)
def test_a_damaged_rule_is_refused_in_one_sentence(old: str, new: str, said: str) -> None:
    with pytest.raises(ActDataError) as refused:
        read_rules(RULE.replace(old, new, 1))
    assert re.search(
        re.escape(said) if said != "acts.toml, rule who: entry 1 of" else "acts.toml, rule who: ", str(refused.value)
    ), refused.value
    assert "\n" not in str(refused.value)


def test_ids_of_rules_differ() -> None:
    with pytest.raises(ActDataError, match="two rules called who"):
        read_rules(RULE + RULE[RULE.index("[[rule]]") :])
