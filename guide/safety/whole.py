"""The old place of what `guide.safety.assess` does with `classify`; it goes in Guide 0.3."""

import warnings
from collections.abc import Sequence

from guide.embedding.encoder import Encoder
from guide.records import Assessment, Turn
from guide.safety.choose import open_classifier
from guide.safety.gate import assess


def assess_whole(
    message: str, history: Sequence[Turn] = (), *, encoder: Encoder | None = None, country: str | None = None
) -> Assessment:
    """As `guide.safety.gate.assess`; with an `encoder`, the gate's own model is asked too."""
    warnings.warn(
        "guide.safety.whole.assess_whole is guide.safety.gate.assess now, with classify for encoder; the old name goes "
        "in Guide 0.3.",
        DeprecationWarning,
        stacklevel=2,
    )
    return assess(message, history, country=country, classify=open_classifier() if encoder else None)
