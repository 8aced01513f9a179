"""The files of the languages: nothing is missing in one, nothing is over, and the page speaks no other words."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import guide.chat
from guide.languages.words import help_languages, languages, words_of
from guide.safety.helplines import registry

ENGLISH = words_of("en")
HELP_ONLY = sorted({*help_languages()} - {*languages()})
TRANSLATED = [language for language in languages() if language != "en"]
OF_CARDS = {"telling_words", "card", "terms"}
"""What a translation of the cards has, where English has `cards` for more readers, and the criteria that they name."""
GENERAL_NAME = re.compile(
    r"^(Emergency|Police|Ambulance|Your local|Find A)|, (for|run|the) |: the|\((in|one|press|leave|free)\b|mental"
)
"""What tells a help line's name that says something in English from one that is but a name."""
ALIKE = {"ask_about_question", "page_one", "page_many"}
"""Strings that may be as in English: a question that Guide understands, and a word that French shares."""


def strings(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every string below `table`, with the keys that lead to it."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from strings(value, f"{path}{key}.")
        elif not isinstance(value, bool):
            yield from ((f"{path}{key}", words) for words in ([value] if isinstance(value, str) else value))


def places(words: str) -> list[str]:
    return sorted(set(re.findall(r"{\w*}", words)))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_has_all_that_english_has_and_nothing_else(language: str) -> None:
    own = words_of(language)
    assert own.keys() == (ENGLISH.keys() - {"cards", "criteria", "criteria_sentence"}) | OF_CARDS
    for table in ("page", "choice_labels", "replies", "moves", "credits", "offers"):
        assert own[table].keys() == ENGLISH[table].keys(), table
    for table in ("card", "terms"):
        assert own[table].keys() >= words_of(HELP_ONLY[0])[table].keys(), table


@pytest.mark.parametrize("language", HELP_ONLY)
def test_a_language_of_help_alone_has_all_that_stands_around_a_card(language: str) -> None:
    own, other = words_of(language), words_of(HELP_ONLY[0])
    assert own.keys() == OF_CARDS | {"only_english", "offer_lines", "page"}
    for table in ("page", "card", "terms"):
        assert own[table].keys() == other[table].keys(), table
    assert own["page"].keys() <= ENGLISH["page"].keys()


@pytest.mark.parametrize("language", [*languages(), *HELP_ONLY])
def test_no_string_is_empty_and_each_fills_in_the_same_places(language: str) -> None:
    own = words_of(language)
    for key, words in strings(own):
        assert words.strip(), key
    for key, words in own["page"].items():
        assert words == words.strip(), key
        assert places(words) == places(ENGLISH["page"][key]), key


@pytest.mark.parametrize("language", languages())
def test_every_hour_and_every_general_name_of_the_help_lines_is_said_in_it(language: str) -> None:
    said = {line.hours for line in registry().lines} | {
        line.name for line in registry().lines if GENERAL_NAME.search(line.name)
    }
    terms = words_of(language).get("terms", {})
    assert language == "en" or said - {""} == terms.keys()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_says_that_it_was_not_checked_and_is_none_of_the_english(language: str) -> None:
    first = files("guide.languages").joinpath(f"{language}.toml").read_text("utf-8").splitlines()[0]
    assert "no native speaker has checked" in first
    english = dict(strings(ENGLISH["page"]))
    assert {key for key, words in words_of(language)["page"].items() if words == english[key] and " " in words} <= ALIKE


# ── the page's modules say nothing of their own ──────────────────────────────────────────────────────────────────────

CHAT = Path(guide.chat.__path__[0])
FOR_OPERATORS = {"branding.py", "colours.py", "stored_library.py"}
"""What these say is read by whoever runs Guide, on the command line or in its log."""
TAG = re.compile(r"<[^>]*>|</?[\w-]+|{[^}]*}|&\w+;")
SAYS_SOMETHING = re.compile(r"[^\W\d_a-z][\w’'-]{2,}.*|[\w’'-]*[^\W\d_]{2,}[\w’'-]*,?(?: [\w’',-]+)+[.!?…:]?")
"""What could be read: what begins with a capital, or words in a row."""
NOT_READ = {"Library", "Greeting", "Escape", "Enter", "Content-Type", "POST", "DOMContentLoaded", "quiet try-again"}
NOT_READ |= {"Segoe UI", "Roboto", "Noto Sans", "Menlo", "Consolas", "X-Guide-Page", "noopener noreferrer"}
NOT_READ |= {"Guide: nothing on this page is ${target}, which data-target names."}  # for the console of a website


def said_in_python(path: Path) -> Iterator[str]:
    """The strings of a module that aren't docstrings, names of things or HTML: what is left of them could be read."""
    tree = ast.parse(path.read_text("utf-8"))
    spoken = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


def said_in_script(path: Path) -> Iterator[str]:
    """The strings of a script."""
    code = re.sub(r"^\s*//.*$|\s// .*$", "", path.read_text("utf-8"), flags=re.M)
    for one, other, template in re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", code):
        yield one or other or template


def sentences(strings: Iterable[str]) -> list[str]:
    """Those of `strings` that say something outside of markup."""
    spoken = ((one, " ".join(TAG.sub(" ", one).split())) for one in strings if one not in NOT_READ)
    return [one for one, words in spoken if SAYS_SOMETHING.fullmatch(words)]


def test_no_module_of_the_page_holds_a_sentence_of_its_own() -> None:
    modules = [path for path in CHAT.glob("*.py") if path.name not in FOR_OPERATORS]
    scripts = list(CHAT.glob("*.js"))
    assert len(modules) > 15
    assert len(scripts) >= 4
    found = {path.name: sentences(said_in_python(path)) for path in modules}
    found |= {path.name: sentences(said_in_script(path)) for path in scripts}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "said", ["Show more", "No voice.", "<b>Try again</b>", "and {count} more articles", '<p class="small">Nothing</p>']
)
def test_a_sentence_would_be_seen(said: str) -> None:
    assert sentences([said]) == [said]


@pytest.mark.parametrize("code", ["#question textarea", '<p class="small" lang="en">{}</p>', "POST", ", ", "care_"])
def test_code_is_taken_for_no_sentence(code: str) -> None:
    assert sentences([code]) == []
