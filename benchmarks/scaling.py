"""How time grows with length: `python benchmarks/scaling.py`. Each text is read at 125, 250, 500 and 1,000 thousand
characters by each parser, and at 1 to 8 thousand by the safety gate and as a question; printed are the seconds at the
longest, and the exponent of the growth over the last doubling (1 is linear, 2 the square).
"""

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from fuzz_targets import DOORS

from guide.request import MAX_QUESTION_CHARACTERS

ARTICLE_CHARACTERS = (125_000, 250_000, 500_000, 1_000_000)
MESSAGE_CHARACTERS = (1_000, 2_000, 4_000, MAX_QUESTION_CHARACTERS)

UNITS = {
    "(": "(",
    "[": "[",
    "![": "![",
    "[a](": "[a](",
    "<": "<",
    "`": "`",
    "` a": "` a",
    "*": "*",
    "_a ": "_a ",
    "**a ": "**a ",
    "&": "&",
    "\\": "\\",
    "#": "#",
    "# a line each": "# a\n",
    ">": ">",
    "- nested": "- ",
    "-": "-",
    "- a line each": "- a\n",
    "1. a line each": "1. a\n",
    "•": "•",
    "|": "|",
    "| a line each": "| a | b |\n",
    "tabs": "a\tb\n",
    "words": "tea ",
    "one long word": "a",
    "blank lines": "\n",
    "spaces": " ",
    "full stops": ". ",
    "question marks": "?",
    "quotation marks": "“a” ",
    "combining marks": "e\u0301\u0327\u0323",
    "emoji": "😔",
    "no": "no not never ",
    "I want to": "I want to ",
    "letters apart": "k i l l ",
    "zero-width": "k\u200b",
    "digits": "1.5 ",
    "colons": "a: ",
}


def seconds(door: Callable[[str], None], text: str) -> float:
    """The least of two times."""
    times = []
    for _ in range(2):
        begun = time.perf_counter()
        door(text)
        times.append(time.perf_counter() - begun)
    return min(times)


def growth(door: Callable[[str], None], unit: str, lengths: tuple[int, ...]) -> tuple[float, float]:
    """Seconds at the greatest length, and the exponent over the last doubling."""
    times = [seconds(door, (unit * (length // len(unit) + 1))[:length]) for length in lengths]
    return times[-1], math.log2(max(times[-1], 1e-6) / max(times[-2], 1e-6))


def main() -> None:
    """Prints a table for each door, the slowest first."""
    for name, lengths in {
        "plain_text": ARTICLE_CHARACTERS,
        "markdown": ARTICLE_CHARACTERS,
        "message": MESSAGE_CHARACTERS,
        "question": MESSAGE_CHARACTERS,
    }.items():
        DOORS[name]("warm")
        rows = [(unit, *growth(DOORS[name], repeated, lengths)) for unit, repeated in UNITS.items()]
        print(f"\n{name}, {lengths[-1]:,} characters")
        for unit, longest, exponent in sorted(rows, key=lambda row: -row[1]):
            print(f"  {unit:<16} {longest:8.3f} s  growth {exponent:5.2f}", flush=True)


if __name__ == "__main__":
    main()
