"""The safety levels: their order, and what each one does. No other module compares levels."""

from collections.abc import Iterable
from typing import Literal

Level = Literal["none", "professional", "abuse", "crisis", "emergency"]

LEVELS: tuple[Level, ...] = ("none", "professional", "abuse", "crisis", "emergency")
"""Safety levels, mildest first."""


def gravity(level: Level) -> int:
    """The place of `level` among `LEVELS`: 0 for `none`, 4 for `emergency`.

    >>> gravity("abuse") < gravity("crisis")
    True
    """
    return LEVELS.index(level)


def gravest(levels: Iterable[Level]) -> Level:
    """The gravest of `levels`; `none` of no levels.

    >>> gravest(["professional", "crisis", "abuse"]), gravest([])
    ('crisis', 'none')
    """
    return max(levels, key=gravity, default="none")


def at_least(level: Level) -> frozenset[Level]:
    """`level` and all that are graver.

    >>> at_least("crisis") == {"crisis", "emergency"}
    True
    """
    return frozenset(one for one in LEVELS if gravity(one) >= gravity(level))


def is_crisis(level: Level) -> bool:
    """Whether a life may be in danger: then nothing but the way to help is shown.

    >>> is_crisis("emergency"), is_crisis("crisis"), is_crisis("abuse")
    (True, True, False)
    """
    return gravity(level) >= gravity("crisis")


def is_danger(level: Level) -> bool:
    """Whether somebody may be in danger: such a level is remembered for the rest of the conversation, and advice that
    an article gives is held back.

    >>> is_danger("abuse"), is_danger("professional")
    (True, False)
    """
    return gravity(level) >= gravity("abuse")


def goes_on(level: Level, earlier: Level, also_earlier: Level = "none") -> bool:
    """Whether the danger of `level` is one that was told of before, at least as grave: its card is then another one.

    `earlier` is the gravest level told of before, `also_earlier` abuse that was told of beside it. Abuse only goes on
    from abuse, whatever else was told.

    >>> goes_on("crisis", "crisis"), goes_on("crisis", "abuse"), goes_on("professional", "crisis")
    (True, False, False)
    >>> goes_on("abuse", "crisis"), goes_on("abuse", "crisis", "abuse")
    (False, True)
    """
    if level == "abuse":
        return level in (earlier, also_earlier)
    return is_danger(level) and gravity(earlier) >= gravity(level)
