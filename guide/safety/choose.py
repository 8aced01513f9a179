"""Opens the model by which the safety gate reads what messages mean, exported first where the cache doesn't hold it."""

from guide.embedding.adapted_model import AdaptedModel
from guide.embedding.open_adapted import open_adapted
from guide.safety.classifier import GATE


def open_classifier() -> AdaptedModel | None:
    """The gate's model, exported first where the cache doesn't hold it; None where all-MiniLM-L6-v2 isn't here, or what
    exporting needs: the gate's rules need none.
    """
    return open_adapted(GATE)
