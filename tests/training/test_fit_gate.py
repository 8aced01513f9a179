"""Fitting the gate's own model: what is learned is what ships, and the limits follow from the cards they allow."""

import json
from pathlib import Path

import numpy as np
import pytest

from guide.embedding.encoder import SentenceEncoder
from guide.safety import export_classifier
from guide.safety.classifier import MEANINGS, OUTPUTS
from guide.safety.rules import CRITERIA
from guide.training import fit_gate
from guide.training.fit_gate import (
    Lesson,
    Trainer,
    adapter_of,
    bank_lessons,
    choose_limits,
    distinct,
    further_lessons,
    mean_of,
)


def lesson(meaning: str, criterion: int = -1, text: str = "A river.") -> Lesson:
    return Lesson(text, MEANINGS.index(meaning), criterion, meaning)


def test_the_bank_is_large_and_half_of_it_is_harmless() -> None:
    lessons = bank_lessons()
    assert len(lessons) >= 10_000
    assert {MEANINGS[one.meaning] for one in lessons} == set(MEANINGS)
    assert {one.criterion for one in lessons} == {-1, *range(len(CRITERIA))}
    harmless = sum(MEANINGS[one.meaning] in ("none", "about") for one in lessons)
    assert 0.4 <= harmless / len(lessons) <= 0.6
    assert len(distinct(lessons)) >= 0.99 * len(lessons)
    assert 0.08 <= sum(one.held_back for one in lessons) / len(lessons) <= 0.12


def test_a_text_is_learned_once_as_it_came_first() -> None:
    first, again, other = lesson("none"), lesson("crisis", text="a RIVER."), lesson("abuse", text="A lake.")
    assert distinct([first, again, other]) == [first, other]


def test_further_messages_are_read_by_their_label_or_the_mildest_level_allowed(tmp_path: Path) -> None:
    rows = [
        {"text": "one", "label": "abuse"},
        {"text": "two", "label": "none", "subtype": "hardneg_academic"},
        {"text": "three", "allowed": ["emergency", "crisis"]},
        {"text": "four", "allowed": ["emergency"]},
    ]
    path = tmp_path / "more.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = further_lessons(path)
    assert [MEANINGS[one.meaning] for one in found] == ["abuse", "about", "crisis", "danger_now"]
    assert {(one.kind, one.criterion) for one in found} == {("more", -1)}


def test_a_limit_lets_so_many_harmless_messages_through_and_no_more() -> None:
    lessons = [*[lesson("none")] * 100, *[lesson("crisis")] * 10]
    found = np.zeros((110, OUTPUTS), dtype=np.float32)
    found[:100, MEANINGS.index("crisis")] = np.linspace(0.5, 0.995, 100)
    found[100:, MEANINGS.index("crisis")] = 1
    limit = choose_limits(lessons, found, 0.05)["card"]["danger"]
    raised = found[:100, MEANINGS.index("crisis")] >= limit
    assert 0.05 <= raised.mean() <= 0.06
    assert fit_gate.report(lessons, found, limit)["crisis"] == 1.0


@pytest.mark.model
def test_the_model_that_is_exported_is_the_one_that_was_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(fit_gate, "EPOCHS", 30)
    lessons = [
        lesson("crisis", text="the river takes me home tonight"),
        lesson("none", text="the soup is on the table"),
        lesson("professional", 2, text="nothing reaches me since the spring"),
    ] * 4
    trainer = Trainer()
    model = trainer.learn(lessons, seed=0)
    texts = [one.text for one in lessons[:3]]
    learned = trainer.probabilities(model, texts)
    assert [MEANINGS[row[: len(MEANINGS)].argmax()] for row in learned] == ["crisis", "none", "professional"]
    assert learned[2, len(MEANINGS) :].argmax() == 2
    adapter = {name: values.astype(np.float32) for name, values in adapter_of(model).items()}
    monkeypatch.setattr(export_classifier, "read_adapter", lambda: adapter)
    reference = SentenceEncoder()
    module = export_classifier.gate_module(reference)
    for text, row in zip(texts, learned, strict=True):
        read = reference.model.tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            merged = module(read["input_ids"], read["attention_mask"]).numpy()[0]
        assert np.abs(merged - row).max() < 0.01


@pytest.mark.model
def test_the_mean_of_runs_has_the_mean_of_their_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(fit_gate, "EPOCHS", 2)
    lessons = [lesson("crisis", text="the river takes me home"), lesson("none", text="the soup is warm")] * 20
    trainer = Trainer()
    runs = [trainer.learn(lessons, seed) for seed in (0, 1)]
    mean = mean_of(runs)
    layer = "model.encoder.layer.3.attention.self.value"
    changes = [run.get_submodule(layer).up @ run.get_submodule(layer).down for run in runs]
    assert not torch.allclose(*changes, atol=1e-5)
    merged = mean.get_submodule(layer).up @ mean.get_submodule(layer).down
    assert torch.allclose(merged, (changes[0] + changes[1]) / 2, atol=1e-6)
    assert torch.allclose(mean.head.weight, (runs[0].head.weight + runs[1].head.weight) / 2)
