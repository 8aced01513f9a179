"""The sheet for a talk with a professional: what applies is ticked, what was read is named, nothing is sent."""

from chat.conftest import answer, quote
from chat.page import read

from guide.chat.library import Library
from guide.chat.render import Exchange
from guide.chat.talk_sheet import CRITERIA, sheet
from guide.chat.texts import texts_for
from guide.records import Assessment, Criterion
from guide.safety.professionals import professionals

EN = texts_for("en")


def test_criteria_that_were_met_are_ticked_in_the_articles_words(library: Library) -> None:
    met = Criterion("numbness", "You are living with <lasting> numbness")
    safety = Assessment("professional", "self", "en", criteria=(met,), message="m")
    page = read(str(sheet([Exchange("q", answer("q", safety=safety))], EN)))
    boxes = {box.attributes["id"]: "checked" in box.attributes for box in page.all("input")}
    assert [name for name, ticked in boxes.items() if ticked] == ["sheet-numbness"]
    assert {f"sheet-{name}" for name in CRITERIA} <= set(boxes)
    words = [span.text for span in page.all("span")]
    assert met.quote in words
    assert EN["sheet_distress"] in words


def test_the_sections_that_answered_are_named_once(library: Library) -> None:
    passage = next(p for p in library.passages.values() if p.section == ("What calms bees?",))
    exchanges = [Exchange("q", answer("q", quote(passage, library, 1)))] * 2
    page = read(str(sheet(exchanges, EN)))
    assert [item.text for item in page.all("li")] == ["What calms bees?", *professionals().first_call]


def test_it_says_what_to_say_on_the_first_call_and_leads_to_the_ways_to_a_professional(library: Library) -> None:
    page = read(str(sheet([Exchange("q", None, "f")], EN)))
    assert [item.text for item in page.all("li")] == list(professionals().first_call)
    assert [link.text for link in page.all("a") if link.attributes["href"] == "#help"] == ["How to find a professional"]


def test_nothing_on_it_can_be_sent(library: Library) -> None:
    page = read(str(sheet([Exchange("<b>q</b>", None, "f")], EN)))
    assert page.all("form") == []
    assert [element for element in page.all() if "name" in element.attributes] == []
