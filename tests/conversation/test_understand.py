"""What a person does with a message in its conversation, and what Guide does next."""

import time

import pytest

from guide.conversation.understand import ADDS, ANSWER, before, undecided, understand
from guide.records import Turn


def after(*said: str) -> list[Turn]:
    return [Turn("user", text) for text in said]


@pytest.mark.parametrize(
    ("message", "act", "move"),
    [
        ("hi", "greeting", "reply"),
        ("salaam", "greeting", "reply"),  # kinder than to speak of languages: many say it in English
        ("hola", "greeting", "reply"),
        ("hi my husband left me", "statement", "search"),
        ("thanks, but what do i say to her", "question", "search"),
        ("tell me that again", "meta", "again"),
        ("you told me that already", "meta", "more"),
        ("what do you mean", "meta", "simpler"),
        ("go back", "meta", "reply"),
        ("what are the five strategies", "meta", "list"),
        ("strategy number 3", "meta", "item"),
        ("what are the signs?", "question", "search"),
        ("?????", "gibberish", "reply"),
        ("", "statement", "search"),
        ("help", "statement", "ask_back"),
        ("is it my fault", "question", "ask_back"),
        ("who wrote this", "identity", "search"),
    ],
)
def test_words_tell_the_act_and_what_comes_next(message: str, act: str, move: str) -> None:
    found = understand(message)
    assert (found.act, found.move) == (act, move)


def test_sixty_words_that_tell_are_a_story_and_a_list_of_questions_is_none() -> None:
    assert understand("we had a garden and he dug it every spring " * 7).act == "story"
    assert understand("Why does he dig it every spring? " * 10).act == "question"
    assert understand("we had a garden and he dug it every spring").act == "statement"


def test_a_vague_message_asks_back_once_and_then_is_answered() -> None:
    assert understand("help").move == "ask_back"
    assert understand("its complicated", after("help")).by == ANSWER
    assert understand("my husband", after("help")).by == ANSWER
    assert understand("what to do", after("help")).by == ANSWER
    assert understand("its complicated", after("help", "its complicated")).move == "search"


def test_a_vague_message_after_a_topic_is_about_that() -> None:
    assert understand("why", after("my wife never laughs with me")).move == "search"
    assert understand("why", after("hi", "thanks")).move == "ask_back"


@pytest.mark.parametrize("message", ["what should i say", "so what's behind it", "do i need help?"])
def test_an_aspect_after_a_topic_is_about_that_and_not_about_guide(message: str) -> None:
    topic = after("my sister has not rung since may")
    always = dict.fromkeys(("capability", "identity", "smalltalk", "ack"), 9.0)
    assert understand(message, topic, meaning=lambda _: always).move == "search"
    assert undecided(message, topic) == ""
    assert understand(message, meaning=lambda _: always).move != "search"


@pytest.mark.parametrize(
    "message", ["i cant", "I really don't want to", "not ready yet", "thats too hard for me right now"]
)
def test_who_cant_is_met_as_that_after_a_question_of_guides_and_after_a_passage(message: str) -> None:
    assert understand(message, after("help")).reply == "cant_answer"
    assert understand(message, after("how do i talk to my wife about it")).reply == "cant_do"


@pytest.mark.parametrize("message", ["idk", "no idea honestly", "none of these", "rather not say"])
def test_who_cannot_answer_guides_question_need_not(message: str) -> None:
    asked = after("i dont know what to do")
    found = understand(message, asked)
    assert (found.act, found.move, found.reply) == ("ack", "reply", "cant_answer")
    assert understand("my brother", [*asked, Turn("user", message, act="ack")]).by == ANSWER
    assert understand(message, after("why is he so cold")).reply == "ack"


@pytest.mark.parametrize("message", ["i cant anymore", "i can't go on like this", "I can't talk to him"])
def test_giving_up_and_what_somebody_cant_do_are_not_waved_through(message: str) -> None:
    for history in (after("help"), after("how do i talk to my wife about it")):
        assert understand(message, history).reply not in ("cant_answer", "cant_do")


