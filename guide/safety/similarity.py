"""A second look at a message by its meaning: wording that no rule knows, seen by its likeness to the example bank.

Kernel ridge regression over the message's embedding: each example of `examples.jsonl` pulls towards its own level, the
harder the closer the message is to it. `python -m guide.training.fit_safety` fits it. It only ever raises a level, and
it keeps quiet where the rules saw words of danger and the context took them out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from math import log2
from typing import TYPE_CHECKING

from guide.levels import Level, gravity, is_danger
from guide.safety.context import Surroundings
from guide.safety.load_toml import SafetyDataError
from guide.safety.match_rules import find, readable
from guide.safety.rules import CRITERIA, CriterionId, rule_book
from guide.text.sentences import message_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SILENCING = ("figures", "role")
"""The context cues that keep meaning from raising a level: an embedding can't tell a figure of speech from its literal
sense."""
RAISED: tuple[Level, ...] = ("crisis", "abuse", "professional")
"""The levels that meaning can raise to, the gravest first. An emergency needs plain words of means or time."""
SENTENCE_MARGIN = 0.1
"""How much higher the score of a single sentence must be for each doubling of the number of sentences. Without it,
crisis alarms on distress that is none double on development data.
"""
LEAST_WORDS, MOST_SENTENCES = 3, 12
CLOSENESS = 2.0
"""How fast likeness falls with distance, exp(−2 · distance²): the best of 1, 1.5, 2, 2.5 and 3 on development data."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The fitted examples: what each adds to the score of each level and criterion."""

    vectors: "NDArray[np.float32]"
    """`(examples, dim)`, unit length but for rounding."""
    weights: "NDArray[np.float32]"
    """`(examples, levels + criteria)`."""
    thresholds: Mapping[Level, float]
    """The score from which on each level is raised; `guide.training.fit_safety` says where the thresholds come from."""

    def scores(self, vectors: "Sequence[Sequence[float]] | NDArray[np.float32]") -> dict[str, "NDArray[np.float32]"]:
        """The score of each vector for each level of `RAISED` and each criterion: about 1 among examples of it, −1 far
        from them.
        """
        import numpy as np

        rows = np.asarray(vectors, dtype=np.float32)
        if rows.shape[1] != self.vectors.shape[1]:
            expected = self.vectors.shape[1]
            raise ValueError(f"The vector has {rows.shape[1]} numbers; the safety model expects {expected}.")
        found = likeness(rows, self.vectors) @ self.weights
        return dict(zip((*RAISED, *CRITERIA), found.T, strict=True))


def likeness(these: "NDArray[np.float32]", those: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """How alike two sets of unit vectors are, `(these, those)`: 1 for the same, near 0 for unrelated ones."""
    import numpy as np

    # For unit vectors the squared distance is 2 − 2 · cosine.
    near: NDArray[np.float32] = np.exp(CLOSENESS * (2 * (these @ those.T) - 2))
    return near


@lru_cache(maxsize=1)
def fitted() -> Likeness:
    """The fitted examples, read once.

    Raises:
        SafetyDataError: the file is missing or damaged.
    """
    import numpy as np

    try:
        with as_file(files("guide.safety").joinpath("meaning.npz")) as path, np.load(path, allow_pickle=False) as raw:
            vectors = raw["vectors"].astype(np.float32) * np.float32(raw["scale"])
            limits = dict(zip(RAISED, raw["thresholds"].tolist(), strict=True))
            return Likeness(vectors, raw["weights"], limits)
    except (OSError, KeyError, ValueError) as fault:
        raise SafetyDataError(
            f"meaning.npz can't be read ({fault}); make it anew: python -m guide.training.fit_safety"
        ) from fault


def texts_of(message: str) -> tuple[str, ...]:
    """What is to be embedded of a message, in plain words: the whole, then its sentences where it has several."""
    plain = readable(message)
    parts = [part for part in message_sentences(plain, quoted=False) if len(part.split()) >= LEAST_WORDS]
    return (plain, *parts[-MOST_SENTENCES:]) if len(parts) > 1 else (plain,)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The level that a message means, and the help-seeking criterion that it is closest to."""

    level: Level
    criterion: CriterionId


def meaning_of(
    texts: Sequence[str], vectors: "Sequence[Sequence[float]] | NDArray[np.float32]", *, above: Level = "none"
) -> Meaning | None:
    """The gravest level that a message means, if it is graver than `above`; None otherwise.

    `texts` are `texts_of` the message, `vectors` their embeddings by all-MiniLM-L6-v2, `(texts, 384)`, unit length.

    Raises:
        ValueError: the vectors are those of another model.
    """
    scores, thresholds = fitted().scores(vectors), fitted().thresholds
    for level in RAISED:
        if gravity(level) <= gravity(above):
            break
        # A sentence alone must be surer of it, the more the more sentences there are: each is a chance to be wrong.
        alone = thresholds[level] + SENTENCE_MARGIN * log2(max(2, len(texts) - 1))
        limits = [thresholds[level], *[alone] * (len(texts) - 1)]
        # A criterion is met by all that somebody tells, not by one sentence of it.
        looked_at = texts[:1] if level == "professional" else texts
        for text, score, limit in zip(looked_at, scores[level].tolist(), limits, strict=False):
            if score >= limit and may_raise(text, level):
                return Meaning(level, max(CRITERIA, key=lambda name: float(scores[name][0])))
    return None


def may_raise(message: str, level: Level) -> bool:
    """Whether the words of `message` let its meaning count towards `level`."""
    return is_personal(message) if level == "professional" else not is_suppressed_by_context(message)


def is_suppressed_by_context(message: str) -> bool:
    """Whether the rules saw words of danger and the context took them out, or the message speaks in figures."""
    reading, found = find(message)
    around = Surroundings(reading, rule_book().context)
    grave = [f for f in found if f.rule.level != "sign" and is_danger(f.rule.level)]
    taken_out = any(f.dropped and f.dropped != "said of nobody in particular" for f in grave)
    return taken_out or any(around.spans(kind) for kind in SILENCING)


def is_personal(message: str) -> bool:
    """Whether the message speaks of the writer or somebody close; a criterion is met by a person, not by a topic."""
    context = rule_book().context
    words = {token.text for token in find(message)[0].tokens}
    return not words.isdisjoint(context.first | context.third | context.relations)
