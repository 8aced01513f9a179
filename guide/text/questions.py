"""Whether a sentence asks something, as people type questions: often without a question mark."""

import re

_ASKS = re.compile(
    r"^(?:(?:and|but|so|or|then)\s+)*(?:(?:what|why|how|whom|whose)(?:'s)?\b|(?:who|when|where|which)\s+(?:\w+\s+)?(?:is|are|was|were|do"
    r"|does|did|can|could|should|will|would)\b|(?:is|are|was|were|am|do|does|did|can|could|will|would|should|may|might|must|has|have"
    r"|had)(?:n't)?\s+(?:i|you|he|she|it|we|they|my|your|our|his|her|their|this|that|there|these|those|the|an?|any\w*|some\w*)\b)",
    re.I,
)


def is_question(sentence: str) -> bool:
    """Whether `sentence` asks something, with or without a question mark.

    >>> [is_question(sentence) for sentence in ("why does he do that", "he never says why")]
    [True, False]
    """
    return "?" in sentence or bool(_ASKS.search(sentence.strip()))
