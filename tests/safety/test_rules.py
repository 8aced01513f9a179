"""Every rule holds on its own examples, and a faulty data file is refused in one clear sentence."""

from typing import Any

import pytest

from guide.levels import LEVELS
from guide.safety.examples import Example, examples
from guide.safety.load_toml import SafetyDataError, load_table
from guide.safety.match_rules import find
from guide.safety.message import assess_message
from guide.safety.patterns import compile_pattern
from guide.safety.rules import Rule, rule_book

RULES = rule_book().rules


def fired(text: str) -> set[str]:
    return {found.rule.id for found in find(text)[1] if not found.dropped}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_fires_on_its_positive_examples(rule: Rule) -> None:
    silent = [text for text in rule.yes if rule.id not in fired(text)]
    assert not silent, silent


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.no], ids=lambda rule: rule.id)
def test_rule_keeps_quiet_on_its_negative_examples(rule: Rule) -> None:
    loud = [text for text in rule.no if rule.id in fired(text)]
    assert not loud, loud


def test_each_rule_explains_itself_in_a_sentence() -> None:
    for rule in RULES:
        assert rule.reason.endswith("."), rule.id
        assert rule.yes, rule.id


MISSED = {
    "It's not that I want to die": "“not that” denies the whole clause; a negation stops at the second “I”",
    "He threatens to hurt himself if I leave": "a crisis of his and abuse of the writer; the graver is shown",
}
"""Examples that the rules alone get wrong, and why."""

ALLOWED = {
    "crisis": {"crisis", "emergency"},
    "abuse": {"abuse", "emergency"},
    "professional": {"professional"},
    "none": {"none", "professional"},
}
BANK = examples()


def by_level(by: str) -> list[Any]:
    """The examples that are decided `by` rules or meaning, one case a level; each of `MISSED` is a case of its own."""
    bank = [example for example in BANK if example.by == by]
    cases = []
    for level in LEVELS:
        if kept := [example for example in bank if example.level == level and example.text not in MISSED]:
            cases.append(pytest.param(kept, id=level))
    for example in bank:
        if example.text in MISSED:
            known = pytest.mark.xfail(strict=True, reason=MISSED[example.text], raises=AssertionError)
            cases.append(pytest.param([example], id=example.text, marks=known))
    return cases


def test_every_example_is_in_a_case_and_the_missed_are_those_of_rules() -> None:
    rules, meaning = by_level("rules"), by_level("meaning")
    assert sum(len(case.values[0]) for case in [*rules, *meaning]) == len(BANK)
    assert MISSED.keys() <= {case.id for case in rules}


@pytest.mark.parametrize("bank", by_level("rules"))
def test_rules_alone_decide_the_example_bank(bank: list[Example]) -> None:
    decided = [(example, assess_message(example.text).level) for example in bank]
    wrong = [(example.text, level) for example, level in decided if level not in ALLOWED[example.level]]
    assert not wrong, wrong


@pytest.mark.parametrize("bank", by_level("meaning"))
def test_rules_never_go_beyond_the_level_of_an_example(bank: list[Example]) -> None:
    decided = [(example, assess_message(example.text).level) for example in bank]
    wrong = [
        (example.text, level)
        for example, level in decided
        if LEVELS.index(level) > LEVELS.index(example.level) and level not in ALLOWED[example.level]
    ]
    assert not wrong, wrong


def test_unknown_keys_of_a_data_file_are_refused() -> None:
    with pytest.raises(SafetyDataError, match=r"helplines\.toml .* expected \['names'\]"):
        load_table("helplines.toml", {"names"})


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(want to die", "leaves a bracket open"),
        ("want to die)", "closes a bracket"),
        ("<nothing> to say", "a class that lexicon.toml doesn't have"),
        ("[perhaps] ..", "demands no word"),
        ("don't? die", "no plain word"),
    ],
)
def test_a_faulty_pattern_is_refused(pattern: str, complaint: str) -> None:
    with pytest.raises(SafetyDataError, match=complaint):
        compile_pattern(pattern, {})
