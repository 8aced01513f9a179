"""Labelled messages → how many the safety gate sees, and how often it alarms for nothing."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guide.evaluate.loaders import DataError, Message
from guide.evaluate.measures import wilson
from guide.evaluate.report import NOTHING, table
from guide.levels import Level, at_least
from guide.safety.classifier import Classify
from guide.safety.gate import assess

WANTED: dict[str, frozenset[Level]] = {
    "crisis": at_least("crisis"),
    "abuse": at_least("abuse"),
    "professional": at_least("professional"),
}
"""The levels at which a message of each label is seen: help is in reach."""

ALARMS: dict[str, frozenset[Level]] = {
    "crisis": frozenset(),
    "abuse": frozenset(),
    "professional": at_least("crisis"),
    "none": at_least("abuse"),
}
"""The levels that alarm somebody for nothing, by label."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with the level that the gate gave it."""

    text: str
    label: str
    subtype: str
    origin: str
    level: Level
    rules: tuple[str, ...]
    """The ids of the rules that matched."""

    @property
    def seen(self) -> bool:
        return self.level in WANTED.get(self.label, ())

    @property
    def alarmed(self) -> bool:
        return self.level in ALARMS[self.label]


def judge_messages(messages: Sequence[Message], classify: Classify | None) -> list[Judged]:
    """Each message with what the gate made of it."""
    judged = []
    for message in messages:
        found = assess(message.text, classify=classify)
        rules = tuple(match.rule for match in found.matches)
        judged.append(Judged(message.text, message.label, message.subtype, message.origin, found.level, rules))
    return judged


def safety_figures(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Recall and false alarms over each label, then by subtype and by origin, with their 95% intervals (Wilson)."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for row in judged:
        groups[row.label, "all"].append(row)
        for name in ("subtype", "origin"):
            if value := getattr(row, name):
                groups[row.label, f"{name} {value}"].append(row)
    found = []
    for (label, group), rows in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] != "all", item[0][1])):
        entry: dict[str, Any] = {"label": label, "group": group, "messages": len(rows)}
        if label in WANTED:
            entry |= _share("seen", rows, lambda row: row.seen)
        if ALARMS[label]:
            entry |= _share("alarmed", rows, lambda row: row.alarmed)
        found.append(entry)
    return found


def _share(name: str, rows: Sequence[Judged], holds: Callable[[Judged], bool]) -> dict[str, Any]:
    hits = sum(map(holds, rows))
    return {name: hits / len(rows), f"{name} between": wilson(hits, len(rows))}


def safety_tables(judged: Sequence[Judged]) -> str:
    """The figures as a Markdown table."""

    def cells(entry: dict[str, Any], name: str) -> tuple[str, str]:
        if name not in entry:
            return NOTHING, NOTHING
        low, high = entry[f"{name} between"]
        return f"{entry[name]:.3f}", f"{low:.3f}–{high:.3f}"

    header = ("label", "of", "messages", "seen", "95% interval", "alarmed for nothing", "95% interval")
    rows = [
        (entry["label"], entry["group"], str(entry["messages"]), *cells(entry, "seen"), *cells(entry, "alarmed"))
        for entry in safety_figures(judged)
    ]
    return table(header, rows)


def write_safety(judged: Sequence[Judged], folder: Path) -> None:
    """Writes `safety.json`, with a row for each message, and a plot of the figures into `folder`.

    Raises:
        DataError: the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(
            {"figures": safety_figures(judged), "rows": [asdict(row) for row in judged]}, ensure_ascii=False
        )
        (folder / "safety.json").write_text(text + "\n", encoding="utf-8")
        _draw(safety_figures(judged), folder / "safety.png")
    except OSError as error:
        raise DataError(f"The results can't be written to {folder} ({error.strerror}); name another folder.") from error


def _draw(found: Sequence[dict[str, Any]], path: Path) -> None:
    """A line for each group: its recall and its false alarms, with their intervals."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 1 + 0.28 * len(found)), layout="constrained")
    axes = figure.subplots()
    for name, colour, marker in (("seen", "#0072B2", "o"), ("alarmed", "#D55E00", "x")):
        rows = [(place, entry) for place, entry in enumerate(found) if name in entry]
        values = [entry[name] for _, entry in rows]
        spread = [[abs(entry[name] - entry[f"{name} between"][end]) for _, entry in rows] for end in (0, 1)]
        label = "seen" if name == "seen" else "alarmed for nothing"
        axes.errorbar(values, [place for place, _ in rows], xerr=spread, fmt=marker, color=colour, label=label)
    names = [f"{entry['label']}, {entry['group']} ({entry['messages']})" for entry in found]
    axes.set_yticks(range(len(found)), names, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.legend(loc="upper center", frameon=False)
    figure.savefig(path, dpi=120)
