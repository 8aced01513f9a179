"""The map and the table: every passage where its embedding lies, every text as text."""

import pytest
from chat.page import read
from fake_encoder import FakeEncoder

from guide.articles.assemble import assemble
from guide.articles.pieces import Parsed, Piece
from guide.chat.explore import BEST, HEIGHT, WIDTH, render_explore, render_survey
from guide.chat.library import Library
from guide.chat.texts import texts_for
from guide.guide import Guide
from guide.index.build import index_of

EN = texts_for("en")
HOSTILE = ["<script>alert(1)</script>", "${alert(1)}", "{{x}}", '"><img src=x onerror=alert(1)>', "\u202eright to left"]


def guide_of(sections: dict[str, str]) -> Guide:
    pieces = [Piece("title", "Bees")]
    for heading, words in sections.items():
        pieces += [Piece("heading", heading, 2), *(Piece("item", line) for line in words.split("/"))]
    encoder = FakeEncoder()
    return Guide(index_of([assemble(Parsed(pieces), article_id="bees")], encoder, encoder.identity), encoder)


@pytest.fixture
def guide() -> Guide:
    return guide_of({"Smoke": "cool smoke calms/slow hands", "Honey": "sweet honey/golden honey", "Wax": "soft wax"})


def test_every_passage_has_its_place_and_the_best_hits_are_ringed(guide: Guide) -> None:
    answer = guide.ask("Does smoke calm bees?")
    found = guide.survey(answer)
    assert list(found.places) == [passage.id for passage in guide.passages]
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in found.places.values())
    assert next(iter(found.scores or ())) == answer.passages[0].id
    page = read(str(render_survey(found, Library.of(guide.articles, guide.passages), "Does smoke calm bees?", EN)))
    links = [a for a in page.all("a") if a.attributes["href"].startswith("#p-")]
    assert {a.attributes["href"][1:] for a in links} == set(found.places)
    circles = page.all("circle")
    assert sum(circle.attributes.get("class") == "ring" for circle in circles) == min(BEST, len(found.places))
    assert all(0 < int(c.attributes["cx"]) < WIDTH and 0 < int(c.attributes["cy"]) < HEIGHT for c in circles)
    scores = list((found.scores or {}).values())
    assert scores == sorted(scores, reverse=True)


def test_the_same_passages_are_drawn_the_same(guide: Guide) -> None:
    again = guide_of({"Smoke": "cool smoke calms/slow hands", "Honey": "sweet honey/golden honey", "Wax": "soft wax"})
    assert guide.survey().places == again.survey().places


@pytest.mark.parametrize("question", ["I want to kill myself", "I'm going to end my life tonight"])
def test_in_a_crisis_nothing_is_shown(guide: Guide, question: str) -> None:
    found = guide.survey(guide.ask(question))
    assert (found.places, found.asked, found.scores) == ({}, None, None)
    page = str(render_survey(found, Library.of(guide.articles, guide.passages), question, EN))
    assert EN["explore_none"] in page
    assert "<svg" not in page


def test_one_passage_alone_can_be_drawn() -> None:
    guide = guide_of({"Smoke": "cool smoke"})
    assert len(guide.survey(guide.ask("smoke")).places) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    guide = guide_of({text: f"{text} smoke/other", "Honey": text})
    library = Library.of(guide.articles, guide.passages)
    page = read(str(render_survey(guide.survey(guide.ask("smoke")), library, text, EN)))
    assert page.all("script") == page.all("img") == []
    assert any(text in element.text for element in page.all("bdi"))


def test_it_comes_closed_and_empty() -> None:
    page = read(str(render_explore(EN)))
    assert "open" not in page.one("details").attributes
    assert page.all("svg") == []


def test_of_too_many_passages_those_are_shown_that_retrieval_read(
    guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.retrieval.passage_map.SHOWN_AT_MOST", 1)
    monkeypatch.setattr("guide.chat.explore.SHOWN_AT_MOST", 1)
    library = Library.of(guide.articles, guide.passages)
    assert guide.survey().places == {}
    assert "Ask a question first" in str(render_survey(guide.survey(), library, "", EN))
    answer = guide.ask("Does smoke calm bees?")
    found = guide.survey(answer)
    assert list(found.places) == list(found.scores or ()) != []
    monkeypatch.undo()
    # Where all fit on the map, the same passages have the same scores.
    assert guide.survey(answer).scores == found.scores
    assert len(read(str(render_survey(found, library, "Does smoke calm bees?", EN))).all("tr")) == 1 + len(found.places)
