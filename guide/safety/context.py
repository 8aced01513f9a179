"""What stands around a match: negation, whom it is said of, time, made-up or reported speech, figures of speech.

In the manner of ConText (Harkema et al. 2009, doi 10.1016/j.jbi.2009.05.002): a cue to the left or right of a match,
within its scope, changes what the match means.
"""

from dataclasses import dataclass, field
from typing import Literal

from guide.safety.normalise import STOP, Reading
from guide.safety.patterns import FREQUENT_WORDS, Pattern
from guide.safety.rules import Context, Rule

Whom = Literal["self", "other", "nobody"]


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule's match: the tokens `first` to `last` (inclusive) of the reading."""

    rule: Rule
    first: int
    last: int
    whom: Whom = "self"
    near: bool = False
    """Whether the rule speaks of an intent and its sentence names a set time soon: then a crisis is an emergency."""
    dropped: str = ""
    """Why the match doesn't count, such as “negated”; empty when it counts."""


@dataclass
class Surroundings:
    """The cues of one message, each kind looked for once, when first asked for."""

    reading: Reading
    cues: Context
    _spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def spans(self, kind: str) -> list[tuple[int, int]]:
        """The token spans (inclusive) of every cue of this kind."""
        if kind not in self._spans:
            words = {token.text for token in self.reading.tokens}
            tried = (p for p in self.cues[kind] if worth_trying(p, words))
            self._spans[kind] = [span for p in tried for span in search(p, self.reading)]
        return self._spans[kind]

    def sentence(self, index: int) -> tuple[int, int]:
        """The first and the last token of the sentence around a token."""
        tokens = self.reading.tokens
        first = last = index
        while first > 0 and tokens[first - 1].text != STOP:
            first -= 1
        while last < len(tokens) - 1 and tokens[last + 1].text != STOP:
            last += 1
        return first, last

    def within(self, kind: str, first: int, last: int) -> bool:
        """Whether a cue of this kind lies in this span."""
        return any(first <= a and b <= last for a, b in self.spans(kind))


def worth_trying(pattern: Pattern, words: set[str]) -> bool:
    """Whether a message of these words can match at all."""
    return not pattern.keys.isdisjoint(words) or any(
        word.startswith(key[:-1]) for key in pattern.keys if key.endswith("*") for word in words
    )


def search(pattern: Pattern, reading: Reading) -> list[tuple[int, int]]:
    """Where a pattern matches: first and last token, inclusive."""
    return [
        (reading.token_at(m.start()), reading.token_at(max(m.start(), m.end() - 2)))
        for m in pattern.regex.finditer(reading.line)
    ]


def judge(found: RuleMatch, around: Surroundings) -> RuleMatch:
    """`found` with whom it is said of, and with the reason why it doesn't count where its context says so."""
    rule = found.rule
    whom = _whom(found, around) if rule.subject == "self" else "other" if rule.subject == "other" else "self"
    reason = ""
    if rule.figures and _is_figure(found, around):
        reason = "a figure of speech"
    elif rule.negatable and is_negated(found, around):
        reason = "negated"
    elif whom == "nobody" or ((rule.criterion or rule.level == "abuse") and _asks_in_general(found, around)):
        reason = "said of nobody in particular"
    elif _is_long_past(found, around) and (rule.past or around.spans("settled")):
        reason = "long past"
    elif _is_topic(found, around) or _is_framed(found, whom, around):
        reason = "fiction, news, study or work"
    near = rule.intent and around.within("near", *around.sentence(found.first))
    return RuleMatch(rule, found.first, found.last, whom, near, reason)


def _is_figure(found: RuleMatch, around: Surroundings) -> bool:
    tokens = around.reading.tokens
    for first, last in around.spans("figures"):
        shared = range(max(first, found.first), min(last, found.last) + 1)
        if any(tokens[i].text not in FREQUENT_WORDS and tokens[i].text != STOP for i in shared):
            return True
    return False


