"""Results → plots: measures by kind, what each threshold shows and refuses, and what a stated confidence is worth."""

import importlib.util
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from guide.answering.confidence import threshold
from guide.errors import GuideError
from guide.evaluate.measures import reliability
from guide.evaluate.results import Results, by_kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLOTTED = ("hit@1", "hit@3", "nDCG@10")

# Wong's colours (2011, doi 10.1038/nmeth.1618), which colour-blind people tell apart; lines differ in their dashes too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", "--", "-.", ":")

THRESHOLD_STEPS = 200


class PlotError(GuideError):
    """Plots can't be drawn."""


def check() -> None:
    """Checks that plots can be drawn, before minutes of work.

    Raises:
        PlotError: matplotlib isn't installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise PlotError(
            "Plots need matplotlib, which isn't installed; run `pip install 'quoted-guide[evaluate]'`, or leave out "
            "--out."
        )


def draw(results: Results, folder: Path) -> list[Path]:
    """The plots of `results`, written to `folder` under the results' name."""
    check()
    from matplotlib.figure import Figure

    paths = []
    for name, plot in (("by-kind", _by_kind), ("abstention", _abstention), ("reliability", _reliability)):
        # A figure of its own: pyplot's global ones would need a display, and closing.
        figure = Figure(figsize=(9, 4.5), layout="constrained")
        plot(results, figure.subplots())
        paths.append(folder / f"{results.name}-{name}.png")
        figure.savefig(paths[-1], dpi=150)
    return paths


def _by_kind(results: Results, axes: "Axes") -> None:
    """Bars: the measures of each answerable kind."""
    kinds = {kind: row for kind, row in by_kind(results.rows).items() if any(name in row for name in PLOTTED)}
    names = [name for name in PLOTTED if any(name in row for row in kinds.values())]
    thickness = 0.8 / max(1, len(names))
    for number, name in enumerate(names):
        places = [place + number * thickness for place in range(len(kinds))]
        values = [row.get(name, 0.0) for row in kinds.values()]
        bars = axes.barh(places, values, thickness, label=name, color=COLOURS[number])
        axes.bar_label(bars, fmt="%.2f", padding=2, fontsize=7)
    middle = thickness * (len(names) - 1) / 2
    labels = [f"{kind} ({row['questions']:.0f})" for kind, row in kinds.items()]
    axes.set_yticks([place + middle for place in range(len(kinds))], labels)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    axes.set_title(f"{results.name}: where the answer stands, by kind of question")
    if names:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def _abstention(results: Results, axes: "Axes") -> None:
    """Lines: by threshold, the share of answerable questions that are shown, and of each other kind that is refused."""
    groups: dict[str, list[float]] = defaultdict(list)
    for row in results.rows:
        groups["answerable, shown" if row.answerable else f"{row.kind}, refused"].append(row.confidence)
    limits = [step / THRESHOLD_STEPS for step in range(THRESHOLD_STEPS + 1)]
    for number, (label, chances) in enumerate(groups.items()):
        shown = [sum(chance >= limit for chance in chances) / len(chances) for limit in limits]
        shares = shown if label == "answerable, shown" else [1 - share for share in shown]
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        axes.plot(limits, shares, dash, color=colour, label=f"{label} ({len(chances)})")
    axes.axvline(threshold(), color="black", linewidth=1)
    axes.annotate(f"threshold {threshold():.2f}", (threshold(), 0.02), xytext=(4, 0), textcoords="offset points")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="threshold of the confidence", ylabel="share of the questions")
    axes.set_title(f"{results.name}: what a threshold shows and refuses")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def _reliability(results: Results, axes: "Axes") -> None:
    """Dots: the mean confidence of each tenth against the share of answerable questions in it."""
    bins = reliability([row.confidence for row in results.rows], [row.answerable for row in results.rows])
    axes.plot([0, 1], [0, 1], ":", color="grey")
    axes.plot([one.chance for one in bins], [one.share for one in bins], "o-", color=COLOURS[0])
    for one in bins:
        axes.annotate(str(one.count), (one.chance, one.share), xytext=(5, -10), textcoords="offset points", fontsize=8)
    axes.set(xlim=(0, 1), ylim=(-0.05, 1.05), xlabel="mean confidence", ylabel="share that the articles answer")
    axes.set_title(f"{results.name}: what a confidence is worth (numbers: questions)")