def test_like_what_asks_on_about_the_topic() -> None:
    for message in ("like what?", "such as"):
        assert understand(message, after("what can a shy man do")).by == ADDS


def test_what_a_turn_says_of_itself_counts_more_than_its_words() -> None:
    asked = [Turn("user", "tell me where to look", act="statement", asked_back=True)]
    assert understand("him", asked).by == ANSWER
    answered = [Turn("user", "help", act="statement")]
    assert understand("yes", answered).reply == "ack"


def test_a_greeting_after_a_question_of_guides_is_no_answer() -> None:
    assert understand("thanks", after("help")).act == "thanks"
    assert understand("who are you", after("help")).act == "identity"
    assert understand("?????", after("help")).act == "gibberish"


def test_a_yes_goes_on_or_asks() -> None:
    assert understand("yes", after("what are the signs")).reply == "ack"
    alone = understand("yes")
    assert (alone.act, alone.move, alone.reply) == ("ack", "ask_back", "ack_alone")


def test_meaning_decides_only_what_words_leave_open_and_only_if_sure() -> None:
    asked: list[str] = []

    def sure(words: str) -> dict[str, float]:
        asked.append(words)
        return {"smalltalk": 1.0}

    assert understand("the pancakes burned", meaning=sure).act == "smalltalk"
    assert understand("hello", meaning=sure).act == "greeting"
    assert understand("word " * 26, meaning=sure).act == "statement"
    assert asked == ["the pancakes burned"]
    assert understand("the pancakes burned", meaning=lambda _: {"smalltalk": 0.99}).act == "statement"
    assert understand("the pancakes burned", meaning=lambda _: {}).act == "statement"


def test_meaning_must_be_surer_after_a_topic_and_less_beside_a_greeting() -> None:
    topic = after("what are the signs")
    assert understand("then at noon", topic, meaning=lambda _: {"smalltalk": 1.05}).act == "statement"
    assert understand("then at noon", topic, meaning=lambda _: {"smalltalk": 1.15}).act == "smalltalk"
    assert understand("then at noon", meaning=lambda _: {"goodbye": 5.9}).act == "statement"
    assert understand("then at noon", meaning=lambda _: {"goodbye": 6.1}).act == "goodbye"
    assert understand("hi, may your day be easy", meaning=lambda _: {"smalltalk": 0.4}).act == "greeting"
    assert understand("hi, my wife is ill", meaning=lambda _: {"smalltalk": 0.2}).act == "statement"


def test_meaning_must_be_much_surer_where_a_word_may_be_the_articles() -> None:
    for words in ("digital boundaries", "digital bowndaries"):
        for sure, act in ((2.9, "statement"), (3.1, "smalltalk")):
            assert understand(words, known={"boundaries"}, meaning=lambda _, sure=sure: {"smalltalk": sure}).act == act
    assert understand("sunny spells", known={"boundaries"}, meaning=lambda _: {"smalltalk": 1.1}).act == "smalltalk"


def test_words_that_name_the_subject_are_searched_for_whatever_they_mean() -> None:
    def found(message: str, label: str = "smalltalk") -> str:
        return understand(message, meaning=lambda _: {label: 9.0}, names_subject=lambda words: "oak" in words).act

    assert (found("pine panels"), found("oak panels"), found("hi oak panels")) == (
        "smalltalk",
        "statement",
        "statement",
    )
    assert (found("oak panels", "goodbye"), found("oak panels", "gibberish")) == ("statement", "statement")
    assert found("are my panels made of oak or of pine", "capability") == "question"
    assert found("the sun shines on my oak panels") == "smalltalk", "many words that ask nothing"
    assert found("ur oak panels", "abuse_of_bot") == "abuse_of_bot", "said to Guide"
    assert found("thanks for the oak panels", "thanks") == "thanks", "thanks by the rules"
    vague = understand("oak", meaning=lambda _: {"vague": 9.0}, names_subject=lambda words: True)
    assert vague.move == "ask_back"


