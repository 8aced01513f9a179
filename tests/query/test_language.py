"""Whether a message is in a language that no article is in."""

from dataclasses import replace

import pytest

from guide.query.language import unread_language
from guide.records import Article
from guide.text.language import languages_of, told_language

GERMAN = "Wer Abstand hält, zeigt seine Gefühle selten und zieht sich zurück, wenn ein Gespräch ihm zu nah wird."


def test_a_message_in_a_language_of_an_article_is_read() -> None:
    message = "warum zieht er sich immer zurück"
    assert unread_language(message) == "de"
    assert unread_language(message, lambda: {"en", "de"}) == ""
    assert unread_language(message, lambda: {"fr"}) == "de"


def test_a_language_that_is_hard_to_tell_from_an_articles_is_read_too() -> None:
    danish = "jeg føler mig så alene"
    assert unread_language(danish) == "da"
    assert unread_language(danish, lambda: {"no", "nb"}) == ""


def test_what_is_known_is_not_looked_for_where_a_message_is_english() -> None:
    def fails() -> set[str]:
        pytest.fail("an English message needs no article's language")

    assert unread_language("why does he pull back", fails) == ""


def spoken(article: Article) -> frozenset[str]:
    return languages_of([(article.language, told_language(article.text))])


def test_the_languages_of_articles_are_what_they_state_and_what_their_words_tell() -> None:
    stated = Article("a", "Abstand", "", "a.md", "de-AT", GERMAN, ())
    unstated = replace(stated, language="en")
    assert "de" in spoken(stated)
    assert spoken(unstated) == {"en", "de"}
    assert spoken(replace(stated, text="Abstand")) == {"de"}  # too short to tell
    assert spoken(replace(unstated, text="Distance is a habit of keeping feelings away.")) == {"en"}
