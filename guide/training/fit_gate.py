"""Fit the safety gate's own model: `python -m guide.training.fit_gate [--also FILE …]`.

all-MiniLM-L6-v2 learns from the example bank (`guide/training/bank/` and `guide/safety/examples.jsonl`) and from
further labelled messages what a message means (`MEANINGS`) and which help-seeking criterion it comes closest to. Only
low-rank additions to its layers (LoRA, Hu et al. 2021, arXiv 2106.09685) and a head are learned, in several runs from
the same start that take the messages in other orders. The mean of what the runs have learned (a model soup, Wortsman et
al. 2022, arXiv 2203.05482) is the adapter that the package carries, `guide/safety/gate_adapter.npz`. A tenth of the
messages isn't learned from: on it the limits in `guide/safety/gate_limits.json` are chosen, and what is printed is
measured. A graphics processor is used where there is one; on two cores a run takes about ten minutes.

`--also` names JSON-lines files of further messages: `text` with `label` or `allowed`, as `guide evaluate safety`
reads them, and perhaps `subtype`. docs/safety.md says which public sets the shipped model has learned from.
"""

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide.embedding.encoder import SentenceEncoder
from guide.evaluate.loaders import read_messages
from guide.levels import LEVELS, Level, gravity
from guide.safety.classifier import ADAPTER, MEANINGS, OUTPUTS
from guide.safety.examples import examples
from guide.safety.export_classifier import head_input, probabilities_of
from guide.safety.meaning import DANGERS, LIMITS, texts_of
from guide.safety.rules import CRITERIA
from guide.training.bank_rows import bank_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor
    from torch.nn import Module

FALSE_CARDS = 0.02
"""The share of harmless messages of the bank, which are harder than what people usually write, that may get a card."""
OFFERS_FOR_A_CARD = 2
SENTENCE_MARGIN = 2.0
"""As in `guide.safety.meaning.Limits`; of 0, 1, 2 and 4 on development data."""
RANK = 16
"""The rank of what is added to a layer."""
EPOCHS = 2
BATCH = 32
LEARNING_RATE, HEAD_LEARNING_RATE = 1e-3, 1e-3
WARM_UP = 60
"""The number of batches over which the learning rate rises."""
MOST_TOKENS = 160
"""How many tokens of a message are learned from."""
CRITERION_WEIGHT = 0.3
"""How much telling the criteria apart counts beside telling the meanings apart."""
SMOOTHING = 0.02
TELLING = ("statement", "vague", "story")
"""The acts of `bank/acts.jsonl` that may tell of something."""
ADAPTED = (
    *("attention.self.query", "attention.self.key", "attention.self.value"),
    *("attention.output.dense", "intermediate.dense", "output.dense"),
)
"""The linear maps of each layer to which something is added."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message to learn from."""

    text: str
    meaning: int
    """The place in `MEANINGS`."""
    criterion: int
    """The place in `CRITERIA`; −1 where it isn't known."""
    kind: str
    """The kind of example it is, or the file it is from."""

    @property
    def held_back(self) -> bool:
        """Whether it is one of the tenth that isn't learned from; that depends on the text alone."""
        return int(sha1(self.text.lower().encode(), usedforsecurity=False).hexdigest(), 16) % 10 == 0


def meaning_of_kind(level: str, kind: str) -> int:
    """The place in `MEANINGS` of an example of this level and kind."""
    named = {
        **dict.fromkeys(("about_subject", "about_the_subject"), "about"),
        **dict.fromkeys(("bereaved", "bereaved_by_suicide"), "bereaved"),
        **dict.fromkeys(("medical", "medical_or_poisoning"), "medical"),
    }
    by_level = {"none": "none", "professional": "professional", "abuse": "abuse", "crisis": "crisis"}
    return MEANINGS.index(named.get(kind) or by_level.get(level, "danger_now"))


def bank_lessons() -> list[Lesson]:
    """The lessons of the example bank: a file for each level in `bank/` beside this module, what people do in a chat
    without telling anything (`bank/acts.jsonl`), and the examples of the gate's rules.
    """
    rows = [(row["text"], row["level"], row["kind"]) for level in sorted(LEVELS) for row in bank_rows(level)]
    rows += [(row["text"], "none", "chat") for row in bank_rows("acts") if row["act"] not in TELLING]
    rows += [(e.text, "emergency" if e.kind == "emergency" else e.level, e.kind) for e in examples()]
    return [_lesson(*row) for row in rows]


