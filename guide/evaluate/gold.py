"""Whether what is shown holds the words that answer, as a file of questions or messages names them."""

from collections.abc import Iterable, Sequence

from guide.records import QuotedPoint
from guide.text.normalise import words


def one_line(text: str) -> str:
    """`text` with a single space for each stretch of white space.

    >>> one_line("  It comes   and goes. ")
    'It comes and goes.'
    """
    return " ".join(text.split())


def holds_gold(line: str, gold: Iterable[str]) -> bool:
    """Whether any of the `gold` texts stands word for word in `line`, which `one_line` gave.

    >>> holds_gold("It comes and goes.", ["and   goes"]), holds_gold("It comes and goes.", ["came"])
    (True, False)
    """
    return any(one_line(text) in line for text in gold)


def points_within(points: Sequence[QuotedPoint], max_words: int, *, least: int = 0) -> tuple[QuotedPoint, ...]:
    """The first of `points` that have at most `max_words` words together, but never fewer than `least` of them."""
    shown: list[QuotedPoint] = []
    length = 0
    for point in points:
        length += len(words(point.text))
        if len(shown) >= least and length > max_words:
            break
        shown.append(point)
    return tuple(shown)
