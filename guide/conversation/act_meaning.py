"""What a short message does by its meaning, where its words don't tell: a linear model over its embedding and cues.

`python -m guide.training.fit_acts` fits it to the vectors of all-MiniLM-L6-v2. With an index of another model there is
none, and the rules alone decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from guide.conversation.acts import ActDataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONTENT = "content"
"""The label of questions and statements."""

ACT_MODEL = "act_model.npz"
"""The file in this package that holds the model."""


@dataclass(frozen=True, slots=True)
class ActModel:
    """Multinomial logistic regression: what a message does, from its embedding."""

    labels: tuple[str, ...]
    """`content` (a question or a statement), `vague`, acts, and `meta` with its move, as in `meta.shorter`."""
    weights: "NDArray[np.float32]"
    """`(labels, dim + cues)`"""
    bias: "NDArray[np.float32]"
    """`(labels,)`"""
    sure: float
    """How probable it must be that words are an act: hardly any question or statement is taken for one there."""
    model_sha256: str
    """The weights of the model whose embeddings it reads."""

    def probabilities(self, features: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """How probable each label is for `features_of` words, `(labels,)` or `(n, labels)`, adding up to 1."""
        import numpy as np

        odds = features @ self.weights.T + self.bias
        shares: NDArray[np.float32] = np.exp(odds - odds.max(axis=-1, keepdims=True))
        total: NDArray[np.float32] = shares.sum(axis=-1, keepdims=True)
        return np.divide(shares, total)

    def told(self, words: str, embedding: "NDArray[np.float32]") -> Mapping[str, float]:
        """The likeliest act of `words`, and how sure it is that they are one at all: from 1 on that is enough."""
        label, share = self.likeliest(features_of(words, embedding))
        return {label: share / self.sure}

    def likeliest(self, features: "NDArray[np.float32]") -> tuple[str, float]:
        """The likeliest label but `content`, and how probable it is that the words aren't that."""
        found = self.probabilities(features)
        order = found.argsort()[::-1]
        best = next(int(row) for row in order if self.labels[row] != CONTENT)
        return self.labels[best], float(1 - found[self.labels.index(CONTENT)])


_CUES = tuple(
    frozenset(words.split())
    for words in (
        """he she him her his hers they them their hes shes theyre husband wife partner boyfriend girlfriend son
        daughter mum mom dad mother father sister brother friend kids child children parents family bf gf marriage
        couple""",
        "you u ya your ur youre yours bot robot machine app chat website article",
        "i im me my ive ill we us our",
        "feel feeling love loved cold numb distant alone lonely cry hug talking trust close quiet silent",
    )
)
"""Words that tell whom or what a message is about: somebody else, Guide, the writer, the articles' subject."""
_ASKING = frozenset("who what why how when where which is are do does did can could will would should".split())
_CUE_WEIGHT = 0.5
"""How much a cue counts beside an embedding, whose length is 1."""


def features_of(words: str, embedding: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """What the model of acts looks at, `(dim + cues,)`: the embedding of plain words, and cues from the words."""
    import numpy as np

    told = words.split()
    here = frozenset(told)
    cues = [*(not here.isdisjoint(listed) for listed in _CUES), bool(told) and told[0] in _ASKING]
    size = [min(len(told), 15) / 15, len(told) == 1]
    return np.concatenate([embedding, _CUE_WEIGHT * np.array([*cues, *size], dtype=np.float32)])


@cache
def _shipped() -> ActModel:
    import numpy as np

    try:
        with as_file(files("guide.conversation").joinpath(ACT_MODEL)) as path, np.load(path, allow_pickle=False) as raw:
            return ActModel(
                tuple(map(str, raw["labels"])),
                raw["weights"].astype(np.float32),
                raw["bias"].astype(np.float32),
                float(raw["sure"]),
                str(raw["model_sha256"]),
            )
    except (OSError, ValueError, KeyError) as fault:
        raise ActDataError(
            f"{ACT_MODEL} can't be read ({fault}); make it anew: python -m guide.training.fit_acts"
        ) from fault


def act_model(model_sha256: str) -> ActModel | None:
    """The model of acts for embeddings by the model of these weights; None where it was fitted to another one's.

    Raises:
        ActDataError: its file is missing or damaged.
    """
    found = _shipped()
    return found if found.model_sha256 == model_sha256 else None