def _lesson(text: str, level: str, kind: str) -> Lesson:
    known: tuple[str, ...] = CRITERIA
    criterion = known.index(kind) if level == "professional" and kind in known else -1
    return Lesson(texts_of(text)[0], meaning_of_kind(level, kind), criterion, kind)


def further_lessons(path: Path) -> list[Lesson]:
    """The lessons of a file of labelled messages; one that follows on others isn't learned from by itself.

    Raises:
        DataError: the file can't be read, or a line isn't a labelled message.
    """
    lessons = []
    for row in read_messages(path):
        if row.history:
            continue
        # Where several levels are right, the mildest is the one to learn.
        levels: Sequence[Level] = (row.label,) if row.label else row.allowed
        level = min(levels, key=gravity)
        subject = level == "none" and "academic" in row.subtype
        meaning = meaning_of_kind(level, "about_subject" if subject else row.kind)
        lessons.append(Lesson(texts_of(row.text)[0], meaning, -1, path.stem))
    return lessons


def distinct(lessons: Iterable[Lesson]) -> list[Lesson]:
    """`lessons` without those whose text came before."""
    return list({lesson.text.lower(): lesson for lesson in reversed(list(lessons))}.values())[::-1]


class Trainer:
    """Learns adapters and says what a model with one makes of texts."""

    def __init__(self) -> None:
        import torch

        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer = SentenceEncoder().model.tokenizer

    def learn(self, lessons: Sequence[Lesson], seed: int) -> "Module":
        """The model after `lessons`, taken in the order that `seed` makes."""
        import torch
        from torch.nn.functional import cross_entropy

        # All runs start alike, so that their mean is a model as well.
        torch.manual_seed(0)
        model = _tunable().to(self.device).train()
        torch.manual_seed(seed)
        order = random.Random(seed)  # noqa: S311 (nothing secret)
        head = [values for name, values in model.named_parameters() if name.startswith("head")]
        added = [values for name, values in model.named_parameters() if name.endswith((".up", ".down"))]
        optimiser = torch.optim.AdamW(
            [{"params": added, "lr": LEARNING_RATE}, {"params": head, "lr": HEAD_LEARNING_RATE}], weight_decay=0.01
        )
        ids = self._ids([lesson.text for lesson in lessons])
        batches = [batch for _ in range(EPOCHS) for batch in _batches(ids, order)]
        rising = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min(1, (step + 1) / WARM_UP) * max(0.03, 1 - step / len(batches))
        )
        for batch in batches:
            with torch.autocast(self.device, dtype=torch.bfloat16):
                outputs = model(*self._padded([ids[row] for row in batch]))
            outputs = outputs.float()
            meanings = torch.tensor([lessons[row].meaning for row in batch], device=self.device)
            criteria = torch.tensor([lessons[row].criterion for row in batch], device=self.device)
            loss = cross_entropy(outputs[:, : len(MEANINGS)], meanings, label_smoothing=SMOOTHING)
            if (told := criteria >= 0).any():
                loss = loss + CRITERION_WEIGHT * cross_entropy(outputs[told][:, len(MEANINGS) :], criteria[told])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            rising.step()
        return model.eval()

    def probabilities(self, model: "Module", texts: Sequence[str]) -> "NDArray[np.float32]":
        """What `model` makes of `texts`, as `guide.safety.classifier.Classify`."""
        import numpy as np
        import torch

        ids = self._ids(texts)
        found = np.zeros((len(texts), OUTPUTS), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        with torch.inference_mode():
            for at in range(0, len(order), 64):
                rows = order[at : at + 64]
                outputs = model(*self._padded([ids[row] for row in rows])).float()
                found[rows] = probabilities_of(outputs).cpu().numpy()
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


def _tunable(rank: int = RANK) -> "Module":
    """all-MiniLM-L6-v2 with what can be learned: additions of nothing yet, and a head."""
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
            self.head = torch.nn.Linear(2 * model.config.hidden_size, OUTPUTS)
            self.drop = torch.nn.Dropout(0.1)

        def forward(self, input_ids: Any, attention_mask: Any) -> "Tensor":
            tokens = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            outputs: Tensor = self.head(self.drop(head_input(tokens, attention_mask)))
            return outputs

    return Tunable()


def mean_of(models: Sequence["Module"]) -> "Module":
    """The model whose every weight, additions merged, is the mean of those of `models`."""
    import torch

    mean = _tunable(RANK * len(models))
    learned = [dict(model.named_parameters()) for model in models]
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


def adapter_of(model: "Module") -> "dict[str, NDArray[np.float16]]":
    """What the model has learned, as `guide.safety.classifier.read_adapter` gives it back."""
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


def choose_limits(lessons: Sequence[Lesson], found: "NDArray[np.float32]", alarms: float) -> dict[str, Any]:
    """The limits at which at most `alarms` of the harmless `lessons`, none of which was learned from, get each card.

    `found` is what the model makes of the lessons' texts. A quiet line may come `OFFERS_FOR_A_CARD` times as often as
    a card.
    """
    import numpy as np

    meant = np.array([lesson.meaning for lesson in lessons])
    scores = {name: found[:, column] for column, name in enumerate(MEANINGS)}
    danger = np.sum([scores[name] for name in DANGERS], axis=0)
    harmless = np.isin(meant, [MEANINGS.index(name) for name in ("none", "about")])
    no_danger = ~np.isin(meant, [MEANINGS.index(name) for name in DANGERS])

    def limit(values: "NDArray[np.float32]", among: "NDArray[np.bool_]", share: float) -> float:
        highest = np.sort(values[among])[::-1]
        return round(max(0.5, float(highest[int(share * len(highest))])), 3)

    return {
        "card": {
            "danger": limit(danger, no_danger, alarms),
            "medical": 0.5,
            "danger_now": 0.5,
            "bereaved": limit(scores["bereaved"], meant != MEANINGS.index("bereaved"), alarms / 3),
            "professional": limit(scores["professional"], harmless, alarms / 3),
        },
        "offer": {
            "danger": limit(danger, no_danger, OFFERS_FOR_A_CARD * alarms),
            "about": limit(scores["about"], meant == MEANINGS.index("none"), OFFERS_FOR_A_CARD * alarms),
            "professional": limit(scores["professional"], harmless, OFFERS_FOR_A_CARD * alarms),
        },
        "sentence_margin": SENTENCE_MARGIN,
    }


def report(lessons: Sequence[Lesson], found: "NDArray[np.float32]", limit: float) -> dict[str, float]:
    """Of each kind of the lessons, the share in which the model is sure of danger; of danger that is the share seen."""
    import numpy as np

    danger = np.sum([found[:, MEANINGS.index(name)] for name in DANGERS], axis=0) >= limit
    kinds = sorted({lesson.kind for lesson in lessons})
    return {kind: float(danger[[lesson.kind == kind for lesson in lessons]].mean()) for kind in kinds}


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the adapter and the limits, and prints what the held-back tenth shows, over all seeds."""
    import numpy as np

    parser = argparse.ArgumentParser(prog="python -m guide.training.fit_gate")
    parser.add_argument("--also", type=Path, nargs="*", default=[], metavar="FILE", help="further labelled messages")
    parser.add_argument("--runs", type=int, default=2, help="how many runs to take the mean of")
    parser.add_argument(
        "--alarms", type=float, default=FALSE_CARDS, help="the share of harmless messages that may get a card"
    )
    options = parser.parse_args(arguments)
    lessons = distinct([*bank_lessons(), *(lesson for path in options.also for lesson in further_lessons(path))])
    held_back = [lesson for lesson in lessons if lesson.held_back]
    learned = [lesson for lesson in lessons if not lesson.held_back]
    trainer = Trainer()
    safety = Path(str(files("guide.safety")))
    models, reports = [], []

    def measured(model: "Module", name: str) -> dict[str, Any]:
        found = trainer.probabilities(model.to(trainer.device), [lesson.text for lesson in held_back])
        limits = choose_limits(held_back, found, options.alarms)
        reports.append(report(held_back, found, limits["card"]["danger"]))
        print(f"{name}: {json.dumps(limits)}", file=sys.stderr, flush=True)
        return limits

    for run in range(options.runs):
        started = time.monotonic()
        models.append(trainer.learn(learned, run))
        measured(models[-1], f"run {run}, {time.monotonic() - started:.0f} s")
    mean = mean_of(models)
    limits = measured(mean, "their mean")
    np.savez_compressed(safety / ADAPTER, allow_pickle=False, **adapter_of(mean))
    (safety / LIMITS).write_text(json.dumps(limits, indent=1) + "\n", encoding="utf-8")
    *runs, last = reports
    print(f"{len(learned)} messages learned from, {len(held_back)} held back. Sure of danger: the mean, each run:")
    for kind, share in last.items():
        number = sum(lesson.kind == kind for lesson in held_back)
        print(f"{kind:32} {number:5} {share:.3f}  {' '.join(f'{one[kind]:.3f}' for one in runs)}")


if __name__ == "__main__":
    main()