def test_meaning_of_meta_brings_its_move() -> None:
    assert understand("my head cannot take that much", meaning=lambda _: {"meta.shorter": 1.0}).move == "shorter"
    assert understand("that went astray", meaning=lambda _: {"meta.back": 1.0}).reply == "meta_back"


@pytest.mark.parametrize("message", ["him", "kids?", "and my brother?", "signs", "I'm 44", "since june", "mostly her"])
def test_somebody_an_aspect_or_a_fact_after_a_topic_is_searched_with_it(message: str) -> None:
    found = understand(message, after("my wife never laughs with me"))
    assert (found.move, found.by) == ("search", ADDS)


def test_a_bare_person_or_fact_is_asked_back_once_within_three_messages() -> None:
    assert understand("my wife").move == "ask_back"
    assert understand("I'm 44").move == "ask_back"
    assert understand("signs").move == "search"
    asked = [Turn("user", "help", act="statement", asked_back=True), Turn("user", "thanks", act="thanks")]
    assert understand("my wife", asked).move == "search"
    assert understand("my wife", [*asked, *after("bye", "hi")]).move == "ask_back"


def test_a_question_after_guides_own_stays_one() -> None:
    assert understand("is it my fault?", after("help")).act == "question"
    assert understand("does it get better", after("ok")).move == "ask_back"
    assert understand("causes", after("help")).by == ANSWER
    assert understand("the train left", after("help"), meaning=lambda _: {"goodbye": 9.0}).act == "goodbye"


def test_after_a_topic_a_question_that_does_not_speak_to_guide_is_content() -> None:
    topic = after("what are the signs")
    sure = {"identity": 50.0}
    assert understand("is she this kind of doctor", topic, meaning=lambda _: sure).act == "question"
    assert understand("what do you eat", topic, meaning=lambda _: sure).act == "identity"
    assert understand("and the same with the door", topic, meaning=lambda _: {"goodbye": 50.0}).act == "statement"
    assert understand("right, small, how small", topic, meaning=lambda _: {"smalltalk": 50.0}).act == "question"


def test_a_short_answer_by_meaning_brings_nothing_new() -> None:
    topic = after("what are the signs")
    assert understand("it was always so", topic, meaning=lambda _: {"ack": 5.0}).act == "ack"
    assert understand("the neighbour hides", topic, meaning=lambda _: {"ack": 5.0}).act == "statement"


def test_who_does_not_want_to_be_asked_is_not_asked_any_more() -> None:
    told = after("stop asking me questions")
    assert understand("stop asking me questions").reply == "meta_no_asking"
    assert understand("help", told).move == "search"
    assert understand("yes", told).move == "reply"
    assert understand("yes", told).reply == "ack"


def test_a_yes_after_a_list_goes_on() -> None:
    assert understand("ok", after("list the signs")).reply == "ack"
    assert understand("ok", after("what did i ask")).move == "ask_back"


def test_words_whose_meaning_is_wanted() -> None:
    assert undecided("hi, my husband left me") == "my husband left me"
    assert undecided("thanks") == ""
    assert undecided("?????") == ""
    assert undecided("my husband", after("help")) == ""
    assert undecided("word " * 26) == ""


def test_other_roles_and_empty_turns_are_passed_over() -> None:
    history = [Turn("user", "help"), Turn("assistant", "What is it about?"), Turn("user", "  ")]
    assert before(history).asked_back


def test_a_long_history_is_read_in_time_that_grows_with_its_length() -> None:
    history = [Turn("user", "hi " + "mm " * 20_000), *after(*["what are the signs of it", "thanks, bye"] * 100)]
    started = time.perf_counter()
    understand("yes", history)
    assert time.perf_counter() - started < 2
