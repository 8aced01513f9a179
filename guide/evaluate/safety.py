"""Labelled messages → how many the safety gate sees, and how often it alarms for nothing."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guide.evaluate.loaders import DataError, Message
from guide.evaluate.measures import wilson
from guide.evaluate.report import NOTHING, table
from guide.levels import Level, at_least, is_danger
from guide.records import Offer, Turn
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

ALL = "all"


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with the level that the gate gave it."""

    text: str
    label: str
    """Empty where the message says which levels are right."""
    subtype: str
    origin: str
    level: Level
    rules: tuple[str, ...]
    """The ids of the rules that matched."""
    offer: Offer = ""
    """The level whose help is offered in a quiet line, without a card."""
    kind: str = ""
    allowed: tuple[Level, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def seen(self) -> bool:
        """Whether the gate put the help within reach that the label asks for."""
        return self.level in WANTED.get(self.label, ())

    @property
    def alarmed(self) -> bool:
        """Whether the gate alarmed somebody for nothing, by the label."""
        return self.level in ALARMS.get(self.label, ())

    @property
    def harmless(self) -> bool:
        """Whether no level of danger is allowed."""
        return bool(self.allowed) and not any(map(is_danger, self.allowed))

    @property
    def needs_nothing(self) -> bool:
        """Whether no card at all is allowed."""
        return set(self.allowed) == {"none"}

    @property
    def dangerous(self) -> bool:
        """Whether only levels of danger are allowed."""
        return bool(self.allowed) and all(map(is_danger, self.allowed))


def judge_messages(messages: Sequence[Message], classify: Classify | None) -> list[Judged]:
    """Each message with what the gate made of it, in its conversation."""
    judged = []
    for message in messages:
        found = assess(message.text, [Turn("user", earlier) for earlier in message.history], classify=classify)
        judged.append(
            Judged(
                text=message.text,
                label=message.label or "",
                subtype=message.subtype,
                origin=message.origin,
                level=found.level,
                rules=tuple(match.rule for match in found.matches),
                offer=found.offer,
                kind=message.kind,
                allowed=message.allowed,
                history=message.history,
            )
        )
    return judged


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def safety_figures(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Recall and false alarms over each label, then by subtype and by origin, with their 95% intervals (Wilson)."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for row in judged:
        if row.label:
            groups[row.label, ALL].append(row)
            for name in ("subtype", "origin"):
                if value := getattr(row, name):
                    groups[row.label, f"{name} {value}"].append(row)
    found = []
    for (label, group), rows in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] != ALL, item[0][1])):
        entry: dict[str, Any] = {"label": label, "group": group, "messages": len(rows)}
        if label in WANTED:
            entry |= _share("seen", rows, lambda row: row.seen)
        if ALARMS[label]:
            entry |= _share("alarmed", rows, lambda row: row.alarmed)
        found.append(entry)
    return found


