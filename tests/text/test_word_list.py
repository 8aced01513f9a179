"""The English words that are shipped are those of the two packages that they were made from."""

import gzip
import json
from importlib.resources import files

import pytest

from guide.safety.rules import rule_book
from guide.safety.typos import words_by_frequency as near_rules
from guide.text.lexicon import american, english, with_apostrophe
from guide.training.word_list import counted_words, english_near, english_words, further_words

AGAIN = "run python -m guide.training.word_list"
SHIPPED = files("guide.text") / "english_words.txt.gz"


@pytest.fixture(scope="module")
def symspell() -> dict[str, int]:
    lines = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    return {word: int(count) for word, count in (line.split(" ") for line in lines)}


@pytest.fixture(scope="module")
def spellchecker() -> set[str]:
    return set(json.loads(gzip.decompress((files("spellchecker") / "resources" / "en.json.gz").read_bytes())))


def test_every_word_has_the_count_and_the_place_that_symspellpy_gives_it(symspell: dict[str, int]) -> None:
    assert len(symspell) > 80_000
    assert list(english().counts.items()) == list(symspell.items()), AGAIN
    assert english().total == sum(symspell.values())


def test_a_word_of_either_package_is_known_and_no_other(symspell: dict[str, int], spellchecker: set[str]) -> None:
    assert len(spellchecker) > 150_000
    assert [word for word in spellchecker if word not in english() and word not in american()] == [], AGAIN
    assert [word for word in spellchecker if word in american() and word in symspell] == [], (
        "only where the first lacks it"
    )
    slips = {word[1:] for word in [*symspell, *spellchecker]} - symspell.keys() - spellchecker
    assert len(slips) > 100_000
    assert [word for word in slips if word in english() or word in american()] == [], AGAIN


def test_words_with_an_apostrophe_are_those_of_symspellpy(symspell: dict[str, int]) -> None:
    bare = {word.replace("'", ""): word for word in symspell if "'" in word}
    assert with_apostrophe() == {without: word for without, word in bare.items() if without not in symspell}
    assert with_apostrophe()["dont"] == "don't"


def test_the_file_is_what_the_command_writes_and_always_the_same() -> None:
    counted = counted_words()
    written = english_words(counted, further_words(counted))
    assert written == english_words(counted, further_words(counted))
    # The packing may differ from one build of zlib to the next, but no time stands in it.
    assert gzip.decompress(SHIPPED.read_bytes()) == gzip.decompress(written), AGAIN
    assert SHIPPED.read_bytes()[4:8] == bytes(4)


def test_the_words_near_the_rules_are_up_to_date() -> None:
    assert list(near_rules()) == english_near(rule_book().vocabulary.english, english().counts), AGAIN
