"""Learning an adapter: what is learned is what ships."""

import numpy as np
import pytest

from guide.embedding.adapted_model import Adapter
from guide.embedding.encoder import SentenceEncoder
from guide.embedding.export_adapted import adapted_module
from guide.training.adapters import Goal, Trainer, adapter_of, mean_of

GOALS = (Goal(3, smoothing=0.02), Goal(2, weight=0.3))
TEXTS = ["the river takes me home tonight", "the soup is on the table", "nothing reaches me since the spring"]
ANSWERS = [(0, -1), (1, -1), (2, 1)]


@pytest.mark.model
def test_the_model_that_is_exported_is_the_one_that_was_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    trainer = Trainer(GOALS, epochs=30)
    model = trainer.learn(TEXTS * 4, ANSWERS * 4, seed=0)
    learned = trainer.probabilities(model, TEXTS)
    assert np.allclose(learned[:, :3].sum(axis=1), 1, atol=1e-5)
    assert np.allclose(learned[:, 3:].sum(axis=1), 1, atol=1e-5)
    assert learned[:, :3].argmax(axis=1).tolist() == [0, 1, 2]
    assert learned[2, 3:].argmax() == 1
    adapter = Adapter("a model of three things", "none.npz", (3, 2), "nothing")
    arrays = {name: values.astype(np.float32) for name, values in adapter_of(model).items()}
    monkeypatch.setattr(Adapter, "arrays", lambda self: arrays)
    reference = SentenceEncoder()
    module = adapted_module(adapter, reference)
    for text, row in zip(TEXTS, learned, strict=True):
        read = reference.model.tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            merged = module(read["input_ids"], read["attention_mask"]).numpy()[0]
        assert np.abs(merged - row).max() < 0.01


@pytest.mark.model
def test_the_mean_of_runs_has_the_mean_of_their_weights() -> None:
    import torch

    trainer = Trainer([Goal(2)], epochs=2)
    runs = [trainer.learn(TEXTS[:2] * 20, [[0], [1]] * 20, seed) for seed in (0, 1)]
    mean = mean_of(runs)
    layer = "model.encoder.layer.3.attention.self.value"
    changes = [run.get_submodule(layer).up @ run.get_submodule(layer).down for run in runs]
    assert not torch.allclose(*changes, atol=1e-5)
    merged = mean.get_submodule(layer).up @ mean.get_submodule(layer).down
    assert torch.allclose(merged, (changes[0] + changes[1]) / 2, atol=1e-6)
    assert torch.allclose(mean.head.weight, (runs[0].head.weight + runs[1].head.weight) / 2)
