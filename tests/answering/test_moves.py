"""Messages about the conversation or the article: each does what it says, with what was just shown."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from fake_encoder import FakeEncoder

from guide.answering import moves
from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.conversation.understand import MAX_TURNS, Move, Understood
from guide.guide import Guide
from guide.index.build import index_of
from guide.index.index import Index
from guide.records import Act, Answer, Turn

GARDEN = """\
---
title: Keeping a garden
advice_sections:
  - "Ways to water"
---
# Keeping a garden

A garden rewards patience. It needs little else.

## What is compost?

Compost is decayed leaves. It feeds soil.

## Signs of thirst

These tell you that plants are thirsty:

- Drooping leaves by noon
- Cracked soil around stems
- Pale flowers that fall early

## Ways to water

Several ways keep plants alive.

### 1. Use a can

A can reaches each root. Pour slowly.

### 2. Lay a hose

A hose soaks whole beds. Mind the pressure.

### 3. Catch the rain

A barrel under the gutter fills itself.

## Thirst in winter

Frozen soil gives roots no water, so plants show thirst in snow.

## Frequently asked questions

### What does thirst mean for a plant?

Thirst means that roots find no water.

### Does compost smell?

Good compost smells of woods.

## About this article

Jo Green wrote this garden article.
"""

KITCHEN = """\
# Running a kitchen

## Which knives are needed?

Two knives cut nearly everything.

## Signs of dull knives

- Tomatoes are squashed
- Onions make you cry
"""

RUST = """\
# Keeping tools

## Causes of rust

- **Wet air:** water settles on cold iron at night.
- **Salt:** it draws water and speeds everything up.
"""

SPRING = """\
---
title: Spring
advice_sections:
  - "How do I lend a hand in spring?"
---
# Spring

## How do I lend a hand in spring?

Rake the beds gently and slowly, without any haste. Prune the old roses back hard, and burn what is ill.

## Which mistakes do beginners make?

