"""The rules of the safety gate, read from `rules/*.toml` into typed records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from guide.safety.load_toml import SafetyDataError, load_table, rule_files
from guide.safety.normalise import Vocabulary
from guide.safety.patterns import Pattern, compile_pattern, parse

RuleLevel = Literal["emergency", "crisis", "abuse", "professional", "sign"]
Subject = Literal["self", "other", "any"]
CriterionId = Literal["distress", "isolation", "numbness", "skills"]

CRITERIA: tuple[CriterionId, ...] = get_args(CriterionId)
"""The ids of the four help-seeking criteria, in the order in which cards name them."""
BEREAVED = "bereaved"
"""The subtype of the professional rules that speak of no criterion: somebody else has died by suicide."""
_REQUIRED = {"id", "level", "subtype", "reason", "patterns", "yes", "no"}
_OPTIONAL = {
    *(
        "subject",
        "language",
        "intent",
        "negatable",
        "negation_words",
        "framed",
        "criterion",
        "figures",
        "past",
        "weight",
        "vague",
        "asked",
    )
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for, and what it means.

    `subject`: `self` wants the writer (or, found by context, somebody close) as the one it is said of; `other` is
    always about somebody else; `any` takes the match as it stands. A `sign` is too little alone: signs add up.
    """

    id: str
    level: RuleLevel
    subtype: str
    reason: str
    patterns: tuple[Pattern, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    subject: Subject = "self"
    language: str = "en"
    intent: bool = False
    """Whether the rule speaks of an intent: with a set time soon in the same sentence it is an emergency."""
    negatable: bool = True
    negation_words: int = 6
    """How many words to its right a negation reaches: six as in ConText (Harkema et al. 2009). In languages whose
    negation stands right at the verb, or whose words are counted by the character, one or two.
    """
    framed: bool = False
    """Whether a match doesn't count where fiction, study, news or work is spoken of, in the first person too."""
    figures: bool = True
    """Whether a match doesn't count where a figure of speech overlaps it."""
    past: bool = True
    """Whether a match doesn't count where its sentence speaks of a time long past."""
    vague: bool = False
    """Whether a match doesn't count where its sentence speaks of an ordinary thing that ends, is planned or is left."""
    asked: bool = False
    """Whether a match doesn't count where it is asked about: in a question that speaks of nobody, and, of a rule with a
    criterion, in any question."""
    criterion: CriterionId | None = None
    weight: int = 1
    """Of a weak sign: how much it adds towards `SIGNS_FOR_CRISIS`."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules with what is needed to find the few that a message may match."""

    rules: tuple[Rule, ...]
    vocabulary: Vocabulary
    by_word: Mapping[str, tuple[tuple[Rule, Pattern], ...]]
    by_prefix: Mapping[str, tuple[tuple[Rule, Pattern], ...]]
    classes: Mapping[str, Any]
    context: "Context"


@dataclass(frozen=True, slots=True)
class Context:
    """What `context.toml` holds."""

    negations: frozenset[str]
    ends_negation: frozenset[str]
    carries_negation: frozenset[str]
    first: frozenset[str]
    third: frozenset[str]
    second: frozenset[str]
    generic: frozenset[str]
    questions: frozenset[str]
    feared: frozenset[str]
    relations: frozenset[str]
    patterns: Mapping[str, tuple[Pattern, ...]]

    def __getitem__(self, name: str) -> tuple[Pattern, ...]:
        return self.patterns[name]

    @property
    def people(self) -> frozenset[str]:
        """The words that speak of the writer or of somebody in particular."""
        return self.first | self.third | self.relations


_CONTEXT_WORDS = (
    *("negations", "ends_negation", "carries_negation", "first", "third", "second", "generic", "questions", "feared"),
)
_CONTEXT_PATTERNS = (
    *("false_negations", "denied_after", "still_after", "past", "settled", "current", "near"),
    *("topic", "fiction", "study", "role", "quoted", "figures", "died", "ordinary", "openings", "in_fiction"),
)


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """The rules that Guide ships with, read once.

    Raises:
        SafetyDataError: a rule has an unknown key, an unknown value, or a pattern that can't be read.
    """
    classes: dict[str, Any] = {}
    for name, source in load_table("lexicon.toml", {"classes"})["classes"].items():
        classes[name] = parse(source, classes)
    rules = [_rule(raw, classes, name) for name in rule_files() for raw in load_table(name, {"rule"})["rule"]]
    if len({rule.id for rule in rules}) < len(rules):
        raise SafetyDataError("Two rules have the same id; ids must differ, since explanations name them.")
    raw = load_table("context.toml", {*_CONTEXT_WORDS, *_CONTEXT_PATTERNS, "elsewhere"})
    patterns = {name: tuple(compile_pattern(source, classes) for source in raw[name]) for name in _CONTEXT_PATTERNS}
    sets = {name: frozenset[str](raw[name]) for name in _CONTEXT_WORDS}
    by_word: dict[str, list[tuple[Rule, Pattern]]] = {}
    by_prefix: dict[str, list[tuple[Rule, Pattern]]] = {}
    cues = {word for name in _CONTEXT_PATTERNS for pattern in patterns[name] for word in pattern.words}
    english = cues.union(*sets.values())
    context = _context(sets, patterns, raw["elsewhere"], classes)
    foreign = {word for pattern in context["false_negations"] for word in pattern.words}
    foreign = foreign.union(context.negations, context.ends_negation) - english
    for rule in rules:
        for pattern in rule.patterns:
            (english if rule.language == "en" else foreign).update(pattern.words)
            for key in pattern.keys:
                found = by_prefix if key.endswith("*") else by_word
                found.setdefault(key.removesuffix("*"), []).append((rule, pattern))
    whole = {word: tuple(pairs) for word, pairs in by_word.items()}
    prefixes = {prefix: tuple(pairs) for prefix, pairs in by_prefix.items()}
    return RuleBook(
        tuple(rules), Vocabulary(frozenset(english | foreign), frozenset(english)), whole, prefixes, classes, context
    )


def _context(
    words: Mapping[str, frozenset[str]],
    patterns: Mapping[str, tuple[Pattern, ...]],
    elsewhere: Mapping[str, Sequence[str]],
    classes: Mapping[str, Any],
) -> Context:
    """The English cues together with those of other languages."""
    added = {name: frozenset(elsewhere.get(name, ())) for name in _CONTEXT_WORDS}
    false = tuple(compile_pattern(source, classes) for source in elsewhere["false_negations"])
    both = {**patterns, "false_negations": patterns["false_negations"] + false}
    every = {name: known | added[name] for name, known in words.items()}
    return Context(**every, relations=classes["relation"].words, patterns=both)


def _rule(raw: dict[str, Any], classes: Mapping[str, Any], name: str) -> Rule:
    where = f"The rule {raw.get('id', '?')} of {name}"
    odd = sorted((_REQUIRED - raw.keys()) | (raw.keys() - _REQUIRED - _OPTIONAL))
    if odd:
        raise SafetyDataError(f"{where} lacks or doesn't know {', '.join(odd)}; see the fields of Rule.")
    for key, known in (("level", RuleLevel), ("subject", Subject), ("criterion", CriterionId)):
        if key in raw and raw[key] not in get_args(known):
            raise SafetyDataError(f"{where} has the {key} {raw[key]!r}; expected {', '.join(get_args(known))}.")
    needs_criterion = raw["level"] == "professional" and raw["subtype"] != BEREAVED
    if not raw["yes"] or needs_criterion != bool(raw.get("criterion")):
        raise SafetyDataError(
            f"{where} needs an example in `yes`, and a criterion exactly if it is professional and not of the bereaved."
        )
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    fields["patterns"] = tuple(compile_pattern(source, classes) for source in raw["patterns"])
    return Rule(**fields)
