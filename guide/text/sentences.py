"""Text → its sentences: the one place in Guide that says where a sentence ends.

Articles are edited prose, and `sentences` gives the spans that passages are made of. Messages are typed in haste:
`message_sentences` also ends one at each line, and before a lower-case letter.
"""

import re
from collections.abc import Iterable, Iterator

_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_PROSE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\W_a-z])")
_MESSAGE_END = re.compile(r"[.!?…][\"'”’)]*(?=\s)|\n")
_MESSAGE_END_UNQUOTED = re.compile(r"[.!?…](?=\s)|\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]?|vs|etc|e\.g|i\.e|cf|Mr|Mrs|Ms|Dr|Prof|St|No|Fig|Jr|Sr|approx|al)\.$",
    re.I,
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of `text`, one paragraph of an article.

    A sentence ends where the next begins with anything but a lower-case letter, and never after an abbreviation.

    >>> [("Healthy vs. not. It’s so. “Yes.” Done"[a:b]) for a, b in sentences("Healthy vs. not. It’s so. “Yes.” Done")]
    ['Healthy vs. not.', 'It’s so.', '“Yes.”', 'Done']
    """
    ends = (found.end() for found in _PROSE_END.finditer(text))
    # Twelve characters hold the longest abbreviation; a longer look back would make long texts slow.
    return _spans(text, (end for end in ends if not _ABBREVIATION.search(text[max(0, end - 12) : end])))


def message_sentences(message: str, *, quoted: bool = True) -> list[str]:
    r"""The sentences of `message`, as somebody types them: each line and each full stop ends one, whatever follows.

    Without `quoted`, a full stop before a closing quotation mark or bracket ends none. The safety gate asks for it so:
    a quotation alone reads as if the writer said it.

    >>> message_sentences("i can't sleep. he left\n“Why?” I asked")
    ["i can't sleep.", 'he left', '“Why?”', 'I asked']
    """
    ends = (found.end() for found in (_MESSAGE_END if quoted else _MESSAGE_END_UNQUOTED).finditer(message))
    return [message[start:end] for start, end in _spans(message, ends)]


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends with the last character of `text`.

    >>> ends_sentence("He said “no.”"), ends_sentence("He said")
    (True, False)
    """
    return bool(_ENDS.search(text))


def _spans(text: str, ends: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The spans between these ends and that of `text`, without the spaces around them."""
    start = 0
    for end in (*ends, len(text)):
        part = text[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        start = end
