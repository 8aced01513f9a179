"""A message takes from the conversation what it needs, and nothing if it needs nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.query.follow_up import content, follow, names, needs_context
from guide.records import Turn

KNOWN = frozenset("emotional detachment depression stress signs help partner strategies boundaries".split())


def asked(*messages: str) -> list[Turn]:
    return [Turn("user", message) for message in messages]


TOPIC = [
    ("How so?", "nothing of its own"),
    ("Why?", "nothing of its own"),
    ("Tell me more", "asks on"),
    ("And for my son?", "begins with “and”, and has one word"),
    ("What about depression?", "asks on"),
    ("Depression?", "a fragment"),
    ("Can it be reversed?", "“it” without antecedent"),
    ("Is that always bad?", "“that” without antecedent"),
    ("How long does this take?", "“this” without antecedent"),
    ("Are there any others?", "compares with what was said"),
    ("Could they be wrong?", "“they” without antecedent"),
    ("So what's the difference?", "a difference of what?"),
]


@pytest.mark.parametrize(
    "message", [case[0] for case in TOPIC], ids=[f"{n}: {case[1]}" for n, case in enumerate(TOPIC)]
)
def test_a_message_that_needs_its_topic(message: str) -> None:
    assert needs_context(message, KNOWN) == "topic"


PERSON = [
    ("Did she write books?", "“she” without antecedent"),
    ("Where did he grow up?", "“he” without antecedent"),
]


@pytest.mark.parametrize("message", [case[0] for case in PERSON])
def test_a_message_that_needs_to_know_who_is_meant(message: str) -> None:
    assert needs_context(message, KNOWN) == "person"


ALONE = [
    ("What is emotional detachment?", "names its topic"),
    ("How do I bake bread?", "names another topic"),
    ("bread?", "a fragment of no article: something new"),
    ("boundaries", "a keyword"),
    ("Who wrote this article?", "“this article” is the one at hand"),
    ("Is it normal to feel numb?", "“it” stands for what follows"),
    ("How long does it take to heal?", "“it” stands for what follows"),
    ("Is it a sign when my partner never calls?", "“it” stands for what follows"),
    ("My husband never talks. Does he still love me?", "its antecedent is in the message"),
    ("Can detachment be healthy, or is it always harmful?", "its antecedent is in the message"),
    ("I can't cry any more. Is that a sign?", "“that” is what was just said"),
    ("How do nurses keep their distance?", "its antecedent is in the clause"),
    ("Is apathy the same as detachment?", "“the same as” says as what"),
    ("The people that I love feel far away", "“that” begins a clause"),
    ("Are there any exercises against stress?", "“there are”"),
    ("He sweeps every fight under the rug.", "a statement, however “he” is meant, can be searched"),
    ("Why does he give me the cold shoulder all the time?", "enough words of its own"),
    ("Thanks!", "asks nothing"),
    ("😭", "nothing to complete"),
]


@pytest.mark.parametrize(
    "message", [case[0] for case in ALONE], ids=[f"{n}: {case[1]}" for n, case in enumerate(ALONE)]
)
def test_a_message_that_stands_alone_stays_as_it_is(message: str) -> None:
    assert needs_context(message, KNOWN) == "nothing"
    assert follow(message, asked("What are the signs of emotional detachment?"), KNOWN) == message


FOLLOWED = [
    (["What is emotional detachment?"], "Can it be reversed?", "emotional detachment Can it be reversed?", "the topic"),
    (
        ["What are the signs of emotional detachment?"],
        "And what causes it?",
        "emotional detachment And what causes it?",
        "another question about the same topic leaves what was asked of it",
    ),
    (
        ["What are the signs of emotional detachment?"],
        "How so?",
        "signs emotional detachment How so?",
        "a question without a word of its own is about all of it",
    ),
    (
        ["What is emotional detachment?", "And in men?", "Why is that?"],
        "And in women?",
        "emotional detachment men And in women?",
        "a chain",
    ),
    (["What is bread?", "How do I cope with stress?"], "Why?", "cope stress Why?", "only the last topic"),
    (["Who wrote this article?"], "What did she study?", "wrote article What did she study?", "somebody asked for"),
    (["What did Ada Byron write?"], "Was she married?", "Ada Byron Was she married?", "somebody named"),
    (
        ["How do I help my husband?"],
        "Does he need therapy?",
        "husband Does he need therapy?",
        "the writer's own people",
    ),
    (["What is a sign of numbness?"], "Does she need therapy?", "Does she need therapy?", "nobody that she could be"),
    (
        ["What is emotional detachment?"],
        "Can emotional detachment end? Is it bad?",
        "Can emotional detachment end? Is it bad?",
        "it has its own",
    ),
    ([], "How so?", "How so?", "nothing was said before"),
    (["", "  "], "How so?", "How so?", "nothing was said before"),
]


@pytest.mark.parametrize(
    ("history", "message", "searched"), [case[:3] for case in FOLLOWED], ids=[c[3] for c in FOLLOWED]
)
def test_a_message_takes_what_it_needs(history: list[str], message: str, searched: str) -> None:
    assert follow(message, asked(*history), KNOWN) == searched


def test_the_answers_say_what_a_thread_is_about() -> None:
    history = [
        Turn("user", "Where was the poet born?"),
        Turn("assistant", "She was born in the old part of London."),
        Turn("user", "And when?"),
        Turn("assistant", "In the winter of 1815."),
    ]
    assert follow("How was that?", history) == "poet born London winter 1815 How was that?"


def test_a_long_answer_lends_only_its_names() -> None:
    answer = "many words of a page that explain " * 10 + "what Ada thought"
    assert follow("Why?", [Turn("user", "What is numbness?"), Turn("assistant", answer)]) == "numbness Ada Why?"


ITEMS = {"Which strategies are there?": ("Say what you feel", "Set boundaries", "Rest")}


def answered(*questions: str) -> list[Turn]:
    """The questions, each with what it was answered with."""
    return [Turn("user", question, shown=ITEMS.get(question, ())) for question in questions]


def test_an_ordinal_is_the_item_that_was_shown() -> None:
    history = answered("Which strategies are there?")
    assert follow("What about the last one?", history, KNOWN) == "What about the last one? Rest"
    assert follow("And the first two?", history, KNOWN) == "And the first two? Say what you feel Set boundaries"


def test_after_an_item_the_next_ordinal_is_still_of_the_same_list() -> None:
    history = answered("Which strategies are there?", "What about the last one?")
    assert follow("And the second strategy?", history, KNOWN) == "And the second strategy? Set boundaries"
    assert follow("Why is that?", history, KNOWN) == "Rest Why is that?"


def test_what_another_question_showed_is_another_list() -> None:
    history = [*answered("Which strategies are there?"), Turn("user", "What is numbness?", shown=("A pause", "A wall"))]
    assert follow("And the second one?", history, KNOWN) == "And the second one? A wall"


def test_a_follow_up_shows_a_list_of_its_own() -> None:
    history = [*answered("Which strategies are there?"), Turn("user", "Why?", shown=("They calm", "They connect"))]
    assert follow("And the second one?", history, KNOWN) == "And the second one? They connect"


def test_an_ordinal_is_an_item_of_the_last_answer() -> None:
    history = [Turn("user", "What helps?"), Turn("assistant", "This:\n- yoga\n- sleep\n1. talking")]
    assert follow("Why the last one?", history) == "Why the last one? talking"


def test_an_ordinal_without_an_item_is_a_follow_up_like_others() -> None:
    assert follow("What does the fifth one say?", answered("Which strategies are there?"), KNOWN) == (
        "strategies What does the fifth one say?"
    )


def test_content_leaves_out_how_something_is_asked() -> None:
    assert content("What's the Author’s view of it, and the author's?") == ["Author’s", "view"]
    assert content("stress and depression", ["Stress"]) == ["depression"]


def test_names_are_capitals_inside_a_sentence() -> None:
    assert names("Did I meet Ada there? Numbness came. In London Ada left.") == ["Ada", "London"]


MESSAGES = st.lists(
    st.one_of(st.text(max_size=60), st.sampled_from([c[0] for c in (*TOPIC, *PERSON, *ALONE)])), max_size=6
)


@given(MESSAGES, st.sampled_from([case[0] for case in ALONE]))
def test_no_history_changes_a_message_that_stands_alone(history: list[str], message: str) -> None:
    assert follow(message, asked(*history), KNOWN) == message


@given(MESSAGES, st.text(max_size=60))
def test_a_message_is_never_rewritten(history: list[str], message: str) -> None:
    assert message in follow(message, asked(*history), KNOWN)
