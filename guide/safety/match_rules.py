"""Which rules a single message matches, each match judged by its context."""

import unicodedata
from itertools import groupby

from guide.safety.context import RuleMatch, Surroundings, judge, search
from guide.safety.normalise import STOP, Reading, read_message
from guide.safety.patterns import Pattern
from guide.safety.rules import Rule, rule_book


def find(message: str) -> tuple[Reading, list[RuleMatch]]:
    """The words of `message`, and every match of a rule in it: those too that its context takes out (`dropped`)."""
    book = rule_book()
    reading = read_message(message, book.vocabulary)
    around = Surroundings(reading, book.context)
    found: list[RuleMatch] = []
    for rule, pattern in _candidates(reading):
        for first, last in search(pattern, reading):
            found.append(judge(RuleMatch(rule, first, last), around))
    return reading, found


def readable(message: str) -> str:
    """`message` with disguised and misspelt words written as the rules read them; its meaning is taken from this text.

    >>> readable("I want to d i e")
    'I want to die'
    """
    seen = "".join(letter for letter in message if unicodedata.category(letter) not in ("Cf", "Cs", "Me"))
    out, at = [], 0
    by_place = groupby(read_message(seen, rule_book().vocabulary).tokens, key=lambda token: (token.start, token.end))
    for (start, end), tokens in by_place:
        written, words = seen[start:end], " ".join(token.text for token in tokens)
        # The model reads contractions as they are written.
        if words == STOP or start < at or written.lower() == words or "'" in written or "’" in written:
            continue
        out += [seen[at:start], words]
        at = end
    return "".join([*out, seen[at:]])


def _candidates(reading: Reading) -> list[tuple[Rule, Pattern]]:
    """The patterns worth trying: those of which the message has a key word. Each once."""
    # In the order of the message: the same message always gives the same order.
    book, words = rule_book(), dict.fromkeys(token.text for token in reading.tokens)
    chosen: dict[int, tuple[Rule, Pattern]] = {}
    for word in words:
        for pair in book.by_word.get(word, ()):
            chosen[id(pair[1])] = pair
        for size in range(1, len(word) + 1):
            for pair in book.by_prefix.get(word[:size], ()):
                chosen[id(pair[1])] = pair
    return list(chosen.values())
