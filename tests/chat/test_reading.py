"""What is opened, found and named when somebody reads: from one article to a thousand."""

from dataclasses import replace

import pytest
from chat.conftest import answer, library_of, quote
from chat.page import read
from chat.test_layout import library_of_two

from guide.articles.assemble import assemble
from guide.articles.markdown import parse_markdown
from guide.articles.passages import split
from guide.chat.article_names import SHOWN_NAMES, names_found
from guide.chat.find import SHOWN_OF_AN_ARTICLE, SHOWN_PLACES, find_words, lowered
from guide.chat.library import CurrentLibrary, Library
from guide.chat.page_parts import picker, reminder, welcome
from guide.chat.quotes import render_quotes
from guide.chat.reading import article_at, render_article, render_outline, render_reading_head
from guide.chat.texts import texts_for
from guide.records import ROLES, Assessment
from guide.request import assess_words

EN = texts_for("en")
SAFE = Assessment("none", "self", "en")


def many(count: int) -> Library:
    """The library of so many articles."""
    entries = [
        assemble(parse_markdown(f"# Tea {n}\n\nIt is brewed.\n\n## Pots of {n}\n\nRound ones."), article_id=f"tea-{n}")
        for n in range(count)
    ]
    return Library.of(entries, [passage for article in entries for passage in split(article)])


def test_a_place_is_found_in_its_article_and_one_that_is_gone_in_none(library: Library) -> None:
    passage = next(iter(library.passages))
    there = [passage, f"{passage}-at-0-4", "section-bees-1", "section-bees-3", "source-bees"]
    assert [article_at(place, library) for place in there] == ["bees"] * 5
    gone = [
        "",
        "p-",
        "p-0",
        "section-bees-0",
        "section-bees-4",
        "section-hens-1",
        "section-bees-²",
        "source-",
        "turn-1",
    ]
    assert [article_at(place, library) for place in gone] == [""] * len(gone)


def test_every_passage_stands_in_its_own_section_alone(library: Library) -> None:
    page = read(str(render_article(library.articles["bees"], library)))
    assert [len(section.all("div", class_="passage")) for section in page.all("div", class_="section")] == [1, 1, 1]
    assert [one.attributes["id"] for one in page.all("div", class_="passage")] == list(library.passages)


def test_the_page_holds_no_words_of_any_article_before_one_is_opened(library: Library) -> None:
    head = read(str(render_reading_head(library, EN)))
    assert "Move slowly" not in head.text
    assert head.one("div", class_="tools").attributes["data-only"] == "bees"
    two = read(str(render_reading_head(library_of_two(), EN)))
    assert "data-only" not in two.one("div", class_="tools").attributes
    names = [(link.attributes["href"], link.text) for link in two.one("ul", class_="name-list").all("a")]
    assert names == [("#source-bees", "Keeping bees calm"), ("#source-hens", "Keeping hens")]
    assert two.all("input", class_="find-name") == []


def test_the_outline_names_its_article_where_there_are_several(library: Library) -> None:
    outline = read(str(render_outline(library.articles["bees"], library, EN)))
    links = [link.attributes["href"] for link in outline.all("a")]
    assert links == ["#section-bees-1", "#section-bees-2", "#section-bees-3"]
    assert [button.attributes["data-ask"] for button in outline.all("button")] == ["How do I keep them quiet?"]
    assert outline.all("p", class_="outline-title") == []
    two = library_of_two()
    assert read(str(render_outline(two.articles["hens"], two, EN))).one("p").text == "Keeping hens"


def test_of_many_articles_a_few_are_named_and_the_others_found() -> None:
    library = many(SHOWN_NAMES + 5)
    for part in (str(render_reading_head(library, EN)), picker(library, EN, "tea-7")):
        page = read(part)
        assert len([item for item in page.one("ul", class_="name-list").all("li") if "Tea" in item.text]) == SHOWN_NAMES
        assert page.one("p", role="status").text == "And 5 more: write a part of a name to find one."
        assert page.one("input", class_="find-name")
    assert page.one(id="article-asked").attributes["value"] == "tea-7"
    assert page.one(id="article-named").text == "Tea 7"
    found = names_found("  tea 2", library, EN, "read")
    assert [link.text for link in read(str(found.html)).all("a")] == [
        "Tea 2",
        *(f"Tea {n}" for n in range(20, 25)),
        "Tea 12",
    ]
    assert found.says == ""
    nothing = names_found("coffee", library, EN, "ask")
    assert nothing.says == "Not found"
    assert [button.attributes["data-choose"] for button in read(str(nothing.html)).all("button")] == [""]


def test_the_first_page_grows_by_no_article_beyond_the_few_that_it_names() -> None:
    sizes = [len(str(render_reading_head(many(count), EN)) + picker(many(count), EN)) for count in (50, 90)]
    assert sizes[0] == sizes[1]


def test_the_greeting_names_three_articles_and_how_many_more() -> None:
    said = [read(str(reminder(many(count), EN, named=True))).text for count in (1, 3, 4, 30)]
    assert [one.split("It reads ")[1] for one in said] == [
        "Tea 0.",
        "Tea 0, Tea 1, Tea 2.",
        "Tea 0, Tea 1, Tea 2 and one more article.",
        "Tea 0, Tea 1, Tea 2 and 27 more articles.",
    ]
    assert read(str(reminder(many(3), EN, named=False))).text == EN["what_it_is_short"]
    assert read(welcome(many(3), EN, asked=True)).text == "Guide"
    links = [link.attributes["href"] for link in read(welcome(many(30), EN)).all("a")]
    assert links == ["#source-tea-0", "#source-tea-1", "#source-tea-2"]


