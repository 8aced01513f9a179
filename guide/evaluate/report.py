"""Results → tables for a person, and a folder with `results.json` and the plots."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from guide.answering.confidence import threshold
from guide.evaluate.loaders import DataError
from guide.evaluate.results import Results, by_kind, figures, intervals

NOTHING = "–"


def tables(results: Results) -> str:
    """The figures over all questions and those of each kind, as Markdown."""
    overall, interval = figures(results.rows), intervals(results.rows)
    lines = [
        (name, _number(value), "{:.3f}–{:.3f}".format(*interval[name]) if name in interval else NOTHING)
        for name, value in overall.items()
    ]
    kinds = by_kind(results.rows)
    names = list(dict.fromkeys(name for row in kinds.values() for name in row))
    by_name = [
        (kind, *(_number(row[name]) if name in row else NOTHING for name in names)) for kind, row in kinds.items()
    ]
    title = f"## {results.name}: {len(results.rows)} questions"
    return "\n\n".join([title, table(("figure", "value", "95% interval"), lines), table(("kind", *names), by_name)])


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns are aligned in plain text too.

    >>> print(table(("kind", "n"), [("direct", "3")]))
    | kind   | n |
    |--------|---|
    | direct | 3 |
    """
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def write(sets: Sequence[Results], folder: Path, conversations: Sequence[Mapping[str, Any]] = ()) -> None:
    """Writes `results.json` and each set's plots into `folder`; `conversations` are further sets, as JSON-ready data.

    Raises:
        DataError: the folder can't be written.
    """
    if sets:
        from guide.evaluate.plots import draw

    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_json(sets, conversations), ensure_ascii=False, indent=2)
        (folder / "results.json").write_text(text + "\n", encoding="utf-8")
        for results in sets:
            draw(results, folder)
    except OSError as error:
        raise DataError(f"The results can't be written to {folder} ({error.strerror}); name another folder.") from error


def _json(sets: Sequence[Results], conversations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "threshold": threshold(),
        "sets": [
            {
                "name": results.name,
                "figures": figures(results.rows),
                "intervals": intervals(results.rows),
                "kinds": by_kind(results.rows),
                "rows": [asdict(row) for row in results.rows],
            }
            for results in sets
        ]
        + list(conversations),
    }


def _number(value: float) -> str:
    """A whole number as it is, a share with three decimals, a larger number with one."""
    if isinstance(value, int):
        return str(value)
    return f"{value:.3f}" if value <= 1 else f"{value:.1f}"
