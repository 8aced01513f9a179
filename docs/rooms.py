"""Draws the rooms of guide/ and what each imports: `python docs/rooms.py`, with the package's dev extra.

Reads the imports with grimp, which import-linter stands on, and writes docs/rooms.svg and the table in
docs/architecture.md. Nothing else goes in, so the same code always gives the same picture.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import combinations, pairwise
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT))

import grimp  # noqa: E402 (the checkout's own guide/ is the one to be read)

PICTURE = DOCS / "rooms.svg"
PAGE = DOCS / "architecture.md"
BEGIN, END = "<!-- rooms: written by docs/rooms.py -->", "<!-- end of the rooms -->"

Imports = Mapping[str, frozenset[str]]
Rows = tuple[tuple[str, ...], ...]

BOX, HEIGHT, SPACE, DOWN, EDGE = 132, 34, 28, 66, 24
"""Pixels: a box's width and height, the space beside it, from row to row, and around the picture."""


def main() -> None:
    """Writes the picture and the table."""
    imports = read_imports()
    PICTURE.write_text(draw(imports), encoding="utf-8")
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), table(imports)), encoding="utf-8")


# ── what is imported ─────────────────────────────────────────────────────────────────────────────────────────────────


def read_imports() -> Imports:
    """For each room, the rooms that any of its modules imports, also where only types are needed."""
    graph = grimp.build_graph("guide", cache_dir=None)
    found: dict[str, set[str]] = {module.split(".")[1]: set() for module in graph.modules if "." in module}
    for module in graph.modules - {"guide"}:
        room = module.split(".")[1]
        found[room] |= {name.split(".")[1] for name in graph.find_modules_directly_imported_by(module) if "." in name}
    return {room: frozenset(rooms - {room}) for room, rooms in sorted(found.items())}


def without_detours(imports: Imports) -> Imports:
    """The imports that no longer way of imports stands for: what remains is enough to tell who stands on whom.

    >>> {room: sorted(below) for room, below in without_detours(
    ...     {"web": frozenset({"guide", "records"}), "guide": frozenset({"records"}), "records": frozenset()}).items()}
    {'web': ['guide'], 'guide': ['records'], 'records': []}
    """

    @cache
    def below(room: str) -> frozenset[str]:
        return imports[room].union(*(below(other) for other in imports[room]))

    return {
        room: frozenset(other for other in others if not any(other in below(via) for via in others - {other}))
        for room, others in imports.items()
    }


def table(imports: Imports) -> str:
    """A Markdown table of the rooms, those that import most of the others first."""
    order = [room for row in rows_of(without_detours(imports)) for room in row]
    lines = [
        f"| `{shown(room)}` | {purpose(room)} | {', '.join(f'`{other}`' for other in sorted(imports[room])) or '–'} |"
        for room in order
    ]
    return "\n".join(["| room | what it holds | what it imports |", "|---|---|---|", *lines])


