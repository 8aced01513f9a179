"""A model with an adapter → its ONNX graph in the cache, with weights of 8 bits in blocks."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from guide.embedding.adapted_model import AdaptedModel, Adapter
from guide.embedding.encoder import Agreement, SentenceEncoder
from guide.embedding.model_cache import Export
from guide.embedding.onnx_export import (
    COMPARED_TEXTS,
    export_once,
    files_of,
    quantise_blocks,
    write_graph,
    write_tokenizer,
)
from guide.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

ADAPTED_BLOCK_SIZE = 32
"""How many weights share a scale."""
HEAD_SCALE = 8.0
"""How long the two vectors are made that the head reads, the mean of the tokens' vectors and their maximum."""
FURTHEST = 0.1
"""How far a probability of the graph may lie from the model's own over `COMPARED_TEXTS`."""


def export_adapted(adapter: Adapter) -> Export:
    """The export of the model of `adapter`, made unless the cache holds it whole.

    Raises:
        ImportError: torch or what it exports with isn't here.
        ModelError: all-MiniLM-L6-v2 isn't here, the export isn't the same model, or the cache can't be written.
    """
    return export_once(adapter.sha256(), "int8", lambda folder: _export(adapter, folder))


def _export(adapter: Adapter, building: Path) -> Export:
    import torch

    reference = SentenceEncoder()
    pad_id = write_tokenizer(reference.model, building)
    module = adapted_module(adapter, reference)
    write_graph(module, building, ["probabilities"], reference.model.max_seq_length or 256)
    quantise_blocks(building, ADAPTED_BLOCK_SIZE)
    made = Export(building, adapter.outputs, pad_id, Agreement(1.0, 1.0), files_of(building))
    read = [
        reference.model.tokenizer(text, truncation=True, max_length=256, return_tensors="pt") for text in COMPARED_TEXTS
    ]
    with torch.inference_mode():
        expected = np.concatenate([module(one["input_ids"], one["attention_mask"]).numpy() for one in read])
    furthest = float(np.abs(AdaptedModel(made, adapter.outputs)(COMPARED_TEXTS) - expected).max())
    if furthest > FURTHEST:
        raise ModelError(
            f"{adapter.name} differs from itself when it is exported (a probability by {furthest:.3f}); "
            "rules decide alone."
        )
    return made


def adapted_module(adapter: Adapter, reference: SentenceEncoder) -> "Module":
    """The model in torch: `input_ids` and `attention_mask`, `(texts, tokens)`, → what
    `guide.embedding.adapted_model.Classify` gives.
    """
    import torch

    arrays = {name: torch.from_numpy(values) for name, values in adapter.arrays().items()}

    model: Any = reference.model[0].auto_model.float()
    for name in [name.removesuffix(".up") for name in arrays if name.endswith(".up")]:
        model.get_submodule(name).weight.data += arrays[f"{name}.up"] @ arrays[f"{name}.down"]

    class Merged(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.weight = torch.nn.Parameter(arrays["head.weight"])
            self.bias = torch.nn.Parameter(arrays["head.bias"])

        def forward(self, input_ids: Any, attention_mask: Any) -> "Tensor":
            tokens = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return probabilities_of(head_input(tokens, attention_mask) @ self.weight.T + self.bias, adapter.groups)

    return Merged().eval()


def head_input(tokens: "Tensor", attention_mask: "Tensor") -> "Tensor":
    """What the head reads of each text, `(texts, 2 · dim)`: the mean and the maximum of its tokens' vectors, `(texts,
    tokens, dim)`, each made `HEAD_SCALE` long. `attention_mask`, `(texts, tokens)`, is 0 for what only fills up.
    """
    import torch
    from torch.nn.functional import normalize

    kept = attention_mask.unsqueeze(-1).to(tokens.dtype)
    mean = (tokens * kept).sum(1) / kept.sum(1)
    most = (tokens - (1 - kept) * 1e4).amax(1)
    return torch.cat([normalize(mean, dim=1), normalize(most, dim=1)], dim=1) * HEAD_SCALE


def probabilities_of(outputs: "Tensor", groups: Sequence[int]) -> "Tensor":
    """The probabilities that a head's outputs, `(texts, outputs)`, stand for: those of each of the groups, which have
    so many, add up to 1.
    """
    import torch

    return torch.cat([group.softmax(1) for group in torch.split(outputs, list(groups), dim=1)], dim=1)
