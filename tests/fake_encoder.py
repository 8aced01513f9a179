"""An encoder that needs no model."""

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from guide.embedding.encoder import Encoded, ModelIdentity


class FakeEncoder:
    """Embeds a text as its bag of words, each word hashed to one of `dimension` places: fast, and the same everywhere.

    Texts that share words are near each other, a text without words is a unit vector that no word points to. `calls`
    counts the calls, `texts` keeps what was embedded, in order.
    """

    agreement = None

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.identity = ModelIdentity("fake-bag-of-words", blake2b(b"%d" % dimension, digest_size=32).hexdigest())
        self.calls = 0
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The texts' embeddings and those of their words, which know nothing of their context."""
        self.calls += 1
        self.texts.extend(texts)
        rows, tokens, ids, spans, counts = [], [], [], [], [0]
        for text in texts:
            text.encode()  # like a tokenizer, it takes whole characters only
            row = np.zeros(self.dimension, dtype=np.float32)
            words = list(re.finditer(r"\w+", text.lower()))
            for word in words:
                token = np.zeros(self.dimension, dtype=np.float32)
                token[self._place(word[0])] = 1
                tokens.append(token)
                ids.append(self._place(word[0]))
                spans.append(word.span())
                row += token
            if not words:
                row[0] = 1
            rows.append(row / np.linalg.norm(row))
            counts.append(len(words))
        return Encoded(
            texts=np.array(rows, dtype=np.float32).reshape(-1, self.dimension),
            tokens=np.array(tokens, dtype=np.float32).reshape(-1, self.dimension),
            ids=np.array(ids, dtype=np.int32),
            spans=np.array(spans, dtype=np.int32).reshape(-1, 2),
            starts=np.cumsum(counts, dtype=np.int64),
        )

    def _place(self, word: str) -> int:
        # Not hash(), which differs from run to run. Place 0 is kept for texts without words.
        return 1 + int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) % (self.dimension - 1)
