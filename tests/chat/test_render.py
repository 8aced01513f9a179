"""What a conversation looks like: exact words, where links lead, what is said when, and that no text becomes markup."""

import gc
import re
from dataclasses import replace

import pytest
from chat.conftest import ARTICLE, answer, library_of, opened, quote
from chat.page import Element, read
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split
from guide.chat.library import Library, example_questions
from guide.chat.page_parts import picker
from guide.chat.reading import render_reading_head
from guide.chat.render import _RENDERED, Exchange, announcement, render_conversation
from guide.chat.texts import texts_for
from guide.errors import GuideError, QuestionError
from guide.query.resolve import check_length, resolve
from guide.records import (
    Article,
    Assessment,
    Block,
    Choice,
    Correction,
    Criterion,
    Helpline,
    Match,
    PhrasedSentence,
    QuotedPoint,
    Related,
    Section,
)
from guide.web.question_queue import BusyError, LimitError

EN = texts_for("en")


def shown(library: Library, *exchanges: Exchange, language: str = "en") -> Element:
    return read(str(render_conversation(exchanges, library, texts_for(language))))


def plain(text: str) -> str:
    """`text` without what HTML says by structure instead: bullets, cell separators, line breaks."""
    return " ".join(re.sub(r"[•|]", " ", text).split())