def with_table(page: str, rows: str) -> str:
    """The page with `rows` between the two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{rows}\n\n{END}{after}"


def shown(room: str) -> str:
    """The room as it stands in guide/: a folder or a single module."""
    return f"{room}/" if (ROOT / "guide" / room).is_dir() else f"{room}.py"


def purpose(room: str) -> str:
    """The first sentence of the room's docstring."""
    path = ROOT / "guide" / room
    source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")
    first = " ".join((ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s", first)[0].rstrip(".")


# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────────────────


def rows_of(imports: Imports) -> Rows:
    """The rooms in rows, so that every import runs downwards: each as high as whoever imports it allows.

    Raises:
        ValueError: the imports run in a circle.

    >>> rows_of({"web": frozenset({"guide"}), "guide": frozenset({"records"}), "records": frozenset()})
    (('web',), ('guide',), ('records',))
    """
    importers = {room: {other for other in imports if room in imports[other]} for room in imports}
    row: dict[str, int] = {}
    left = set(imports)
    while left:
        ready = {room for room in left if not importers[room] & left}
        if not ready:
            raise ValueError(f"Imports run in a circle among {', '.join(sorted(left))}.")
        for room in ready:
            row[room] = max((row[other] + 1 for other in importers[room]), default=0)
        left -= ready
    # What nobody imports stands just above what it imports.
    for room in imports:
        if not importers[room] and imports[room]:
            row[room] = min(row[other] for other in imports[room]) - 1
    return tuple(tuple(room for room in sorted(imports) if row[room] == at) for at in range(max(row.values()) + 1))


def laid_out(rows: Rows, imports: Imports) -> tuple[Rows, list[tuple[str, ...]]]:
    """The rows with a place of its own for each arrow that passes one, ordered so that few arrows cross; and each
    arrow's way as the names of its places.
    """
    at = {room: number for number, row in enumerate(rows) for room in row}
    ways = []
    wide: list[list[str]] = [list(row) for row in rows]
    for room, others in sorted(imports.items()):
        for other in sorted(others):
            passed = [f"{room}>{other}@{number}" for number in range(at[room] + 1, at[other])]
            for number, name in enumerate(passed, start=at[room] + 1):
                wide[number].append(name)
            ways.append((room, *passed, other))
    steps = [step for way in ways for step in pairwise(way)]
    best = order = tuple(map(tuple, wide))
    for sweep in range(24):
        order = _swept(order, steps, downwards=sweep % 2 == 0)
        best = min(best, order, key=lambda rows: _cost(rows, steps))
    return _swapped(best, steps), ways


def _swept(rows: Rows, steps: Iterable[tuple[str, str]], *, downwards: bool) -> Rows:
    """Each row ordered by the middle of what it is joined to in the row before."""
    joined: dict[str, list[str]] = {}
    for upper, lower in steps:
        joined.setdefault(lower if downwards else upper, []).append(upper if downwards else lower)
    new = list(rows)
    numbers = range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1)
    for number in numbers:
        place = places(new)
        middle = {
            name: sum(place[other] for other in joined[name]) / len(joined[name]) if name in joined else place[name]
            for name in new[number]
        }
        new[number] = tuple(sorted(new[number], key=lambda name: (middle[name], name)))
    return tuple(new)


def _swapped(rows: Rows, steps: Sequence[tuple[str, str]]) -> Rows:
    """The rows after every exchange of two places of one row that makes the picture plainer."""
    best, cost = rows, _cost(rows, steps)
    while True:
        found = min(_exchanges(best), key=lambda rows: _cost(rows, steps), default=best)
        if _cost(found, steps) >= cost:
            return best
        best, cost = found, _cost(found, steps)


def _exchanges(rows: Rows) -> Iterator[Rows]:
    for number, row in enumerate(rows):
        for first, second in combinations(range(len(row)), 2):
            new = list(row)
            new[first], new[second] = row[second], row[first]
            yield (*rows[:number], tuple(new), *rows[number + 1 :])


def _cost(rows: Rows, steps: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """How often arrows cross, and how far they lean."""
    place = places(rows)
    at = {name: number for number, row in enumerate(rows) for name in row}
    crossings = sum(
        (place[a] - place[c]) * (place[b] - place[d]) < 0
        for i, (a, b) in enumerate(steps)
        for c, d in steps[:i]
        if at[a] == at[c]
    )
    return crossings, sum(abs(place[a] - place[b]) for a, b in steps)


def places(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """The middle of each place, in pixels from the picture's middle; an arrow that passes takes less room than a box.

    >>> places([["web", "chat"]])
    {'web': -80, 'chat': 80}
    """
    found = {}
    for row in rows:
        widths = [SPACE if ">" in name else BOX for name in row]
        left = -(sum(widths) + SPACE * (len(row) - 1)) // 2
        for name, width in zip(row, widths, strict=True):
            found[name] = left + width // 2
            left += width + SPACE
    return found


def draw(imports: Imports) -> str:
    """The picture as SVG: a box for each room, an arrow for each import that no longer way stands for."""
    reduced = without_detours(imports)
    rows, ways = laid_out(rows_of(reduced), reduced)
    place = places(rows)
    at = {name: number for number, row in enumerate(rows) for name in row}
    half = max(abs(x) for x in place.values()) + BOX // 2 + EDGE
    width, height = 2 * half, 2 * EDGE + DOWN * (len(rows) - 1) + HEIGHT

    def top(name: str) -> int:
        return EDGE + DOWN * at[name]

    parts = []
    for way in ways:
        x, y = half + place[way[0]], top(way[0]) + HEIGHT
        path = f"M{x} {y}"
        for name in way[1:]:
            passes = ">" in name
            to_x, to_y = half + place[name], top(name) - (0 if passes else 3)
            path += f" C{x} {(y + to_y) // 2} {to_x} {(y + to_y) // 2} {to_x} {to_y}"
            x, y = to_x, to_y
            if passes:
                y += HEIGHT
                path += f" V{y}"
        parts.append(f'<path d="{path}"/>')
    boxes = []
    for room in sorted(reduced):
        x, y = half + place[room], top(room)
        kind = "folder" if (ROOT / "guide" / room).is_dir() else "module"
        boxes.append(
            f'<g class="{kind}"><rect x="{x - BOX // 2}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="5"/>'
            f'<text x="{x}" y="{y + 22}">{escape(shown(room))}</text></g>'
        )
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
            "<title>The rooms of guide/: an arrow points at what a room imports</title>",
            "<style>",
            "text { font: 15px sans-serif; text-anchor: middle; fill: #1c2b29 }",
            "rect { stroke: #2f6f66; stroke-width: 1.5 }",
            ".folder rect { fill: #e3f1ee } .module rect { fill: #ffffff; stroke-dasharray: 5 3 }",
            "path { fill: none; stroke: #5b6b68; stroke-width: 1.4; marker-end: url(#head) }",
            "</style>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            'orient="auto"><polygon points="0,0 8,4 0,8" fill="#5b6b68"/></marker></defs>',
            f'<rect width="{width}" height="{height}" style="fill: #ffffff; stroke: none"/>',
            *parts,
            *boxes,
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    main()
