"""The whole safety gate for a message outside of an answer: the rules, then what its meaning adds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guide.records import Assessment, Turn
from guide.safety.assess import assess
from guide.safety.meaning import raise_by_meaning, remember_by_meaning

if TYPE_CHECKING:
    from guide.encoder import Encoder


def assess_whole(
    message: str, history: Sequence[Turn] = (), *, encoder: "Encoder | None" = None, country: str | None = None
) -> Assessment:
    """What the rules decide, raised by what the message and the earlier ones mean if there is an `encoder`.

    It must be that of all-MiniLM-L6-v2, for whose embeddings the weights were fitted.
    """
    safety = assess(message, history, country=country)
    if encoder is None or safety.level in ("crisis", "emergency") or not message.strip():
        return safety
    written = [turn.content for turn in history if turn.role == "user"]
    vectors = encoder.encode([message, *written]).texts.tolist()
    safety = remember_by_meaning(safety, written, vectors[1:], country=country)
    return raise_by_meaning(safety, message, vectors[0], country=country)
