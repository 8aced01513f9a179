"""How far a long measurement has come, for a person who waits: on standard error, and only where that is a terminal."""

import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

from guide.embedding.encoder import Encoded, Encoder

Item = TypeVar("Item")


def track(items: Sequence[Item], doing: str) -> Iterable[Item]:
    """`items`, one after the other, under a bar that says what is being done."""
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track as bar

    return bar(items, doing, console=Console(stderr=True), transient=True)


class Tracked:
    """An encoder that shows how many of `total` texts it has embedded."""

    def __init__(self, encoder: Encoder, total: int, doing: str) -> None:
        self._encoder = encoder
        self._bar = iter(track(range(total), doing))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts`."""
        encoded = self._encoder.encode(texts)
        for _ in texts:
            next(self._bar, None)
        return encoded
