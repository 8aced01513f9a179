"""What stands around a match: negation, whom it is said of, time, made-up or reported speech, figures of speech.

In the manner of ConText (Harkema et al. 2009, doi 10.1016/j.jbi.2009.05.002): a cue to the left or right of a match,
within its scope, changes what the match means.
"""

from dataclasses import dataclass, field
from typing import Literal

from guide.levels import Level, is_crisis
from guide.safety.normalise import STOP, Reading
from guide.safety.patterns import FREQUENT_WORDS, Pattern
from guide.safety.rules import BEREAVED, Context, Rule

Whom = Literal["self", "other", "nobody"]
DroppedReason = Literal[
    "",
    "a figure of speech",
    "an ordinary thing",
    "a death that has happened",
    "negated",
    "said of nobody in particular",
    "asked about as a subject",
    "long past",
    "fiction, news, study or work",
]
"""Why a match doesn't count; empty when it counts.

| reason | what the context says |
|---|---|
| a figure of speech | what was found is part of an idiom, a game, first aid or an accident |
| an ordinary thing | what ends, is planned or said farewell to is a relationship, work, a journey or the like |
| a death that has happened | somebody else has died by suicide: those who are left are bereaved |
| negated | it is denied |
| said of nobody in particular | it is said of people in general |
| asked about as a subject | its sentence is a question on the subject that speaks of nobody |
| long past | it was so years ago and no more |
| fiction, news, study or work | it is told of made-up people, or spoken of as a subject of study, work or news |
"""


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule's match: the tokens `first` to `last` (inclusive) of the reading."""

    rule: Rule
    first: int
    last: int
    whom: Whom = "self"
    near: bool = False
    """Whether the rule speaks of an intent and its sentence names a set time soon: then a crisis is an emergency."""
    dropped: DroppedReason = ""
    """Why the match doesn't count; empty when it counts."""


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
    near = rule.intent and around.within("near", *around.sentence(found.first))
    return RuleMatch(rule, found.first, found.last, whom, near, _why_dropped(found, whom, around))


def _why_dropped(found: RuleMatch, whom: Whom, around: Surroundings) -> DroppedReason:
    rule = found.rule
    if is_crisis(_gravest_of(rule)) and has_died(found, around):
        return "a death that has happened"
    if rule.subtype == BEREAVED and around.spans("died") and not has_died(found, around):
        return "negated"
    if rule.figures and _is_figure(found, around):
        return "a figure of speech"
    if rule.vague and around.within("ordinary", *_nearby(found, around)):
        return "an ordinary thing"
    if rule.negatable and is_negated(found, around):
        return "negated"
    if rule.asked and _asks_in_general(found, around):
        return "asked about as a subject"
    if rule.criterion and rule.asked and _is_asked(found, around):
        return "asked about as a subject"
    if whom == "nobody":
        return "said of nobody in particular"
    if _is_long_past(found, around) and (rule.past or _is_settled(found, around)):
        return "long past"
    if _is_topic(found, around) or _is_framed(found, whom, around):
        return "fiction, news, study or work"
    return ""


MAX_WORDS_OF_ONE_THING = 25
"""Up to so many words, a message is taken to speak of one thing from its start to its end."""


def _nearby(found: RuleMatch, around: Surroundings) -> tuple[int, int]:
    """The tokens that belong to the match: its sentence, or all of a short message."""
    count = len(around.reading.tokens)
    return (0, count) if count <= MAX_WORDS_OF_ONE_THING else around.sentence(found.first)


def _is_settled(found: RuleMatch, around: Surroundings) -> bool:
    """Whether words that don't belong to the match say that it is over."""
    return any(not (found.first <= a and b <= found.last) for a, b in around.spans("settled"))


def _gravest_of(rule: Rule) -> Level:
    return "none" if rule.level == "sign" else rule.level


def has_died(found: RuleMatch, around: Surroundings) -> bool:
    """Whether the match speaks of a death by suicide of somebody else that has happened, not of one that is feared."""
    tokens = around.reading.tokens
    for first, last in around.spans("died"):
        if first <= found.last and found.first <= last:
            clause = tokens[first].clause
            before = [tokens[i].text for i in range(max(0, first - 4), first) if tokens[i].clause == clause]
            return around.cues.feared.isdisjoint(before)
    return False


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
    opened = max((b + 1 for a, b in around.spans("openings") if a == first), default=first)
    words = [tokens[i].text for i in range(min(opened, last), last + 1)]
    return (opened > first or words[0] in cues.questions) and cues.people.isdisjoint(words)


def _is_asked(found: RuleMatch, around: Surroundings) -> bool:
    """Whether the clause of the match, or its sentence, is worded as a question: who asks wants an answer first."""
    tokens, cues = around.reading.tokens, around.cues
    first, _ = around.sentence(found.first)
    clause = found.first
    while clause > first and tokens[clause - 1].clause == tokens[found.first].clause:
        clause -= 1
    starts = {first, clause}
    opened = any(a in starts for a, _ in around.spans("openings"))
    return opened or any(tokens[i].text in cues.questions for i in starts)


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
    if found.rule.subtype == BEREAVED:
        return around.within("past", *around.sentence(found.first))
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
    if not (found.rule.framed or whom == "other"):
        return False
    if around.spans("role"):
        return True
    return any(
        first <= a and b <= last and not _tells_of_me(found, a, b, around)
        for kind in ("fiction", "study")
        for a, b in around.spans(kind)
    )


def _tells_of_me(found: RuleMatch, first: int, last: int, around: Surroundings) -> bool:
    """Whether the match is said of the writer, and the cue from `first` to `last` stands apart from it."""
    tokens = around.reading.tokens
    if first <= found.last and found.first <= last:
        return False
    own = range(max(found.first - 3, last + 1 if last < found.first else 0), found.last + 1)
    mine = [i for i in own if tokens[i].text in ("i", "me", "us")]
    inside = any(a <= first and last <= b for a, b in around.spans("in_fiction"))
    return bool(mine) and not inside and not first - 3 <= found.last < first
