"""The old place of what `guide.safety.assess` does with `embed`; it goes in Guide 0.3."""

import warnings
from collections.abc import Sequence

from guide.embedding.encoder import Encoder, text_embedder
from guide.records import Assessment, Turn
from guide.safety.gate import assess


def assess_whole(
    message: str, history: Sequence[Turn] = (), *, encoder: Encoder | None = None, country: str | None = None
) -> Assessment:
    """As `guide.safety.gate.assess`, whose `embed` takes the place of `encoder`."""
    warnings.warn(
        "guide.safety.whole.assess_whole is guide.safety.gate.assess now, with embed for encoder; the old name goes in "
        "Guide 0.3.",
        DeprecationWarning,
        stacklevel=2,
    )
    embed = text_embedder(encoder) if encoder else None
    return assess(message, history, country=country, embed=embed)
