"""Draws a page of a PDF with words marked on it. `page_pictures` runs this as a process of its own, which ends with the
picture: whatever a damaged file does to it, the server goes on.

`python -m guide.web.draw_page FILE PAGE` reads the words from standard input, a stretch a line, and writes a JPEG.
"""

import ctypes
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

LONGEST_SIDE = 1_400
"""The pixels of a picture's longer side: text of 8 points can be read."""

MAX_PAGE_LETTERS = 100_000
"""A page with more is drawn without marks."""

MAX_BYTES_OF_MEMORY = 1 << 30
MAX_SECONDS = 10
COLOUR = (255, 226, 122)
_TOGETHER = 4
"""How many words in a row are looked for where a stretch isn't there whole: a raised mark may stand in it, or it goes
on from the page before."""


def letters_to_find(text: str) -> str:
    """The letters and digits of `text` alone, as they are compared.

    >>> letters_to_find("Tea-time, 5 m²!")
    'teatime5m2'
    """
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


def spans_of(stretches: Sequence[str], page: str) -> list[tuple[int, int]]:
    """Where stretches of words stand among the letters of a page, in their order; those that don't stand there whole by
    the words of them that do.

    >>> spans_of(["It is mild."], "teaitismildandgreen")
    [(3, 11)]
    """
    found: list[tuple[int, int]] = []
    place = 0
    for stretch in stretches:
        words = [letters for word in stretch.split() if (letters := letters_to_find(word))]
        whole = _found("".join(words), page, place)
        if whole:
            found.append(whole)
            place = whole[1]
            continue
        for first in range(len(words) - _TOGETHER + 1):
            part = _found("".join(words[first : first + _TOGETHER]), page, place)
            if part:
                found.append(part)
                place = part[0] + 1
    return found


def _found(letters: str, page: str, place: int) -> tuple[int, int] | None:
    """Where letters stand on a page, if they do: after `place`, else before it."""
    start = page.find(letters, place) if letters else -1
    if start < 0 and letters:
        start = page.find(letters)
    return (start, start + len(letters)) if start >= 0 else None


def draw_page(path: str, number: int, stretches: Sequence[str]) -> tuple[bytes, bool]:
    """The page of that number, counted from 1, as a JPEG with the words of `stretches` marked, and whether any are."""
    import pypdfium2
    from PIL import Image, ImageChops, ImageDraw

    page = pypdfium2.PdfDocument(path)[number - 1]
    width, height = page.get_size()
    picture = page.render(scale=LONGEST_SIDE / max(width, height, 1)).to_pil().convert("RGB")
    marks = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(marks)
    boxes = list(_boxes(page, stretches, picture.size))
    for box in boxes:
        pen.rectangle(box, fill=COLOUR)
    stream = BytesIO()
    ImageChops.multiply(picture, marks).save(stream, "JPEG", quality=82)
    return stream.getvalue(), bool(boxes)


def _boxes(page: Any, stretches: Sequence[str], size: tuple[int, int]) -> Iterator[tuple[float, float, float, float]]:
    """Boxes in pixels around the words of `stretches`, a line of them each."""
    from pypdfium2 import raw

    text = page.get_textpage()
    count = text.count_chars()
    if not 0 < count <= MAX_PAGE_LETTERS:
        return
    letters, places = [], []
    for place in range(count):
        for letter in letters_to_find(chr(raw.FPDFText_GetUnicode(text, place))):
            letters.append(letter)
            places.append(place)
    marked = sorted({place for start, end in spans_of(stretches, "".join(letters)) for place in places[start:end]})
    corners = [
        (*_pixel(page, left, top, size), *_pixel(page, right, bottom, size))
        for left, bottom, right, top in (text.get_charbox(place, loose=True) for place in marked)
    ]
    upright = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    for _, line in groupby(upright, key=lambda box: round((box[1] + box[3]) / 8)):
        row = list(line)
        lefts, tops, rights, bottoms = zip(*row, strict=True)
        yield min(lefts) - 1, min(tops) - 1, max(rights) + 1, max(bottoms) + 1


def _pixel(page: Any, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return across.value, down.value


def _bound() -> None:
    """Bounds what this process may use, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES_OF_MEMORY, MAX_BYTES_OF_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


def main() -> None:
    """Draws what the arguments and standard input name: one byte that says whether words are marked, then the JPEG."""
    _bound()
    stretches = sys.stdin.buffer.read().decode().splitlines()
    picture, is_marked = draw_page(sys.argv[1], int(sys.argv[2]), stretches)
    sys.stdout.buffer.write((b"1" if is_marked else b"0") + picture)


if __name__ == "__main__":
    main()
