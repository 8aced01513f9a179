"""The safety gate's own model: all-MiniLM-L6-v2 with an adapter and a head, which tell what a message means.

`python -m guide.training.fit_gate` makes the adapter.
"""

from guide.embedding.adapted_model import Adapter, Classify
from guide.safety.rules import CRITERIA

__all__ = ["GATE", "MEANINGS", "OUTPUTS", "Classify"]

MEANINGS = ("none", "about", "professional", "bereaved", "abuse", "crisis", "danger_now", "medical")
"""What a message may mean, in the order of the model's outputs.

`about` speaks of suicide, self-harm or abuse as a subject; `danger_now` tells of an attempt or violence at this moment;
`medical` of an illness, an accident or a poisoning that can't wait.
"""

GATE = Adapter(
    "the safety gate's model", "safety/gate_adapter.npz", (len(MEANINGS), len(CRITERIA)), "guide.training.fit_gate"
)
"""Tells how surely a text means each of `MEANINGS`, and then how surely it comes closest to each of `CRITERIA`."""

OUTPUTS = GATE.outputs
"""How many numbers the model gives for a text: one for each of `MEANINGS`, then one for each of `CRITERIA`."""