def test_further_quotations_name_three_articles_and_how_many_more() -> None:
    library = many(5)
    first = {passage.article_id: passage for passage in reversed(library.passages.values())}
    quotes = [quote(first[f"tea-{number}"], library, 0) for number in range(5)]
    page = read(str(render_quotes(answer("q", *quotes), library, EN, "turn-1")))
    label = page.one("details", class_="more").one("summary").text
    assert label == "4 more passages on this, also from “Tea 1”, “Tea 2”, “Tea 3” and one more article"


def found(
    words: str, library: Library, *, safety: Assessment = SAFE, roles: object = ROLES, article: str = ""
) -> object:
    return find_words(words, library, EN, safety, roles, article)  # type: ignore[arg-type]


def test_words_are_found_whatever_their_case_and_shown_where_they_stand(library: Library) -> None:
    listing = found("  cool   SMOKE ", library)
    assert listing.says == "1 place"  # type: ignore[attr-defined]
    link = read(str(listing.html)).one("a")  # type: ignore[attr-defined]
    passage = next(one for one in library.passages.values() if one.section == ("What calms bees?",))
    assert link.attributes["href"] == f"#{passage.id}"
    assert link.one("mark").text == "Cool smoke"
    assert link.one("span", class_="place-name").text == "What calms bees?"
    # “Smoke” stands in one passage; another has it in its heading alone.
    assert found("smoke", library).says == "2 places"  # type: ignore[attr-defined]
    assert found("compared", library).says == "1 place"  # type: ignore[attr-defined]
    assert found("xylophone", library).says == "Not found"  # type: ignore[attr-defined]
    assert (found("b", library).says, found(" ", library).html) == ("", "")  # type: ignore[attr-defined]


def test_a_search_lists_few_places_of_each_article_and_all_sorts_of_one() -> None:
    words = "\n\n".join(f"## Part {n}\n\nTea and more tea." for n in range(30))
    entries = [assemble(parse_markdown(f"# {name}\n\n{words}"), article_id=name) for name in ("one", "two")]
    library = Library.of(entries, [passage for article in entries for passage in split(article)])
    listed = read(str(found("tea", library).html)).all("a")  # type: ignore[attr-defined]
    assert len(listed) == 2 * SHOWN_OF_AN_ARTICLE
    assert found("tea", library).says == "120 places"  # type: ignore[attr-defined]
    one = found("tea", library, article="two")
    assert one.says == "60 places"  # type: ignore[attr-defined]
    listed = read(str(one.html)).all("a")  # type: ignore[attr-defined]
    assert len(listed) == SHOWN_PLACES
    assert {link.one("span", class_="place-name").text.split(" › ")[0] for link in listed} == {"two"}


def test_a_search_shows_nothing_that_an_answer_would_hold_back() -> None:
    library = library_of("# Bees\n\nBees talk in dances.\n\n## Tips for talking\n\nTalk to your partner more.\n")
    advice = next(passage for passage in library.passages.values() if passage.role == "advice")

    def hrefs(**more: object) -> list[str]:
        page = read(str(found("talk", library, **more).html))  # type: ignore[arg-type, attr-defined]
        return [link.attributes["href"] for link in page.all("a", lang="en")]

    assert f"#{advice.id}" in hrefs()
    assert len(hrefs(roles=["body"])) == 1
    assert f"#{advice.id}" not in hrefs(roles=["body"])
    assert f"#{advice.id}" not in hrefs(safety=replace(SAFE, earlier="abuse"))
    assert hrefs(roles=[]) == []
    assert found("talk", library, roles=[]).says.startswith("Guide quotes no article here")  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", ["I want to kill myself", "I want to die"])
def test_words_of_danger_are_answered_with_the_way_to_help_and_nothing_else(words: str) -> None:
    library = library_of(f"# Bees\n\n{words}, they said.\n")
    listing = found(words, library, safety=assess_words(words))
    page = read(str(listing.html))  # type: ignore[attr-defined]
    assert page.all("ul", class_="places") == []
    assert page.one("div", class_="care-crisis").all("ul", class_="lines")
    assert page.all("button", class_="not-meant") == []
    assert listing.says == ""  # type: ignore[attr-defined]


def test_letters_that_grow_in_lower_case_keep_the_places_of_all_others() -> None:
    assert lowered("İ TEA") == "İ tea"
    library = library_of("# Bees\n\nİİİİ like TEA a lot.\n")
    assert read(str(found("tea", library).html)).one("mark").text == "TEA"  # type: ignore[attr-defined]


def test_a_new_edition_of_the_articles_is_another_library_and_the_same_one_is_not_made_again() -> None:
    class Source:
        articles: tuple = ()  # type: ignore[type-arg]
        passages: tuple = ()  # type: ignore[type-arg]

    source = Source()
    current = CurrentLibrary(source)
    first = current.now
    assert current.now is first
    source.articles = tuple(many(2).articles.values())
    assert (current.now.edition, list(current.now.articles)) == (first.edition + 1, ["tea-0", "tea-1"])
    # A server that was started anew may hold other articles than those that an open page has seen.
    assert CurrentLibrary(source).now.edition not in (first.edition, current.now.edition)


def test_a_step_shows_its_number_and_no_bullet() -> None:
    article = assemble(parse_markdown("# Tea\n\n1. Warm the pot.\n2. Pour.\n\nThen:\n\n- Wait.\n"), article_id="tea")
    library = Library.of([article], split(article))
    shown = str(render_article(library.articles["tea"], library))
    assert shown.count('<li dir="auto" class="step">') == 2
    assert "1. Warm the pot." in shown
    assert '<li dir="auto"><span' in shown
