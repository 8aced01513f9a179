"""Learning an adapter: low-rank additions to all-MiniLM-L6-v2 (LoRA, Hu et al. 2021, arXiv 2106.09685) and a head.

Several runs start alike and take the texts in other orders; the mean of what they have learned (a model soup, Wortsman
et al. 2022, arXiv 2203.05482) is the adapter. A graphics processor is used where there is one.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.embedding.adapted_model import Adapter
from guide.embedding.encoder import SentenceEncoder
from guide.embedding.export_adapted import head_input, probabilities_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor
    from torch.nn import Module

RANK = 16
"""The rank of what is added to a layer."""
BATCH = 32
LEARNING_RATE, HEAD_LEARNING_RATE = 1e-3, 1e-3
WARM_UP = 60
"""The number of batches over which the learning rate rises."""
MOST_TOKENS = 160
"""How many tokens of a text are learned from."""
ADAPTED = (
    *("attention.self.query", "attention.self.key", "attention.self.value"),
    *("attention.output.dense", "intermediate.dense", "output.dense"),
)
"""The linear maps of each layer to which something is added."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the questions that a model learns to answer about a text."""

    size: int
    """How many answers there are."""
    weight: float = 1.0
    """How much it counts beside the others."""
    smoothing: float = 0.0
    """How much of each answer is shared among all."""


class Trainer:
    """Learns adapters and says what a model with one makes of texts."""

    def __init__(self, goals: Sequence[Goal], epochs: int) -> None:
        """`epochs` says how many times each text is taken."""
        import torch

        self._goals, self._epochs = goals, epochs
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer = SentenceEncoder().model.tokenizer

    def learn(self, texts: Sequence[str], answers: Sequence[Sequence[int]], seed: int) -> "Module":
        """The model after `texts`, taken in the order that `seed` makes; `answers`, `(texts, goals)`, are −1 where they
        aren't known.
        """
        import torch
        from torch.nn.functional import cross_entropy

        # All runs start alike, so that their mean is a model as well.
        torch.manual_seed(0)
        model = tunable(sum(goal.size for goal in self._goals)).to(self.device).train()
        torch.manual_seed(seed)
        order = random.Random(seed)  # noqa: S311 (nothing secret)
        head = [values for name, values in model.named_parameters() if name.startswith("head")]
        added = [values for name, values in model.named_parameters() if name.endswith((".up", ".down"))]
        optimiser = torch.optim.AdamW(
            [{"params": added, "lr": LEARNING_RATE}, {"params": head, "lr": HEAD_LEARNING_RATE}], weight_decay=0.01
        )
        ids = self._ids(texts)
        batches = [batch for _ in range(self._epochs) for batch in _batches(ids, order)]
        rising = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min(1, (step + 1) / WARM_UP) * max(0.03, 1 - step / len(batches))
        )
        places = list(pairwise(accumulate((goal.size for goal in self._goals), initial=0)))
        for batch in batches:
            with torch.autocast(self.device, dtype=torch.bfloat16):
                outputs = model(*self._padded([ids[row] for row in batch]))
            outputs = outputs.float()
            right = torch.tensor([list(answers[row]) for row in batch], device=self.device)
            loss = torch.zeros((), device=self.device)
            for number, (goal, (first, end)) in enumerate(zip(self._goals, places, strict=True)):
                if (known := right[:, number] >= 0).any():
                    loss = loss + goal.weight * cross_entropy(
                        outputs[known, first:end], right[known, number], label_smoothing=goal.smoothing
                    )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            rising.step()
        return model.eval()

    def probabilities(self, model: "Module", texts: Sequence[str]) -> "NDArray[np.float32]":
        """What `model` makes of `texts`, as `guide.embedding.adapted_model.Classify`."""
        import numpy as np
        import torch

        ids = self._ids(texts)
        groups = [goal.size for goal in self._goals]
        found = np.zeros((len(texts), sum(groups)), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        with torch.inference_mode():
            for at in range(0, len(order), 64):
                rows = order[at : at + 64]
                outputs = model(*self._padded([ids[row] for row in rows])).float()
                found[rows] = probabilities_of(outputs, groups).cpu().numpy()
        return found

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [self._tokenizer(text, truncation=True, max_length=MOST_TOKENS)["input_ids"] for text in texts]

    def _padded(self, ids: Sequence[list[int]]) -> "tuple[Tensor, Tensor]":
        import torch

        longest = max(map(len, ids))
        filled = torch.tensor([one + [0] * (longest - len(one)) for one in ids], device=self.device)
        mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in ids], device=self.device)
        return filled, mask


