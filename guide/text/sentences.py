"""A paragraph → the spans of its sentences."""

import re
from collections.abc import Iterator
from itertools import pairwise

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\W_a-z])")


_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]?|vs|etc|e\.g|i\.e|cf|Mr|Mrs|Ms|Dr|Prof|St|No|Fig|Jr|Sr|approx|al)\.$",
    re.I,
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of `text`, one paragraph.

    >>> [("Healthy vs. not. It’s so. “Yes.” Done"[a:b]) for a, b in sentences("Healthy vs. not. It’s so. “Yes.” Done")]
    ['Healthy vs. not.', 'It’s so.', '“Yes.”', 'Done']
    """
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    # Twelve characters hold the longest abbreviation; a longer look back would make long texts slow.
    bounds = [0, *(end for end in ends if not _ABBREVIATION.search(text[max(0, end - 12) : end])), len(text.rstrip())]
    for start, end in pairwise(bounds):
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if start < end:
            yield start, end
