"""Every rule holds on its own examples, and a faulty data file is refused in one clear sentence."""

import pytest

from guide.levels import LEVELS
from guide.safety.examples import Example, examples
from guide.safety.load_toml import SafetyDataError, load_table
from guide.safety.match_rules import find
from guide.safety.message import assess_message
from guide.safety.patterns import compile_pattern
from guide.safety.rules import rule_book

RULES = rule_book().rules
YES = [(rule.id, text) for rule in RULES for text in rule.yes]
NO = [(rule.id, text) for rule in RULES for text in rule.no]


def fired(text: str) -> set[str]:
    return {found.rule.id for found in find(text)[1] if not found.dropped}


@pytest.mark.parametrize(("rule", "text"), YES)
def test_rule_fires_on_its_positive_examples(rule: str, text: str) -> None:
    assert rule in fired(text)


@pytest.mark.parametrize(("rule", "text"), NO)
def test_rule_keeps_quiet_on_its_negative_examples(rule: str, text: str) -> None:
    assert rule not in fired(text)


def test_each_rule_explains_itself_in_a_sentence() -> None:
    for rule in RULES:
        assert rule.reason.endswith("."), rule.id
        assert rule.yes, rule.id


MISSED = {
    "It's not that I want to die": "“not that” denies the whole clause; a negation stops at the second “I”",
    "I decided to do it tomorrow, the painting I mean": "only the second half says what is meant",
    "My husband keeps my passport with his in the drawer for the trip": "only the trip makes it harmless",
    "I survived my attempt and I regret it": "“attempt” alone doesn't say of what",
    "He threatens to hurt himself if I leave": "a crisis of his and abuse of the writer; the graver is shown",
}
"""Examples that the rules alone get wrong, and why."""

ALLOWED = {
    "crisis": {"crisis", "emergency"},
    "abuse": {"abuse", "emergency"},
    "professional": {"professional"},
    "none": {"none", "professional"},
}


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(e, marks=pytest.mark.xfail(strict=True, reason=MISSED[e.text])) if e.text in MISSED else e
        for e in examples()
        if e.by == "rules"
    ],
    ids=lambda e: e.text,
)
def test_rules_alone_decide_the_example_bank(example: Example) -> None:
    assert assess_message(example.text).level in ALLOWED[example.level]


@pytest.mark.parametrize("example", [e for e in examples() if e.by == "meaning"], ids=lambda e: e.text)
def test_rules_never_go_beyond_the_level_of_an_example(example: Example) -> None:
    assert LEVELS.index(assess_message(example.text).level) < LEVELS.index(example.level)


def test_unknown_keys_of_a_data_file_are_refused() -> None:
    with pytest.raises(SafetyDataError, match=r"wording\.toml .* expected \['cards'\]"):
        load_table("wording.toml", {"cards"})


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
