"""The way to help: what the card and the panel hold, and that it never breaks."""

from dataclasses import replace

import pytest
from chat.page import Element, read

from guide.chat.help_card import care_card
from guide.chat.helpline_html import help_panel, helpline_list, professional_details
from guide.chat.library import Library
from guide.chat.texts import texts_for
from guide.languages.words import help_languages, languages
from guide.records import Assessment, Criterion, Helpline, Match
from guide.safety.helplines import helplines, registry
from guide.safety.professionals import professional_routes, professionals
from guide.safety.wording import card, card_labels, lines_in

EN = texts_for("en")
LINE = Helpline(
    "Listening Line", "IE", "crisis", "01 234 5678", "50999", "HI", "https://example.org", "day and night", "en",
    "https://example.org/numbers", "2026-11-01",
)  # fmt: skip


def links(page: Element) -> list[str]:
    return [link.attributes["href"] for link in page.all("a")]


def test_a_line_can_be_called_texted_and_visited() -> None:
    page = read(str(helpline_list([LINE], EN)))
    assert links(page) == ["tel:012345678", "sms:50999?body=HI", "https://example.org"]
    assert [link.text for link in page.all("a")] == [
        "Call 01 234 5678 – Listening Line",
        "Text HI to 50999 – Listening Line",
        "Website – Listening Line",
    ]
    assert "day and night" in page.text
    web = page.all("a")[2].attributes
    assert web["rel"] == "noopener noreferrer"  # the site learns nothing of where the person came from


def test_a_number_that_cannot_be_dialled_is_shown_as_text() -> None:
    odd = Helpline("Line", "IE", "crisis", "116 123 or 112", "", "", "", "", "en", "", "")
    page = read(str(helpline_list([odd], EN)))
    assert "116 123 or 112" in page.text
    assert links(page) == []


def test_only_https_addresses_become_links() -> None:
    odd = Helpline("Line", "IE", "crisis", "", "", "", "javascript:alert(1)", "", "en", "", "")
    assert links(read(str(helpline_list([odd], EN)))) == []


def test_in_danger_the_lines_follow_the_first_paragraph(library: Library) -> None:
    safety = Assessment("crisis", "self", "en", message="Please call.\n\nYou matter.", helplines=(LINE,))
    text = read(str(care_card(safety, library, EN, "turn-1"))).text
    assert text.index("Please call.") < text.index("Listening Line") < text.index("You matter.")


def test_when_danger_goes_on_the_lines_come_first_and_words_said_before_are_folded(library: Library) -> None:
    message = "Who is with you?\n\nThe lines are open.\n\nLet a person be there."
    safety = Assessment("crisis", "self", "en", message=message, helplines=(LINE,), earlier="crisis")
    text = read(str(care_card(safety, library, EN, "turn-2"))).text
    assert text.index("Listening Line") < text.index("Who is with you?") < text.index("Let a person")
    again = read(str(care_card(safety, library, EN, "turn-3", told_before=True)))
    assert again.text.index("Listening Line") < again.text.index("Let a person") < again.text.index("Who is with you?")
    assert "Let a person" not in again.one("details", class_="care-more").text
    assert links(again) == links(read(str(care_card(safety, library, EN, "turn-2"))))
    # Abuse told of for the first time isn't gone on with, whatever graver was told before.
    fresh = replace(safety, level="abuse")
    text = read(str(care_card(fresh, library, EN, "turn-2"))).text
    assert text.index("Who is with you?") < text.index("Listening Line")
    text = read(str(care_card(replace(fresh, also_earlier="abuse"), library, EN, "turn-2"))).text
    assert text.index("Listening Line") < text.index("Who is with you?")
    # What is told for the first time isn't folded, whatever was told before of something less grave.
    first = replace(safety, earlier="abuse")
    assert read(str(care_card(first, library, EN, "turn-3", told_before=True))).all("details") == []


def test_a_card_lets_choose_its_country_and_where_it_knows_none_the_numbers_named_can_be_pressed(
    library: Library,
) -> None:
    at_home = Assessment("crisis", "self", "en", message="Call.\n\nYou matter.", helplines=helplines("IE", "crisis"))
    page = read(str(care_card(at_home, library, EN, "turn-1")))
    assert page.one("select").attributes | {"class": ""} == {"class": "", "data-turn": "turn-1", "data-country": "IE"}
    assert page.text.index("Samaritans") < page.text.index("Country") < page.text.index("You matter.")
    nowhere = replace(at_home, helplines=helplines(None, "crisis"))
    page = read(str(care_card(nowhere, library, EN, "turn-1")))
    assert page.one("select").attributes["data-country"] == ""
    assert links(page)[:2] == ["tel:112", "tel:911"]
    assert read(str(care_card(nowhere, library, EN, "find", of_turn=False))).all("select") == []


def test_a_card_without_words_still_shows_its_lines(library: Library) -> None:
    page = read(str(care_card(Assessment("crisis", "self", "en", helplines=(LINE,)), library, EN, "turn-1")))
    assert "tel:012345678" in links(page)