- Watering at noon, even on hot days
- Sowing far too early, so that frost takes the seedlings
- Cold, wet beds in May
"""

SIGNS = "What are the signs of thirst in plants?"

RECOGNISED: tuple[tuple[str, Act, Move], ...] = (
    (r"^(?:say that )?again$", "meta", "again"),
    (r"^shorter\b", "meta", "shorter"),
    (r"^(?:more|go on)$", "meta", "more"),
    (r"^in plain words$", "meta", "simpler"),
    (r"^what did i ask|^what was my (?:first|last)", "meta", "recall"),
    (r"^summari[sz]e\b|^tl;dr$|^the article in", "meta", "summary"),
    (r"^list\b|^what are the (?:\w+ )?ways|^how many\b", "meta", "list"),
    (r"^(?:and )?(?:the|way|sign|barrel) (?:\d|\w+th\b|\w+rd\b|last|first|second|number)", "meta", "item"),
    (r"^thanks$", "thanks", "reply"),
    (r"^hello$", "greeting", "ask_back"),
)


def recognise(message: str, history: Sequence[Turn] = (), **_: object) -> Understood:
    """What stands in for the rules that tell acts: just the phrases of this module."""
    for phrase, act, move in RECOGNISED:
        if re.search(phrase, message.strip(), re.I):
            return Understood(act, move, act if move in ("reply", "ask_back") else "")
    return Understood("question")


@pytest.fixture(autouse=True)
def _recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = moves.answer_move
    for place in ("guide.guide.understand", "guide.answering.searcher.understand"):
        monkeypatch.setattr(place, recognise)
    monkeypatch.setattr("guide.guide.answer_move", lambda move, talk: answered(move, talk, recognise))


def index_over(*markdown: str) -> Index:
    encoder = FakeEncoder()
    articles = [
        assemble(parse_markdown(text), article_id=id) for id, text in zip(("garden", "kitchen"), markdown, strict=False)
    ]
    return index_of(articles, encoder, encoder.identity)


@pytest.fixture(scope="module")
def garden() -> Guide:
    return Guide(index_over(GARDEN), FakeEncoder())


@pytest.fixture(scope="module")
def both() -> Guide:
    return Guide(index_over(GARDEN, KITCHEN), FakeEncoder())


@pytest.fixture(scope="module")
def spring() -> Guide:
    return Guide(index_over(SPRING), FakeEncoder())


@pytest.fixture(scope="module")
def named() -> Guide:
    return Guide(index_over(RUST), FakeEncoder())


def headings(answer: Answer) -> list[str]:
    return [passage.section[-1] for passage in answer.passages]


def points(answer: Answer) -> list[str]:
    return [point.text for passage in answer.passages for point in passage.points]


# ── again, shorter ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_again_answers_the_last_question_once_more_as_surely(garden: Guide) -> None:
    first = garden.ask(SIGNS, ["Does compost smell?"])
    again = garden.ask("say that again", ["Does compost smell?", SIGNS, "thanks"])
    assert first.covered
    assert headings(first)[0] == "Signs of thirst"
    assert (again.passages, again.confidence, again.shown) == (first.passages, first.confidence, first.shown)
    assert (again.question, again.searched_as, again.act) == ("say that again", first.searched_as, "meta")


def test_shorter_keeps_the_answering_words_of_the_first_passage_alone(garden: Guide) -> None:
    first = garden.ask(SIGNS)
    shorter = garden.ask("shorter", [SIGNS])
    assert len(first.passages) > 1
    assert shorter.passages == first.passages[:1]
    assert (shorter.brief, shorter.covered, shorter.related) == (True, True, ())
    assert (first.brief, shorter.confidence) == (False, first.confidence)


def test_prose_that_answers_as_a_whole_is_shortened_to_its_first_sentence(garden: Guide) -> None:
    asked = "What is compost?"
    once = garden.ask("shorter", [asked])
    twice = garden.ask("shorter", [asked, "shorter"])
    thrice = garden.ask("shorter", [asked, "shorter", "shorter"])
    assert points(garden.ask(asked))[:2] == ["Compost is decayed leaves.", "It feeds soil."]
    assert points(once) == ["Compost is decayed leaves."] == points(twice) == points(thrice)
    assert (once.reply, twice.reply.count("shorter"), thrice.reply.count("shorter")) == ("", 1, 1)


@pytest.mark.parametrize(
    ("asked", "heads"),
    [
        ("How do I lend a hand in spring?", ["Rake the beds gently and slowly", "Prune the old roses back hard"]),
        ("Which mistakes do beginners make?", ["Watering at noon", "Sowing far too early", "Cold, wet beds in May"]),
    ],
)
def test_several_answers_keep_their_heads(asked: str, heads: list[str], spring: Guide) -> None:
    history = [asked]
    while not (shorter := spring.ask("shorter", history)).reply:
        history.append("shorter")
    assert sorted(points(shorter)) == sorted(heads)
    text = spring.articles[0].text
    assert [text[point.start : point.end] for point in shorter.passages[0].points] == points(shorter)


def test_as_few_points_as_are_asked_for(spring: Guide) -> None:
    asked = "Which mistakes do beginners make?"
    first = spring.ask(asked)
    assert points(spring.ask("shorter, just two tips please", [asked])) == points(first)[:2]


def test_a_list_is_never_shortened_to_one_of_its_items(garden: Guide) -> None:
    once = garden.ask("shorter", [SIGNS])
    twice = garden.ask("shorter", [SIGNS, "shorter"])
    assert (
        points(once)
        == points(twice)
        == ["Drooping leaves by noon", "Pale flowers that fall early", "Cracked soil around stems"]
    )
    assert ("shorter" in once.reply, "shorter" in twice.reply) == (False, True)


def test_of_a_list_whose_items_are_named_the_names_stay(named: Guide) -> None:
    twice = named.ask("shorter", ["What are the causes of rust?", "shorter"])
    assert sorted(points(twice)) == ["Salt", "Wet air"]
    text = named.articles[0].text
    assert [text[point.start : point.end] for point in twice.passages[0].points] == points(twice)


def test_an_answer_that_isnt_covered_stays_so_when_it_is_gone_back_to(garden: Guide) -> None:
    asked = "Who repairs violins overnight?"
    first = garden.ask(asked)
    assert not first.covered
    for message in ("again", "shorter", "more"):
        answer = garden.ask(message, [asked])
        assert (answer.covered, answer.passages, answer.confidence) == (False, first.passages, first.confidence)


# ── more ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def told_one_by_one(guide: Guide, asked: str, times: int, *before: str) -> list[str]:
    """The headings of what is quoted for `asked` and each “more” after it, without what the turns would know."""
    history = list(before)
    told = []
    for message in (asked, *["more"] * times):
        answer = guide.ask(message, history)
        told += headings(answer)[:1] if answer.covered else [""]
        history.append(message)
    return told


def test_more_goes_through_what_was_found_then_on_in_the_article_and_then_says_that_is_all(garden: Guide) -> None:
    found = headings(garden.ask(SIGNS))
    told = told_one_by_one(garden, SIGNS, 12)
    assert told[: len(found)] == found
    read_on = [heading for heading in told[len(found) :] if heading]
    order = [passage.section[-1] for passage in garden.passages]
    after = order[order.index("Signs of thirst") + 1 : -1]
    assert read_on == [heading for heading in after if heading not in found]
    assert told[-1] == ""
    assert len(set(filter(None, told))) == len(list(filter(None, told)))


def test_what_follows_in_the_article_is_introduced_as_that(garden: Guide) -> None:
    found = len(garden.ask(SIGNS).passages)
    last_found = garden.ask("more", [SIGNS, *["more"] * (found - 2)])
    read_on = garden.ask("more", [SIGNS, *["more"] * (found - 1)])
    assert not last_found.reply
    assert "article" in read_on.reply
    assert read_on.covered
    assert read_on.confidence == garden.ask(SIGNS).confidence


def test_when_all_is_shown_one_sentence_offers_something_else(garden: Guide) -> None:
    answer = garden.ask("more", [SIGNS, *["more"] * 20])
    assert (answer.covered, answer.passages) == (False, ())
    assert answer.reply
    assert "Summarise the article" in [choice.message for choice in answer.choices]
    assert not answer.asks_back


def test_more_leaves_out_what_the_turns_say_was_quoted(garden: Guide) -> None:
    found = garden.ask(SIGNS).passages
    history = [
        Turn("user", "Does frozen soil give water?", "none", quoted=(found[1].id,)),
        Turn("user", SIGNS, "none", quoted=(found[0].id,)),
    ]
    assert headings(garden.ask("more", history))[0] == found[2].section[-1]
    assert headings(garden.ask("more", [SIGNS]))[0] == found[1].section[-1]


def test_shorter_after_more_after_an_overview_is_no_overview(garden: Guide) -> None:
    shorter = garden.ask("shorter", ["summarise the article", "more"])
    assert headings(shorter) == headings(garden.ask("more", ["summarise the article"]))[:1]


def test_shorter_and_again_after_more_are_about_what_more_showed(garden: Guide) -> None:
    more = garden.ask("more", [SIGNS])
    assert garden.ask("again", [SIGNS, "more"]).passages == more.passages
    assert points(garden.ask("shorter", [SIGNS, "more"])) == ["Frozen soil gives roots no water"]
    assert headings(more)[0] == "Thirst in winter"


# ── simpler ──────────────────────────────────────────────────────────────────────────────────────────────────────────


THIRST = "Do plants show thirst where roots find no water?"


def test_simpler_quotes_the_frequent_question_that_is_about_the_same(garden: Guide) -> None:
    assert headings(garden.ask(THIRST))[0] != "What does thirst mean for a plant?"
    answer = garden.ask("in plain words", [THIRST])
    assert headings(answer) == ["What does thirst mean for a plant?"]
    assert answer.covered
    assert answer.confidence == garden.ask(THIRST).confidence


def test_simpler_stays_with_what_was_quoted_where_no_definition_is_about_the_same(garden: Guide) -> None:
    first, answer = garden.ask(SIGNS), garden.ask("in plain words", [SIGNS])
    assert headings(answer) == headings(first)[:1] == ["Signs of thirst"]
    assert (answer.brief, answer.covered) == (True, True)
    assert "words" in answer.reply


def test_what_was_just_quoted_isnt_simpler(garden: Guide) -> None:
    asked = "Does compost smell?"
    assert headings(garden.ask(asked))[0] == asked
    assert asked not in headings(garden.ask("in plain words", [asked]))


def test_where_no_definition_is_near_guide_says_that_it_can_only_quote(garden: Guide) -> None:
    asked = "A hose soaks whole beds, mind the pressure"
    assert garden.ask(asked).covered
    answer = garden.ask("in plain words", [asked])
    assert (answer.covered, answer.passages) == (False, ())
    assert "quote" in answer.reply or "own" in answer.reply
    assert [choice.message for choice in answer.choices] == ["Shorter"]


# ── the second one ───────────────────────────────────────────────────────────────────────────────────────────────────

REFUSED = "Who repairs violins overnight?"


@pytest.mark.parametrize("history", [[], ["hello"], [REFUSED], [REFUSED, REFUSED]])
def test_where_no_list_was_shown_guide_asks_one_plain_question(history: list[str], garden: Guide) -> None:
    answer = garden.ask("the second one", history)
    assert (answer.passages, answer.covered, answer.asks_back) == ((), False, True)
    assert "?" in answer.reply
    assert answer.choices


def test_an_ordinal_means_the_last_list_that_was_shown(garden: Guide) -> None:
    second = garden.ask("the second one", [SIGNS])
    assert points(second)[0] == "Cracked soil around stems"
    for between in ([REFUSED], ["thanks", REFUSED], [REFUSED, "the eighth one", REFUSED]):
        assert points(garden.ask("the second one", [SIGNS, *between])) == points(second)


def test_past_the_end_of_a_list_guide_says_how_long_it_is_and_asks_which(garden: Guide) -> None:
    first = garden.ask(SIGNS)
    answer = garden.ask("the eighth one", [SIGNS])
    assert (answer.passages, answer.asks_back, answer.shown) == ((), True, first.shown)
    assert "3" in answer.reply
    told = [SIGNS, Turn("user", "the eighth one", act="meta", shown=answer.shown, asked_back=True)]
    assert points(garden.ask("the second one", told))[0] == "Cracked soil around stems"


def test_an_ordinal_after_a_question_of_guides_means_one_of_its_choices(garden: Guide) -> None:
    asked = Turn("user", "hello", act="greeting", shown=("Does compost smell?", "What is compost?"), asked_back=True)
    assert headings(garden.ask("the second one", [SIGNS, asked]))[0] == "What is compost?"
    unasked = Turn("user", "thanks", act="thanks", shown=asked.shown)
    assert points(garden.ask("the second one", [SIGNS, unasked]))[0] == "Cracked soil around stems"


def test_ordinals_that_point_to_nothing_cost_time_that_grows_linearly(garden: Guide) -> None:
    begun = time.perf_counter()
    assert garden.ask("the second one", [REFUSED, "the second one"] * 20).reply
    assert time.perf_counter() - begun < 5


# ── what did I ask ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("message", "said", "unsaid"),
    [
        ("what did i ask", [SIGNS, "does   compost smell"], ["hello", "thanks", "more"]),
        ("what was my first question", [SIGNS], ["compost"]),
        ("what was my last question", ["does compost smell"], [SIGNS]),
    ],
)
def test_recall_says_the_persons_own_questions(message: str, said: list[str], unsaid: list[str], garden: Guide) -> None:
    history = ["hello", SIGNS, Turn("assistant", "Drooping leaves"), "more", "thanks", "does   compost smell", "", "  "]
    answer = garden.ask(message, history)
    quoted = re.findall("“(.*?)”", answer.reply)
    assert quoted == [" ".join(one.split()) for one in said]
    assert not any(one in answer.reply for one in unsaid)
    assert [choice.message for choice in answer.choices] == quoted
    assert (answer.passages, answer.covered) == ((), False)


@pytest.mark.parametrize(
    ("history", "said"),
    [([SIGNS, "why", "the second one"], [SIGNS]), (["soil"], ["soil"]), (["soil", "why"], ["soil", "why"])],
)
def test_short_asides_are_recalled_only_where_nothing_longer_was_asked(
    history: list[str], said: list[str], garden: Guide
) -> None:
    assert re.findall("“(.*?)”", garden.ask("what did i ask", history).reply) == said


def test_a_long_story_and_many_questions_are_recalled_in_part(garden: Guide) -> None:
    story = "my roses " * 200
    answer = garden.ask("what did i ask", [*(f"Is soil number {number} good?" for number in range(30)), story])
    quoted = re.findall("“(.*?)”", answer.reply)
    assert len(quoted) == moves.MAX_RECALLED
    assert quoted[0] == "Is soil number 21 good?"
    assert "31" in answer.reply
    assert len(quoted[-1]) <= moves.MAX_RECALLED_CHARACTERS + 2


@pytest.mark.parametrize("message", ["again", "shorter", "more", "in plain words", "what did i ask"])
@pytest.mark.parametrize("history", [[], ["hello"], ["thanks", ""], [Turn("assistant", SIGNS)]])
def test_with_nothing_to_go_back_to_one_sentence_offers_ways_to_begin(
    message: str, history: list[str | Turn], garden: Guide
) -> None:
    answer = garden.ask(message, history)
    assert (answer.passages, answer.covered, answer.asks_back) == ((), False, False)
    assert answer.reply
    assert [choice.message for choice in answer.choices] == [
        "Summarise the article",
        "What is compost?",
        "What does thirst mean for a plant?",
    ]


# ── an overview ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_overview_has_the_first_sentence_of_each_section_but_not_of_the_credits(garden: Guide) -> None:
    answer = garden.ask("summarise the article")
    assert points(answer) == [
        "A garden rewards patience.",
        "Compost is decayed leaves.",
        "Drooping leaves by noon",
        "Several ways keep plants alive.",
        "Frozen soil gives roots no water, so plants show thirst in snow.",
        "Thirst means that roots find no water.",
    ]
    assert (answer.covered, answer.confidence, answer.brief) == (True, 1.0, True)


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("the article in three lines", 3),
        ("summarise it in 2 short sentences", 2),
        ("tl;dr", 3),
        ("the article in one line", 1),
        ("summarise the article in 50 lines", 6),
        ("summarise the article in 0 lines", 1),
    ],
)
def test_an_overview_has_as_many_lines_as_are_asked_for_in_the_articles_order(
    message: str, count: int, garden: Guide
) -> None:
    answer, whole = garden.ask(message), garden.ask("summarise the article")
    assert len(answer.passages) == count
    assert points(answer) == [point for point in points(whole) if point in points(answer)]


def test_a_shorter_overview_keeps_three_sections_and_more_goes_into_the_first(garden: Guide) -> None:
    assert len(garden.ask("shorter", ["summarise the article"]).passages) == 3
    more = garden.ask("more", ["summarise the article"])
    assert points(more)[:2] == ["A garden rewards patience.", "It needs little else."]
    assert not more.brief
    assert points(garden.ask("more", ["summarise the article", "more"]))[0] == "Compost is decayed leaves."


@pytest.mark.parametrize(
    ("message", "history", "article"),
    [
        ("summarise the garden article", [], "garden"),
        ("summarise what it says on a kitchen", [SIGNS], "kitchen"),
        ("summarise the article", [SIGNS], "garden"),
        ("summarise the article", ["Which knives are needed?"], "kitchen"),
        ("Summarise the article “Running a kitchen”", ["summarise the article"], "kitchen"),
        ("the second one", ["summarise the article"], "kitchen"),
    ],
)
def test_an_overview_is_of_the_article_named_or_spoken_of(
    message: str, history: list[str], article: str, both: Guide
) -> None:
    answer = both.ask(message, history)
    assert {passage.article for passage in answer.passages} == {article}
    assert (answer.brief, answer.reply) == (True, "")


def test_where_the_article_isnt_clear_guide_asks_once_which(both: Guide) -> None:
    answer = both.ask("summarise the article")
    assert (answer.passages, answer.asks_back) == ((), True)
    assert [choice.label for choice in answer.choices] == ["Keeping a garden", "Running a kitchen"]
    for choice, article in zip(answer.choices, ("garden", "kitchen"), strict=True):
        assert {passage.article for passage in both.ask(choice.message).passages} == {article}
    after = both.ask("summarise the article", [Turn("user", "hello", asked_back=True)])
    assert (after.asks_back, "?" in after.reply) == (False, False)
    assert both.ask("summarise the article", articles=["kitchen"]).passages[0].article == "kitchen"


def test_an_overview_is_of_the_article_quoted_last_not_of_the_nearest_to_what_none_answers(both: Guide) -> None:
    unknown = "xylophone zebra quartz"
    assert not both.ask(unknown).covered
    kitchen = next(passage.id for passage in both.passages if passage.article_id == "kitchen")
    quoted = Turn("user", "which knives?", act="question", quoted=(kitchen,))
    answer = both.ask("summarise the article", [quoted, Turn("user", unknown, act="question")])
    assert {passage.article for passage in answer.passages} == {"kitchen"}
    for history in ([Turn("user", unknown)], [replace(quoted, quoted=("gone",)), Turn("user", unknown)]):
        assert both.ask("summarise the article", history).asks_back


# ── lists and their items ────────────────────────────────────────────────────────────────────────────────────────────

WAYS = ["1. Use a can", "2. Lay a hose", "3. Catch the rain"]


def test_a_list_of_sub_headings_quotes_what_each_begins_with(garden: Guide) -> None:
    answer = garden.ask("what are the three ways to water")
    assert headings(answer) == WAYS
    assert points(answer) == [
        "A can reaches each root.",
        "A hose soaks whole beds.",
        "A barrel under the gutter fills itself.",
    ]
    assert (answer.brief, answer.covered, answer.confidence, answer.reply) == (True, True, 1.0, "")
    assert list(answer.shown) == WAYS


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("how many signs are there", "The article lists 3 here."),
        ("list the five signs", "The article lists 3 here, not 5."),
        ("list the signs", ""),
        ("list teh signz", ""),
    ],
)
def test_a_list_of_items_quotes_them_all_and_counts_them_where_asked(message: str, reply: str, garden: Guide) -> None:
    answer = garden.ask(message)
    assert points(answer) == [
        "Drooping leaves by noon",
        "Cracked soil around stems",
        "Pale flowers that fall early",
    ]
    assert answer.reply == reply
    assert list(answer.shown) == points(answer)


@pytest.mark.parametrize(
    ("message", "history", "article"),
    [
        ("list the signs of thirst", [], "garden"),
        ("list the signs of dull knives", [], "kitchen"),
        ("list the two signs", [], "kitchen"),
        ("list the signs", ["Which knives are needed?"], "kitchen"),
        ("list the signs", ["Does compost smell?"], "garden"),
    ],
)
def test_of_several_lists_the_one_that_fits_best_is_quoted(
    message: str, history: list[str], article: str, both: Guide
) -> None:
    assert {passage.article for passage in both.ask(message, history).passages} == {article}


def test_what_no_heading_names_is_searched_for_as_usual(garden: Guide) -> None:
    answer = garden.ask("list the reasons why frozen soil gives roots no water in snow")
    assert (headings(answer)[0], answer.brief, answer.confidence < 1) == ("Thirst in winter", False, True)


@pytest.mark.parametrize(
    ("message", "history", "quoted"),
    [
        ("way number 3", [], "3. Catch the rain"),
        ("way 2", ["Does compost smell?"], "2. Lay a hose"),
        ("the last way", [], "3. Catch the rain"),
        ("the second one", ["what are the ways to water"], "2. Lay a hose"),
        ("and the third one", ["what are the ways to water", "the second one"], "3. Catch the rain"),
        ("the third one", ["what are the ways to water", "more", "thanks", "way 1"], "3. Catch the rain"),
        ("the third one", ["summarise the article"], "Signs of thirst"),
    ],
)
def test_an_item_is_the_sub_section_of_that_number(
    message: str, history: list[str], quoted: str, garden: Guide
) -> None:
    answer = garden.ask(message, history)
    assert headings(answer) == [quoted]
    assert (answer.covered, answer.confidence, answer.brief) == (True, 1.0, False)
    assert answer.searched_as == f"{message} {quoted}"


@pytest.mark.parametrize("history", [[], ["list the signs"], [SIGNS]])
def test_an_item_of_a_list_is_quoted_alone(history: list[str], garden: Guide) -> None:
    answer = garden.ask("sign 2" if not history else "the second one", history)
    assert points(answer)[0] == "Cracked soil around stems"
    assert headings(answer)[0] == "Signs of thirst"
    assert list(answer.shown)[1] == "Cracked soil around stems"


def test_an_ordinal_means_what_the_turn_says_was_shown(garden: Guide) -> None:
    history = [Turn("user", "Does compost smell?", shown=("3. Catch the rain", "1. Use a can"))]
    garden_history = [Turn("user", "what are the ways to water", shown=("3. Catch the rain", "1. Use a can"))]
    assert headings(garden.ask("the second one", history)) == ["1. Use a can"]
    assert headings(garden.ask("the second one", garden_history)) == ["1. Use a can"]


def test_a_number_that_the_list_doesnt_have_gets_the_list_and_its_count(garden: Guide) -> None:
    answer = garden.ask("way number 9")
    assert (headings(answer), answer.reply) == (WAYS, "The article lists 3 here.")


def test_more_after_an_item_is_about_that_item(garden: Guide) -> None:
    history = ["way number 2"]
    assert "2. Lay a hose" not in headings(garden.ask("more", history))
    assert garden.ask("more", history).covered
    assert points(garden.ask("shorter", history))[0] == "A hose soaks whole beds."
    assert headings(garden.ask("again", history)) == ["2. Lay a hose"]


# ── safety ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ABUSE = "My husband hits me"
CRISIS = "I want to kill myself"
ALL_MOVES = (
    "again",
    "shorter",
    "more",
    "in plain words",
    "what did i ask",
    "summarise the article",
    "list the ways",
    "way number 2",
    "the second one",
)


@pytest.mark.parametrize("message", ALL_MOVES)
@pytest.mark.parametrize("before", [[ABUSE], [ABUSE, SIGNS], [ABUSE, "How do I water with a hose?"], [CRISIS, SIGNS]])
def test_no_move_quotes_advice_after_danger(message: str, before: list[str], garden: Guide) -> None:
    by_id = {passage.id: passage for passage in garden.passages}
    history = list(before)
    for said in (message, "more", "more", "more", "more"):
        answer = garden.ask(said, history)
        assert "advice" not in {by_id[passage.id].role for passage in answer.passages}
        history.append(said)


@pytest.mark.parametrize("message", ["list the ways", "way number 2", "the last way", "way number 9"])
def test_what_is_all_advice_is_held_back_and_guide_says_so(message: str, garden: Guide) -> None:
    answer = garden.ask(message, [ABUSE])
    assert (answer.passages, answer.covered, answer.confidence) == ((), False, 0.0)
    assert "hold it back" in answer.reply
    assert answer.searched_as == message


def test_an_overview_after_danger_says_what_it_leaves_out(garden: Guide) -> None:
    answer = garden.ask("summarise the article", [ABUSE])
    assert "Several ways keep plants alive." not in points(answer)
    assert len(points(answer)) == 5
    assert "leave out" in answer.reply


def test_more_after_danger_goes_past_the_advice() -> None:
    plain = [f"Bed {number}" for number in range(1, 10)]
    # Advice that a search finds first, and advice that only stands in the way of who reads on.
    parts = [("Bed 1", "Roses grow in red rows."), ("How to prune", "Roses grow in red rows when pruned.")]
    parts += [(heading, f"Here stands herb {heading[-1]}.") for heading in plain[1:8]]
    parts += [("How to sow", "Seeds want a thumb of depth."), ("Bed 9", "Here stands herb 9.")]
    text = "\n\n".join(f"## {heading}\n\n{said}" for heading, said in parts)
    guide = Guide(index_over(f"# Beds\n\n{text}\n"), FakeEncoder())
    told = told_one_by_one(guide, "Where do roses grow in red rows?", 12, ABUSE)
    assert told[0] == "Bed 1"
    assert sorted(filter(None, told)) == plain
    assert told[9:] == [""] * 4


def test_more_after_danger_says_what_it_leaves_out(garden: Guide) -> None:
    asked = "Which roots does a can reach?"
    assert headings(garden.ask(asked))[0] == "1. Use a can"
    assert "leave out" in garden.ask("more", [ABUSE, asked]).reply or not garden.ask(asked, [ABUSE]).covered
    assert "leave out" in garden.ask("again", [ABUSE, asked]).reply


@pytest.mark.parametrize("history", [[SIGNS, CRISIS], [CRISIS], [SIGNS, ABUSE, "thanks"]])
@pytest.mark.parametrize("message", ["again", "more", "shorter", "in plain words"])
def test_a_message_that_was_answered_with_help_is_not_searched_for_again(
    message: str, history: list[str], garden: Guide
) -> None:
    answer = garden.ask(message, history)
    assert (answer.passages, answer.covered) == ((), False)
    assert "help" in answer.reply


def test_a_turn_known_as_dangerous_or_withdrawn_counts_as_that(garden: Guide) -> None:
    helped = garden.ask("again", [SIGNS, Turn("user", "Does compost smell?", "crisis")])
    withdrawn = garden.ask("again", [Turn("user", SIGNS, "crisis", withdrawn=True)])
    assert "help" in helped.reply
    assert headings(withdrawn)[0] == "Signs of thirst"


def test_words_of_danger_are_not_said_again(garden: Guide) -> None:
    answer = garden.ask("what did i ask", [SIGNS, CRISIS, "Does compost smell?"])
    assert re.findall("“(.*?)”", answer.reply) == [SIGNS, "Does compost smell?"]


@pytest.mark.parametrize("message", ALL_MOVES)
def test_in_danger_itself_no_move_is_made(message: str, garden: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("guide.guide.understand", "guide.answering.searcher.understand"):
        monkeypatch.setattr(place, lambda *_, **__: recognise(message))
    in_crisis, in_abuse = garden.ask(CRISIS, [SIGNS]), garden.ask(ABUSE, [SIGNS])
    assert (in_crisis.passages, in_crisis.reply) == ((), "")
    assert in_abuse.reply == ""
    assert not in_abuse.brief


# ── odd histories ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("message", ALL_MOVES)
def test_any_history_is_answered(message: str, both: Guide) -> None:
    odd = ["", "   ", Turn("assistant", "x" * 100_000), "?" * 30, "y " * 50_000, Turn("user", SIGNS, act="thanks")]
    answer = both.ask(message, odd)
    assert answer.reply or answer.passages


@pytest.mark.parametrize("repeated", ["more", "the second one", "list the ways", "again", "in plain words"])
def test_a_longer_history_costs_no_more_searches(repeated: str, garden: Guide) -> None:
    def searches(turns: int) -> int:
        encoder = FakeEncoder()
        guide = Guide(garden.index, encoder)
        guide.ask(repeated, [ABUSE, "what are the ways to water", SIGNS, *[repeated] * turns])
        return encoder.calls

    # Answered without a search, a message may have begun the one that its last turns would take.
    assert searches(196) <= searches(96) + MAX_TURNS


# ── with the model itself ────────────────────────────────────────────────────────────────────────────────────────────


def test_on_an_article_with_the_model_each_move_does_what_it_says(guide: Guide) -> None:
    asked = "What are common reasons for sleepless nights?"
    first = guide.ask(asked)
    assert headings(first)[0] == "Common Reasons Behind Sleepless Nights"
    assert guide.ask("again", [asked]).passages == first.passages
    assert headings(guide.ask("more", [asked]))[0] == headings(first)[1]
    steps = guide.ask("list the steps")
    assert headings(steps) == ["1. Keep Steady Hours", "2. Dim the Evening"]
    assert headings(guide.ask("the second one", ["list the steps"])) == ["2. Dim the Evening"]
    assert len(guide.ask("the article in three lines").passages) == 3
