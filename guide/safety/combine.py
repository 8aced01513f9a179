"""The whole safety gate: what the rules decide, raised by what the message and the earlier ones mean."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from guide.records import Assessment, Turn
from guide.safety.assess import assess
from guide.safety.similarity import raise_by_meaning, remember_by_meaning, texts_of

if TYPE_CHECKING:
    from guide.embedding.encoder import Encoder

Vectors = Mapping[str, Sequence[float]]
REMEMBERED = 12
"""How many earlier messages are looked at for what they mean; the rules read all of them."""


def assess_with_meaning(
    message: str, history: Sequence[Turn] = (), *, encoder: "Encoder | None" = None, country: str | None = None
) -> Assessment:
    """What the rules decide, raised by what the message and the earlier ones mean if there is an `encoder`.

    It must be that of all-MiniLM-L6-v2, for whose embeddings the weights were fitted.
    """
    safety = assess(message, history, country=country)
    if encoder is None or safety.level in ("crisis", "emergency") or not message.strip():
        return safety
    texts = to_embed(message, history)
    vectors = dict(zip(texts, encoder.encode(texts).texts.tolist(), strict=True))
    return with_meaning(safety, message, history, vectors, country=country)


def to_embed(message: str, history: Sequence[Turn]) -> list[str]:
    """The texts whose vectors `with_meaning` looks at, each once."""
    return list(dict.fromkeys(text for one in (*_unread(history), message) for text in texts_of(one)))


def with_meaning(
    safety: Assessment, message: str, history: Sequence[Turn], vectors: Vectors, *, country: str | None = None
) -> Assessment:
    """`safety` of `message`, raised by what the vectors of `to_embed(message, history)` say. It is never lowered."""
    before = _unread(history)
    decided = [turn.level for turn in history if turn.level is not None]
    known = [[vectors[text] for text in texts_of(one)] for one in before]
    safety = remember_by_meaning(safety, before, known, decided, country=country)
    return raise_by_meaning(safety, message, [vectors[text] for text in texts_of(message)], country=country)


def _unread(history: Sequence[Turn]) -> list[str]:
    """The earlier messages on which nothing has been decided yet."""
    return [turn.content for turn in history if turn.role == "user" and turn.level is None][-REMEMBERED:]
