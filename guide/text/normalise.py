"""Text as it comes → text as Guide counts it: plain newlines and spaces, composed characters, words."""

import re
import unicodedata


def normalise(text: str) -> str:
    """`text` in NFC with plain spaces and newlines, without control, zero-width and trailing characters."""
    text = unicodedata.normalize("NFC", _few_marks(text.replace("\r\n", "\n").replace("\r", "\n")))
    text = re.sub("[\u2028\u2029\u0085\v\f]", "\n", text)
    text = re.sub("[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    text = re.sub("[\u200b\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]", "", text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def whole_characters(text: str) -> str:
    r"""`text` with the sign � in place of each half of a character, which no tokenizer takes and no response can carry.

    Halves come from JSON (a lone surrogate such as `\ud83d`) and from a command line whose bytes aren't UTF-8. Two that
    belong together become the character that they are.

    >>> whole_characters("sad \ud83d"), whole_characters("sad \ud83d\ude22") == "sad \U0001f622"
    ('sad �', True)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _few_marks(text: str) -> str:
    """`text` with at most 30 combining marks in a row, as in Unicode's stream-safe format (UAX #15, section 13).

    Composing takes the square of their number, and no language has more.
    """
    if text.isascii():
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= 30:
            kept.append(character)
    return "".join(kept)


def excerpt(text: str) -> str:
    """At most 60 characters of `text`, for a sentence that names it.

    >>> excerpt("word " * 20)[-6:], excerpt("A wall.")
    (' word…', 'A wall.')
    """
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def words(text: str) -> list[str]:
    """The words of `text`, as counted everywhere in Guide."""
    return re.findall(r"\w+(?:['’\-]\w+)*", text)
