"""An encoder for tests that ask for the same texts again and again."""

from collections.abc import Sequence

import numpy as np

from guide.embedding.encoder import Encoded, Encoder


class OncePerText:
    """Embeds each text once, with those that it first comes with, however often it is asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Encoded] = {}

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The embeddings of `texts` and of their tokens."""
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            encoded = self._encoder.encode(new)
            self._known |= {text: encoded.only(row) for row, text in enumerate(new)}
        one_by_one = [self._known[text] for text in texts]
        if not one_by_one:
            return self._encoder.encode([])
        return Encoded(
            texts=np.concatenate([one.texts for one in one_by_one]),
            tokens=np.concatenate([one.tokens for one in one_by_one]),
            ids=np.concatenate([one.ids for one in one_by_one]),
            spans=np.concatenate([one.spans for one in one_by_one]),
            starts=np.cumsum([0, *(len(one.ids) for one in one_by_one)], dtype=np.int64),
        )
