"""Which messages name what the articles of a library are about."""

import pytest
from fake_encoder import FakeEncoder

from guide.answering.searcher import Searcher
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index
from guide.retrieval.retrieve import WEIGHTS

HANDBOOK = """# At the boatyard

## Moorings

A mooring by the quay is free for members. Ask the harbour office, which is open from nine to five.

## Bicycle shed

Bicycles stand in the shed. The key hangs in the kitchen, beside the calendar.

## Holidays

| day | date |
|---|---|
| Tulio Marengo Day | 3 March |
| Founders' Day | 9 June |
"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    folder = tmp_path_factory.mktemp("boatyard")
    (folder / "boatyard.md").write_text(HANDBOOK)
    encoder = FakeEncoder()
    build([folder / "boatyard.md"], folder / "index", encoder, encoder.identity)
    sure_of_small_talk = {"smalltalk": 9.0}
    return Guide(open_index(folder / "index"), encoder, acts=lambda words: sure_of_small_talk)


@pytest.mark.parametrize(
    ("message", "names", "why"),
    [
        ("moorings", True, "a heading"),
        ("mooring fee", True, "a heading beside everyday English"),
        ("bicycle shed key", True, "a heading and a word of the article"),
        ("At the boatyard", True, "the title"),
        ("Tulio Marengo day?", True, "words of the article that English seldom has"),
        ("bicycle", True, "a typical word of the article, though only a part of a heading"),
        ("weather", False, "no word of the article"),
        ("office", True, "in so short an article, typical of it"),
        ("from", False, "a word of the article, and no content word"),
        ("moorings zxqv", False, "a word that neither the article nor English has"),
        ("Tulio Marengo weather", False, "of no heading, and one word isn't the article's"),
        ("", False, "nothing"),
        ("one two red blue moorings", False, "more words than a heading is looked for among"),
        ("moorings " * 2_000, True, "long, and still told in a moment"),
    ],
)
def test_a_message_names_what_the_articles_are_about(message: str, names: bool, why: str, guide: Guide) -> None:
    with guide.reading() as state:
        assert Searcher(state, FakeEncoder(), WEIGHTS).names_subject(message) is names, why


def test_a_few_words_of_the_articles_are_searched_for_whatever_they_seem_to_mean(guide: Guide) -> None:
    assert guide.ask("sunny spells").act == "smalltalk"
    for message in ("moorings", "mooring fee"):
        answer = guide.ask(message)
        assert (answer.act, answer.reply, answer.passages[0].section) == ("statement", "", ("Moorings",))


def test_names_of_the_articles_are_no_other_language(guide: Guide) -> None:
    assert guide.ask("marengo prize della bella").act == "other_language"
    assert guide.ask("tulio marengo day").act == "statement"