def harmless_figures(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """What a harmless message meets, over those labelled `none`, then by origin: the shares with a card of danger, with
    the professional card and with an offer, with their 95% intervals (Wilson).
    """
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row in judged:
        if row.label == "none":
            for group in dict.fromkeys((ALL, row.origin or ALL)):
                groups[group].append(row)
    return [
        {"group": group, "messages": len(rows)}
        | _share("alarmed", rows, lambda row: row.alarmed)
        | _share("professional", rows, lambda row: row.level == "professional")
        | _share("offered", rows, lambda row: bool(row.offer))
        for group, rows in sorted(groups.items(), key=lambda item: (item[0] != ALL, item[0]))
    ]


def kind_figures(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Over the messages that say which levels are right, then over each kind of them, shares with their 95% intervals
    (Wilson): a level that is `allowed`; of harmless messages those `alarmed` with a card of danger; of those that need
    nothing those with `no card`, and those `offered` something; of dangerous ones those whose danger is `seen`.
    A share that no message of the kind decides isn't there.
    """
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row in judged:
        if row.allowed:
            for group in dict.fromkeys((ALL, row.kind or ALL)):
                groups[group].append(row)
    found = []
    for kind, rows in sorted(groups.items(), key=lambda item: (item[0] != ALL, item[0])):
        nothing = [row for row in rows if row.needs_nothing]
        entry: dict[str, Any] = {"kind": kind, "messages": len(rows)}
        entry |= _share("allowed", rows, lambda row: row.level in row.allowed)
        entry |= _share("alarmed", [row for row in rows if row.harmless], lambda row: is_danger(row.level))
        entry |= _share("no card", nothing, lambda row: row.level == "none")
        entry |= _share("seen", [row for row in rows if row.dangerous], lambda row: is_danger(row.level))
        entry |= _share("offered", nothing, lambda row: bool(row.offer))
        found.append(entry)
    return found


def _share(name: str, rows: Sequence[Judged], holds: Callable[[Judged], bool]) -> dict[str, Any]:
    """The share of `rows` of which `holds` is true, its interval and how many rows there are; nothing of no rows."""
    if not rows:
        return {}
    hits = sum(map(holds, rows))
    return {name: hits / len(rows), f"{name} between": wilson(hits, len(rows)), f"{name} of": len(rows)}


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def safety_tables(judged: Sequence[Judged]) -> str:
    """The figures as Markdown tables, one for each question that the messages can answer."""
    return "\n\n".join(
        table(header, [line(entry) for entry in figures])
        for header, line, figures in (
            (_LABEL_HEADER, _label_line, safety_figures(judged)),
            (_HARMLESS_HEADER, _harmless_line, harmless_figures(judged)),
            (_KIND_HEADER, _kind_line, kind_figures(judged)),
        )
        if figures
    )


_LABEL_HEADER = ("label", "of", "messages", "seen", "95% interval", "alarmed for nothing", "95% interval")
_HARMLESS_HEADER = ("harmless", "messages", "alarms per 1,000", "professional per 1,000", "offers per 1,000")
_KIND_HEADER = (
    "kind", "allowed level", "alarms per 1,000 harmless", "no card where none is due", "danger seen",
    "offers per 1,000 where none is due",
)  # fmt: skip


def _label_line(entry: Mapping[str, Any]) -> tuple[str, ...]:
    def cells(name: str) -> tuple[str, str]:
        if name not in entry:
            return NOTHING, NOTHING
        low, high = entry[f"{name} between"]
        return f"{entry[name]:.3f}", f"{low:.3f}–{high:.3f}"

    return (entry["label"], entry["group"], str(entry["messages"]), *cells("seen"), *cells("alarmed"))


def _harmless_line(entry: Mapping[str, Any]) -> tuple[str, ...]:
    cells = (_per_thousand(entry, name) for name in ("alarmed", "professional", "offered"))
    return (entry["group"], str(entry["messages"]), *cells)


def _kind_line(entry: Mapping[str, Any]) -> tuple[str, ...]:
    cells = {
        "allowed": _of_one(entry, "allowed"),
        "alarmed": _per_thousand(entry, "alarmed"),
        "no card": _of_one(entry, "no card"),
        "seen": _of_one(entry, "seen"),
        "offered": _per_thousand(entry, "offered"),
    }
    of = (f"{cell} of {entry[f'{name} of']}" if name in entry else cell for name, cell in cells.items())
    return (entry["kind"], *of)


def _of_one(entry: Mapping[str, Any], name: str) -> str:
    if name not in entry:
        return NOTHING
    low, high = entry[f"{name} between"]
    return f"{entry[name]:.3f} ({low:.3f}–{high:.3f})"


def _per_thousand(entry: Mapping[str, Any], name: str) -> str:
    if name not in entry:
        return NOTHING
    low, high = entry[f"{name} between"]
    return f"{1000 * entry[name]:.1f} ({1000 * low:.1f}–{1000 * high:.1f})"


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_safety(judged: Sequence[Judged], folder: Path) -> None:
    """Writes `safety.json`, with a row for each message, and plots of the figures into `folder`: `safety.png` by label,
    `safety-by-kind.png` by kind.

    Raises:
        DataError: the folder can't be written.
    """
    by_label, by_kind = safety_figures(judged), kind_figures(judged)
    found = {"figures": by_label, "harmless": harmless_figures(judged), "kinds": by_kind}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(found | {"rows": [asdict(row) for row in judged]}, ensure_ascii=False)
        (folder / "safety.json").write_text(text + "\n", encoding="utf-8")
        if by_label:
            names = [f"{entry['label']}, {entry['group']} ({entry['messages']})" for entry in by_label]
            _draw(by_label, names, ("seen", "alarmed"), folder / "safety.png")
        if by_kind:
            names = [f"{entry['kind']} ({entry['messages']})" for entry in by_kind]
            _draw(by_kind, names, ("allowed", "no card", "seen", "alarmed"), folder / "safety-by-kind.png")
    except OSError as error:
        raise DataError(f"The results can't be written to {folder} ({error.strerror}); name another folder.") from error


_SERIES = {
    "seen": ("seen", "#0072B2", "o"),
    "alarmed": ("alarmed for nothing", "#D55E00", "x"),
    "allowed": ("an allowed level", "#009E73", "s"),
    "no card": ("no card where none is due", "#CC79A7", "^"),
}
"""How each share is drawn: its words, colour and mark."""


def _draw(found: Sequence[Mapping[str, Any]], names: Sequence[str], series: Sequence[str], path: Path) -> None:
    """A line for each group, with its shares and their intervals."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 1 + 0.28 * len(found)), layout="constrained")
    axes = figure.subplots()
    for name in series:
        label, colour, marker = _SERIES[name]
        rows = [(place, entry) for place, entry in enumerate(found) if name in entry]
        values = [entry[name] for _, entry in rows]
        spread = [[abs(entry[name] - entry[f"{name} between"][end]) for _, entry in rows] for end in (0, 1)]
        axes.errorbar(values, [place for place, _ in rows], xerr=spread, fmt=marker, color=colour, label=label)
    axes.set_yticks(range(len(found)), names, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.legend(loc="upper center", frameon=False)
    figure.savefig(path, dpi=120)