def is_negated(found: RuleMatch, around: Surroundings) -> bool:
    """Whether a negation before the match in its clause, or a denial right after it, reaches the match."""
    tokens, cues = around.reading.tokens, around.cues
    still = any(found.last < a <= found.last + 3 for a, _ in around.spans("still_after"))
    if any(found.last < a <= found.last + 2 for a, _ in around.spans("denied_after")):
        return not still
    clause = tokens[found.first].clause
    for i in range(found.first - 1, max(-1, found.first - 1 - found.rule.negation_words), -1):
        word = tokens[i].text
        if tokens[i].clause != clause or word == STOP:
            return False
        if word in cues.negations and not any(a <= i <= b for a, b in around.spans("false_negations")):
            return not still
        if word in cues.ends_negation and not (word == "want" and tokens[i - 1].text in ("not", "never")):
            return False
        if word == "i" and tokens[i - 1].text not in cues.carries_negation:
            # A subject of its own starts a new thought, unless the negation stands right at it (“nor I …”).
            return tokens[i - 1].text in ("nor", "never") and not still
    return False


def _asks_in_general(found: RuleMatch, around: Surroundings) -> bool:
    """Whether the sentence is a question that speaks of nobody: “What are the signs of numbness?”. The words that
    tell are English; in other languages none is taken for one.
    """
    if found.rule.language != "en":
        return False
    first, last = around.sentence(found.first)
    tokens, cues = around.reading.tokens, around.cues
    words = [tokens[i].text for i in range(first, last + 1)]
    known = cues.first | cues.third | cues.relations
    return words[0] in cues.questions and known.isdisjoint(words)


_HIMSELF = frozenset(("himself", "herself", "themselves", "themself"))


def _whom(found: RuleMatch, around: Surroundings) -> Whom:
    tokens, cues = around.reading.tokens, around.cues
    inside = {tokens[i].text for i in range(found.first, found.last + 1)}
    if inside & cues.first:
        return "self"
    if inside & _HIMSELF:
        return "other"
    first, _ = around.sentence(found.first)
    before = [tokens[i].text for i in range(first, found.first)]
    joined = bool(before) and before[-1] in ("and", "but", "so", "or", "just", "then")
    for word in reversed(before):
        if word in cues.first:
            return "self"
        if word in cues.third or word in cues.relations:
            return "self" if joined and "i" in before else "other"
        if word in cues.second or word in cues.generic:
            return "self" if "i" in before and joined else "nobody"
    return "self"


def _is_long_past(found: RuleMatch, around: Surroundings) -> bool:
    # “It never came back” speaks of now, and says that it is over.
    over = [range(first, last + 1) for first, last in around.spans("settled")]
    now = [span for span in around.spans("current") if not any(span[0] in words for words in over)]
    if any(_of_somebody(span, found, around) for span in now):
        return False
    # Who says that it is settled may say when in another sentence.
    whole = (0, len(around.reading.tokens))
    return around.within("past", *(whole if around.spans("settled") else around.sentence(found.first)))


def _of_somebody(span: tuple[int, int], found: RuleMatch, around: Surroundings) -> bool:
    """Whether a cue's sentence speaks of the writer or holds the match; “the bus was late this morning” doesn't."""
    first, last = around.sentence(span[0])
    words = {around.reading.tokens[i].text for i in range(first, last + 1)}
    return first <= found.first <= last or not words.isdisjoint(around.cues.first)


def _is_topic(found: RuleMatch, around: Surroundings) -> bool:
    """Whether the sentence is a question of study or work, and what was found isn't said of “I” or “me”."""
    inside = {around.reading.tokens[i].text for i in range(found.first, found.last + 1)}
    return inside.isdisjoint(("i", "me", "myself")) and around.within("topic", *around.sentence(found.first))


def _is_framed(found: RuleMatch, whom: Whom, around: Surroundings) -> bool:
    first, last = around.sentence(found.first)
    if any(first <= a and b < found.first + 1 for a, b in around.spans("quoted")):
        return True
    if found.rule.framed or whom == "other":
        kinds = ("fiction", "study")
        return any(around.within(kind, first, last) for kind in kinds) or bool(around.spans("role"))
    return False