def _batches(ids: Sequence[list[int]], order: random.Random) -> Iterator[list[int]]:
    """All rows once, in batches of like length, which fill each other up less, in a random order."""
    rows = list(range(len(ids)))
    order.shuffle(rows)
    batches = []
    for at in range(0, len(rows), BATCH * 20):
        alike = sorted(rows[at : at + BATCH * 20], key=lambda row: len(ids[row]))
        batches += [alike[start : start + BATCH] for start in range(0, len(alike), BATCH)]
    order.shuffle(batches)
    yield from batches


def tunable(outputs: int, rank: int = RANK) -> "Module":
    """all-MiniLM-L6-v2 with what can be learned: additions of nothing yet, and a head with so many outputs."""
    import torch
    from torch.nn.functional import linear

    class Adapted(torch.nn.Module):
        def __init__(self, whole: torch.nn.Linear) -> None:
            super().__init__()
            self.whole = whole
            self.down = torch.nn.Parameter(torch.randn(rank, whole.in_features) / math.sqrt(whole.in_features))
            self.up = torch.nn.Parameter(torch.zeros(whole.out_features, rank))

        def forward(self, values: Any) -> "Tensor":
            # Twice what is learned, as is usual for these learning rates.
            changed: Tensor = self.whole(values) + 2 * linear(linear(values, self.down), self.up)
            return changed

    model: Any = SentenceEncoder().model[0].auto_model.float()
    model.requires_grad_(False)
    for layer in model.encoder.layer:
        for name in ADAPTED:
            where, _, last = name.rpartition(".")
            parent = layer.get_submodule(where)
            setattr(parent, last, Adapted(getattr(parent, last)))

    class Tunable(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.head = torch.nn.Linear(2 * model.config.hidden_size, outputs)
            self.drop = torch.nn.Dropout(0.1)

        def forward(self, input_ids: Any, attention_mask: Any) -> "Tensor":
            tokens = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            found: Tensor = self.head(self.drop(head_input(tokens, attention_mask)))
            return found

    return Tunable()


def mean_of(models: Sequence["Module"]) -> "Module":
    """The model whose every weight, additions merged, is the mean of those of `models`."""
    import torch

    learned = [dict(model.named_parameters()) for model in models]
    mean = tunable(len(learned[0]["head.bias"]), RANK * len(models))
    with torch.no_grad():
        for name, values in mean.named_parameters():
            found = [one[name].detach().cpu() for one in learned]
            if name.endswith(".down"):
                values.copy_(torch.cat(found))
            elif name.endswith(".up"):
                values.copy_(torch.cat(found, dim=1) / len(models))
            elif name.startswith("head"):
                values.copy_(torch.stack(found).mean(dim=0))
    return mean.eval()


def write_adapter(model: "Module", adapter: Adapter) -> None:
    """Writes what the model has learned into the file of `adapter` in this package."""
    import numpy as np

    np.savez_compressed(Path(str(files("guide"))) / adapter.file, allow_pickle=False, **adapter_of(model))


def adapter_of(model: "Module") -> "dict[str, NDArray[np.float16]]":
    """What the model has learned, as `guide.embedding.adapted_model.Adapter.arrays` gives it back."""
    import numpy as np

    found = {}
    for name, values in model.named_parameters():
        array = values.detach().cpu().float().numpy()
        if name.endswith((".up", ".down")):
            layer = name.removeprefix("model.")
            found[layer] = (array * 2 if name.endswith(".up") else array).astype(np.float16)
        elif name.startswith("head"):
            found[name] = array.astype(np.float16)
    return found