def test_a_quotation_holds_the_passage_word_for_word_and_marks_the_points_that_answer(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    page = shown(library, Exchange("q", answer("q", quote(passage, library, 1, 3))))

    words = page.one("blockquote")
    assert plain(words.text) == "Three things help: Cool smoke A warm day Slow hands"
    assert [mark.text for mark in words.all("mark")] == ["Cool smoke", "Slow hands"]
    assert page.one("figcaption").text == "What calms bees?"


def test_every_citation_leads_to_exactly_the_words_quoted(library: Library) -> None:
    article = read(opened(library))
    text = library.articles["bees"].text
    for passage in library.passages.values():
        page = shown(library, Exchange("q", answer("q", quote(passage, library, 0))))
        link = page.one("a", class_="cite")
        target = article.one(id=link.attributes["href"].removeprefix("#"))
        assert plain(target.text) == plain(text[passage.start : passage.end]) == plain(page.one("blockquote").text)

        point = article.one(id=link.attributes["data-points"])
        assert plain(point.text) == plain(text[passage.points[0].start : passage.points[0].end])


def test_sentences_of_a_language_model_come_below_the_quotation_and_cite(library: Library) -> None:
    first, second, *_ = library.passages.values()
    phrased = (PhrasedSentence("Slow <b>hands</b> calm them.", (second.id, first.id)),)
    turn = shown(library, Exchange("q", answer("q", quote(first, library, 0), quote(second, library), phrased=phrased)))
    block = turn.one("div", class_="phrased")
    assert block.text == "In sentences of a language model, from the quotationsSlow <b>hands</b> calm them. [2] [1]"
    assert [link.attributes["href"] for link in block.all("a")] == [f"#{second.id}", f"#{first.id}"]
    places = [turn.text.index(words) for words in ("Bees mirror", "In sentences of a language model")]
    assert places == sorted(places)


def test_a_criterion_that_the_article_does_not_state_is_said_to_be_guides_own(library: Library) -> None:
    own = Criterion("numbness", "A lasting numbness")
    safety = Assessment("professional", "self", "en", criteria=(own,), message="Help is there.")
    card = shown(library, Exchange("q", answer("q", safety=safety, covered=False))).one("div", class_="criteria")
    assert (
        card.text
        == "This is a reason to seek professional help, in Guide’s words, not the article’s:A lasting numbness"
    )
    assert card.all("a") == []


def test_quotations_name_their_article_where_there_are_several(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    other = library_of("# Another\n\nText.").articles["bees"]
    both = Library({**library.articles, "other": other}, library.passages)
    assert (
        shown(library, Exchange("q", answer("q", quote(passage, library)))).one("figcaption").text
        == passage.section[-1]
    )
    # What stands before the first heading is called as its article, which is said once.
    caption = shown(both, Exchange("q", answer("q", quote(passage, library)))).one("figcaption")
    assert caption.text == "Keeping bees calm"
    listed = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    caption = shown(both, Exchange("q", answer("q", quote(listed, library)))).one("figcaption")
    assert caption.one("span", class_="section-name").text == "What calms bees?"
    assert caption.one("cite").text == "Keeping bees calm"


DEEP = "# Bees\n\n## In spring\n\n### Feeding\n\nFeed them late.\n"


def test_a_quotation_names_its_section_alone_and_the_whole_path_unfolds() -> None:
    library = library_of(DEEP)
    passage = next(p for p in library.passages.values() if p.section[-1] == "Feeding")
    assert len(passage.section) == 2
    caption = shown(library, Exchange("q", answer("q", quote(passage, library, 0)))).one("figcaption")
    assert caption.one("summary").one("span", class_="section-name").text == "Feeding"
    assert caption.one("details", class_="path").one("p").text == "In spring › Feeding"
    other = library_of("# Another\n\nText.").articles["bees"]
    both = Library({**library.articles, "other": other}, library.passages)
    caption = shown(both, Exchange("q", answer("q", quote(passage, library, 0)))).one("figcaption")
    assert caption.one("cite").text == "Bees"
    assert caption.one("details", class_="path").one("p").text == "Bees › In spring › Feeding"


@pytest.mark.parametrize(
    ("answering", "marked"),
    [
        ((1, 3), ["Cool smoke", "Slow hands"]),
        ((0,), ["Three things help:"]),
        ((1, 2, 3), []),  # all that the sentence before them announces
        ((0, 1, 2, 3), []),
        ((), []),
    ],
)
def test_words_are_marked_only_where_that_tells_them_apart(
    library: Library, answering: tuple[int, ...], marked: list[str]
) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    page = shown(library, Exchange("q", answer("q", quote(passage, library, *answering))))
    assert [mark.text for mark in page.all("mark")] == marked
    # In the article the citation marks the same words.
    assert len(page.one("a", class_="cite").attributes["data-points"].split()) == len(marked)


def test_articles_of_one_title_are_told_apart_wherever_they_are_named() -> None:
    one, other = (assemble(parse_markdown(f"# Tea\n\nIt is {id}."), article_id=id) for id in ("green", "black"))
    both = Library.of([one, other], [*split(one), *split(other)])
    first, second = both.passages.values()
    found = answer("q", quote(first, both, 0), quote(second, both, 0))
    turn = shown(both, Exchange("q", found))
    assert [caption.text for caption in turn.all("figcaption")] == ["Tea (green)", "Tea (black)"]
    assert turn.one("details", class_="more").one("summary").text == "One more passage on this, also from “Tea (black)”"
    nearest = shown(both, Exchange("q", replace(found, covered=False))).one("ul", class_="nearest")
    assert [link.text for link in nearest.all("a")] == ["Tea (green) › Tea", "Tea (black) › Tea"]
    choice = read(picker(both, EN, "black"))
    assert [(name.attributes["data-choose"], name.text) for name in choice.all("button")] == [
        ("", "All articles"),
        ("green", "Tea (green)"),
        ("black", "Tea (black)"),
    ]
    assert choice.one(id="article-asked").attributes["value"] == "black"
    assert choice.one(id="article-named").text == "Tea (black)"


def test_one_article_leaves_nothing_to_choose(library: Library) -> None:
    assert picker(library, EN) == ""


def test_a_table_is_quoted_as_a_table_with_its_column_names(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("Smoke and water compared",))
    table = shown(library, Exchange("q", answer("q", quote(passage, library, 1)))).one("table")
    assert [head.text for head in table.all("th")] == ["Smoke", "Water"]
    assert [[cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")] == [
        ["Masks alarm", "Cools wings"],
        ["Lasts minutes", "Lasts an hour"],
    ]
    assert [mark.text for mark in table.all("mark")] == ["Lasts minutes", "Lasts an hour"]


def test_further_passages_are_folded_and_numbered_on(library: Library) -> None:
    quotes = [quote(passage, library, 0) for passage in library.passages.values()]
    page = shown(library, Exchange("q", answer("q", *quotes)))
    assert len(page.all("figure")) == 3
    folded = page.one("details", class_="more")
    assert len(folded.all("figure")) == 2
    assert folded.one("summary").text == "2 more passages on this"
    assert [number.text for number in page.all("span", class_="number")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.95, EN["says_sure"]), (0.7, EN["says_likely"]), (0.55, EN["says_maybe"])],
)
def test_confidence_is_said_in_words(library: Library, confidence: float, words: str) -> None:
    passage = next(iter(library.passages.values()))
    page = shown(library, Exchange("q", answer("q", quote(passage, library, 0), confidence=confidence)))
    assert page.one("p", class_="says").text == words
    assert "%" not in page.text


def test_what_the_article_lacks_is_named_and_the_nearest_sections_are_links_not_quotations(library: Library) -> None:
    passages = list(library.passages.values())
    missing = answer(
        "wasp sting dose?", *(quote(p, library) for p in passages), covered=False, not_mentioned=("wasp", "dose")
    )
    page = shown(library, Exchange(missing.question, missing))
    assert page.one("p", class_="says").text == EN["not_covered"]
    assert page.one("p", class_="not-mentioned").text == "The article doesn’t mention “wasp”, “dose”."
    assert [link.attributes["href"] for link in page.one("ul", class_="nearest").all("a")] == [
        f"#{passage.id}" for passage in passages
    ]
    assert not page.all("blockquote")


def test_a_mended_misspelling_is_said_with_the_way_back(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    mends = (Correction("clam", "calm"), Correction("beas", "bees"))
    mended = answer("clam beas", quote(passage, library, 0), searched_as="calm bees", corrections=mends)
    line = shown(library, Exchange("clam beas", mended)).one("p", class_="searched")
    assert line.one("bdi").text == "Read “clam” as “calm”, “beas” as “bees”."
    assert line.one("button").attributes["data-as-typed"] == "turn-1"
    assert line.one("button").text == EN["search_as_typed"]
    typed = shown(library, Exchange("clam beas", replace(mended, corrections=()), as_typed=True))
    line = typed.one("p", class_="searched")
    assert line.text == EN["as_typed"]
    assert line.attributes["tabindex"] == "-1"


@pytest.mark.parametrize("covered", [True, False])
def test_what_a_follow_up_was_searched_as_is_never_shown(library: Library, covered: bool) -> None:
    passage = next(iter(library.passages.values()))
    followed = answer("and smoke?", quote(passage, library, 0), searched_as="calm bees smoke", covered=covered)
    page = shown(library, Exchange("and smoke?", followed))
    assert "calm bees smoke" not in page.text
    assert not page.all("p", class_="searched")


# ── a conversation ───────────────────────────────────────────────────────────────────────────────────────────────────

CHOICES = (Choice("For my bees", "What calms bees?"), Choice('For "me"', "What calms a keeper?"))


def test_a_reply_comes_before_the_quotation_in_the_place_of_how_sure_guide_is(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    exchange = Exchange("again", answer("again", quote(passage, library, 0), reply="Here it is again.", act="meta"))
    turn = shown(library, exchange).one("article")
    assert turn.one("div", class_="reply").text == "Here it is again."
    assert not turn.all("p", class_="says")
    assert turn.text.index("Here it is again.") < turn.text.index("Bees mirror")
    assert announcement(exchange, EN) == (
        "Here it is again. The article says, under Keeping bees calm: Bees mirror their keeper."
    )


def test_a_reply_alone_is_no_missing_answer_and_offers_no_help_lines(library: Library) -> None:
    exchange = Exchange("thanks", answer("thanks", covered=False, reply="One.\n\nTwo.", act="thanks"))
    turn = shown(library, exchange).one("article")
    assert [line.text for line in turn.one("div", class_="reply").all("p")] == ["One.", "Two."]
    assert not turn.all("a")
    assert EN["not_covered"] not in turn.text
    assert announcement(exchange, EN) == "One.\n\nTwo."


def test_a_reply_hides_no_offer_of_help(library: Library) -> None:
    safety = Assessment("none", "self", "en", helplines=(IRISH,), offer="crisis", offer_message="A line is there.")
    exchange = Exchange("ok", answer("ok", covered=False, reply="Go on.", act="ack", safety=safety))
    assert shown(library, exchange).one("p", class_="offer").text.startswith("A line is there.")
    assert announcement(exchange, EN) == "Go on. A line is there."


@pytest.mark.parametrize("level", ["abuse", "crisis", "emergency"])
def test_in_danger_no_reply_stands_beside_the_card(library: Library, level: str) -> None:
    safety = Assessment(level, "self", "en", message="Card.")  # type: ignore[arg-type]
    wrong = answer("q", covered=False, reply="Hello there.", choices=CHOICES, safety=safety)
    page = shown(library, Exchange("q", wrong))
    assert "Hello there." not in page.text
    assert not page.all("button", class_="ask")
    assert "Hello there." not in announcement(Exchange("q", wrong), EN)


def test_choices_are_buttons_under_the_reply_that_send_their_messages(library: Library) -> None:
    asked = answer("help", covered=False, reply="For whom?", choices=CHOICES, asks_back=True)
    turn = shown(library, Exchange("help", asked)).one("article")
    group = turn.one("div", class_="choices")
    assert (group.attributes["role"], group.attributes["aria-label"]) == ("group", EN["choices"])
    assert [(button.attributes["data-ask"], button.text) for button in group.all("button", class_="ask")] == [
        (choice.message, choice.label) for choice in CHOICES
    ]
    assert turn.text.index("For whom?") < turn.text.index("For my bees")
    assert not shown(library, Exchange("hi", replace(asked, choices=()))).all("div", class_="choices")


def test_of_a_long_message_the_words_that_are_answered_are_named_and_the_others_one_tap_away(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    story = answer("s", quote(passage, library, 0), answers="they sting me", also_asked=("I moved fast.", "Why?"))
    turn = shown(library, Exchange("s", story)).one("article")
    assert turn.one("p", class_="you-write").text == "You write: “they sting me”"
    assert turn.text.index("You write") < turn.text.index("The article answers this.") < turn.text.index("Bees mirror")
    related = turn.one("div", class_="related")
    assert related.one("h3").text == EN["also_wrote"]
    assert [button.attributes["data-ask"] for button in related.all("button")] == ["I moved fast.", "Why?"]
    asked = shown(library, Exchange("s", replace(story, also_asked=("Why?",), answers="")))
    assert asked.one("div", class_="related").one("h3").text == EN["also_asked"]
    assert not asked.all("p", class_="you-write")


def test_a_brief_answer_is_the_points_alone_each_with_its_citation(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    quoted = quote(passage, library, 3, 1)
    page = shown(library, Exchange("q", answer("q", quoted, brief=True)))
    points = page.one("ul", class_="points").all("li")
    assert [point.one("blockquote").text for point in points] == ["Cool smoke", "Slow hands"]
    article = read(opened(library))
    for point in points:
        link = point.one("a", class_="cite")
        assert link.attributes["href"] == f"#{passage.id}"
        assert article.one(id=link.attributes["data-points"]).text == point.one("blockquote").text
    assert not page.all("mark")
    assert "Three things help" not in page.text
    assert "A warm day" not in page.text


def test_brief_passages_stand_one_after_another_each_under_its_section(library: Library) -> None:
    quotes = [quote(passage, library, 0) for passage in library.passages.values()]
    exchange = Exchange("q", answer("q", *quotes, brief=True))
    page = shown(library, exchange)
    assert [caption.text for caption in page.all("figcaption")] == [quoted.section[-1] for quoted in quotes]
    assert not page.all("details")
    assert [number.text for number in page.all("span", class_="number")] == ["1", "2", "3"]
    assert exchange.turn.quoted == tuple(quoted.id for quoted in quotes)
    assert announcement(exchange, EN).count("The article says, under ") == 3


def test_brief_rows_keep_their_table_and_a_passage_without_points_is_quoted_whole(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("Smoke and water compared",))
    text = library.articles["bees"].text
    rows = tuple(
        QuotedPoint(one.start, one.end, text[one.start : one.end], 0.8, "row", one.cells, one.columns)
        for one in passage.points
    )
    page = shown(library, Exchange("q", answer("q", replace(quote(passage, library), points=rows), brief=True)))
    [item] = page.one("ul", class_="points").all("li")
    assert [head.text for head in item.one("table").all("th")] == ["Smoke", "Water"]
    assert len(item.one("tbody").all("tr")) == 2
    assert len(item.one("a").attributes["data-points"].split()) == 2
    whole = shown(library, Exchange("q", answer("q", quote(passage, library), brief=True)))
    assert whole.one("figure", class_="quote").one("table")


def test_what_later_questions_know_of_a_turn_is_what_was_read_without_a_tap(library: Library) -> None:
    quotes = [quote(passage, library, 0) for passage in library.passages.values()]
    turn = Exchange("q", answer("q", *quotes, act="story", asks_back=True)).turn
    assert (turn.quoted, turn.act, turn.asked_back) == ((quotes[0].id,), "story", True)
    assert Exchange("q", answer("q", *quotes, covered=False)).turn.quoted == ()


def test_a_message_has_the_direction_of_its_own_words(library: Library) -> None:
    asked = shown(library, Exchange("מה זה?", answer("q", covered=False))).one("h2")
    assert "dir" not in asked.attributes  # the words before it are the page's
    assert asked.one("span", class_="asked-words").attributes["dir"] == "auto"


@pytest.mark.parametrize(
    ("message", "may_fold"),
    [("short", False), ("x" * 150, False), ("x" * 151, True), ("a\n" * 6, False), ("a\n" * 7, True)],
)
def test_a_long_message_can_be_folded_and_is_whole_all_the_same(library: Library, message: str, may_fold: bool) -> None:
    page = shown(library, Exchange(message, answer(message, covered=False)))
    assert page.one("h2").text == f"You wrote: {message}"
    assert bool(page.all("button", class_="show-all")) is may_fold
    if may_fold:
        button = page.one("button", class_="show-all")
        assert button.attributes["aria-controls"] == page.one("h2").attributes["id"]
        assert (button.attributes["aria-expanded"], button.text) == ("false", EN["show_all"])


def test_related_questions_are_buttons_that_carry_them(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    related = (Related('Is "smoke" safe?', passage.id),)
    page = shown(library, Exchange("q", answer("q", quote(passage, library, 0), related=related)))
    button = page.one("button", class_="ask")
    assert button.attributes["data-ask"] == button.text == 'Is "smoke" safe?'


def test_a_failure_is_shown_as_its_sentence_and_never_as_a_missing_answer(library: Library) -> None:
    page = shown(library, Exchange("q", None, "The index is damaged; run `guide build`."))
    assert "The index is damaged; run `guide build`." in page.one("p", class_="fault").text
    assert EN["not_covered"] not in page.text


def test_a_failure_still_shows_the_way_to_help(library: Library) -> None:
    safety = Assessment("crisis", "self", "en", message="Please call now.")
    page = shown(library, Exchange("q", None, "The index is damaged.", safety))
    text = page.text
    assert text.index("Please call now.") < text.rindex("The index is damaged.")


@pytest.mark.parametrize("level", ["crisis", "emergency"])
def test_in_a_crisis_there_is_the_way_to_help_and_nothing_else(library: Library, level: str) -> None:
    passage = next(iter(library.passages.values()))
    safety = Assessment(level, "self", "en", message="Please call now.")  # type: ignore[arg-type]
    # Even if something upstream should have quoted.
    wrong = answer("q", quote(passage, library, 0), safety=safety, related=(Related("r", passage.id),))
    page = shown(library, Exchange("q", wrong))
    assert page.one("div", class_="care")
    assert not page.all("blockquote")
    # The second reads the card aloud.
    assert [button.text for button in page.all("button")] == [EN["not_meant"], EN["read_aloud"]]
    assert page.one("p", class_="held-back").text == EN["held_back_crisis"]
    assert announcement(Exchange("q", wrong), EN) == "Please call now."


def test_the_help_card_stands_before_the_answer_and_cites_the_criterion(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    point = passage.points[2]
    safety = Assessment(
        "professional",
        "self",
        "en",
        matches=(Match("rule", 0, 4, "numb", "numbness that lasts"),),
        criteria=(Criterion("numbness", "A warm day", passage.id, point.start, point.end),),
        message="It may help to talk.",
    )
    page = shown(library, Exchange("q", answer("q", quote(passage, library, 0), safety=safety)))
    assert page.text.index("It may help to talk.") < page.text.index("Three things help")
    card = page.one("div", class_="care")
    assert card.one("blockquote").text == "A warm day"
    article = read(opened(library))
    assert article.one(id=card.one("a", class_="cite").attributes["href"][1:]).text == "A warm day"
    assert card.one("details", class_="why").one("li").text == "“numb” – numbness that lasts"


def test_somebody_who_is_hurt_is_not_told_what_the_article_lacks(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    safety = Assessment("abuse", "self", "en", message="It is not your fault.")
    missing = answer("q", quote(passage, library), covered=False, not_mentioned=("hits",), safety=safety)
    page = shown(library, Exchange("q", missing))
    assert "It is not your fault." in page.text
    assert EN["not_covered"] not in page.text
    assert "hits" not in page.text


def test_abuse_is_remembered_without_a_word_on_how_well_an_article_answers(library: Library) -> None:
    quoted = quote(next(iter(library.passages.values())), library, 0)
    for earlier, also, says in (("crisis", "none", 1), ("abuse", "none", 0), ("crisis", "abuse", 0)):
        safety = Assessment("none", "self", "en", message="m", earlier=earlier, also_earlier=also)  # type: ignore[arg-type]
        page = shown(library, Exchange("q", answer("q", quoted, safety=safety)))
        assert page.all("blockquote")
        assert len(page.all("p", class_="says")) == says, (earlier, also)


def test_beside_a_card_on_abuse_nothing_is_quoted_and_one_sentence_says_so(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    safety = Assessment("abuse", "self", "en", message="It is not your fault.")
    # Even if something upstream should have quoted.
    wrong = answer("q", quote(passage, library, 0), safety=safety, related=(Related("r", passage.id),))
    page = shown(library, Exchange("q", wrong))
    assert not page.all("blockquote")
    assert [button.text for button in page.all("button")] == [EN["not_meant"], EN["read_aloud"]]
    assert page.one("p", class_="held-back").text == EN["held_back_abuse"]
    assert announcement(Exchange("q", wrong), EN) == "It is not your fault."


def test_help_stays_in_reach_after_a_crisis(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    later = Assessment("none", "self", "en", earlier="crisis")
    page = shown(library, Exchange("q", answer("q", quote(passage, library, 0), safety=later)))
    assert page.one("p", class_="care-reminder").one("a").attributes["href"] == "#help"
    assert page.all("blockquote")


ADVICE = ARTICLE + "\n## How to calm them\n\nBlow smoke at them.\n"


@pytest.mark.parametrize(
    ("article", "safety", "reason"),
    [
        (ADVICE, Assessment("crisis", "self", "en", message="m"), "held_back_crisis"),
        (ADVICE, Assessment("abuse", "self", "en", message="m"), "held_back_abuse"),
        (ADVICE, Assessment("none", "self", "en", message="m", earlier="abuse"), "held_back_earlier"),
        (ADVICE, Assessment("professional", "self", "en", message="m", earlier="crisis"), "held_back_earlier"),
        (
            ADVICE,
            Assessment("none", "self", "en", message="m", earlier="abuse", taken_back=True),
            "held_back_taken_back",
        ),
        (ADVICE, Assessment("professional", "self", "en", message="m"), ""),
        (ADVICE, Assessment("none", "self", "en", offer="abuse", offer_message="m"), ""),
        # An article that gives no advice: nothing is held back.
        (ARTICLE, Assessment("none", "self", "en", message="m", earlier="abuse"), ""),
    ],
    ids=["crisis", "abuse", "earlier abuse", "earlier crisis", "taken back", "professional", "offer", "no advice"],
)
def test_what_is_held_back_is_said_with_the_reason(article: str, safety: Assessment, reason: str) -> None:
    library = library_of(article)
    assert ("advice" in {passage.role for passage in library.passages.values()}) is (article is ADVICE)
    quoted = quote(next(iter(library.passages.values())), library, 0)
    page = shown(library, Exchange("q", answer("q", quoted, safety=safety)))
    assert [line.text for line in page.all("p", class_="held-back")] == ([EN[reason]] if reason else [])


IRISH = Helpline("Samaritans", "IE", "crisis", "116 123", "", "", "https://example.org", "always", "en", "", "")
DIRECTORY = Helpline("Directory", "*", "directory", "", "", "", "https://example.org/all", "", "en", "", "")
LOCAL = Helpline("Your local emergency number", "*", "emergency", "", "", "", "", "", "en", "", "")


@pytest.mark.parametrize(
    ("lines", "links"),
    [
        ((IRISH, DIRECTORY), [("tel:116123", "Call 116 123 – Samaritans"), ("#help", "More help")]),
        ((LOCAL, DIRECTORY), [("https://example.org/all", "Directory – Website"), ("#help", "More help")]),
        ((LOCAL,), [("#help", "More help")]),
    ],
    ids=["a country's", "no country", "nothing to call"],
)
def test_an_offer_is_one_line_under_the_answer_with_one_way_to_call(
    library: Library, lines: tuple[Helpline, ...], links: list[tuple[str, str]]
) -> None:
    passage = next(iter(library.passages.values()))
    safety = Assessment(
        "none", "self", "en", helplines=lines, offer="abuse", offer_message="If somebody hurts you, a line helps."
    )
    related = (Related("r", passage.id),)
    exchange = Exchange("q", answer("q", quote(passage, library, 0), safety=safety, related=related))
    page = shown(library, exchange)
    offer = page.one("p", class_="offer")
    assert [(link.attributes["href"], link.text) for link in offer.all("a")] == links
    words = page.one("article").text
    assert words.index("Bees mirror") < words.index("If somebody hurts you, a line helps.") < words.index(EN["related"])
    assert not page.all("div", class_="care")
    assert not page.all("button", class_="not-meant")
    assert announcement(exchange, EN).endswith("Bees mirror their keeper. If somebody hurts you, a line helps.")


def test_an_offer_stands_under_a_missing_answer_and_beside_a_failure_too(library: Library) -> None:
    safety = Assessment("none", "self", "en", helplines=(IRISH,), offer="crisis", offer_message="A line is there.")
    missing = Exchange("q", answer("q", covered=False, safety=safety))
    failed = Exchange("q", None, "It failed.", safety)
    for exchange in (missing, failed):
        assert shown(library, exchange).one("p", class_="offer").text.startswith("A line is there.")
        assert announcement(exchange, EN).endswith("A line is there.")


@pytest.mark.parametrize("level", ["professional", "abuse", "crisis", "emergency"])
def test_each_card_can_be_told_to_be_wrong_after_its_lines(library: Library, level: str) -> None:
    safety = Assessment(level, "self", "en", message="One.\n\nTwo.", helplines=(IRISH,))  # type: ignore[arg-type]
    exchange = Exchange("q", answer("q", covered=False, safety=safety))
    page = shown(library, exchange, exchange)
    for number, card in enumerate(page.all("div", class_="care"), 1):
        button = card.one("button", class_="not-meant")
        assert button.attributes["data-withdraw"] == f"turn-{number}"
        assert card.one("div", class_="care-foot").children[-1] is button
        assert card.text.index("116 123") < card.text.index(EN["not_meant"])


def test_a_banner_can_be_told_to_be_wrong_until_all_it_speaks_of_is_taken_back(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    safety = Assessment("none", "self", "en", message="Earlier you told me.", earlier="crisis", helplines=(IRISH,))
    later = answer("q", quote(passage, library, 0), safety=safety)
    quiet = replace(later, safety=replace(safety, message=EN["care_earlier"], taken_back=True))
    # A card that wasn't meant so may leave a banner that speaks of the turns before it.
    page = shown(library, Exchange("q", later), Exchange("q", later, withdrawn=True), Exchange("q", quiet))
    *banners, last = page.all("p", class_="care-reminder")
    for number, banner in enumerate(banners, 1):
        assert banner.all()[-1].attributes["data-withdraw"] == f"turn-{number}"
        assert [one.tag for one in banner.all()] == ["span", "a", "button"]
    # What plain words said stays in reach; there is nothing more to take back.
    assert [one.tag for one in last.all()] == ["span", "a"]


def test_who_was_misread_is_answered_kindly_and_then_as_ever(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    exchange = Exchange("q", answer("q", quote(passage, library, 0)), withdrawn=True)
    page = shown(library, exchange)
    kindly = page.one("p", class_="kindly")
    assert kindly.text == EN["withdrawn"]
    assert kindly.attributes["tabindex"] == "-1"
    assert page.one("article").text.index(EN["withdrawn"]) < page.one("article").text.index("Bees mirror")
    assert shown(library, Exchange("q", exchange.answer)).all("p", class_="kindly") == []
    # Nobody is told to have been understood where the card still stands.
    still = answer("q", covered=False, safety=Assessment("crisis", "self", "en", message="Please call."))
    assert shown(library, Exchange("q", still, withdrawn=True)).all("p", class_="kindly") == []


def test_what_is_announced_is_the_turn_that_came_in(library: Library) -> None:
    turns = [Exchange("q", answer("q", covered=False)), Exchange("q", None, "It failed.")]
    for came_in, words in ((None, "It failed."), (2, "It failed."), (1, EN["not_covered"])):
        page = read(str(render_conversation(turns, library, EN, came_in=came_in)))
        assert page.one(role="status").text == words


def test_turns_never_share_an_id_with_each_other_or_with_the_article(library: Library) -> None:
    quotes = [quote(passage, library, 0) for passage in library.passages.values()]
    related = (Related("r", quotes[0].id),)
    turns = [Exchange("q", answer("q", *quotes, related=related)), Exchange("q", answer("q", *quotes, covered=False))]
    turns += [Exchange("q", None, "fault")]
    parts = (shown(library, *turns), read(opened(library)), read(str(render_reading_head(library, EN))))
    ids = [element.attributes["id"] for part in parts for element in part.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids)) > 20


def test_what_is_announced_is_the_best_passages_answering_words(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    exchange = Exchange("q", answer("q", quote(passage, library, 1, 3)))
    assert announcement(exchange, EN) == "The article says, under What calms bees?: Cool smoke Slow hands"
    page = shown(library, exchange, exchange)
    assert len(page.all(role="status")) == 1


def test_the_interface_speaks_spanish_and_the_article_stays_as_it_is(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    page = shown(library, Exchange("q", answer("q", quote(passage, library, 0))), language="es")
    assert page.one("p", class_="says").text == "El artículo responde a esto."
    assert page.one("blockquote").attributes["lang"] == "en"
    assert "El artículo está en" in read(str(render_reading_head(library, texts_for("es")))).text


def test_the_picture_of_a_page_marks_what_is_quoted_of_it(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    whole = replace(quote(passage, library, 1), pages=(2,))
    picture = shown(library, Exchange("q", answer("q", whole))).one("details", class_="page-picture")
    assert picture.attributes["data-points"] == ""  # that is all of the passage
    brief = shown(library, Exchange("q", answer("q", whole, brief=True))).one("details", class_="page-picture")
    place = passage.points[1].start - passage.start, passage.points[1].end - passage.start
    assert brief.attributes["data-points"] == "{}-{}".format(*place)


def test_a_turn_is_rendered_once_and_anew_where_something_changes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(exchange: Exchange, number: int, *given: object, **known: object) -> Markup:
        made.append(f"{number} {exchange.question}")
        return Markup("<p>{} {}</p>").format(number, exchange.question)

    monkeypatch.setattr("guide.chat.render.render_exchange", counted)
    one, two = (Exchange(question, fault="It failed.") for question in ("one of two", "two of two"))
    for exchanges, language in (([one], "en"), ([one, two], "en"), ([one, two], "es"), ([two], "es")):
        render_conversation(exchanges, library, texts_for(language))
    assert made == ["1 one of two", "2 two of two", "1 one of two", "2 two of two", "1 two of two"]
    shown = render_conversation([two], library, texts_for("es"))
    assert "<p>1 two of two</p>" in shown
    assert len(made) == 5
    before = len(_RENDERED)
    del one, two, exchanges
    gc.collect()
    assert len(_RENDERED) == before - 2


def test_example_questions_are_the_articles_own_one_a_section(library: Library) -> None:
    assert example_questions(library, "en") == ["What calms bees?"]
    many = "# T\n\n" + "\n\n".join(f"## Why {number}?\n\nText." for number in range(10))
    assert example_questions(library_of(many), "en") == ["Why 0?", "Why 2?", "Why 5?", "Why 7?"]


def asking(*articles: tuple[str, str, int]) -> Library:
    """The library of articles of that name and language, with that many sections that are questions."""
    made = []
    for name, language, count in articles:
        sections = "\n\n".join(f"## Why {name} {number}?\n\nText." for number in range(count))
        head = f"---\nlanguage: {language}\n---\n# {name}\n\nIt is told.\n\n"
        made.append(assemble(parse_markdown(head + sections), article_id=name))
    return Library.of(made, [passage for article in made for passage in split(article)])


@pytest.mark.parametrize(
    ("articles", "language", "expected"),
    [
        ((("a", "en", 9), ("b", "en", 9)), "en", ["Why a 0?", "Why a 4?", "Why b 0?", "Why b 4?"]),
        ((("a", "es", 9), ("b", "en", 1), ("c", "en", 9)), "en", ["Why b 0?", "Why c 0?", "Why c 4?", "Why c 1?"]),
        ((("a", "es", 2), ("b", "en", 9)), "es", ["Why a 0?", "Why a 1?"]),
        ((("a", "en", 0), ("b", "en", 2)), "es", ["Why b 0?", "Why b 1?"]),
        ((("a", "en", 0),), "en", []),
        (tuple((f"{n}", "en", 1) for n in range(8)), "en", ["Why 0 0?", "Why 2 0?", "Why 4 0?", "Why 6 0?"]),
    ],
    ids=["both", "its language", "its language only", "another where there is none", "none", "spread"],
)
def test_example_questions_come_from_several_articles_in_the_interfaces_language(
    articles: tuple[tuple[str, str, int], ...], language: str, expected: list[str]
) -> None:
    assert example_questions(asking(*articles), language) == expected


# ── no text becomes markup ───────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = [
    "<script>alert(1)</script>",
    "${alert(1)}",
    "{{x}}",
    "{question}",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp;",
    "\u202eright to left\u202c",
    "</blockquote></div><h1>Big</h1>",
    "javascript:alert(1)",
]


def exchange_of(text: str, library: Library) -> Exchange:
    """A turn with `text` wherever a text that isn't ours can stand."""
    passages = [quote(passage, library, 0) for passage in library.passages.values()]
    line = Helpline(text, "US", "crisis", text, text, text, text, text, "en", text, text)
    safety = Assessment(
        "professional",
        "self",
        text,
        matches=(Match(text, 0, 1, text, text),),
        criteria=(Criterion(text, text), Criterion(text, text, passages[0].id, passages[0].start, passages[0].end)),
        message=f"{text}\n\n{text}",
        helplines=(line,),
    )
    return Exchange(
        text,
        answer(
            text,
            *passages,
            searched_as=text + "!",
            corrections=(Correction(text, text),),
            not_mentioned=(text,),
            reply=text,
            choices=(Choice(text, text),),
            answers=text,
            also_asked=(text,),
            related=(Related(text, text),),
            safety=safety,
        ),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text_everywhere(text: str, library: Library) -> None:
    harmless = shown(library, exchange_of("harmless", library), Exchange("harmless", None, "harmless"))
    page = shown(library, exchange_of(text, library), Exchange(text, None, text))
    assert [element.tag for element in page.all()] == [element.tag for element in harmless.all()]
    assert page.text.count(text) == harmless.text.count("harmless")
    for element in page.all():
        assert not [name for name in element.attributes if name.startswith("on")]
        assert element.attributes.get("href", "#").startswith(("#", "https:", "tel:", "sms:"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_article_is_shown_as_text_everywhere(text: str) -> None:
    # Written as records, not as Markdown, whose own reading of such texts is another matter.
    section = Section((text,), "body", 0, len(text), (Block("paragraph", 0, len(text)),), (text,))
    article = Article("a", f"About {text}", text, text, "en", text, (section,))
    library = Library.of([article], split(article))
    page = read(opened(library) + str(render_reading_head(library, EN)))
    tags = {element.tag for element in page.all()}
    assert tags.isdisjoint({"script", "img", "b", "h1"})
    assert (
        page.one("h2").text.removeprefix("About ")
        == page.one("h3").text
        == page.one("div", class_="passage").text
        == text
    )
    [passage] = library.passages.values()
    quoted = shown(library, Exchange("q", answer("q", quote(passage, library, *range(len(passage.points))))))
    assert quoted.one("figcaption").text == quoted.one("blockquote").text == text


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), min_size=1, max_size=60))
def test_any_text_leaves_the_structure_as_it_is(text: str) -> None:
    library = library_of(ARTICLE)
    page = shown(library, Exchange(text, None, text))
    # Of many lines there may be a button to show all.
    tags = [element.tag for element in page.all() if element.tag != "button"]
    assert tags == ["p", "article", "h2", "span", "span", "p", "strong", "span"]
    assert page.one("h2").text.endswith(text)


def test_a_fault_that_people_can_mend_is_told_in_the_pages_language(library: Library) -> None:
    with pytest.raises(QuestionError) as fault:
        check_length("x" * 9_000)
    long = Exchange("x" * 9_000, None, str(fault.value), fault_kind=fault.value.kind)
    said = shown(library, long, language="de").one("p", class_="fault").one("span")
    assert said.attributes["lang"] == "de"
    assert said.text.startswith("Die Frage hat 9000 Zeichen, höchstens 8000 sind möglich")
    assert announcement(long, texts_for("de")) == said.text
    # What only an operator can mend is told as it is.
    damaged = Exchange("q", None, "The index is damaged.")
    said = shown(library, damaged, language="de").one("p", class_="fault").one("span")
    assert (said.attributes["lang"], said.text) == ("en", "The index is damaged.")


def refusal(question: str) -> GuideError:
    with pytest.raises(QuestionError) as fault:
        resolve(question)
    return fault.value


@pytest.mark.parametrize("error", [BusyError("…"), LimitError("…"), refusal("x" * 9_000), refusal("?!")])
def test_every_kind_of_fault_has_its_words(library: Library, error: GuideError) -> None:
    exchange = Exchange("q", None, str(error), fault_kind=error.kind)
    assert error.kind
    assert shown(library, exchange, language="en").one("p", class_="fault").one("span").text != str(error)


ARABIC = """---
language: ar
---
# النوم

Guide برنامج. النوم يحتاج إلى وقت.

- شاي دافئ
- غرفة مظلمة
"""


def test_an_article_from_right_to_left_is_quoted_and_shown_so() -> None:
    library = library_of(ARABIC)
    [passage] = library.passages.values()
    quoted = replace(quote(passage, library, 0), language="ar")
    figure = shown(library, Exchange("q", answer("q", quoted))).one("blockquote")
    assert (figure.attributes["lang"], figure.attributes["dir"]) == ("ar", "rtl")
    whole = read(opened(library)).one("article")
    assert (whole.attributes["lang"], whole.attributes["dir"]) == ("ar", "rtl")
    # Its first letters don't turn a paragraph round.
    for part in (figure, whole):
        assert part.all("p")
        assert part.all("li")
        assert not [element for element in part.all() if element.attributes.get("dir") == "auto"]


def test_an_article_from_left_to_right_may_hold_words_of_another_direction(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    quoted = shown(library, Exchange("q", answer("q", quote(passage, library, 0)))).one("blockquote")
    assert quoted.attributes["dir"] == "ltr"
    assert all(part.attributes["dir"] == "auto" for part in quoted.all("p"))
