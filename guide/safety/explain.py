"""Which words of a message weighed most in what it was taken to mean."""

import re
from collections.abc import Sequence

from guide.records import Match
from guide.safety.classifier import MEANINGS, Classify
from guide.safety.meaning import as_the_model_reads

MOST_WORDS = 12
"""How many parts of a message are left out one at a time; in a longer one, several words at a time."""
MOST_NAMED = 3
"""How many parts are named."""
LEAST_FALL = 0.02
"""How much the probability must fall without a part for it to be named."""

REASON = "Your message as a whole is close to what people write in such a situation; these words weighed most."
WHOLE = "Your message as a whole is close to what people write in such a situation."


def words_that_weighed(message: str, meant: Sequence[str], level: str, classify: Classify) -> tuple[Match, ...]:
    """The parts of `message` without which it would least be taken for `meant`, in its order; the whole message where
    no part weighs anything by itself.

    Each part is left out in turn, and the model asked again (leave-one-out). `meant` are names of `MEANINGS` that count
    together; the matches' rule is `meaning.` with `level`.
    """
    import numpy as np

    words = [(found.start(), found.end()) for found in re.finditer(r"\S+", message)]
    size = -(-len(words) // MOST_WORDS) or 1
    parts = [(some[0][0], some[-1][1]) for some in (words[at : at + size] for at in range(0, len(words), size))]
    without = [as_the_model_reads(message[:start] + message[end:]) for start, end in parts]
    columns = [MEANINGS.index(name) for name in meant]
    scores = classify([as_the_model_reads(message), *without])[:, columns].sum(axis=1)
    falls = scores[0] - scores[1:]
    heaviest = [number for number in np.argsort(-falls)[:MOST_NAMED].tolist() if falls[number] >= LEAST_FALL]
    named = [parts[number] for number in sorted(heaviest)]
    rule = f"meaning.{level}"
    if not named or len(parts) < 2:
        return (Match(rule, 0, len(message), message, WHOLE),)
    return tuple(Match(rule, start, end, message[start:end], REASON) for start, end in named)