def test_the_card_speaks_the_language_of_the_message(library: Library) -> None:
    safety = Assessment("crisis", "self", "es", message="Por favor, llama.")
    page = read(str(care_card(safety, library, EN, "turn-1")))
    assert page.one("div", class_="care-words").attributes["lang"] == "es"


@pytest.mark.parametrize("language", help_languages())
def test_a_translated_card_is_wholly_in_its_language(language: str, library: Library) -> None:
    labels = card_labels(language)
    match = Match("crisis.any", 0, 1, "x", "The message speaks of dying.")
    lines = lines_in(language, [replace(LINE, hours="24 hours, every day")])
    safety = Assessment("crisis", "self", language, (match,), message="m", helplines=lines)
    card = str(care_card(safety, library, EN, "turn-1"))
    page = read(card)
    outer = page.one("div", class_="care").attributes
    assert (outer["lang"], outer["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert page.one("h3").text == labels["care_crisis"]
    for key in ("why", "why_words", "why_wrong", "why_crisis", "website"):
        assert labels[key] in page.text
    assert labels["call"].split("{")[0] in page.text
    for english in ("Call ", "Text ", "Website", "24 hours", match.reason, EN["why"], EN["care_crisis"]):
        assert language == "nl" or english not in page.text  # “Website” is a Dutch word too


def test_numbers_keep_together_where_words_run_from_right_to_left(library: Library) -> None:
    safety = Assessment("crisis", "self", "ar", message="m", helplines=(LINE,))
    page = read(str(care_card(safety, library, EN, "turn-1")))
    assert "\u206601 234 5678\u2069" in page.all("a")[0].text
    assert links(page)[0] == "tel:012345678"


def test_the_banner_and_its_link_are_in_the_language_of_the_danger(library: Library) -> None:
    safety = Assessment("none", "self", "pl", message="Wcześniej…", earlier="crisis")
    page = read(str(care_card(safety, library, EN, "turn-1")))
    assert page.one("a").text == card_labels("pl")["care_earlier_link"]
    assert page.one("p", class_="care-reminder").attributes["lang"] == "pl"


def test_an_english_card_keeps_the_strings_of_the_page(library: Library) -> None:
    safety = Assessment("crisis", "self", "en", message="m", helplines=(LINE,))
    page = read(str(care_card(safety, library, texts_for("es"), "turn-1")))
    assert "Llamar al 01 234 5678" in page.text
    assert "lang" not in page.one("div", class_="care").attributes


def test_each_criterion_is_shown_once_as_the_articles_words_or_as_guides(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    text = library.articles[passage.article_id].text
    point = passage.points[0]
    stated = Criterion("numbness", text[point.start : point.end], passage.id, point.start, point.end)
    # What an index that has been replaced since had quoted, and what no article states.
    gone, ours = Criterion("skills", "An article's that is gone", "p-gone"), Criterion("distress", "Words of our own")
    safety = Assessment("professional", "self", "en", criteria=(ours, stated, gone), message="m")
    page = read(str(care_card(safety, library, EN, "turn-1")))
    of_article, of_guide = page.all("div", class_="criteria")
    assert [quote.text for quote in of_article.all("blockquote")] == [stated.quote]
    assert of_article.text.startswith(EN["criteria"])
    assert of_guide.text.startswith(EN["criteria_of_guide"])
    for criterion in safety.criteria:
        assert page.text.count(criterion.quote) == 1, criterion.quote
        assert (criterion.quote in of_guide.text) == (criterion is not stated)


def folded_of(library: Library, *criteria: Criterion) -> tuple[Element, Element]:
    """A professional card that names `criteria`, and what of it is folded."""
    safety = Assessment("professional", "self", "en", criteria=criteria, message="First.\n\nSecond.", helplines=(LINE,))
    card = read(str(care_card(safety, library, EN, "turn-1"))).one("div", class_="care")
    folded = card.one("details", class_="care-more")
    assert folded.one("summary").text == EN["care_more"]
    assert "open" not in folded.attributes
    assert "Second." in folded.text
    assert "Listening Line" in folded.text
    return card, folded


def test_the_professional_card_shows_its_first_words_and_criterion_and_folds_the_rest(library: Library) -> None:
    card, folded = folded_of(library, Criterion("skills", "Words of our own"))
    for words in ("First.", "Words of our own"):
        assert words in card.text
        assert words not in folded.text


def test_of_several_criteria_one_that_the_article_states_is_shown_and_the_rest_folded(library: Library) -> None:
    passage = next(iter(library.passages.values()))
    stated = Criterion("numbness", "Stated words", passage.id, passage.start, passage.end)
    card, folded = folded_of(library, Criterion("skills", "Words of our own"), stated)
    assert "Stated words" in card.text
    assert "Stated words" not in folded.text
    # What names all of them is long.
    assert folded.text.index("First.") < folded.text.index("Words of our own") < folded.text.index("Second.")


def test_why_names_the_words_that_weighed_most_together(library: Library) -> None:
    reason = "The message as a whole is close in meaning to examples of this kind."
    matches = (
        Match("meaning.crisis", 2, 9, "forever", reason),
        Match("meaning.crisis", 10, 13, "nap", reason),
        Match("meaning.crisis", 20, 27, "forever", reason),
        Match("crisis.wish", 0, 4, "wish", "A wish."),
        Match("crisis.wish", 9, 13, "want", "A wish."),
        Match("crisis.other", 9, 13, "want", "A wish."),
    )
    spoken = "habla de morir o de suicidio"
    said = {
        "en": [f"The words “forever”, “nap” together – {reason}", "“wish” – A wish.", "“want” – A wish."],
        # Rules give their reasons in English only.
        "es": [f"Las palabras «forever», «nap» juntas – {spoken}", f"«wish» – {spoken}", f"«want» – {spoken}"],
    }
    for language, items in said.items():
        safety = Assessment("crisis", "self", "en", matches, message="m")
        why = read(str(care_card(safety, library, texts_for(language), "turn-1"))).one("details", class_="why")
        assert [item.text for item in why.all("li")] == items


def test_words_that_mean_something_alone_are_quoted_alone(library: Library) -> None:
    safety = Assessment("crisis", "self", "en", (Match("meaning.crisis", 0, 3, "nap", "Close."),), message="m")
    why = read(str(care_card(safety, library, EN, "turn-1"))).one("details", class_="why")
    assert [item.text for item in why.all("li")] == ["“nap” – Close."]


def test_nothing_is_shown_when_there_is_nothing_to_say(library: Library) -> None:
    assert care_card(Assessment("none", "self", "en"), library, EN, "turn-1") == ""


def test_the_panel_holds_every_line_of_every_country_and_shows_one_countrys() -> None:
    known = registry()
    page = read(str(help_panel(known.lines, known.names, "IE", EN)))
    shown = [part for part in page.all("div", class_="country-lines") if "hidden" not in part.attributes]
    assert [part.attributes["data-country"] for part in shown] == ["IE"]
    for country in known.names:
        part = page.one("div", **{"data-country": country})
        own = [line for line in known.lines if line.country == country]
        assert own
        assert all(line.name in part.text for line in own)
    chosen = [option.attributes["value"] for option in page.all("option") if "selected" in option.attributes]
    assert chosen == ["IE"]


@pytest.mark.parametrize(
    ("country", "title"),
    [
        ("IE", "How to find a professional: Ireland"),
        ("ES", "How to find a professional: Spain"),  # with the international directory in it
        ("", "How to find a professional"),
    ],
)
def test_the_ways_to_a_professional_are_folded_with_cost_and_the_first_call(country: str, title: str) -> None:
    page = read(str(professional_details(country, EN)))
    assert page.one("summary").text == title
    assert "open" not in page.one("details").attributes
    for route in professional_routes(country):
        assert all(words in page.text for words in (route.name, route.for_whom, route.cost, route.ask))
        assert route.url in links(page)
    items = [item.text for item in page.all("li")]
    assert items[-len(professionals().first_call) :] == list(professionals().first_call)
    assert "What you can say on the first call" in page.text


def test_a_way_with_a_number_can_be_called() -> None:
    page = read(str(professional_details("DE", EN)))
    assert links(page)[0] == "tel:116117"


def test_the_professional_card_holds_the_ways_of_its_country_and_no_other_card_does(library: Library) -> None:
    for level in ("professional", "abuse", "crisis", "emergency"):
        safety = Assessment(level, "self", "en", message="m", helplines=helplines("GB", level))
        page = read(str(care_card(safety, library, EN, "turn-1")))
        found = [part.one("summary").text for part in page.all("details", class_="professionals")]
        assert found == (["How to find a professional: United Kingdom"] if level == "professional" else [])
    abroad = Assessment("professional", "self", "en", message="m", helplines=helplines(None, "professional"))
    assert "How to find a professional" in read(str(care_card(abroad, library, EN, "turn-1"))).text


def test_the_panel_holds_the_ways_of_every_country() -> None:
    known = registry()
    page = read(str(help_panel(known.lines, known.names, "IE", EN)))
    for country in [*known.names, ""]:
        part = page.one("div", **{"data-country": country})
        [details] = part.all("details", class_="professionals")
        assert all(route.name in details.text for route in professional_routes(country))


def test_where_no_country_is_known_the_panel_shows_what_helps_anywhere() -> None:
    known = registry()
    page = read(str(help_panel(known.lines, known.names, "", EN)))
    [shown] = [part for part in page.all("div", class_="country-lines") if "hidden" not in part.attributes]
    assert shown.attributes["data-country"] == ""
    assert "https://findahelpline.com" in links(shown)


@pytest.mark.parametrize("language", languages())
def test_the_quick_exit_is_called_on_its_button_as_on_the_card(language: str) -> None:
    said = card("abuse", "self", language, "first").casefold()
    assert all(word[:5] in said for word in texts_for(language)["leave"].casefold().split())
