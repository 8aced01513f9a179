"""A scheme's colours: the three that an operator chooses, and those that are made of them so that all can be read.

Contrast is that of WCAG 2.2, from 1:1 to 21:1.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

AA = 4.5
"""The least contrast of text with what it stands on (WCAG 2.2, 1.4.3)."""

AA_EDGE = 3.0
"""The least contrast of a control's edge with what it stands on (WCAG 2.2, 1.4.11)."""

WHITE, BLACK = "#ffffff", "#000000"

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one scheme, as `#rrggbb`; all others are made of them."""

    accent: str
    """The colour of links, buttons and the focus, `#rrggbb`."""
    paper: str
    """The colour of the background, `#rrggbb`."""
    ink: str
    """The colour of the text, `#rrggbb`."""


LIGHT = Colours(accent="#1d5c57", paper="#f6f4ef", ink="#1f2b2a")


DARK = Colours(accent="#86d3c6", paper="#141a1a", ink="#e7ece9")


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255.

    >>> rgb("#1d5C57")
    (29, 92, 87)

    Raises:
        ValueError: it isn't written as `#rrggbb`.
    """
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} isn't #rrggbb")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1..21.

    >>> contrast("#000000", "#ffffff"), round(contrast("#767676", "#ffffff"), 2)
    (21.0, 4.54)
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with a `share` (0..1) of `other` in it.

    >>> mix("#000000", "#ffffff", 0.2)
    '#333333'
    """
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*parts)


def palette(colours: Colours) -> dict[str, str]:
    """The page's colours by their names in `styles.css`. Text has a contrast of `AA` and edges of `AA_EDGE` on all that
    they stand on, if the ink and the accent have it on the paper.
    """
    paper, ink, accent = colours.paper, colours.ink, colours.accent
    light = _luminance(paper) > _luminance(ink)

    def ground(towards: str, share: float) -> str:
        """The paper with as much of a colour in it as leaves text readable."""
        return _most(paper, towards, share, lambda mixed: all(contrast(one, mixed) >= AA for one in (ink, accent)))

    sheet = ground(WHITE if light else ink, 0.8 if light else 0.05)
    tint = ground(accent, 0.1)
    here = ground("#f2c230", 0.18)
    grounds = (paper, sheet, tint)
    on_accent = WHITE if contrast(accent, WHITE) >= AA else BLACK
    return {
        "paper": paper,
        "sheet": sheet,
        "ink": ink,
        "soft": _most(ink, paper, 0.3, _stands_on(grounds, AA)),
        "edge": _most(ink, paper, 0.6, _stands_on(grounds, AA_EDGE)),
        "line": mix(paper, ink, 0.12),
        "deep": accent,
        # Away from the words on it, which stay readable.
        "deeper": mix(accent, BLACK if on_accent == WHITE else WHITE, 0.2),
        "on-deep": on_accent,
        "tint": tint,
        "here": here,
    }


def custom_properties(colours: Colours) -> str:
    """The palette as declarations of CSS custom properties."""
    return " ".join(f"--{name}: {colour};" for name, colour in palette(colours).items())


def _most(one: str, other: str, share: float, fit: Callable[[str], bool]) -> str:
    """`one` with as much of `other` in it as is fit, at most `share`; `one` alone always is."""
    steps = (mix(one, other, share * step / 10) for step in range(10, 0, -1))
    return next((mixed for mixed in steps if fit(mixed)), one)


def _stands_on(grounds: Iterable[str], ratio: float) -> Callable[[str], bool]:
    return lambda colour: all(contrast(colour, ground) >= ratio for ground in grounds)


def _luminance(colour: str) -> float:
    """The relative luminance, 0..1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
